"""Proposals for mistyped names. Keras-free."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from serialactivation.catalog import functions as catalog
from serialactivation.catalog import keras2

__all__ = ["LAYER_NAMES", "extends_name", "find_activations", "find_near", "find_near_names", "suggest_names"]

LAYER_NAMES: Final = ("ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax")
"""Activations that are layers of Keras."""

_CUTOFF: Final = 0.6
_LONGER: Final = 2 / _CUTOFF - 1
"""The largest ratio of the lengths of two similar names."""

_MORE: Final = re.compile(r"[0-9_].*|[A-Za-z]{3,}.*")
"""What stands behind a known name in the name of another function."""

# The first arguments of functions of one value that are not activations: initializers, regularizers.
_OTHERS_TAKE: Final = ("shape", "w", "weight", "weights", "y_true")


def find_near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the *known* names that are similar to *name* in any case, nearest first."""
    import difflib  # only mistakes need it

    folded = {one.casefold(): one for one in known}
    return tuple(folded[one] for one in difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.6))


def suggest_names(near: Iterable[str], known: Iterable[str] = ()) -> str:
    """Return a question that proposes the names *near*, or a list of all *known* names if there are none."""
    if proposed := " or ".join(map(repr, near)):
        return f"Did you mean {proposed}?"
    return f"The known names are {', '.join(known)}."


def find_near_names(name: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names similar to *name*, nearest first: activation layers, built-ins, or *others*.

    A result with a dot and without ``>`` is an expression; the others are names to write in quotes.
    """
    import difflib  # only mistakes need it

    library, _, last = name.removesuffix("()").rpartition(".")
    bare = last.lower().replace("_", "")
    layers = [f"keras.layers.{layer}()" for layer in LAYER_NAMES if layer.lower() == bare]
    known = [*catalog.LIBRARIES["keras.activations"], *catalog.ALIASES, *others]
    if len(last) > max(map(len, known)) * _LONGER:  # too long to be similar to any
        return tuple(layers)
    near = [last] if library and last in known else difflib.get_close_matches(last.lower(), known, n=3, cutoff=_CUTOFF)
    if not library:
        is_function = last not in LAYER_NAMES and any(one.replace("_", "") == bare for one in known)
        return (*near, *layers) if is_function else (*layers, *near)
    functions = [function.path for function in _find_functions(library, last)]
    if library.endswith("layers"):
        return tuple(layers or near)
    return tuple(functions or near or layers)


def extends_name(name: str) -> bool:
    """Return whether *name* is a known name with a number or another word behind it, which nobody types by mistake."""
    known = (*catalog.LIBRARIES["keras.activations"], *catalog.ALIASES)
    if name in keras2.RENAMED_ACTIVATIONS:
        return False
    return any(name.startswith(one) and _MORE.fullmatch(name, len(one)) for one in known)


def _find_functions(library: str, name: str) -> Iterator[catalog.Function]:
    """Yield the functions of the catalog for a dotted name: ``tf.nn.relu``, ``keras.ops.gelu``, ``F.silu``.

    Functions of ``keras.activations`` are proposed by name, and functions of a backend only if it is imported.
    """
    path = {"F": "torch.nn.functional", "tensorflow.nn": "tf.nn", "ops": "keras.ops"}.get(library, library)
    module = {"tf.nn": "tensorflow", "keras.ops": "keras"}.get(path, path)
    if path != "keras.activations" and module in sys.modules and name in catalog.LIBRARIES.get(path, {}):
        yield catalog.LIBRARIES[path][name]


def find_activations(custom_objects: Mapping[str, object]) -> list[str]:
    """Return the names in *custom_objects* of possible activations: of functions that take one tensor."""
    return [name for name, value in custom_objects.items() if _takes_a_tensor(value)]


def _takes_a_tensor(value: object) -> bool:
    import inspect  # only mistakes need it

    if isinstance(value, type) or not callable(value):
        return False
    try:
        parameters = list(inspect.signature(value).parameters.values())
    except (TypeError, ValueError):
        return False
    required = [
        p for p in parameters if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    keywords = [p for p in parameters if p.default is p.empty and p.kind is p.KEYWORD_ONLY]
    return len(required) == 1 and not keywords and required[0].name not in _OTHERS_TAKE
