"""What a layer is called with when it is built: several tensors, keywords, structures, flags; and nothing at all."""

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationBuildError
from tests.helpers.users_models import Head, StockHead
from tests.matrix.cells import randomize

ops = keras.ops


class Two(sa.SerializableActivationMixin, keras.layers.Layer, package="calling"):
    """No build: all that it holds is built by its first call."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)


class Keywords(Two, package="calling"):
    def call(self, query, *, memory):
        return self.activation(query + memory)


class Optional(Two, package="calling"):
    def call(self, query, memory=None, training=None):
        return self.activation(query if memory is None else ops.concatenate([query, memory], -1))


class Flagged(Two, package="calling"):
    def call(self, query, memory, joined=False):
        return self.activation(ops.concatenate([query, memory], -1) if joined else query + memory)


class Nested(Two, package="calling"):
    def call(self, tensors):
        return self.activation(tensors[0] + tensors[1]["first"] + tensors[1]["rest"][0])


class Masked(Two, package="calling"):
    def call(self, query, memory, attention_mask=None):
        return self.activation(ops.where(attention_mask[..., None], query, memory))


class Picked(Two, package="calling"):
    def call(self, query, positions):
        return self.activation(ops.take_along_axis(query, positions[:, :, None], axis=1))


class Joined(Two, package="calling"):
    def build(self, query_shape):
        self.scale = self.add_weight(shape=(query_shape[-1],), name="scale")

    def call(self, query, memory):
        return self.activation(ops.concatenate([query * self.scale, memory], 1))


class Decoder(Two, package="calling"):
    """A block of a decoder: sublayers, and two activations' worth of shapes."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(activation, **kwargs)
        self.attention = keras.layers.MultiHeadAttention(1, 2)
        self.dense = keras.layers.Dense(4)

    def call(self, query, memory, training=None):
        return self.activation(self.dense(self.attention(query, memory, training=training)))


def floats(steps=5):
    return keras.Input((steps, 3))


CASES = {
    "keywords": (Keywords, [floats(), floats()], lambda layer, one, other: layer(one, memory=other), 3),
    "optional, given": (Optional, [floats(), floats()], lambda layer, one, other: layer(one, memory=other), 6),
    "optional, left out": (Optional, [floats()], lambda layer, one: layer(one), 3),
    "flag": (Flagged, [floats(), floats()], lambda layer, one, other: layer(one, other, joined=True), 6),
    "structure": (Nested, [floats(), floats()], lambda layer, a, b: layer((a, {"first": b, "rest": [a]})), 3),
    "mask": (
        Masked,
        [floats(), floats(), keras.Input((5,), dtype="bool")],
        lambda layer, one, other, mask: layer(one, other, attention_mask=mask),
        3,
    ),
    "integers": (Picked, [floats(), keras.Input((2,), dtype="int32")], lambda layer, *given: layer(*given), 3),
    "one shape": (Joined, [floats(5), floats(4)], lambda layer, one, other: layer(one, other), 3),
    "decoder": (Decoder, [floats(5), floats(4)], lambda layer, one, other: layer(one, other), 4),
}


def numbers(tensor):
    generator = np.random.default_rng(len(tensor.shape))
    shape = (2, *tensor.shape[1:])
    if tensor.dtype == "float32":
        return generator.normal(size=shape).astype("float32")
    return generator.integers(0, 2, size=shape).astype(tensor.dtype)


