"""What is refused of activations inside configuration objects, with the place in the object, and damaged configs."""

import functools
import types

import keras
import numpy as np
import pytest

from serialactivation.errors import (
    ActivationBuildError,
    ActivationConfigError,
    LayerArgumentError,
    UnknownActivationError,
    UnserializableActivationError,
)
from tests.helpers.configured import CONFIG, Automatic, Plain, Spread

REFUSED = {
    "lambda": (lambda x: x * 2, UnserializableActivationError),
    "numpy": (np.tanh, UnserializableActivationError),
    "typo": ("reluu", UnknownActivationError),
    "argument": (functools.partial(keras.activations.leaky_relu, 0.4), UnserializableActivationError),
}


@pytest.mark.parametrize("layer_class", [Automatic, Spread], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("case", REFUSED)
def test_what_could_not_come_back_is_refused(case, layer_class):
    """A layer is refused as it is constructed, with the place of the activation in the object."""
    value, error = REFUSED[case]
    with pytest.raises(error) as caught:
        layer_class(Plain(3, value), name="net")
    assert (caught.value.field, caught.value.layer) == ("config.activation", f"{layer_class.__name__} 'net'")


@pytest.mark.parametrize(
    "config",
    [
        {**CONFIG, "registered_name": "configured>Kept"},
        {**CONFIG, "members": None},
        {**CONFIG, "members": {"__class__": "str"}},
        {**CONFIG, "registered_name": "configured>Returned", "members": {"get_config": "mine"}},
        {**CONFIG, "registered_name": "configured>Named", "members": {}},
        {**CONFIG, "registered_name": "configured>Frozen", "members": {"new": 1}},
        {**CONFIG, "registered_name": "tests.helpers.configured.Plain"},
    ],
    ids=["layer", "members", "class", "method", "missing", "slots", "path"],
)
def test_a_damaged_object_is_an_error(config):
    """A damaged object raises an error: no class is found by its path, and no method is hidden by a member."""
    with pytest.raises(ActivationConfigError):
        Automatic.from_config({"config": config})


def test_a_member_that_its_class_has_gained_has_its_default():
    """A member that its class has gained since the file was written has its default."""
    layer = Automatic.from_config({"config": CONFIG})
    assert layer.config == Plain(3, "relu")


def test_an_activation_without_its_place_is_an_error():
    """A from_config that makes an object without the place of an activation raises an error."""
    config = Spread(Plain(3, keras.ops.gelu)).get_config()
    stored = config["serialactivation"].pop("config.activation")
    for path in ("settings.activation", "config.blocks[0].activation", "config.units.activation"):
        with pytest.raises(ActivationConfigError) as caught:
            Spread.from_config(config | {"serialactivation": {path: stored}})
        assert path in caught.value.path


def test_an_object_that_holds_itself_is_looked_into_once():
    """An object that contains itself is refused if the layer stores it: JSON has no such objects."""
    ring = types.SimpleNamespace(units=3, activation=keras.ops.gelu)
    ring.self = ring
    assert Spread(ring).config.activation is not None
    with pytest.raises(LayerArgumentError, match="it contains itself"):
        Automatic(ring)


def test_an_untraceable_call_is_refused_with_its_cure():
    """A call that cannot be traced is refused, because the weights of a PReLU that it calls might not be saved."""

    class Opaque(Automatic):
        def call(self, inputs):
            return inputs if inputs.shape[0] is None else self.config.activation(float(inputs[0, 0]))

        def compute_output_shape(self, input_shape):
            return input_shape

    with pytest.raises(ActivationBuildError, match=r"self\.activation = "):
        Opaque(Plain(3, keras.layers.PReLU())).build((4, 3))
