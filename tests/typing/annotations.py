"""How much of the public face is annotated, and where it says ``Any``: ``python -m tests.typing.annotations``.

What belongs to Keras and is passed on is not counted: a ready-made layer has its signature from Keras's stubs.
"""

import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from typing import Final

import attrs
import keras

PACKAGE: Final = "serialactivation"
ANY: Final = re.compile(r"\bAny\b")

# What a hook takes and returns, or a function in its place: an override says what its fields hold.
HOOK: Final = re.compile(
    r"\.(resolve|validate|encode|decode)_activation\(\w*\)$|__init__\((resolver|validator|encoder|decoder)\)$"
)
MODULES: Final = (PACKAGE, f"{PACKAGE}.errors", f"{PACKAGE}.layers", f"{PACKAGE}.testing", f"{PACKAGE}.typing")


@attrs.frozen
class Annotation:
    """One parameter, or what is returned, or an alias.

    Attributes:
        place: Whose it is: ``save_model(filepath)``, or ``save_model()`` for what is returned.
        text: Its type as it is written, or None where nobody says it.
    """

    place: str
    text: str | None

    @property
    def says_any(self) -> bool:
        """Whether ``Any`` is in its type."""
        return self.text is not None and ANY.search(self.text) is not None


def find_annotations() -> Iterator[Annotation]:
    """Yield every parameter of the public face, what its functions return, and its aliases."""
    for module in MODULES:
        for name in importlib.import_module(module).__all__:
            public: object = getattr(importlib.import_module(module), name)
            if inspect.isfunction(public):
                yield from read_function(public, name)
            elif isinstance(public, type):
                yield from read_class(public)
            elif module == f"{PACKAGE}.typing":
                yield Annotation(name, str(public))


def read_class(public: type[object]) -> Iterator[Annotation]:
    """Yield the parameters of a class's own public methods, the constructor among them."""
    bases: tuple[type[object], ...] = public.__mro__
    for base in bases:
        if base.__module__.split(".")[0] != PACKAGE or issubclass(base, keras.Layer):
            continue
        for name, value in vars(base).items():
            function = getattr(value, "__func__", getattr(value, "fget", value))
            if not inspect.isfunction(function) or function.__module__ == "typing":
                continue  # such as a Protocol's constructor
            if not name.startswith("_") or name in ("__call__", "__init__", "__init_subclass__"):
                yield from read_function(function, f"{public.__name__}.{name}")


def read_function(function: Callable[..., object], name: str) -> Iterator[Annotation]:
    """Yield its parameters, but for the object that a method is of, and what it returns."""
    signature = inspect.signature(function)
    for parameter in signature.parameters.values():
        if parameter.name not in ("self", "cls", "_"):
            yield read(f"{name}({parameter.name})", parameter.annotation)
    if not name.endswith(".__init__"):
        yield read(f"{name}()", signature.return_annotation)


def read(place: str, annotation: object) -> Annotation:
    """Return what is said of a place."""
    return Annotation(place, None if annotation is inspect.Signature.empty else inspect.formatannotation(annotation))


def main() -> int:
    """Print how many of them are annotated, and those that are not or say ``Any``; return how many these are."""
    found = list(find_annotations())
    missing = [one.place for one in found if one.text is None]
    vague = [one.place for one in found if one.says_any and not HOOK.search(one.place)]
    annotated = len(found) - len(missing)
    print(f"{annotated} of {len(found)} annotated, {100 * annotated // len(found)} %")
    for place in missing:
        print(f"without a type: {place}")
    for place in vague:
        print(f"Any: {place}")
    return len(missing) + len(vague)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
