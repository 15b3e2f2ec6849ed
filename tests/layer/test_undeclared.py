"""Activations in arguments that are no fields, where an author's ``get_config`` stores them: the same, or refused."""

import functools

import keras
import pytest

import serialactivation as sa
from serialactivation.codec.checks.objects import READS_OBJECTS
from serialactivation.errors import LayerArgumentError
from tests.helpers.round_trips import revive
from tests.matrix.values import BY_NAME


class Whole(sa.SerializableActivationMixin, keras.layers.Layer, package="undeclared"):
    """Its config has the function itself."""

    def __init__(self, act=None, **kwargs):
        super().__init__(**kwargs)
        self.act = keras.activations.get(act)

    def call(self, inputs):
        return self.act(inputs)

    def get_config(self):
        return {**super().get_config(), "act": self.act}


class Written(Whole, package="undeclared"):
    """Its config has what Keras writes for the function."""

    def get_config(self):
        return {**super().get_config(), "act": keras.activations.serialize(self.act)}


class InDense(sa.SerializableActivationMixin, keras.layers.Layer, package="undeclared"):
    """A sublayer keeps the function."""

    def __init__(self, act=None, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(4, activation=act)

    def call(self, inputs):
        return self.dense(inputs)

    def get_config(self):
        return {**super().get_config(), "act": keras.activations.serialize(self.dense.activation)}


class InKwargs(sa.SerializableActivationMixin, keras.layers.Layer, package="undeclared"):
    """The signature does not have the argument."""

    def __init__(self, **kwargs):
        self.act = keras.activations.get(kwargs.pop("act"))
        super().__init__(**kwargs)

    def call(self, inputs):
        return self.act(inputs)

    def get_config(self):
        return {**super().get_config(), "act": keras.activations.serialize(self.act)}


class InList(sa.SerializableActivationMixin, keras.layers.Layer, package="undeclared"):
    """The argument is a list."""

    def __init__(self, act=(), **kwargs):
        super().__init__(**kwargs)
        self.acts = [keras.activations.get(one) for one in (act if isinstance(act, list) else [act])]

    def call(self, inputs):
        for act in self.acts:
            inputs = act(inputs)
        return inputs

    def get_config(self):
        return {**super().get_config(), "act": [keras.activations.serialize(act) for act in self.acts]}


@sa.serializable_activation(package="undeclared")
class Decorated(keras.Model):
    """A model, with the decorator."""

    def __init__(self, act=None, **kwargs):
        super().__init__(**kwargs)
        self.act = keras.activations.get(act)

    def call(self, inputs):
        return self.act(inputs)

    def get_config(self):
        return {**super().get_config(), "act": keras.activations.serialize(self.act)}


class Kept(sa.SerializableActivationMixin, keras.layers.Layer, package="undeclared"):
    """It keeps what it is given, and its config has that."""

    def __init__(self, act=None, **kwargs):
        super().__init__(**kwargs)
        self.act = act

    def call(self, inputs):
        for act in keras.tree.flatten(self.act):
            inputs = act(inputs)
        return inputs

    def get_config(self):
        return {**super().get_config(), "act": self.act}


class Below(Kept, package="undeclared"):
    """Its own argument is stored without a word, and that of its parent by the parent's get_config."""

    def __init__(self, rate=1.0, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate


class BelowWritten(Written, package="undeclared"):
    """Its own argument is stored without a word; its parent's get_config writes the activation."""

    def __init__(self, rate=1.0, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate


class Forgetful(Kept, package="undeclared"):
    """Its get_config leaves the activation out."""

    def get_config(self):
        return {key: value for key, value in super().get_config().items() if key != "act"}


class BelowForgetful(Forgetful, package="undeclared"):
    """It stores what its parent's get_config leaves out, if a config can hold that."""

    def __init__(self, rate=1.0, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate


class Read(Kept, package="undeclared"):
    """Its author reads the layer."""

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "act": keras.saving.deserialize_keras_object(config["act"])})


class Lazy(Kept, package="undeclared"):
    """Its call makes an activation of what the constructor was given."""

    def call(self, inputs):
        return keras.activations.get(self.act)(inputs)


class ByName(Kept, package="undeclared"):
    """Its config has the name of a layer, from which the constructor makes one."""

    def __init__(self, act=None, **kwargs):
        super().__init__(act=getattr(keras.layers, act)() if isinstance(act, str) else act, **kwargs)

    def get_config(self):
        return {**super().get_config(), "act": type(self.act).__name__}


TABLE = {"big": keras.ops.gelu, "small": keras.ops.relu}


class ByTable(sa.SerializableActivationMixin, keras.layers.Layer, package="undeclared"):
    """Its author has names of its own for functions."""

    def __init__(self, act=None, **kwargs):
        super().__init__(**kwargs)
        self.act = TABLE.get(act) if isinstance(act, str) else act

    def call(self, inputs):
        return self.act(inputs)

    def get_config(self):
        return {**super().get_config(), "act": next(name for name, act in TABLE.items() if act is self.act)}


def relu(x):
    """Return *x* twice; Keras has another function of this name."""
    return 2 * x


@keras.saving.register_keras_serializable("undeclared")
def tripled(x):
    return 3 * x


OWNERS = [Whole, Written, InDense, InKwargs, InList, Decorated, BelowWritten]
KEPT = [keras.ops.relu, keras.activations.gelu, tripled, *([] if BY_NAME else [keras.ops.gelu])]
# Keras 3.6 writes a registered function in a config so that it cannot read it.
TAKEN = [(owner, function) for owner in OWNERS for function in KEPT if (owner, function) != (Whole, tripled)]


@pytest.mark.parametrize("function", [keras.ops.gelu, relu], ids=["ops.gelu", "a user's relu"])
@pytest.mark.parametrize("owner", OWNERS)
def test_a_function_that_would_come_back_as_another_is_refused(owner, function):
    """Keras would load another function of that name: the argument is refused with its name and value."""
    keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(owner(act="gelu")))
    if not BY_NAME:  # it comes back itself, or cannot be loaded
        assert type(owner(act=function)) is owner
        return
    with pytest.raises(LayerArgumentError, match="another function of that name") as caught:
        owner(act=function)
    assert caught.value.argument == "act"
    assert caught.value.value is function


@pytest.mark.parametrize(("owner", "function"), TAKEN)
def test_a_function_that_comes_back_is_taken(owner, function):
    """The loaded layer computes the same with a function that Keras stores and loads."""
    layer = owner(act=function)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    x = keras.ops.convert_to_tensor([[-1.0, 2.0, 0.5, -3.0]])
    layer(x)
    again(x)
    again.set_weights(layer.get_weights())
    assert keras.ops.convert_to_numpy(again(x)).tolist() == keras.ops.convert_to_numpy(layer(x)).tolist()


def test_an_activation_that_no_get_config_writes_is_refused():
    """A function that a parent's get_config leaves out, and no config can hold, is refused at construction."""
    with pytest.raises(LayerArgumentError, match="a function is not a plain value"):
        BelowForgetful(act=tripled)


LAYERS = [keras.layers.PReLU, lambda: keras.layers.LeakyReLU(0.1), lambda: keras.layers.Activation("tanh")]
HELD = [lambda one: one, lambda one: [one], lambda one: (one,), lambda one: {"first": one}]


@pytest.mark.parametrize("hold", HELD, ids=["alone", "list", "tuple", "dict"])
@pytest.mark.parametrize("make", LAYERS, ids=["PReLU", "LeakyReLU", "Activation"])
@pytest.mark.parametrize("owner", [Kept, Below])
def test_a_layer_that_would_come_back_as_a_dict_is_refused(owner, make, hold):
    """A layer that the constructor would get as a dict is refused, in a list, tuple or dict too."""
    activation = make()
    with pytest.raises(LayerArgumentError, match="without this layer") as caught:
        owner(act=hold(activation))
    assert caught.value.argument == "act"
    assert caught.value.value is activation


@pytest.mark.parametrize("make", LAYERS, ids=["PReLU", "LeakyReLU", "Activation"])
def test_a_layer_that_the_author_reads_is_taken(make, tmp_path):
    """A layer that the author's from_config makes again comes back with its weights."""
    model = keras.Sequential([keras.Input((3,)), Read(act=make())])
    model.set_weights([keras.random.uniform(one.shape) for one in model.weights])
    model.save(tmp_path / "m.keras")
    loaded = keras.models.load_model(tmp_path / "m.keras")
    x = keras.ops.convert_to_tensor([[-1.0, 2.0, -0.5]])
    assert keras.ops.convert_to_numpy(loaded(x)).tolist() == keras.ops.convert_to_numpy(model(x)).tolist()


def test_a_call_that_reads_a_config_loses_only_weights():
    """A call that makes activations of configs computes the same without weights, and would lose those of a PReLU."""
    x = keras.ops.convert_to_tensor([[-1.0, 2.0, -0.5]])
    layer = Lazy(act=keras.layers.ReLU(max_value=1.5))
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert isinstance(again.act, dict)
    if READS_OBJECTS:  # an older Keras raises an error in the call, as it does for a stock layer
        assert keras.ops.convert_to_numpy(again(x)).tolist() == keras.ops.convert_to_numpy(layer(x)).tolist()
    with pytest.raises(LayerArgumentError, match="without this layer"):
        Lazy(act=keras.layers.PReLU())


def test_a_layer_that_would_lose_its_arguments_is_refused():
    """A layer that the author stores by its name is taken if the name is enough for it, and is refused otherwise."""
    assert isinstance(ByName(act=keras.layers.LeakyReLU()).act, keras.layers.LeakyReLU)
    with pytest.raises(LayerArgumentError, match="without this layer"):
        ByName(act=keras.layers.LeakyReLU(0.1))


class Table(ByTable, package="undeclared"):
    """Its author writes even a partial."""

    def get_config(self):
        return {**keras.layers.Layer.get_config(self), "act": sa.serialize(self.act)}

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "act": sa.deserialize(config["act"])})


