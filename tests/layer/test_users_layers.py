"""Layers as users write them: other arguments of every kind, several activations, activations that are passed on."""

import enum
import functools
import json

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationConfigError, LayerArgumentError, SharedActivationWarning
from tests.helpers.processes import run_python
from tests.helpers.round_trips import revive
from tests.matrix.cells import randomize

X = np.random.default_rng(5).normal(size=(3, 5, 4)).astype("float32")


class Mode(enum.Enum):
    SUM = "sum"
    MEAN = "mean"


class Size(enum.IntEnum):
    SMALL = 2
    LARGE = 4


class Parts(enum.Flag):
    SCALE = 1
    SHIFT = 2
    BOTH = SCALE | SHIFT
    THIRD = 4


class Unknown(enum.Enum):
    ONE = 1


for kind in (Mode, Size, Parts):
    keras.saving.get_custom_objects()[f"users_layers>{kind.__name__}"] = kind


@sa.serializable_activation(package="users_layers")
class Pooled(keras.layers.Layer):
    """No get_config: initializers, regularizers, constraints, policies, layers and enums are arguments."""

    def __init__(
        self,
        activation=None,
        mode=Mode.SUM,
        size=Size.LARGE,
        parts=Parts.SCALE,
        initializer=None,
        regularizer=None,
        constraint=None,
        policy=None,
        inner=None,
        modes=(),
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.activation = sa.get(activation)
        self.mode, self.size, self.parts, self.modes = mode, size, parts, modes
        self.policy, self.inner = policy, inner
        self.given = {"initializer": initializer, "regularizer": regularizer, "constraint": constraint}

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], int(self.size)),
            dtype=self.policy and self.policy.variable_dtype,
            **self.given,
        )
        if self.inner is not None:
            self.inner.build((*input_shape[:-1], int(self.size)))

    def call(self, inputs):
        features = keras.ops.matmul(inputs, self.kernel)
        features = features if self.inner is None else self.inner(features)
        pool = keras.ops.sum if self.mode is Mode.SUM else keras.ops.mean
        return pool(self.activation(features), axis=1)


@sa.serializable_activation(package="users_layers")
class Attention(keras.layers.Layer):
    """A block with three activations, one of them in a list."""

    def __init__(self, heads, score_activation="softmax", activations=("relu", None), output_activation=None, **kwargs):
        super().__init__(**kwargs)
        self.heads = heads
        self.score_activation = sa.get(score_activation)
        self.steps = [sa.layers.Dense(4, activation=activation) for activation in activations]
        self.output_activation = sa.get(output_activation)

    def build(self, input_shape):
        self.query, self.key = (
            self.add_weight(name=name, shape=(input_shape[-1], self.heads)) for name in ("query", "key")
        )
        for step in self.steps:
            step.build(input_shape)

    def call(self, inputs):
        query, key = keras.ops.matmul(inputs, self.query), keras.ops.matmul(inputs, self.key)
        mixed = keras.ops.matmul(self.score_activation(keras.ops.matmul(query, keras.ops.swapaxes(key, 1, 2))), inputs)
        for step in self.steps:
            mixed = step(mixed)
        return self.output_activation(mixed)


