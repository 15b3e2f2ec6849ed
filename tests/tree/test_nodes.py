"""A stored config as nodes, walked once."""

import pytest

from serialactivation.tree.nodes import Root, walk

pytestmark = pytest.mark.once

LEAKY = {"module": "keras.layers", "class_name": "LeakyReLU", "config": {"name": "leaky", "negative_slope": 0.1}}
DENSE = {
    "module": "keras.layers",
    "class_name": "Dense",
    "config": {"name": "dense", "units": 3, "activation": [LEAKY, "relu"], "kernel_initializer": "zeros"},
}
MODEL = {"class_name": "Sequential", "config": {"name": "model", "layers": [DENSE]}}


def test_each_node_knows_its_place():
    """A node has its steps, the objects that lead to it, and what Keras makes of it."""
    nodes = {node.steps: node for node in walk(MODEL, Root(steps=("here",), hint="layers"))}
    dense = ("here", "config", "layers", 0)
    activations = [steps for steps, node in nodes.items() if node.is_activation]
    assert activations == [(*dense, "config", "activation", 0), (*dense, "config", "activation", 1)]
    assert nodes[dense].of.name == "Dense"
    assert nodes[activations[0]].owners == ("model", "dense", "leaky")
    assert nodes[*dense, "config", "kernel_initializer"].hint == "initializers"
    assert not nodes[*dense, "config"].is_read
    assert (*dense, "config", "units") not in nodes


def test_the_config_of_an_object_comes_before_its_calls():
    """The config is visited before the calls, in whatever order a file has the keys."""
    shuffled = {"inbound_nodes": [[]], "compile_config": {"loss": "mse"}, **MODEL}
    steps = [node.steps for node in walk(shuffled) if len(node.steps) == 1]
    assert steps == [("config",), ("compile_config",), ("inbound_nodes",)]


def test_nothing_is_read_in_the_code_of_a_function():
    """It is one node, whatever it is made of."""
    code = {"class_name": "__lambda__", "config": {"value": {"code": "", "defaults": None, "closure": [LEAKY]}}}
    nodes = list(walk({"class_name": "Dense", "config": {"activation": code}}))
    assert [node.is_code for node in nodes] == [False, False, True]
    assert nodes[-1].is_activation