@pytest.mark.parametrize("owner", [*OWNERS, Kept])
def test_what_could_not_be_saved_is_refused(owner):
    """A partial, which Keras cannot write to a config, is refused at construction; an author may write it himself."""
    partial = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)
    with pytest.raises(LayerArgumentError, match="cannot") as caught:
        owner(act=partial)
    assert caught.value.argument == "act"
    assert sa.serialize(revive(Table(act=partial)).act) == sa.serialize(partial)


def test_names_of_the_authors_own_are_taken():
    """A function that the author's own get_config stores by a name of his table comes back."""
    layer = ByTable(act=keras.ops.gelu)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.act is keras.ops.gelu


def test_a_function_that_needs_custom_objects_is_left_to_keras(tmp_path):
    """A function that Keras loads only from custom objects is accepted, and is loaded from them."""

    def doubled(x):
        return 2 * x

    model = keras.Sequential([keras.Input((3,)), Written(act=doubled)])
    model.save(tmp_path / "m.keras")
    loaded = keras.models.load_model(tmp_path / "m.keras", custom_objects={"doubled": doubled})
    assert loaded.layers[0].act is doubled


def test_a_declared_argument_is_stored(tmp_path):
    """A function in a declared argument is stored exactly."""

    class Declared(Written, package="undeclared", fields=["act"]):
        pass

    model = keras.Sequential([keras.Input((3,)), Declared(act=keras.ops.gelu)])
    model.save(tmp_path / "m.keras")
    loaded = keras.models.load_model(tmp_path / "m.keras")
    assert sa.serialize(loaded.layers[0].act) == sa.serialize(keras.ops.gelu)
