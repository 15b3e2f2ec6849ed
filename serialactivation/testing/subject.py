"""The layer that is checked: how one is made, what it is called on, and a model around it."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import attrs
import keras
import numpy as np

from serialactivation.testing.cases import ActivationCase
from serialactivation.testing.numbers import compute, randomize
from serialactivation.typing import Shape

__all__ = ["Factory", "Shapes", "Subject"]

Factory: TypeAlias = Callable[..., keras.Layer]
"""What makes a layer, with its activations as keywords."""

Shapes: TypeAlias = "Shape | Sequence[Shapes] | Mapping[str, Shapes]"
"""A shape, batch axis first, or a structure of shapes."""

_BATCH = 3


@attrs.frozen(kw_only=True)
class Subject:
    """What is checked.

    Attributes:
        factory: What makes the layer.
        field: The argument that is given the activation.
        input_shape: What it is called on.
        input_dtype: The dtype of that.
        stock: What makes the same layer without this package, or None.
    """

    factory: Factory
    field: str
    input_shape: Shapes
    input_dtype: str
    stock: Factory | None

    @functools.cached_property
    def name(self) -> str:
        """The layer's class."""
        return type(self.factory()).__name__

    def make(self, activation: object) -> keras.Layer:
        """Return a layer that is given an *activation*."""
        return self.factory(**{self.field: activation})

    def make_model(self, *layers: keras.Layer) -> keras.Model:
        """Return a functional model that calls each of the *layers* on its inputs."""

        def make_input(shape: Shape) -> keras.KerasTensor:
            return keras.Input(shape[1:], dtype=self.input_dtype)

        inputs = keras.tree.map_shape_structure(make_input, self.input_shape)
        outputs = [layer(inputs) for layer in layers]
        return keras.Model(inputs, outputs if len(outputs) > 1 else outputs[0])

    def make_inputs(self) -> object:
        """Return numbers for the model's inputs, the same each time."""
        generator = np.random.default_rng(7)

        def make_numbers(shape: Shape) -> object:
            sizes = [_BATCH, *(size or _BATCH for size in shape[1:])]
            if "float" in self.input_dtype:
                return (2 * generator.normal(size=sizes)).astype(self.input_dtype)
            return generator.integers(0, 2, sizes).astype(self.input_dtype)

        return keras.tree.map_shape_structure(make_numbers, self.input_shape)

    def make_settled(self, *activations: object) -> keras.Model:
        """Return a model of a layer for each of the *activations*, called once, its weights set at random."""
        model = self.make_model(*map(self.make, activations))
        compute(model, self.make_inputs())
        randomize(model, np.random.default_rng(7))
        return model

    def make_settled_for(self, case: ActivationCase) -> keras.Model:
        """Return such a model of one layer."""
        return self.make_settled(case.make())