@pytest.mark.parametrize("case", CASES)
def test_a_layer_is_built_on_what_it_is_called_with(case, tmp_path):
    """A layer is built with the arguments of its first call, and the weights of its activation come back."""
    layer_class, inputs, call, size = CASES[case]
    arrays = [numbers(tensor) for tensor in inputs]
    given = arrays if len(arrays) > 1 else arrays[0]
    eager = layer_class(keras.layers.PReLU(shared_axes=[1]))
    call(eager, *map(ops.convert_to_tensor, arrays))
    assert eager.activation.alpha.shape == (1, size)

    layer = layer_class(keras.layers.PReLU(shared_axes=[1]))
    model = keras.Model(inputs if len(inputs) > 1 else inputs[0], call(layer, *inputs))
    assert layer.activation.alpha.shape == (1, size)
    randomize(model, np.random.default_rng(1))
    model.save(tmp_path / "model.keras")
    revived = keras.models.load_model(tmp_path / "model.keras")
    assert np.array_equal(*(ops.convert_to_numpy(made(given)) for made in (model, revived)))

    again = layer_class.from_config(layer.get_config())
    again.build_from_config(layer.get_build_config())
    assert [weight.shape for weight in again.weights] == [weight.shape for weight in layer.weights]


def test_an_activation_that_two_layers_share_is_compared_on_the_whole_call():
    """A shared activation that does not fit the call of the second layer is refused, with both shapes."""
    shared = keras.layers.PReLU(shared_axes=[1])
    one, other = floats(5), floats(4)
    Decoder(shared)(one, other)
    Decoder(shared)(other, one)
    with pytest.raises(ActivationBuildError):
        Keywords(shared)(one, memory=one)


def test_what_one_shape_tells_is_not_stored_twice():
    """The build config has no arguments for a call of one tensor, or an activation without weights."""
    plain, single = Flagged("relu"), Optional(keras.layers.PReLU(shared_axes=[1]))
    plain(floats(), floats(), joined=True)
    single(floats())
    for layer in (plain, single):
        assert layer.get_build_config() == {"input_shape": (None, 5, 3)}


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("activation", ["tanh", keras.layers.LeakyReLU, keras.layers.PReLU])
def test_a_functional_subclass_comes_back(activation, nested, tmp_path):
    """A Functional subclass comes back as stock Keras's does, as the model and inside one."""
    given = activation if isinstance(activation, str) else activation()
    inputs = {name: keras.Input((3,), name=name) for name in ("one", "other")}
    features = keras.layers.Dense(4)(inputs["one"] - inputs["other"])
    stock = StockHead(inputs, features, post_activation=keras.layers.PReLU())
    if activation is keras.layers.PReLU and stock.post_activation not in stock._flatten_layers():
        with pytest.raises(ActivationBuildError, match="Make it a layer of the model"):
            Head(inputs, features, post_activation=given)
        return
    model = Head(inputs, features, post_activation=given)
    assert len(model.weights) == 2 + (activation is keras.layers.PReLU)
    whole = keras.Model(inputs, model(inputs)) if nested else model
    randomize(whole, np.random.default_rng(1))
    whole.save(tmp_path / "model.keras")
    revived = keras.models.load_model(tmp_path / "model.keras")
    arrays = {"one": np.ones((2, 3), "float32"), "other": numbers(inputs["other"])}
    assert np.array_equal(*(ops.convert_to_numpy(made(arrays)) for made in (whole, revived)))
    assert len(revived.weights) == len(whole.weights)


def test_a_sequential_subclass_cannot_train_an_activation_beside_its_layers():
    """A Sequential subclass refuses an activation beside its layers when it is made, with the cure."""

    @sa.serializable_activation(package="calling")
    class Chain(keras.Sequential):
        def __init__(self, layers=None, post_activation=None, **kwargs):
            super().__init__(layers, **kwargs)
            self.post_activation = keras.activations.get(post_activation)

        def call(self, inputs, training=None, mask=None):
            return self.post_activation(super().call(inputs, training=training, mask=mask))

        def get_config(self):
            return {**super().get_config(), "post_activation": keras.activations.serialize(self.post_activation)}

    layers = [keras.Input((3,)), keras.layers.Dense(4)]
    assert Chain(layers, "tanh")(np.ones((2, 3), "float32")).shape == (2, 4)
    with pytest.raises(ActivationBuildError, match="Make it a layer of the model"):
        Chain([keras.Input((3,)), keras.layers.Dense(4)], keras.layers.PReLU())
