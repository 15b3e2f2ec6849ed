"""The form in which a file stores the NEW of ``--replace``: the first form that is exact and that Keras loads."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation import errors
from serialactivation.catalog import functions as catalog
from serialactivation.catalog.forms import FunctionForm, Name, OperationForm, write, write_catalogued, write_reference
from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer, reads_activation
from serialactivation.repairs.replace.activation_expression import Expression
from serialactivation.typing import JSON

__all__ = ["write_expression"]

Keywords = Mapping[str, JSON]

# Layers that call the activation of this name with their own keywords, and the keywords that they accept.
_LAYERS: Final[Mapping[str, tuple[str, Keywords]]] = MappingProxyType(
    {
        "relu": ("ReLU", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
        "leaky_relu": ("LeakyReLU", {"negative_slope": 0.3}),
        "elu": ("ELU", {"alpha": 1.0}),
        "softmax": ("Softmax", {"axis": -1}),
    }
)
_DEFAULTS: Final[Mapping[str, Keywords]] = MappingProxyType(dict(_LAYERS.values()))

_OPTION: Final = "--with-serialactivation"

# The names in Keras 3 of keywords that Keras 1 and 2 named differently.
_RENAMED: Final[Mapping[str, str]] = MappingProxyType({"alpha": "negative_slope"})


def write_expression(text: str, expression: Expression, target: str | None = None, *, ours: bool = False) -> JSON:
    """Return the stored form of *expression*: a name, a layer's config, or an operation's config.

    A layer of any supported Keras reads a form of this package, if this package has been imported.

    Args:
        text: The text of the user, for the error.
        expression: The parsed text.
        target: The target Keras, such as ``"3.9.2"``, or None for the newest.
        ours: Whether a form of this package may be used, if Keras has no exact form that the target reads.

    Raises:
        ExpressionError: No function or layer has this name or these keywords, or the target Keras lacks it.
    """
    if ">" in expression.name:
        return write(FunctionForm("builtins", expression.name))
    name = expression.name.rpartition(".")[2]
    if name in _DEFAULTS and expression.name in (name, f"keras.layers.{name}"):
        form = _write_layer(text, name, expression.keywords or {})
    else:
        function = _find_function(text, expression.name)
        keywords = _complete(text, function, expression.keywords or {}, target)
        form = _write_function(function, keywords)
        if ours and not _is_read(form, target):
            return _write_ours(function, keywords)
        if form is None:
            reason = f"stock Keras cannot store {function.path} with these keywords"
            raise errors.ExpressionError(text, reason, f"Give other keywords, or none, or add {_OPTION}.")
    if not _is_read(form, target):
        reason = f"Keras {target} cannot read an object as the activation of its layers"
        cure = (
            f"Give --target-keras {OBJECTS_SINCE} or newer, or a name without keywords; or add {_OPTION} to a function."
        )
        raise errors.ExpressionError(text, reason, cure)
    return form


def _is_read(form: JSON, target: str | None) -> bool:
    """Return whether there is a *form*, and the layers of the target Keras read it."""
    return form is not None and (target is None or reads_activation(form, target))


def _find_function(text: str, name: str) -> catalog.Function:
    library, _, short = name.rpartition(".")
    short = catalog.ALIASES.get(short, short)
    found = catalog.LIBRARIES.get(library or "keras.activations", {}).get(short)
    if found is None or not found.library.startswith("keras."):
        reason = f"Keras has no activation called {name}"
        names = f"an activation of keras.activations or keras.ops, one of {', '.join(_DEFAULTS)}"
        raise errors.ExpressionError(text, reason, f"Name {names}, or a function that you register: package>name.")
    return found


def _complete(text: str, function: catalog.Function, given: Keywords, target: str | None) -> dict[str, JSON]:
    """Return all keywords of *function*, the given ones and the defaults."""
    if target is not None and function.since is not None and is_newer(function.since, target):
        raise errors.ExpressionError(
            text, f"Keras {target} has no {function.path}", f"Give --target-keras {function.since} or newer."
        )
    keywords = function.complete(_check_keywords(text, function.path, function.defaults, given))
    missing = [key for key, value in keywords.items() if value == catalog.REQUIRED]
    if missing:
        raise errors.ExpressionError(text, f"{function.path} needs {', '.join(missing)}", "Give each by keyword.")
    return keywords


def _write_function(function: catalog.Function, keywords: Keywords) -> JSON:
    """Return the exact form of a function that stock Keras reads, or None if there is none."""
    layer = _LAYERS.get(function.name) if function.library == "keras.activations" else None
    form = write_catalogued(function, keywords)
    if isinstance(form, Name):
        return form.name
    if layer is not None and _is_accepted(keywords):
        return _layer_config(layer[0], keywords)
    return write(form) if isinstance(form, OperationForm) else None


def _write_ours(function: catalog.Function, keywords: Keywords) -> JSON:
    """Return the form of this package, a function with keywords."""
    return write(write_reference(function, keywords))


def _write_layer(text: str, name: str, given: Keywords) -> JSON:
    keywords = {**_DEFAULTS[name], **_check_keywords(text, f"keras.layers.{name}", _DEFAULTS[name], given)}
    if not _is_accepted(keywords):
        raise errors.ExpressionError(
            text, f"keras.layers.{name} does not accept these values", "None of them may be negative."
        )
    return _layer_config(name, keywords)


def _layer_config(name: str, keywords: Keywords) -> JSON:
    return {"module": "keras.layers", "class_name": name, "config": dict(keywords), "registered_name": None}


def _check_keywords(text: str, owner: str, known: Keywords, given: Keywords) -> dict[str, JSON]:
    for key in given.keys() - known.keys():
        cure = f"It has {', '.join(known) or 'no keywords'}."
        if _RENAMED.get(key) in known:
            cure = f"Keras 3 calls it {_RENAMED[key]}."
        raise errors.ExpressionError(text, f"{owner} has no keyword {key}", cure)
    checked = {key: None if value == math.inf and key == "max_value" else value for key, value in given.items()}
    for key, value in checked.items():
        if not _fits(value, known[key]):
            raise errors.ExpressionError(
                text, f"{key}={value!r} has another type than its default", f"The default is {known[key]!r}."
            )
    return checked


def _fits(value: JSON, default: JSON) -> bool:
    """Return whether *value* has the type of *default*: numbers for numbers, bools for bools."""
    if default is None or default == catalog.REQUIRED:
        return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, type(default))


def _is_accepted(keywords: Keywords) -> bool:
    """Return whether Keras accepts *keywords* for a layer: no value except an axis may be negative."""
    values = [value for key, value in keywords.items() if key != "axis" and value is not None]
    return all(isinstance(value, int | float) and value >= 0 for value in values)
