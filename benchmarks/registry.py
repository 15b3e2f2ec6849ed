"""The codec with 10,000 registered objects against none: bytes that it holds, since Keras's cost is a copy of all."""

import functools
from collections.abc import Callable, Iterator

import keras

from benchmarks.counting import peak_bytes
from benchmarks.pairs import time_pair
from benchmarks.rows import Row, print_rows
from serialactivation.codec import codec

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


@functools.cache
def make_objects() -> dict[str, type]:
    """Return what a large code base might register."""
    return {f"many>Layer{index}": type(f"Layer{index}", (), {}) for index in range(NUMBER)}


def fill() -> None:
    """Register it."""
    keras.saving.get_custom_objects().update(make_objects())


def empty() -> None:
    """Take it away again."""
    for name in make_objects():
        keras.saving.get_custom_objects().pop(name, None)


def measure() -> Iterator[Row]:
    """Yield a row for each value and step, and what Keras's own growth is for two of them."""
    for (label, name), step in make_all_steps().items():
        yield _measure(f"{name} {label}", step, "1.1")
    config = keras.saving.serialize_keras_object(keras.layers.PReLU(alpha_regularizer="l2"))
    yield _measure("Keras: `activations.deserialize` of a name", lambda: keras.activations.deserialize("relu"))
    yield _measure(
        "Keras: `deserialize_keras_object` of a `PReLU`", lambda: keras.saving.deserialize_keras_object(config)
    )


def _measure(what: str, step: Callable[[], object], asked: str = "") -> Row:
    """Return what *step* holds and takes with nothing registered, and with all; the times are taken in turns."""
    empty()
    bytes_none = peak_bytes(step)
    fill()
    bytes_many = peak_bytes(step)
    pair = time_pair(step, step, rounds=9, before=(empty, fill))
    empty()
    return Row(
        what,
        f"{bytes_none} B, {pair.stock * 1e6:.1f} µs",
        f"{bytes_many} B, {pair.ours * 1e6:.1f} µs",
        f"{(bytes_many + 1) / (bytes_none + 1):.2f}, {pair.ratio:.2f}",
        asked,
    )


if __name__ == "__main__":
    print_rows(measure())
