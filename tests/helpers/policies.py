"""Layers that are given an activation and a dtype policy, with inputs of theirs."""

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.matrix.layers import DecoratedGated, DecoratedNested

POLICIES = ["mixed_float16", "mixed_bfloat16"]
IMAGES = np.random.default_rng(5).normal(size=(2, 6, 6, 2)).astype("float32")
SERIES = np.random.default_rng(6).normal(size=(2, 3, 2)).astype("float32")

OWNERS = {
    "Dense": (lambda **given: sa.layers.Dense(3, **given), SERIES),
    "Conv2D": (lambda **given: sa.layers.Conv2D(3, 2, **given), IMAGES),
    "SeparableConv2D": (lambda **given: sa.layers.SeparableConv2D(3, 2, **given), IMAGES),
    "EinsumDense": (lambda **given: sa.layers.EinsumDense("abc,cd->abd", (None, 3), **given), SERIES),
    "LSTM": (lambda **given: sa.layers.LSTM(3, **given), SERIES),
    "GRU, both": (lambda activation, **given: sa.layers.GRU(3, activation, activation, **given), SERIES),
    "RNN(SimpleRNNCell)": (
        lambda dtype=None, **given: keras.layers.RNN(sa.layers.SimpleRNNCell(3, dtype=dtype, **given), dtype=dtype),
        SERIES,
    ),
    "Gated": (lambda **given: DecoratedGated(3, **given), SERIES),
    "Nested": (lambda **given: DecoratedNested(3, **given), SERIES),  # its sublayer is given no dtype
}

parametrize_owners = pytest.mark.parametrize(("make", "inputs"), OWNERS.values(), ids=OWNERS)