@sa.serializable_activation(package="users_layers")
class Network(keras.Model):
    """Keeps its activation, and passes it to its layers: stock Keras cannot load this."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = sa.get(activation)
        self.first = sa.layers.Dense(4, activation=self.activation)
        self.second = sa.layers.Dense(4, activation=self.activation)

    def call(self, inputs):
        return self.second(self.first(inputs))


PARTIAL = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)


def prelu():
    return keras.layers.PReLU(shared_axes=[1])


MAKERS = {
    "enums": lambda: Pooled(prelu(), mode=Mode.MEAN, size=Size.SMALL, parts=Parts.SHIFT, modes=[Mode.SUM, Size.LARGE]),
    "Keras objects": lambda: Pooled(
        PARTIAL,
        initializer=keras.initializers.RandomNormal(stddev=0.3, seed=3),
        regularizer=keras.regularizers.L1L2(0.1, 0.2),
        constraint=keras.constraints.MaxNorm(2.0),
        policy=keras.DTypePolicy("mixed_bfloat16"),
    ),
    "a layer": lambda: Pooled(keras.ops.gelu, inner=sa.layers.Dense(3, activation=prelu())),
    "attention": lambda: Attention(
        2,
        functools.partial(keras.activations.softmax, axis=-1),
        activations=[prelu(), PARTIAL],
        output_activation=prelu(),
    ),
}

_LOAD = """
import json, sys
import numpy as np, keras
from tests.layer.test_users_layers import X, describe
print(json.dumps([describe(keras.saving.load_model(path)) for path in sys.argv[1:]]))
"""


def describe(model):
    return {
        "weights": [keras.ops.convert_to_numpy(w).tolist() for w in model.weights],
        "outputs": keras.ops.convert_to_numpy(model(X)).tolist(),
    }


def scattered(model):
    model(X)
    generator = np.random.default_rng(2)
    for weight in model.weights:
        weight.assign(generator.normal(size=weight.shape))
    return model


def test_models_of_users_layers_come_back(tmp_path):
    """Models of users' layers come back in another process, with weights and outputs to the bit."""
    models = {name: scattered(keras.Sequential([keras.Input((5, 4)), make()])) for name, make in MAKERS.items()}
    models["network"] = scattered(Network(prelu()))
    paths = {name: str(tmp_path / f"{number}.keras") for number, name in enumerate(models)}
    for name, model in models.items():
        model.save(paths[name])
    loaded = json.loads(run_python(_LOAD, *paths.values()).splitlines()[-1])
    for name, revived in zip(models, loaded, strict=True):
        assert revived == describe(models[name]), name


def test_objects_of_keras_come_back_with_their_values():
    """An initializer, a regularizer, a constraint and a policy come back with their values."""
    layer = MAKERS["Keras objects"]()
    revived = revive(layer)
    for name, given in layer.given.items():
        assert type(revived.given[name]) is type(given)
        assert revived.given[name].get_config() == given.get_config()
    assert revived.policy == layer.policy


@pytest.mark.parametrize("parts", [Parts.SHIFT, Parts.BOTH, Parts.SCALE | Parts.THIRD, Parts(0)])
def test_members_of_enums_come_back_as_themselves(parts):
    """Members of enums, of an IntEnum and a Flag too, come back as the same objects, in lists and as defaults."""
    layer = Pooled("relu", size=Size.SMALL, parts=parts, modes=(Mode.MEAN, [Size.LARGE]))
    revived = revive(layer)
    assert revived.mode is Mode.SUM
    assert revived.size is Size.SMALL
    assert revived.parts is parts
    assert revived.modes[0] is Mode.MEAN
    assert revived.modes[1][0] is Size.LARGE


def test_a_network_that_hands_its_activation_on_keeps_one(tmp_path):
    """A network that passes its activation to a layer has one instance before and after a load."""
    model = scattered(Network(prelu()))
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    assert revived.activation is revived.first.activation is revived.second.activation
    assert len(revived.weights) == len(model.weights) == 5


def test_an_enum_that_keras_does_not_know_is_refused():
    """A member of an enum that is not registered is refused at construction, with the line to write."""
    with pytest.raises(LayerArgumentError) as caught:
        Pooled("relu", mode=Unknown.ONE)
    assert (caught.value.argument, caught.value.value) == ("mode", Unknown.ONE)
    assert "keras.saving.get_custom_objects()['my_package>Unknown'] = Unknown" in str(caught.value)


def test_an_enum_of_a_scope_is_known():
    """A member of an enum is stored by the name that a scope gives the enum."""
    with keras.saving.custom_object_scope({"scoped": Unknown}):
        assert revive(Pooled("relu", mode=Unknown.ONE)).mode is Unknown.ONE


@pytest.mark.parametrize("change", [{"member": "NONE"}, {"registered_name": "other>Mode"}, {"member": 3}])
def test_a_member_that_is_not_there_is_an_error(change):
    """A stored member that its enum does not have raises an error."""
    config = Pooled("relu").get_config()
    config["mode"] |= change
    with pytest.raises(ActivationConfigError):
        Pooled.from_config(config)


@keras.saving.register_keras_serializable(package="users")
class Equal(keras.layers.Layer):
    """A layer that is compared by value, and so has no hash; its weights are its own."""

    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="scale")

    def call(self, inputs):
        return inputs * self.scale * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}

    def __eq__(self, other):
        return isinstance(other, Equal) and self.factor == other.factor


class Branches(sa.SerializableActivationMixin, keras.layers.Layer, package="users"):
    """A list of activations, which an author's get_config serializes one by one."""

    def __init__(self, activations, **kwargs):
        super().__init__(**kwargs)
        self.activations = [sa.get(one) for one in activations]

    def call(self, inputs):
        return [activation(inputs) for activation in self.activations]

    def get_config(self):
        return {**super().get_config(), "activations": [keras.activations.serialize(one) for one in self.activations]}


