"""The abstract run over a model: it ends on any config, and says nothing that it does not know."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serialactivation.tree.variables.layer_arguments import NOT_KNOWN, Inputs
from serialactivation.tree.variables.table import LAYERS, Builder

pytestmark = pytest.mark.once

ODD = st.sampled_from(
    [None, True, -1, 0, 1, 2, 10**400, 1.5, "", "same", "channels_first", [], [1], [[1, 2]], {}, {"a": 1}]
)
SHAPES = st.sampled_from(
    [None, (), (None,), (None, 3), (None, 4, 3), (2, 5, 6, 3), (None, 5, 6, 7, 3), [(None, 3)] * 2, []]
)
WORDS = """
    units filters kernel_size strides padding dilation_rate groups depth_multiplier data_format use_bias axis axes
    layer cell cells backward_layer merge_mode equation output_shape bias_axes target_shape dims n pool_size size
    cropping num_heads key_dim value_dim input_dim output_dim shared_axes return_state return_sequences reset_after
    layers input_layers output_layers batch_shape activation dtype build_config lora_rank scale center renorm mean
""".split()  # noqa: SIM905
CELL = {"module": "keras.layers", "class_name": "GRUCell", "config": {"units": 2}}
INNER = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 2}}
SENSIBLE = {
    "units": 3, "filters": 4, "kernel_size": [2, 2], "equation": "ab,bc->ac", "output_shape": [4], "layer": INNER,
    "cell": CELL, "cells": [CELL, CELL], "data_format": "channels_last", "input_dim": 3, "output_dim": 4,
    "num_heads": 2, "key_dim": 3, "layers": [INNER], "pool_size": [2, 2], "target_shape": [-1], "dims": [1], "n": 2,
}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(LAYERS)),
    st.dictionaries(st.sampled_from(WORDS), ODD, max_size=4),
    SHAPES,
    st.dictionaries(st.sampled_from(["value", "key", "1"]), SHAPES, max_size=2),
)
def test_it_ends_on_any_argument(name, odd, shapes, others):
    """A layer with any values in its config is built, refused or not known, and raises nothing else."""
    stored = {"module": "keras.layers", "class_name": name, "config": {**copy.deepcopy(SENSIBLE), **odd}}
    if name in ("Functional", "Model", "Sequential"):
        stored["module"] = "keras"
    json.dumps(stored)
    built = Builder().build(stored, Inputs(shapes, others))
    for variable in built.variables or ():
        assert all(isinstance(size, int) and size >= 0 for size in variable.shape)


def test_a_layer_that_is_not_known_is_not_known():
    """A layer of another package, of another name, or with other weights than those of its class."""
    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 2}}
    builder = Builder()
    assert builder.build(dense, Inputs((None, 3))).variables
    for more in (
        {"module": "mine", "registered_name": "mine>Dense"},
        {"class_name": "Mine"},
        {"config": {"units": "two"}},
        {"config": None},
    ):
        assert builder.build({**dense, **more}, Inputs((None, 3))) == NOT_KNOWN
    for more in ({"lora_rank": "two"}, {"dtype": "int2_from_float32"}):
        built = builder.build({**dense, "config": {"units": 2, **more}}, Inputs((None, 3)))
        assert (built.variables, built.output) == (None, (None, 2))


def call(name):
    """Return a call on the first output of a layer, as Keras 3 stores it."""
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}
    return {"args": [tensor], "kwargs": {}}


def test_it_ends_where_models_double():
    """A model that calls the model in it twice, and so on, is not followed for ever."""
    inner = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 2, "name": "x"}}
    model = inner
    for level in range(40):
        model = {
            "module": "keras",
            "class_name": "Functional",
            "config": {
                "name": "m",
                "layers": [
                    {
                        "module": "keras.layers",
                        "class_name": "InputLayer",
                        "config": {"batch_shape": [None, level + 3]},
                        "name": "i",
                        "inbound_nodes": [],
                    },
                    {**model, "name": "x", "inbound_nodes": [call("i"), call("x")]},
                ],
                "input_layers": ["i", 0, 0],
                "output_layers": ["x", 1, 0],
            },
        }
    assert Builder().build(model, Inputs()).parts is not None
