"""Under mixed precision, an activation that is a layer converts no more than its name does: counted in the graph."""

import jax
import keras
import pytest

from tests.helpers.policies import POLICIES, parametrize_owners
from tests.helpers.round_trips import revive

# What an instance is called as a string, computing the same.
STRINGS = {
    "leaky_relu": lambda: keras.layers.LeakyReLU(negative_slope=0.2),
    "relu": keras.layers.ReLU,
    "elu": keras.layers.ELU,
}


def count_conversions(layer, inputs):
    """Return how many operations of the traced call convert a dtype; and the dtype that comes out.

    Within a model: a layer's own ``stateless_call`` leaves out the casts of its ``__call__``.
    """
    tensor = keras.Input(inputs.shape[1:])
    model = keras.Model(tensor, layer(tensor))
    weights = [[v.value for v in vs] for vs in (model.trainable_variables, model.non_trainable_variables)]

    def call(trainable, non_trainable, x):
        return model.stateless_call(trainable, non_trainable, x)[0]

    trace = str(jax.make_jaxpr(call)(*weights, inputs))
    return trace.count("convert_element_type"), jax.eval_shape(call, *weights, inputs).dtype.name


def spec_dtype(layer, inputs):
    return layer.compute_output_spec(keras.KerasTensor(inputs.shape, dtype=layer.compute_dtype)).dtype


@pytest.mark.usefixtures("restore_policy")
@pytest.mark.parametrize("way", ["own", "global"])
@pytest.mark.parametrize("policy", POLICIES)
@parametrize_owners
def test_an_instance_converts_no_more_than_its_name(make, inputs, policy, way):
    """A layer as the activation needs as many conversions as its name, also after a load."""
    if way == "global":
        keras.config.set_dtype_policy(policy)
    more = {"dtype": policy} if way == "own" else {}
    for name, instance in STRINGS.items():
        string, layer = make(activation=name, **more), make(activation=instance(), **more)
        assert count_conversions(layer, inputs) == count_conversions(string, inputs)
        assert spec_dtype(layer, inputs) == count_conversions(layer, inputs)[1]
        keras.config.set_dtype_policy("float32")
        revived = revive(layer)
        assert count_conversions(revived, inputs) == count_conversions(revive(string), inputs)
        assert spec_dtype(revived, inputs) == count_conversions(revived, inputs)[1]
        keras.config.set_dtype_policy(policy if way == "global" else "float32")
