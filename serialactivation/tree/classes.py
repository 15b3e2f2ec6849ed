"""Which class an object's config names: one of Keras's, one of this package's, or another package's. Keras-free."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from serialactivation.catalog import classes as signatures
from serialactivation.catalog.classes import NAMED, Signature, find_name, find_signature
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.versions import is_newer
from serialactivation.typing import JSON

__all__ = [
    "KERAS",
    "LOOKUPS",
    "NEVER",
    "SCRIPT",
    "STACK",
    "Class",
    "find_class",
    "find_module",
    "is_of_program",
    "is_operation",
]

KERAS: Final = "keras"

SCRIPT: Final = "__main__"
"""The module of the script that runs; Keras 3 writes null in its place."""

STACK: Final = "keras.models.Sequential"
"""The class whose ``from_config`` ignores all other keys than those that it knows."""

LOOKUPS: Final = frozenset(["IndexLookup", "IntegerLookup", "StringLookup", "TextVectorization"])
"""Layers with a vocabulary."""

NEVER: Final = re.compile(
    "asyncio|builtins|code|codecs|commands|ctypes|functools|importlib|inspect|io|marshal|multiprocessing|nt|operator|os"
    "|pathlib|pickle|pip|posix|pty|runpy|shelve|shutil|signal|site|socket|ssl|subprocess|sys|tempfile|timeit|types"
    "|urllib|webbrowser|zipfile"
)
"""Python's own packages that hold no part of a model, and many functions with side effects."""

# The module for each key, for configs that name no modules: those of Keras 1 and 2, and of HDF5 files.
_BY_KEY: Final[Mapping[str, str]] = {
    **dict.fromkeys(("backward_layer", "cell", "cells", "layer", "layers"), "layers"),
    **dict.fromkeys(("inner_optimizer", "optimizer", "optimizer_config"), "optimizers"),
    **dict.fromkeys(("metrics", "weighted_metrics"), "metrics"),
    "dtype": "dtype_policies",
    "learning_rate": "optimizers.schedules",
    "loss": "losses",
}
_BY_END: Final[Mapping[str, str]] = {
    "_constraint": "constraints",
    "_initializer": "initializers",
    "_regularizer": "regularizers",
}

_BY_NAME: Final = ("constraints", "dtype_policies", "initializers", "regularizers")
"""Where Keras finds a class of its own by the name alone, whichever module the config says."""

# The module of a backend's own class for a public class: PyTorch has one for each optimizer.
_OF_BACKEND: Final = re.compile(r"src\.backend\.(?P<backend>\w+)\.(?P<public>optimizers)\.")


class Class(NamedTuple):
    """A class that a config names.

    Attributes:
        package: Its package: ``keras``, ``serialactivation``, another package, or None if the config does not say.
        name: Its name.
        signature: Its keywords, if it is a Keras class or stands for one.
        backend: The backend whose own class the config names, such as ``torch``, or None.
    """

    package: str | None
    name: str
    signature: Signature | None = None
    backend: str | None = None

    @property
    def owner(self) -> str:
        """The path of the Keras class that it is or stands for, such as ``keras.layers.Dense``; empty if it is none."""
        return "" if self.signature is None else self.signature.owner


def find_module(key: str) -> str | None:
    """Return the module of Keras for values under *key*, such as ``initializers`` or ``layers``, or None."""
    return _BY_KEY.get(key) or _BY_END.get(key[key.rfind("_") :])


def find_class(value: Mapping[str, JSON], hint: str | None) -> Class:
    """Return the class of the object in *value*.

    Args:
        value: A config with ``class_name``.
        hint: The module of Keras that has the class, if *value* does not name a module.
    """
    name, module = str(value["class_name"]), value.get("module")
    registered = value.get("registered_name")
    full = registered if isinstance(registered, str) and ">" in registered else name
    package, mark, short = full.rpartition(">")
    if mark:
        signature = find_signature("layers", short) if package == PACKAGE else None
        return Class(package, short, signature)
    if module is None and "module" in value:  # a class of a script, which may have the name of a class of Keras
        return Class(None, name)
    if not isinstance(module, str):
        return Class(KERAS if hint else None, name, _find_by_hint(name, hint) if hint else None)
    top, _, inner = module.partition(".")
    if top != KERAS:
        return Class(top, name)
    own = _OF_BACKEND.match(inner)
    signature = _find_by_hint(name, hint) if hint in _BY_NAME else None
    return Class(top, name, signature or _find_in(own["public"] if own else inner, name), own and own["backend"])


def is_of_program(stored: Mapping[str, JSON]) -> bool:
    """Return whether an object's class is one of the program that saved it, so that no other program can import it.

    It may have the name of a class of Keras, and it may be registered. A class without the key ``module`` is not known
    to be one: HDF5 files, and Keras 1 and 2, store no modules.
    """
    return "module" in stored and stored["module"] in (None, SCRIPT)


def is_operation(stored: JSON, name: str, hint: str | None) -> bool:
    """Return whether an object without a module, in the place of a layer, has the *name* of an operation's class."""
    has_module = isinstance(stored, dict) and "module" in stored
    operations = (module for module in signatures.MODULES if module.startswith("src.ops."))
    return hint == "layers" and not has_module and any(find_signature(module, name) for module in operations)


def _find_in(module: str, name: str) -> Signature | None:
    """Return the signature of a class in *module*, which may be the public module or the one that defines it."""
    if module in signatures.MODULES:
        return find_signature(module, name)
    if not module:  # keras itself
        return next(filter(None, (find_signature(one, name) for one in signatures.MODULES if "src." not in one)), None)
    return find_signature("models", name) if module.startswith("src.models.") else None


# A class that has another public name, up to 3.15 the only one: without a module, it is found by the class's own name.
_BY_CLASS_NAME: Final = {"GroupedQueryAttention": "GroupQueryAttention"}


def _find_by_hint(name: str, hint: str) -> Signature | None:
    """Return the signature of a class that Keras finds in the module *hint* by its *name* alone."""
    name = _BY_CLASS_NAME.get(name, name)
    if hint not in NAMED:
        return find_signature(hint, name) or (find_signature("models", name) if hint == "layers" else None)
    span = find_name(hint, name)
    if hint == "optimizers":  # Keras finds these in any case of letters
        name = signatures.class_names(hint).get(name.lower(), name)
    signature = find_signature(hint, name)
    if span is None or signature is None:
        return None
    return signature._replace(since=span[0]) if is_newer(span[0], signature.since) else signature
