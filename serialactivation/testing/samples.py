"""Sample activations, registered as users register theirs.

Their names are unusual, because Keras may confuse a registered function with an unregistered one of the same name.
"""

from typing import Any

import keras

from serialactivation.typing import Config

__all__ = ["SampleLayer", "SampleObject", "sample_function"]

_PACKAGE = "serialactivation.testing"


@keras.saving.register_keras_serializable(package=_PACKAGE)
def sample_function(x: Any, amount: float = 0.3) -> Any:
    """Return ``x + amount * sqrt(x ** 2 + 1)``, elementwise.

    Args:
        x: Float tensor of any shape.
        amount: The factor of the root.
    """
    return x + amount * keras.ops.sqrt(x * x + 1.0)


@keras.saving.register_keras_serializable(package=_PACKAGE)
class SampleObject:
    """``x + weight * x ** 3``: an object with ``get_config`` that is not a layer.

    Args:
        weight: The factor of the cube.
    """

    def __init__(self, weight: float) -> None:
        self.weight = weight

    def __call__(self, x: Any) -> Any:
        """Return ``x + weight * x ** 3``, elementwise."""
        return x + self.weight * x**3

    def get_config(self) -> Config:
        """Return the arguments of the constructor."""
        return {"weight": self.weight}

    @classmethod
    def from_config(cls, config: dict[str, float]) -> "SampleObject":
        """Return the object whose config is *config*."""
        return cls(**config)


@keras.saving.register_keras_serializable(package=_PACKAGE)
class SampleLayer(keras.layers.Layer):
    """``scale * tanh(x)``, with a weight for each channel."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weight."""
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="scale")

    def call(self, inputs: Any) -> Any:
        """Return the scaled tensor."""
        return keras.ops.tanh(inputs) * self.scale

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return the shape of the input."""
        return input_shape
