"""The codec with 10,000 registered objects against none: bytes that it holds, since Keras's cost is a copy of all."""

import functools
from collections.abc import Callable, Iterator

import keras

from benchmarks.counting import peak_bytes
from benchmarks.pairs import time_pair
from benchmarks.rows import Row, print_rows
from serialactivation import codec

NUMBER = 10_000
VALUES: dict[str, object] = {
    "a name": "relu",
    "a function": keras.activations.relu,
    "`keras.ops.gelu`": keras.ops.gelu,
    "a partial": functools.partial(keras.activations.leaky_relu, negative_slope=0.4),
    "`LeakyReLU`": keras.layers.LeakyReLU(),
    "`PReLU`": keras.layers.PReLU(alpha_regularizer="l2"),
}


def make_steps(value: object) -> dict[str, Callable[[], object]]:
    """Return the codec's three steps for *value*."""
    resolved = codec.resolve(value)
    written = codec.encode(resolved)
    return {
        "resolve": lambda: codec.resolve(value),
        "encode": lambda: codec.encode(resolved),
        "decode": lambda: codec.decode(written),
    }


def make_all_steps() -> dict[tuple[str, str], Callable[[], object]]:
    """Return the steps for each of the values, by value and step."""
    return {(label, name): step for label, value in VALUES.items() for name, step in make_steps(value).items()}


def fill() -> None:
    """Register what a large code base might."""
    registry = keras.saving.get_custom_objects()
    registry.update({f"many>Layer{index}": type(f"Layer{index}", (), {}) for index in range(NUMBER)})


def empty() -> None:
    """Take it away again."""
    registry = keras.saving.get_custom_objects()
    for name in [name for name in registry if name.startswith("many>")]:
        del registry[name]


def measure() -> Iterator[Row]:
    """Yield a row for each value and step, and what Keras's own growth is for two of them."""
    steps = make_all_steps()
    with_none = {key: _measure(step) for key, step in steps.items()}
    fill()
    for key, step in steps.items():
        (bytes_none, time_none), (bytes_many, time_many) = with_none[key], _measure(step)
        yield Row(
            f"{key[1]} {key[0]}",
            f"{bytes_none} B, {time_none * 1e6:.1f} µs",
            f"{bytes_many} B, {time_many * 1e6:.1f} µs",
            f"{(bytes_many + 1) / (bytes_none + 1):.2f}, {time_many / time_none:.2f}",
            "1.1",
        )
    yield from _measure_keras()


def _measure(step: Callable[[], object]) -> tuple[int, float]:
    return peak_bytes(step), time_pair(step, step, rounds=5).ours


def _measure_keras() -> Iterator[Row]:
    """Yield what stock Keras takes of the same: the registry is full when it is called."""
    config = keras.saving.serialize_keras_object(keras.layers.PReLU(alpha_regularizer="l2"))
    steps: dict[str, Callable[[], object]] = {
        "Keras: `activations.deserialize` of a name": lambda: keras.activations.deserialize("relu"),
        "Keras: `deserialize_keras_object` of a `PReLU`": lambda: keras.saving.deserialize_keras_object(config),
    }
    many = {label: _measure(step) for label, step in steps.items()}
    empty()
    for label, step in steps.items():
        (bytes_none, time_none), (bytes_many, time_many) = _measure(step), many[label]
        yield Row(
            label,
            f"{bytes_none} B, {time_none * 1e6:.1f} µs",
            f"{bytes_many} B, {time_many * 1e6:.1f} µs",
            f"{(bytes_many + 1) / (bytes_none + 1):.2f}, {time_many / time_none:.2f}",
        )


if __name__ == "__main__":
    print_rows(measure())
