"""The parts of the network: layers with activations that users give them."""

import functools
from collections.abc import Callable
from typing import Final

import attrs
import keras

from serialactivation import layers
from serialactivation.demo.gated import Gated, PlainGated, StockGated
from serialactivation.typing import ActivationLike

__all__ = ["OURS", "PARTS", "SHARED", "STOCK", "Kit", "Part", "name_trial"]

SHARED: Final = ("shared_first", "shared_second")
"""Names of the two layers that share one activation."""


@attrs.frozen(kw_only=True)
class Kit:
    """The layer classes that a part is built with: this package's, or stock Keras's.

    Attributes:
        key: Its name in files.
        name: Its name on the screen.
        conv2d: Its convolution.
        dense: Its dense layer.
        gated: Its form of the custom layer.
    """

    key: str
    name: str
    conv2d: type[keras.layers.Conv2D]
    dense: type[keras.layers.Dense]
    gated: type[PlainGated]


OURS: Final = Kit(
    key="serialactivation", name="serialactivation", conv2d=layers.Conv2D, dense=layers.Dense, gated=Gated
)
STOCK: Final = Kit(
    key="stock", name="stock Keras", conv2d=keras.layers.Conv2D, dense=keras.layers.Dense, gated=StockGated
)


@attrs.frozen(kw_only=True)
class Part:
    """Some consecutive layers with their activations.

    Attributes:
        key: Its name in files.
        given: The activations, as shown on the screen.
        make: Makes new layers.
    """

    key: str
    given: str
    make: Callable[[Kit], tuple[keras.Layer, ...]]


def name_trial(kit: Kit, part: Part) -> str:
    """Return the name of the file that *part*, made with *kit*, is saved in."""
    return f"{kit.key}-{part.key}"


def _convolve(kit: Kit, activation: ActivationLike, *, padding: str = "valid", name: str | None = None) -> keras.Layer:
    return kit.conv2d(16, 3, padding=padding, activation=activation, data_format="channels_last", name=name)


def _leaky(kit: Kit) -> tuple[keras.Layer, ...]:
    return (_convolve(kit, keras.layers.LeakyReLU(negative_slope=0.4)),)


def _shared(kit: Kit) -> tuple[keras.Layer, ...]:
    prelu = keras.layers.PReLU(shared_axes=[1, 2])
    return tuple(_convolve(kit, prelu, padding="same", name=name) for name in SHARED)


def _partial(kit: Kit) -> tuple[keras.Layer, ...]:
    return (_convolve(kit, functools.partial(keras.activations.gelu, approximate=True)),)


def _operation(kit: Kit) -> tuple[keras.Layer, ...]:
    return (kit.dense(16, activation=keras.ops.gelu),)


def _gated(kit: Kit) -> tuple[keras.Layer, ...]:
    leaky = keras.layers.LeakyReLU(negative_slope=0.1)
    return (kit.gated(16, activation=leaky, gate_activation="hard_sigmoid"),)


PARTS: Final = (
    Part(key="leaky", given="LeakyReLU(negative_slope=0.4)", make=_leaky),
    Part(key="shared", given="one PReLU shared by two layers", make=_shared),
    Part(key="partial", given="partial(gelu, approximate=True)", make=_partial),
    Part(key="operation", given="keras.ops.gelu", make=_operation),
    Part(key="gated", given="custom layer without get_config: LeakyReLU(), 'hard_sigmoid'", make=_gated),
)
