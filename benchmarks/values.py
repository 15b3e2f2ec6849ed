"""The kinds of activation that the benchmarks give to layers."""

import functools
from collections.abc import Callable
from typing import Any, Final

import attrs
import keras

__all__ = ["VALUES", "Value"]


def _make_leaky() -> keras.Layer:
    return keras.layers.LeakyReLU(negative_slope=0.4)


@attrs.frozen
class Value:
    """One kind of activation.

    Attributes:
        make: Makes one.
        instead: Makes the nearest that stock Keras stores, where it does not store what *make* makes.
    """

    make: Callable[[], object]
    instead: Callable[[], object] | None = None

    def make_for(self, library: Any) -> object:
        """Return an activation for a layer of *library*."""
        return self.make() if self.instead is None or library is not keras.layers else self.instead()


VALUES: Final = {
    "a name": Value(lambda: "relu"),
    "a function": Value(lambda: keras.activations.relu),
    "`keras.ops.gelu`": Value(lambda: keras.ops.gelu),  # stock Keras stores the name of another function
    "a partial": Value(lambda: functools.partial(keras.activations.leaky_relu, negative_slope=0.4), _make_leaky),
    "`LeakyReLU`": Value(_make_leaky),
    "`PReLU`": Value(keras.layers.PReLU),
    "`Sequential`": Value(lambda: keras.Sequential([keras.layers.PReLU()])),
}
"""By what the tables call them."""