@pytest.mark.parametrize(
    "make",
    [lambda one: sa.layers.LSTM(2, recurrent_activation=one), lambda one: Branches(["tanh", one])],
    ids=["in a cell", "in a list"],
)
def test_an_activation_without_a_hash_is_written(make):
    """An activation without a hash is stored, and writing the config leaves the layer as it was."""
    one = Equal(2.0)
    layer = make(one)
    config = layer.get_config()

    assert json.loads(json.dumps(type(layer).from_config(config).get_config())) == json.loads(json.dumps(config))
    (stored,) = [value for value in keras.tree.flatten(config) if value == "Equal"]
    assert stored == type(one).__name__
    assert any(held is one for held in layer._flatten_layers())


def test_an_activation_is_itself_whatever_it_equals(tmp_path):
    """Two activations that are equal by value stay two, and one in two layers stays one."""
    one, other = Equal(3.0), Equal(3.0)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            sa.layers.Dense(4, activation=one, dtype="mixed_bfloat16"),
            sa.layers.Dense(4, activation=other),
            sa.layers.Dense(4, activation=other),
        ]
    )
    randomize(model, np.random.default_rng(1))
    model.save(tmp_path / "model.keras")
    revived = keras.models.load_model(tmp_path / "model.keras")
    first, second, third = (layer.activation for layer in revived.layers)

    assert second is third
    assert first is not second
    assert [first.dtype_policy.name, second.dtype_policy.name] == ["mixed_bfloat16", "float32"]
    assert len(revived.weights) == len(model.weights) == 8
    inputs = np.random.default_rng(2).normal(size=(3, 4)).astype("float32")
    assert np.array_equal(*(keras.ops.convert_to_numpy(made(inputs)) for made in (model, revived)))
    with pytest.warns(SharedActivationWarning) as caught:
        model.get_config()
    assert [(warning.message.layer, warning.message.others) for warning in caught] == [("dense_1", ("dense_2",))]


@sa.serializable_activation(package="users")
class Sized(keras.layers.Layer):
    def __init__(self, sizes, activations=("relu", "tanh"), **kwargs):
        super().__init__(**kwargs)
        self.sizes, self.activations = sizes, activations


@pytest.mark.parametrize("mark", ["serialactivation>tuple", "__tuple__", "__enum__"])
def test_a_dict_that_looks_like_a_mark_is_refused(mark):
    """A dict that looks like a mark is refused, because it would come back as what the mark stands for."""
    with pytest.raises(LayerArgumentError):
        Sized({"class_name": mark, "items": [1, 2]})


@pytest.mark.parametrize("mark", ["serialactivation>tuple", "__tuple__"])
def test_both_marks_of_a_tuple_are_read(mark):
    """Both marks of a tuple are read: the one that is written, and the one of older files."""
    text = json.dumps(Sized((1, (2, 3))).get_config())
    assert text.count('"serialactivation>tuple"') == 3
    revived = Sized.from_config(json.loads(text.replace("serialactivation>tuple", mark)))

    assert (revived.sizes, revived.activations) == ((1, (2, 3)), ("relu", "tanh"))


@sa.serializable_activation(package="users")
class Inner(keras.layers.Layer):
    def __init__(self, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def get_config(self):
        return {**super().get_config(), "activation": keras.activations.serialize(self.activation)}


@sa.serializable_activation(package="users")
class Outer(Inner):
    def __init__(self, activation="relu", gate_activation="sigmoid", **kwargs):
        super().__init__(activation, **kwargs)
        self.gate_activation = keras.activations.get(gate_activation)
        self.inherited = None

    def get_config(self):
        config = super().get_config()
        self.inherited = dict(config)
        return {**config, "gate_activation": keras.activations.serialize(self.gate_activation)}


@pytest.mark.parametrize("activation", ["tanh", keras.activations.tanh, keras.layers.LeakyReLU()])
def test_a_parent_tells_of_its_own_activations(activation):
    """A subclass that asks its parent gets the parent's config, and no more."""
    layer = Outer(activation, "tanh")
    config = layer.get_config()
    assert "gate_activation" not in layer.inherited
    assert config == {**layer.inherited, "gate_activation": "tanh"}
    assert config["activation"] == Inner(activation).get_config()["activation"]
