"""Activations of the kit's own, registered as people register theirs.

Their names are nobody's: Keras may take a registered function for an unregistered one of its name.
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
        amount: How far it bends.
    """
    return x + amount * keras.ops.sqrt(x * x + 1.0)


@keras.saving.register_keras_serializable(package=_PACKAGE)
class SampleObject:
    """``x + weight * x ** 3``: an object that tells how it is made, and is no layer.

    Args:
        weight: That of the cube.
    """

    def __init__(self, weight: float) -> None:
        self.weight = weight

    def __call__(self, x: Any) -> Any:
        """Return what it computes of *x*, elementwise."""
        return x + self.weight * x**3

    def get_config(self) -> Config:
        """Return the arguments of the constructor."""
        return {"weight": self.weight}

    @classmethod
    def from_config(cls, config: dict[str, float]) -> "SampleObject":
        """Return the object that a config tells of."""
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
