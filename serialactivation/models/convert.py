"""Makes a model again with this package's layers instead of Keras's."""

import functools
from types import MappingProxyType
from typing import Any, Final, cast

import keras

from serialactivation import layers
from serialactivation.keras_api.scopes import contained
from serialactivation.layer.fields import activation_fields
from serialactivation.models.copies.rebuild import Rebuilder, read_layer

__all__ = ["TWINS", "convert"]

TWINS: Final = MappingProxyType({getattr(keras.layers, name): getattr(layers, name) for name in layers.__all__})
"""Keras's layer classes, each with its twin in this package."""


@contained
def convert(model: keras.Model) -> keras.Model:
    """Return a model like *model* with this package's layers, which computes the same and can be saved.

    Layers inside nested models, ``TimeDistributed``, ``Bidirectional`` and ``RNN`` are replaced, too. The new model
    keeps names, sharing, ``trainable``, dtype policies and compile arguments. It has its own weights, which are copies
    of the old ones; the state of the optimizer is also copied, so that training continues. *model* is not changed.

    The new model gets the activations that *model* computes with, even if Keras's configs have lost them. State that a
    layer keeps besides its weights is copied with ``save_own_variables`` and ``load_own_variables``, ``save_assets``
    and ``load_assets``. A loss object is used again, because it holds no state; metrics and the optimizer are made
    again.

    Args:
        model: A Sequential or Functional model.

    Raises:
        ModelKindError: *model* is, or holds, a subclassed model.
        UnserializableActivationError: A layer holds an activation that would not come back. The ``layer`` of the error
            is the path of that layer.
        LayerStateError: A layer's config leaves out an argument that its weights depend on.
        CompileStateError: A metric or the optimizer cannot be made again.
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
        """Return the twin of *layer*. It gets the activations themselves, which a config may have lost."""
        config = cast("dict[str, Any]", self.bare_config(layer))
        for field in activation_fields(twin):
            config[field.key] = self._convert_activation(getattr(layer, field.name), path)
        return read_layer(twin, config)

    def _convert_activation(self, value: object, path: str) -> object:
        """Return an activation for the twin: the function itself, or the layer made from a layer."""
        if isinstance(value, functools.partial):
            return functools.partial(
                cast("Any", self._convert_activation(value.func, path)), *value.args, **value.keywords
            )
        if not isinstance(value, keras.Layer):
            return value
        return self.remake(value, f"{path}/{value.name}")
