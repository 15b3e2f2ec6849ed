"""The curve of a stored activation: its function with its keywords, or why there is none. Keras-free."""

from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias, TypeGuard

import attrs
import numpy as np

from serialactivation.catalog import forms
from serialactivation.catalog import functions as catalog
from serialactivation.curves.formulas import FORMULAS, NOT_OF_ONE_VALUE, Array
from serialactivation.errors import ActivationConfigError
from serialactivation.typing import JSON, Config

__all__ = ["Curve", "Learned", "NoCurve", "find_curve"]

_KERAS: Final = "keras"
_LARGEST: Final = 1e12
_UNKNOWN: Final = "an unknown function: the file does not say what it computes"

_Keywords: TypeAlias = tuple[tuple[str, float | None], ...]


@attrs.frozen
class Curve:
    """A function of one value.

    Attributes:
        function: Its name in :data:`~serialactivation.curves.formulas.FORMULAS`.
        keywords: Its keywords and their values, in order.
    """

    function: str
    keywords: _Keywords = ()

    @property
    def label(self) -> str:
        """The function as Python code: ``leaky_relu(negative_slope=0.3)``."""
        if not self.keywords:
            return self.function
        return f"{self.function}({', '.join(f'{key}={value!r}' for key, value in self.keywords)})"

    def compute(self, x: Array) -> Array:
        """Return its values at *x*; what is not a number there is NaN or infinite."""
        with np.errstate(all="ignore"):
            return np.asarray(FORMULAS[self.function](x, **dict(self.keywords)), np.float64)


@attrs.frozen
class Learned:
    """A ``PReLU``, whose curves follow from its weights.

    Attributes:
        shared_axes: The axes along which it has one weight, as stored.
    """

    shared_axes: tuple[int, ...] = ()


@attrs.frozen
class NoCurve:
    """Something that has no curve.

    Attributes:
        reason: Why, as a clause that starts in lower case.
    """

    reason: str


Found: TypeAlias = Curve | Learned | NoCurve


def find_curve(stored: JSON) -> Found:
    """Return the curve of a *stored* activation, or why it has none."""
    if stored is None:
        return Curve("linear")
    try:
        return _find(forms.parse(stored))
    except ActivationConfigError:
        return NoCurve(_UNKNOWN)


def _find(notation: forms.Notation) -> Found:
    match notation:
        case forms.Name(name):
            return _of_function(catalog.find_activation(name), {})
        case forms.OperationForm(operation, keywords):
            return _of_function(catalog.find_operation(operation), keywords)
        case forms.FunctionForm() | forms.PartialForm():
            return _of_reference(notation)
        case forms.ObjectForm(config):
            return _of_object(config)


def _of_reference(notation: "forms.FunctionForm | forms.PartialForm") -> Found:
    """Return the curve of a function by its module and name, with keywords or without."""
    if isinstance(notation, forms.FunctionForm):
        return _of_function(_find_function(notation), {})
    inner = notation.function
    if isinstance(inner, forms.Name):
        return _of_function(catalog.find_activation(inner.name), notation.keywords)
    if isinstance(inner, forms.FunctionForm):
        return _of_function(_find_function(inner), notation.keywords)
    return NoCurve(_UNKNOWN)


def _find_function(form: forms.FunctionForm) -> catalog.Function | None:
    """Return the function of the catalog that a config names: of a library, or Keras's own, without its module."""
    if form.module is not None and form.module in catalog.LIBRARIES:
        return catalog.LIBRARIES[form.module].get(form.name)
    return catalog.find_activation(form.name) if form.module in (None, "builtins") else None


def _of_function(function: catalog.Function | None, keywords: Mapping[str, JSON]) -> Found:
    if function is None:
        return NoCurve(_UNKNOWN)
    if function.library.startswith(_KERAS):
        return _make_curve(function.name, {**function.defaults, **keywords}, function.defaults)
    if function.name in NOT_OF_ONE_VALUE:
        return NoCurve(NOT_OF_ONE_VALUE[function.name])
    equal = function.operation and catalog.find_operation(function.operation)
    if equal is None:
        return _make_curve(function.builtin or function.name, {})
    translated = function.translate(keywords)
    if translated is None:
        return NoCurve(_UNKNOWN)
    return _make_curve(equal.name, {**equal.defaults, **translated}, equal.defaults)


def _make_curve(name: str, keywords: Mapping[str, JSON], known: Container[str] = ()) -> Found:
    """Return the curve of a function of Keras; of *keywords* that it does not have, nothing is *known*."""
    if name in NOT_OF_ONE_VALUE:
        return NoCurve(NOT_OF_ONE_VALUE[name])
    values = [(key, value) for key, value in keywords.items() if key in known and _is_drawable(value, key)]
    if name not in FORMULAS or len(values) < len(keywords):
        return NoCurve(_UNKNOWN)
    defaults = _DEFAULTS.get(name, {})
    return Curve(name, tuple(pair for pair in values if pair not in defaults.items()))


# The keywords that are left out of a label where they hold their defaults. Those of gelu differ between two modules.
_DEFAULTS: Final = {
    name: catalog.LIBRARIES["keras.activations"][name].defaults for name in ("celu", "elu", "relu", "squareplus")
}


def _is_drawable(value: JSON, key: str) -> TypeGuard[float | None]:
    if value is None or value == float("inf"):
        return key == "max_value"
    return isinstance(value, bool | int | float) and abs(value) < _LARGEST


def _of_object(config: Config) -> Found:
    """Return the curve of a layer of Keras that is an activation."""
    inner = config.get("config")
    if not isinstance(inner, dict) or not _is_of_keras(config):
        return NoCurve(_UNKNOWN)
    name = str(config["class_name"])
    if name == "Activation":
        return find_curve(inner.get("activation"))
    if name == "PReLU":
        return Learned(_read_axes(inner.get("shared_axes")))
    if name in _NO_FUNCTIONS:
        return NoCurve(_NO_FUNCTIONS[name])
    if name not in _LAYERS:
        return NoCurve(f"{name} is a layer, and no function of one value")
    function, keys = _LAYERS[name]
    return _make_curve(function, {key: inner.get(old, default) for key, (old, default) in keys.items()}, keys)


def _is_of_keras(config: Config) -> bool:
    """Return whether the class of an object is Keras's: by its module, or because none is named."""
    module = config.get("module", _KERAS)
    return isinstance(module, str) and module.partition(".")[0] == _KERAS and ">" not in str(config["class_name"])


def _read_axes(axes: JSON) -> tuple[int, ...]:
    listed = axes if isinstance(axes, list) else [axes]
    return tuple(axis for axis in listed if isinstance(axis, int))


_SLOPE: Final = {"negative_slope": ("negative_slope", 0.3)}

# The function of each layer, and for each of its keywords the argument of the layer, with its default.
_LAYERS: Final[Mapping[str, tuple[str, Mapping[str, tuple[str, float | None]]]]] = MappingProxyType(
    {
        "ELU": ("elu", {"alpha": ("alpha", 1.0)}),
        "Identity": ("linear", {}),
        "LeakyReLU": ("leaky_relu", _SLOPE),
        "ReLU": (
            "relu",
            {
                "negative_slope": ("negative_slope", 0.0),
                "max_value": ("max_value", None),
                "threshold": ("threshold", 0.0),
            },
        ),
    }
)
_NO_FUNCTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Softmax": NOT_OF_ONE_VALUE["softmax"],
        "Sequential": "it is a model",
        "Functional": "it is a model",
        "BatchNormalization": "it computes another function for each channel, which follows from its weights",
    }
)
