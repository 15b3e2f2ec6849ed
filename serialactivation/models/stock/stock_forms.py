"""Forms of an activation that stock Keras can store and load: a name, a function, an operation, an object, a layer."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, cast

import keras

from serialactivation import errors
from serialactivation.catalog.forms import FunctionForm, Name, OperationForm, PartialForm, write
from serialactivation.catalog.marks import PACKAGE
from serialactivation.codec import codec
from serialactivation.codec.functions import PartialActivation, write_function
from serialactivation.keras_api.scopes import Direction, moving, unshared_unless_saving
from serialactivation.typing import Activation

__all__ = ["NONE", "find_stock_form", "survives"]

NONE: Final = object()
"""Stands for "no form", because None is an activation."""

# Layers that apply the activation of this name, with its keywords as constructor arguments.
_LAYERS: Final[Mapping[str, Callable[..., keras.Layer]]] = MappingProxyType({"softmax": keras.layers.Softmax})


def find_stock_form(value: object) -> object:
    """Return an equal of *value* that does not need this package, or :data:`NONE` if stock Keras has none.

    A layer, also a :class:`PartialLayer`, is returned unchanged: the caller may make it a layer of the graph.

    Raises:
        ActivationError: No layer of this package would accept *value*.
    """
    resolved = codec.resolve(value)
    if resolved is None or isinstance(resolved, keras.Layer):
        return resolved
    if isinstance(resolved, str):  # stock Keras cannot look up a bare registered name
        form: object = codec.get(resolved) if ">" in resolved else resolved
    else:
        form = _find_form(resolved)
    return form if form is NONE or isinstance(form, keras.Layer) or survives(form) else NONE


def _find_form(activation: Activation) -> object:
    match write_function(activation, given=True):
        case None:
            return activation
        case Name(name):
            return name
        case OperationForm() as form:
            return _make_operation(form)
        case FunctionForm():
            return activation.function if isinstance(activation, PartialActivation) else activation
        case PartialForm(Name(name), keywords) if name in _LAYERS:
            return _LAYERS[name](**keywords)
    return NONE


def _make_operation(form: OperationForm) -> object:
    """Return the operation, or NONE before Keras 3.11 if its class and its function differ in argument names."""
    try:
        return keras.saving.deserialize_keras_object(write(form))
    except TypeError:
        return NONE


def survives(value: object) -> bool:
    """Return whether the installed stock Keras makes *value* again from a layer's config."""
    with moving(Direction.LOADING), unshared_unless_saving():  # the trial layer is not a part of the model
        return _survives(value)


def _survives(value: object) -> bool:
    try:
        layer = keras.layers.Activation(cast("Activation", value))
        config = json.loads(json.dumps(layer.get_config()))
        if f'"{PACKAGE}>' in json.dumps(config):
            return False
        revived = keras.layers.Activation.from_config(config).activation
        return bool(codec.serialize(revived) == codec.serialize(layer.activation))
    except (errors.ActivationError, TypeError, ValueError):
        return False
