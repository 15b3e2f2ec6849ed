"""The activations that a layer is given, one case each."""

import functools
from collections.abc import Callable, Iterable
from typing import Any, Final

import attrs
import keras
import numpy as np

from serialactivation.testing.samples import SampleLayer, SampleObject, sample_function

__all__ = ["MORE", "USUAL", "ActivationCase", "choose_cases"]


@attrs.frozen
class ActivationCase:
    """One activation that a layer is given.

    Attributes:
        name: Its name in the names of checks.
        make: Makes it; called for each check, because a layer is built only once.
    """

    name: str
    make: Callable[[], object]

    @functools.cached_property
    def is_layer(self) -> bool:
        """Whether the activation is a layer."""
        return isinstance(self.make(), keras.Layer)

    @functools.cached_property
    def has_weights(self) -> bool:
        """Whether the activation is a layer that has weights once it is built."""
        made = self.make()
        if not isinstance(made, keras.Layer):
            return False
        made(np.zeros((1, 4), "float32"))
        return bool(made.variables)


def _always(name: str, value: object) -> ActivationCase:
    return ActivationCase(name, lambda: value)


_LEAKY: Final = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)

USUAL: Final = (
    _always("name", "tanh"),
    _always("function", keras.activations.silu),
    _always("operation", keras.ops.gelu),
    _always("partial", _LEAKY),
    ActivationCase("layer", lambda: keras.layers.LeakyReLU(negative_slope=0.4)),
    ActivationCase("layer with weights", lambda: keras.layers.PReLU()),
)
"""Frequent activations, of which Keras loses most."""

MORE: Final = (
    _always("softmax", keras.activations.softmax),
    _always("operation of another axis", functools.partial(keras.ops.softmax, axis=-1)),
    _always(
        "partial of partial",
        functools.partial(functools.partial(keras.activations.relu, max_value=2.0), negative_slope=0.1),
    ),
    _always("registered function", sample_function),
    _always("partial of a registered function", functools.partial(sample_function, amount=0.8)),
    _always("object with get_config", SampleObject(0.2)),
    ActivationCase("registered layer", lambda: SampleLayer()),
    ActivationCase("Sequential", lambda: keras.Sequential([keras.layers.PReLU(), keras.layers.Activation("tanh")])),
    ActivationCase("BatchNormalization", lambda: keras.layers.BatchNormalization()),
)
"""Rarer activations."""


def choose_cases(activations: Iterable[object] | None, *, full: bool) -> tuple[ActivationCase, ...]:
    """Return the cases that a layer is given.

    Args:
        activations: Cases or activations; by default the usual cases.
        full: Whether the default includes the rarer cases.
    """
    if activations is None:
        return (*USUAL, *MORE) if full else USUAL
    return tuple(map(_make_case, activations))


def _make_case(activation: object) -> ActivationCase:
    if isinstance(activation, ActivationCase):
        return activation
    if isinstance(activation, keras.Layer):
        own_policy = (
            {} if activation.dtype_policy is keras.config.dtype_policy() else {"dtype": activation.dtype_policy}
        )
        config = {key: value for key, value in activation.get_config().items() if key != "dtype"}
        return ActivationCase(
            activation.name, functools.partial(_make_again, type(activation), {**config, **own_policy})
        )
    return _always(_name(activation), activation)


def _make_again(layer_class: type[keras.Layer], config: dict[str, Any]) -> keras.Layer:
    """Return a new layer for each check, under the global policy of that time unless it has its own."""
    return layer_class.from_config(dict(config))


def _name(activation: object) -> str:
    if isinstance(activation, functools.partial):
        return f"partial({_name(activation.func)})"
    name = activation if isinstance(activation, str) else getattr(activation, "__name__", None)
    return name if isinstance(name, str) else type(activation).__name__
