"""Python calls of construction, get_config and from_config, ours against stock Keras in the same run.

Run it with ``KERAS_BACKEND=jax python benchmarks/python_calls.py``. Counts do not drift with the machine, as times do.
"""

import cProfile
import pstats
from collections.abc import Callable

import keras

import serialactivation as sa

LAYERS = {"Dense": {"units": 4}, "Conv2D": {"filters": 4, "kernel_size": 3}}
VALUES: dict[str, Callable[[], object]] = {
    "name": lambda: "relu",
    "function": lambda: keras.activations.relu,
    "layer": keras.layers.LeakyReLU,
}


def count_calls(function: Callable[[], object]) -> int:
    """Return how many Python calls *function* makes, once it has been run and its caches are filled."""
    function()
    profile = cProfile.Profile()
    profile.runcall(function)
    return pstats.Stats(profile).total_calls


def measure(layer_class: type[keras.Layer], arguments: dict[str, object], make: Callable[[], object]) -> list[int]:
    """Return the calls of the three steps."""
    activation = make()
    layer = layer_class(**arguments, activation=activation)
    config = layer.get_config()
    return [
        count_calls(lambda: layer_class(**arguments, activation=activation)),
        count_calls(layer.get_config),
        count_calls(lambda: layer_class.from_config(config)),
    ]


def main() -> None:
    """Print one row for each layer and value: the calls of stock Keras, ours, and the ratio."""
    print(f"{'layer':8} {'activation':10} {'construction':>20} {'get_config':>20} {'from_config':>20}")
    for name, arguments in LAYERS.items():
        for label, make in VALUES.items():
            stock = measure(getattr(keras.layers, name), arguments, make)
            ours = measure(getattr(sa.layers, name), arguments, make)
            cells = [f"{b:5} / {a:5} = {b / a:.2f}" for a, b in zip(stock, ours, strict=True)]
            print(f"{name:8} {label:10} " + " ".join(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main()
