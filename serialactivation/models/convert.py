"""A model of stock layers made again with this package's in their place."""

import functools
from types import MappingProxyType
from typing import Any, Final, cast

import keras

from serialactivation import layers
from serialactivation.keras_api.scopes import contained
from serialactivation.layer.fields import activation_fields
from serialactivation.models.rebuild import Rebuilder, read_layer

__all__ = ["TWINS", "convert"]

TWINS: Final = MappingProxyType({getattr(keras.layers, name): getattr(layers, name) for name in layers.__all__})
"""The layers of this package by Keras's."""


@contained
def convert(model: keras.Model) -> keras.Model:
    """Return *model* with this package's layers in place of Keras's: what computes the same, and comes back from disk.

    Layers inside nested models, ``TimeDistributed``, ``Bidirectional`` and ``RNN`` are replaced too. Names, sharing,
    ``trainable``, dtype policies and what the model was compiled with are kept. The new model has weights of its own,
    with the values of the old one's; the state of the optimizer is copied with them, so that training goes on. *model*
    is left as it is.

    Args:
        model: A Sequential or Functional model.

    Raises:
        ModelKindError: It is, or holds, a subclassed model.
        UnserializableActivationError: A layer holds an activation that could not come back; its ``layer`` is the path.
    """
    return _Converter().rebuild(model)


class _Converter(Rebuilder):
    def make(self, layer: keras.Layer, path: str) -> keras.Layer:
        twin = TWINS.get(type(layer))
        if twin is not None:
            return self._make_twin(twin, layer, path)
        wrapper = self.rewrap(layer, path)
        return self.copy(layer, path) if wrapper is None else wrapper

    def _make_twin(self, twin: type[keras.Layer], layer: keras.Layer, path: str) -> keras.Layer:
        """Make the twin of *layer*. Its activations are handed over themselves: a config may have lost them."""
        config = cast("dict[str, Any]", self.bare_config(layer))
        for field in activation_fields(twin):
            config[field.key] = self._hand_over(getattr(layer, field.name), path)
        return read_layer(twin, config)

    def _hand_over(self, value: object, path: str) -> object:
        """Return an activation for the twin: itself, or the layer made of it."""
        if isinstance(value, functools.partial):
            return functools.partial(cast("Any", self._hand_over(value.func, path)), *value.args, **value.keywords)
        if not isinstance(value, keras.Layer):
            return value
        return self.remake(value, f"{path}/{value.name}")
