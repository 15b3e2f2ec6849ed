"""The layer that is checked: makes the layer, its inputs, and a model around it."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeGuard, cast

import attrs
import keras
import numpy as np

from serialactivation.testing.numbers import compute, randomize
from serialactivation.typing import Shape

__all__ = ["Call", "Dtypes", "Factory", "Shapes", "Subject"]

Factory: TypeAlias = Callable[..., keras.Layer]
"""A function that makes a layer and takes its activations as keywords."""

Shapes: TypeAlias = "Shape | Sequence[Shapes] | Mapping[str, Shapes]"
"""A shape, batch axis first, or a structure of shapes."""

Dtypes: TypeAlias = "str | Sequence[Dtypes] | Mapping[str, Dtypes]"
"""A dtype for every input, or a structure of dtypes like that of the shapes."""

Call: TypeAlias = Callable[..., object]
"""A function of a layer and its inputs that calls the layer and returns the outputs."""

_BATCH = 3


@attrs.frozen(kw_only=True)
class Subject:
    """The layer and the argument that are checked.

    Attributes:
        factory: Makes the layer.
        field: The argument that is given the activation.
        input_shape: The shape of the layer's input.
        input_dtype: The dtype of the input.
        call: Calls the layer on the input, or None to call it directly.
        stock: Makes the same layer without this package, or None.
    """

    factory: Factory
    field: str
    input_shape: Shapes
    input_dtype: Dtypes
    call: Call | None
    stock: Factory | None

    @functools.cached_property
    def name(self) -> str:
        """The name of the layer's class."""
        return type(self.factory()).__name__

    def make(self, activation: object) -> keras.Layer:
        """Return a layer with *activation* in the argument."""
        return self.factory(**{self.field: activation})

    def make_model(self, *layers: keras.Layer) -> keras.Model:
        """Return a functional model that calls each of the *layers* on its inputs."""

        def make_input(shape: Shape, dtype: str, name: str | None) -> keras.KerasTensor:
            return keras.Input(shape[1:], dtype=dtype, name=name)

        inputs = _map_inputs(make_input, self.input_shape, self.input_dtype)
        outputs: list[Any] = [layer(inputs) if self.call is None else self.call(layer, inputs) for layer in layers]
        return keras.Model(inputs, outputs if len(outputs) > 1 else outputs[0])

    def make_inputs(self) -> object:
        """Return numbers for the model's inputs, the same each time."""
        generator = np.random.default_rng(7)

        def make_numbers(shape: Shape, dtype: str, _: str | None) -> object:
            sizes = [_BATCH, *(size or _BATCH for size in shape[1:])]
            if "float" in dtype:
                return (2 * generator.normal(size=sizes)).astype(dtype)
            return generator.integers(0, 2, sizes).astype(dtype)

        return _map_inputs(make_numbers, self.input_shape, self.input_dtype)

    def make_called(self, *activations: object) -> keras.Model:
        """Return a model with a layer for each of the *activations*, called once, with random weights."""
        model = self.make_model(*map(self.make, activations))
        compute(model, self.make_inputs())
        randomize(model, np.random.default_rng(7))
        return model


_Make: TypeAlias = Callable[[Shape, str, str | None], object]


def _map_inputs(make: _Make, shapes: Shapes, dtypes: Dtypes, name: str | None = None) -> Any:
    """Return the structure of *make*'s results for each shape, its dtype, and its name, which is the key in a dict."""
    if isinstance(shapes, Mapping):
        return {key: _map_inputs(make, shape, _pick(dtypes, key), key) for key, shape in shapes.items()}
    if _is_shape(shapes):
        return make(shapes, str(dtypes), name)
    inputs = [_map_inputs(make, shape, _pick(dtypes, index)) for index, shape in enumerate(cast("_Listed", shapes))]
    return tuple(inputs) if isinstance(shapes, tuple) else inputs


_Listed: TypeAlias = Sequence[Shapes]


def _pick(dtypes: Dtypes, key: Any) -> Dtypes:
    return dtypes if isinstance(dtypes, str) else dtypes[key]


def _is_shape(shapes: object) -> TypeGuard[Shape]:
    return isinstance(shapes, list | tuple) and all(size is None or isinstance(size, int) for size in shapes)
