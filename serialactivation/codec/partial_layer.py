"""A layer with bound keywords for its call, such as an always active Dropout: ``partial(layer, training=True)``."""

from collections.abc import Mapping
from typing import Any, Self, cast

import keras

from serialactivation.catalog.forms import restore_tuples
from serialactivation.catalog.marks import PACKAGE, PARTIAL_LAYER
from serialactivation.codec.known_functions.keywords import read_keywords, write_keywords
from serialactivation.typing import JSON, Config, Shape, TensorT

__all__ = ["PartialLayer"]


@keras.saving.register_keras_serializable(package=PACKAGE, name=PARTIAL_LAYER)
class PartialLayer(keras.layers.Layer):
    """A layer whose call always gets the same keywords.

    Args:
        layer: The layer; it is tracked and saved as a sublayer.
        keywords: Keywords of its ``call``, plain values.
        **kwargs: Keras's own layer arguments, such as ``name`` and ``dtype``.

    Raises:
        UnserializableActivationError: The layer's ``call`` does not have a keyword, or a value is not plain.
    """

    def __init__(self, layer: keras.Layer, keywords: Mapping[str, object], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.layer = layer
        self.keywords = read_keywords(layer.call, keywords)

    def build(self, input_shape: Shape) -> None:
        """Build the layer for *input_shape*, unless it is built."""
        if not self.layer.built:
            self.layer.build(input_shape)

    def call(self, inputs: TensorT) -> TensorT:
        """Apply the layer to a tensor, with the keywords."""
        return cast("TensorT", self.layer(inputs, **self.keywords))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the layer's output shape."""
        return cast("Shape", self.layer.compute_output_shape(input_shape))

    def get_config(self) -> Config:
        """Return Keras's base config with the layer's config and the keywords."""
        config = cast("Config", super().get_config())
        layer = cast("JSON", keras.saving.serialize_keras_object(self.layer))
        return {**config, "layer": layer, "keywords": cast("JSON", write_keywords(self.keywords))}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """Return the layer whose config is *config*."""
        layer = keras.saving.deserialize_keras_object(config["layer"])
        return cls(**{**config, "layer": layer, "keywords": restore_tuples(config["keywords"])})
