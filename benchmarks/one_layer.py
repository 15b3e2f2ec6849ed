"""One layer made, written and read again: Python calls, and what of them is the codec's."""

from collections.abc import Callable, Iterator

import keras

import serialactivation as sa
from benchmarks.counting import count_calls
from benchmarks.rows import Row, print_rows
from serialactivation import codec

LAYERS = {"Dense": {"units": 4}, "Conv2D": {"filters": 4, "kernel_size": 3}, "Activation": {}}
VALUES: dict[str, Callable[[], object]] = {
    "a name": lambda: "relu",
    "a function": lambda: keras.activations.relu,
    "a layer": keras.layers.LeakyReLU,
}
STEPS = ("construction", "get_config", "from_config")


def count_steps(layer_class: type[keras.Layer], arguments: dict[str, object], make: Callable[[], object]) -> list[int]:
    """Return the calls of the three steps."""
    activation = make()
    layer = layer_class(**arguments, activation=activation)
    config = layer.get_config()
    return [
        count_calls(lambda: layer_class(**arguments, activation=activation)),
        count_calls(layer.get_config),
        count_calls(lambda: layer_class.from_config(config)),
    ]


def count_codec(make: Callable[[], object]) -> int:
    """Return the calls of resolving, writing and reading one activation."""
    value = make()
    resolved = codec.resolve(value)
    written = codec.encode(resolved)
    steps: list[Callable[[], object]] = [
        lambda: codec.resolve(value),
        lambda: codec.encode(resolved),
        lambda: codec.decode(written),
    ]
    return sum(count_calls(step) for step in steps) - len(steps)  # the lambdas themselves


def measure() -> Iterator[Row]:
    """Yield a row for each layer, value and step, and the codec's share for names and functions."""
    for name, arguments in LAYERS.items():
        for label, make in VALUES.items():
            stock = count_steps(getattr(keras.layers, name), arguments, make)
            ours = count_steps(getattr(sa.layers, name), arguments, make)
            for step, a, b in zip(STEPS, stock, ours, strict=True):
                yield Row(f"`{name}` with {label}: {step}", f"{a} calls", f"{b} calls", f"{b / a:.2f}", "1.10")
            if label != "a layer":
                share = count_codec(make) / sum(stock)
                yield Row(f"`{name}` with {label}: the codec in all three", "", "", f"{share:.1%}", "5 %")


if __name__ == "__main__":
    print_rows(measure())
