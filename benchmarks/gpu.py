"""A training step on a GPU, on the running backend: time, peak memory, and what its memory traffic alone would take.

Where the backend finds no GPU it measures nothing and says so.
"""

import sys
import time
from collections.abc import Iterator
from functools import partial
from importlib import metadata
from typing import Any

import keras
import numpy as np

import serialactivation as sa
from benchmarks.pairs import time_pair
from benchmarks.rows import Row, print_rows
from benchmarks.training import TRAININGS, Training, find_gpu

BACKEND = keras.config.backend()
POLICY = "mixed_bfloat16"
LAYERS = 8
WARM_UP, STEPS = 5, 10
LIBRARIES = keras.layers, sa.layers
BYTES_PER_SECOND = {"H100": 3.35e12, "H200": 4.8e12, "A100": 2.0e12}
"""Of the card's memory, as its maker says."""
NETS = {
    "MLP": {"small": (1024, 1024), "medium": (4096, 4096), "large": (16384, 4096)},
    "ConvNet": {"small": (32, 32), "medium": (64, 64), "large": (128, 96)},
}


def make_shape(net: str, width: int) -> tuple[int, ...]:
    """Return the shape of one row."""
    return (width,) if net == "MLP" else (width, width, 3)


def make_model(net: str, library: Any, width: int) -> keras.Model:
    """Return the net; every layer has the policy, and a LeakyReLU of its own."""
    options = {"dtype": POLICY}
    outputs = inputs = keras.Input(make_shape(net, width))
    if net == "MLP":
        for _ in range(LAYERS):
            outputs = library.Dense(width, activation=keras.layers.LeakyReLU(), **options)(outputs)
    else:
        for _ in range(LAYERS):
            outputs = library.Conv2D(64, 3, padding="same", activation=keras.layers.LeakyReLU(), **options)(outputs)
        outputs = keras.layers.GlobalAveragePooling2D()(outputs)
    return keras.Model(inputs, keras.layers.Dense(1, dtype="float32")(outputs))


def measure_one(net: str, batch: int, width: int, speed: float | None) -> tuple[str, str, str]:
    """Return what a step takes in stock Keras and in ours, and the one by the other; *speed* is that of the memory."""
    rows = np.random.default_rng(0).normal(size=(batch, *make_shape(net, width))).astype("float32")
    trainings: list[Training] = []
    peaks: list[int] = []
    for library in LIBRARIES:
        trainings.append(TRAININGS[BACKEND](partial(make_model, net, library, width), rows))
        trainings[-1].run(WARM_UP)
        peaks.append(trainings[-1].find_peak())
    stock, ours = trainings
    pair = time_pair(partial(stock.run, STEPS), partial(ours.run, STEPS), clock=time.perf_counter)
    described = []
    for training, seconds, peak in zip(trainings, (pair.stock, pair.ours), peaks, strict=True):
        traffic = training.count_traffic()
        alone = "" if speed is None else f", traffic alone {traffic / speed * 1e3:.2f} ms"
        described.append(f"{seconds / STEPS * 1e3:.2f} ms, {peak / 2**20:.0f} MiB{alone}")
    return described[0], described[1], f"time {pair}, memory {peaks[1] / peaks[0]:.2f}"


def measure() -> Iterator[Row]:
    """Yield a row for each net and size; nothing where there is no GPU."""
    gpu = find_gpu()
    if gpu is None:
        print(f"{BACKEND} finds no GPU here: nothing is measured.", file=sys.stderr)
        return
    speed = next((value for name, value in BYTES_PER_SECOND.items() if name in gpu), None)
    measure_one("MLP", 64, 64, speed)  # what the card's libraries allocate once must fall to neither
    backend = f"{BACKEND} {metadata.version(BACKEND)}"
    for net, sizes in NETS.items():
        for size, (batch, width) in sizes.items():
            what = f"{backend}: {net}, {size} (batch {batch}, width {width}), {gpu}"
            yield Row(what, *measure_one(net, batch, width, speed), "less")


if __name__ == "__main__":
    print_rows(measure())
