"""A training step on a GPU: time, peak memory, and the least time that its memory traffic could take.

Where JAX finds no GPU it measures nothing and says so. Each measurement has a process of its own, since the peak of
memory is the process's.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import jax
import keras
import numpy as np

import serialactivation as sa
from benchmarks.rows import Row, print_rows

POLICY = "mixed_bfloat16"
STEPS = 50
BYTES_PER_SECOND = {"H100": 3.35e12, "H200": 4.8e12, "A100": 2.0e12}
NETS = {
    "MLP": {"small": (256, 1024), "medium": (1024, 2048), "large": (4096, 4096)},
    "ConvNet": {"small": (32, 32), "medium": (64, 64), "large": (128, 96)},
}
LIBRARIES = {"stock": keras.layers, "ours": sa.layers}


def make_model(net: str, library: Any, width: int) -> keras.Model:
    """Return the net; every layer has the policy, and a LeakyReLU of its own."""
    options = {"dtype": POLICY}
    if net == "MLP":
        outputs = inputs = keras.Input((width,))
        for _ in range(8):
            outputs = library.Dense(width, activation=keras.layers.LeakyReLU(), **options)(outputs)
    else:
        outputs = inputs = keras.Input((width, width, 3))
        for _ in range(8):
            outputs = library.Conv2D(64, 3, padding="same", activation=keras.layers.LeakyReLU(), **options)(outputs)
        outputs = keras.layers.GlobalAveragePooling2D()(outputs)
    return keras.Model(inputs, keras.layers.Dense(1, dtype="float32")(outputs))


def measure_one(net: str, library: str, batch: int, width: int) -> None:
    """Print the seconds of a step, the peak of memory in bytes, and the bytes that the compiled step moves."""
    model = make_model(net, LIBRARIES[library], width)
    weights = [variable.value for variable in model.trainable_variables]
    rows = np.random.default_rng(0).normal(size=(batch, *model.input_shape[1:])).astype("float32")

    def loss(weights: Any, rows: Any) -> Any:
        return (model.stateless_call(weights, [], rows)[0] ** 2).mean()

    def step(weights: Any, rows: Any) -> Any:
        return [w - 1e-3 * g for w, g in zip(weights, jax.grad(loss)(weights, rows), strict=True)]

    compiled = jax.jit(step).lower(weights, rows).compile()
    rows = jax.device_put(rows)
    weights = jax.block_until_ready(compiled(weights, rows))
    start = time.perf_counter()
    for _ in range(STEPS):
        weights = compiled(weights, rows)
    jax.block_until_ready(weights)
    seconds = (time.perf_counter() - start) / STEPS
    peak = (jax.devices()[0].memory_stats() or {}).get("peak_bytes_in_use", 0)  # a CPU tells nothing
    print(seconds, peak, compiled.cost_analysis()["bytes accessed"])


def run_one(net: str, library: str, batch: int, width: int) -> tuple[float, float, float]:
    """Return what :func:`measure_one` prints in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.gpu", net, library, str(batch), str(width)]
    seconds, peak, moved = map(float, subprocess.check_output(command, text=True).split())
    return seconds, peak, moved


def measure() -> Iterator[Row]:
    """Yield a row for each net and size; nothing where there is no GPU."""
    device = jax.devices()[0]
    if device.platform != "gpu":
        print(f"JAX finds no GPU here ({device}): nothing is measured.", file=sys.stderr)
        return
    speed = next((value for name, value in BYTES_PER_SECOND.items() if name in device.device_kind), None)
    for net, sizes in NETS.items():
        for size, (batch, width) in sizes.items():
            stock, ours = (run_one(net, library, batch, width) for library in LIBRARIES)
            yield Row(
                f"{net}, {size} (batch {batch}, width {width}), {device.device_kind}",
                _describe(stock, speed),
                _describe(ours, speed),
                f"time {ours[0] / stock[0]:.2f}, memory {ours[1] / stock[1]:.2f}",
                "less",
            )


def _describe(measured: tuple[float, float, float], speed: float | None) -> str:
    seconds, peak, moved = measured
    roofline = "" if speed is None else f", traffic alone {moved / speed * 1e3:.2f} ms"
    return f"{seconds * 1e3:.2f} ms, {peak / 2**20:.0f} MiB{roofline}"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure_one(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        print_rows(measure())
