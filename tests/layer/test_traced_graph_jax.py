"""What is traced of a layer of ours, by JAX: Keras's own graph, operation for operation."""

import jax
import numpy as np
import pytest

import serialactivation as sa
from tests.matrix.cells import make_model, output_shape
from tests.matrix.layers import CASES, holders
from tests.matrix.values import ACCEPTED, VALUES

TWINS = [case for case in CASES if hasattr(sa.layers, case.layer)]

STATELESS = [
    value
    for value in ACCEPTED
    if value.id in {
        "None", "'relu'", "'gelu'", "activations.tanh", "activations.softmax", "ops.gelu", "ops.relu", "ops.softmax",
        "ops.sin", "jax.nn.gelu", "jax.nn.silu", "ReLU()", "LeakyReLU()", "PReLU()", "Softmax(axis=1)",
        "Activation(LeakyReLU())", "Sequential", "BatchNormalization()", "registered layer", "registered function",
        "object with get_config", "partial(gelu)", "partial(leaky_relu)", "partial of partial",
    }
]  # fmt: skip


def trace(model, inputs):
    """Return the jaxpr of the model's call, its weights as arguments."""

    def call(trainable, non_trainable, x):
        return model.stateless_call(trainable, non_trainable, x)[0]

    trainable = [variable.value for variable in model.trainable_variables]
    non_trainable = [variable.value for variable in model.non_trainable_variables]
    return str(jax.make_jaxpr(call)(trainable, non_trainable, inputs))


# Bidirectional makes a stock layer again from its config, and with it what stock Keras makes of these.
LOST_IN_A_COPY = {
    "ops.gelu", "ops.softmax", "ops.sin", "jax.nn.gelu", "jax.nn.silu",
    "partial(gelu)", "partial(leaky_relu)", "partial of partial",
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "value"),
    [
        pytest.param(case, value, id=f"{case.name}-{value.id}", marks=[pytest.mark.slow] if case.slow else [])
        for case in TWINS
        for value in STATELESS
        if not (case.copies and value.id in LOST_IN_A_COPY)
    ],
)
def test_the_traced_graph_is_keras(case, value):
    """The traced graph is that of the stock layer, operation for operation."""
    if case.name == "Activation" and value.id == "None":
        value = VALUES["'relu'"]
    inputs = np.ones((2, *case.shape), "float32")
    traces = []
    for library in ("stock", "ours"):
        model = make_model(case, library, value.make(output_shape(case)))
        if not all(getattr(holder.activation, "built", True) for holder in holders(model.layers[-1])):
            model(inputs)  # stock Keras builds an activation when a layer is first called with numbers
        traces.append(trace(model, inputs))

    assert traces[0] == traces[1]
