"""Activations in arguments that are no fields, where an author's ``get_config`` stores them: the same, or refused."""

import keras
import pytest

import serialactivation as sa
from serialactivation.errors import LayerArgumentError
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


class Read(Kept, package="undeclared"):
    """Its author reads the layer."""

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "act": keras.saving.deserialize_keras_object(config["act"])})


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


OWNERS = [Whole, Written, InDense, InKwargs, InList, Decorated]
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


LAYERS = [keras.layers.PReLU, lambda: keras.layers.LeakyReLU(0.1), lambda: keras.layers.Activation("tanh")]
HELD = [lambda one: one, lambda one: [one], lambda one: (one,), lambda one: {"first": one}]


@pytest.mark.parametrize("hold", HELD, ids=["alone", "list", "tuple", "dict"])
@pytest.mark.parametrize("make", LAYERS, ids=["PReLU", "LeakyReLU", "Activation"])
def test_a_layer_that_would_come_back_as_a_dict_is_refused(make, hold):
    """A layer that the constructor would get as a dict is refused, in a list, tuple or dict too."""
    activation = make()
    with pytest.raises(LayerArgumentError, match="would not have this layer") as caught:
        Kept(act=hold(activation))
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


def test_a_layer_that_would_lose_its_arguments_is_refused():
    """A layer that the author stores by its name is taken if the name is enough for it, and is refused otherwise."""
    assert isinstance(ByName(act=keras.layers.LeakyReLU()).act, keras.layers.LeakyReLU)
    with pytest.raises(LayerArgumentError, match="would not have this layer"):
        ByName(act=keras.layers.LeakyReLU(0.1))


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
