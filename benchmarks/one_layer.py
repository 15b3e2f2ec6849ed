"""One layer made, written and read again: Python calls, and what of them is the codec's."""

from collections.abc import Callable, Iterator
from typing import Any

import keras

import serialactivation as sa
from benchmarks.counting import count_calls
from benchmarks.rows import Row, print_rows
from benchmarks.values import VALUES, Value
from serialactivation.codec import codec

LAYERS = {"Dense": {"units": 4}, "Conv2D": {"filters": 4, "kernel_size": 3}, "Activation": {}}
STEPS = ("construction", "get_config", "from_config")


def count_steps(library: Any, name: str, value: Value) -> list[int]:
    """Return the calls of the three steps, of the layer of *library* with this name."""
    layer_class, arguments, activation = getattr(library, name), LAYERS[name], value.make_for(library)
    layer = layer_class(**arguments, activation=activation)
    config = layer.get_config()
    return [
        count_calls(lambda: layer_class(**arguments, activation=activation)),
        count_calls(layer.get_config),
        count_calls(lambda: layer_class.from_config(config)),
    ]


def count_codec(value: Value) -> int:
    """Return the calls of resolving, writing and reading one activation."""
    given = value.make()
    resolved = codec.resolve(given)
    written = codec.encode(resolved)
    steps: list[Callable[[], object]] = [
        lambda: codec.resolve(given),
        lambda: codec.encode(resolved),
        lambda: codec.decode(written),
    ]
    return sum(count_calls(step) for step in steps) - len(steps)  # the lambdas themselves


def measure() -> Iterator[Row]:
    """Yield a row for each layer, value and step, and the codec's share of all three."""
    for name in LAYERS:
        for label, value in VALUES.items():
            stock, ours = count_steps(keras.layers, name, value), count_steps(sa.layers, name, value)
            for step, a, b in zip(STEPS, stock, ours, strict=True):
                yield Row(f"`{name}` with {label}: {step}", f"{a} calls", f"{b} calls", f"{b / a:.2f}")
            share = count_codec(value) / sum(stock)
            yield Row(f"`{name}` with {label}: the codec in all three", "", "", f"{share:.1%}")


if __name__ == "__main__":
    print_rows(measure())
