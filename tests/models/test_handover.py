"""What a layer keeps besides its weights is copied, wherever a model is made of another."""

import inspect

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 4)).astype("float32") * 3 + 7
WORDS = np.array([["a", "b"], ["c", "a"], ["b", "z"]])
NUMBERS = np.array([[42, 7], [9, 42], [7, 1]])
TEXTS = np.array([["the sea"], ["a sea of text"], ["the end"]])

# What Keras's files are read with; a layer that has its own keeps something else than variables, or in another form.
METHODS = ("finalize_state", "load_own_variables", "save_own_variables", "load_assets", "save_assets", "adapt")


def overrides(layer_class):
    return any(getattr(layer_class, name, None) is not getattr(keras.Layer, name, None) for name in METHODS)


KEEPING = {
    layer_class
    for _, layer_class in inspect.getmembers(keras.layers, inspect.isclass)
    if issubclass(layer_class, keras.Layer) and overrides(layer_class)
}


def adapted(layer, data):
    layer.adapt(data)
    return layer


layers = keras.layers
IMAGES = RNG.normal(size=(2, 4, 4, 4)).astype("float32")
STEPS = RNG.normal(size=(2, 4, 4)).astype("float32")
VOLUMES = RNG.normal(size=(2, 3, 3, 3, 4)).astype("float32")
INDICES = np.array([[1, 2], [3, 0]], "int32")

# Each layer with the data that it is called on.
CASES = {
    "Normalization": (lambda: adapted(layers.Normalization(), X), X),
    "Normalization of all": (lambda: adapted(layers.Normalization(axis=None), X), X),
    "Normalization inverted": (lambda: adapted(layers.Normalization(invert=True), X), X),
    "Normalization given": (lambda: layers.Normalization(mean=[3.0] * 4, variance=[4.0] * 4), X),
    "Discretization given": (lambda: layers.Discretization(bin_boundaries=[5.0, 8.0], output_mode="one_hot"), X),
    "Dense": (lambda: layers.Dense(3), X),
    "EinsumDense": (lambda: layers.EinsumDense("ab,bc->ac", output_shape=3, bias_axes="c"), X),
    "Embedding": (lambda: layers.Embedding(5, 3), INDICES),
    "Conv1D": (lambda: layers.Conv1D(3, 2), STEPS),
    "Conv2D": (lambda: layers.Conv2D(3, 2), IMAGES),
    "Conv3D": (lambda: layers.Conv3D(3, 2), VOLUMES),
    "Conv1DTranspose": (lambda: layers.Conv1DTranspose(3, 2), STEPS),
    "Dropout": (lambda: layers.Dropout(0.5, seed=3), X),
}
if hasattr(layers, "ReversibleEmbedding"):
    CASES["ReversibleEmbedding"] = (lambda: layers.ReversibleEmbedding(5, 3), INDICES)
if hasattr(layers, "TernaryDense"):
    CASES["TernaryDense"] = (lambda: layers.TernaryDense(3), X)

# Their tables are TensorFlow's, or what they learn with.
TENSORFLOW = {
    "Discretization": (lambda: adapted(layers.Discretization(num_bins=3), X), X),
    "StringLookup": (lambda: adapted(layers.StringLookup(), WORDS), WORDS),
    "StringLookup given": (lambda: layers.StringLookup(vocabulary=["b", "a"]), WORDS),
    "StringLookup counting": (lambda: adapted(layers.StringLookup(output_mode="tf_idf"), WORDS), WORDS),
    "IntegerLookup": (lambda: adapted(layers.IntegerLookup(), NUMBERS), NUMBERS),
    "TextVectorization": (lambda: adapted(layers.TextVectorization(output_sequence_length=4), TEXTS), TEXTS),
    "TextVectorization counting": (lambda: adapted(layers.TextVectorization(output_mode="tf_idf"), TEXTS), TEXTS),
    "Hashing": (lambda: layers.Hashing(num_bins=5, salt=3), WORDS),
}
OF_TENSORFLOW = {"StringLookup", "IntegerLookup", "TextVectorization"}
if keras.config.backend() == "tensorflow":
    CASES |= TENSORFLOW

# It holds code of PyTorch's, which Keras does not load, and so not copy.
CODE = {"TorchModuleWrapper"}


def make_model(make, data):
    layer = make()
    dtype = "string" if data.dtype.kind == "U" else data.dtype.name
    model = keras.Sequential([keras.Input(data.shape[1:], dtype=dtype), layer])
    rng = np.random.default_rng(5)
    for weight in model.trainable_weights:
        weight.assign(rng.normal(size=weight.shape))
    return model


def call(model, data):
    if data.dtype.kind == "U":
        import tensorflow

        data = tensorflow.constant(data)
    return keras.ops.convert_to_numpy(model(data))


def clone_with_weights(model):
    clone = sa.clone_model(model)
    clone.set_weights(model.get_weights())
    return clone


FUNCTIONS = [sa.convert, sa.to_stock, clone_with_weights]


@pytest.mark.parametrize("name", CASES)
def test_every_layer_of_keras_computes_the_same(name, tmp_path):
    """A layer computes the same after convert, to_stock, a clone and a load, in a nested model too."""
    make, data = CASES[name]
    model = make_model(make, data)
    expected = call(model, data)
    outer = keras.Sequential([keras.Input(data.shape[1:], dtype=model.inputs[0].dtype), model])
    for kind in (model, outer):
        for function in FUNCTIONS:
            made = function(kind)
            assert np.array_equal(call(made, data), expected), function
    made.save(tmp_path / "model.keras")
    assert np.array_equal(call(keras.models.load_model(tmp_path / "model.keras"), data), expected)


def test_no_layer_of_keras_is_left_out():
    """Found by what their classes override, not by a list; some need a backend of theirs."""
    tried = {name.split()[0] for name in CASES}
    elsewhere = OF_TENSORFLOW - tried
    assert {layer_class.__name__ for layer_class in KEEPING} - tried - CODE == elsewhere


@keras.saving.register_keras_serializable(package="handover")
class Keeping(keras.layers.Layer):
    """A user's layer with state of every kind: weights, an array in the weights' file, and an asset."""

    def __init__(self, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
        self.table, self.words = np.zeros(4, "float32"), ""

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="scale")

    def call(self, inputs):
        return self.activation(inputs * self.scale + keras.ops.convert_to_tensor(self.table)) + len(self.words)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "activation": keras.activations.serialize(self.activation)}

    def save_own_variables(self, store):
        super().save_own_variables(store)
        store["table"] = self.table

    def load_own_variables(self, store):
        self.table = np.array(store["table"])
        super().load_own_variables({key: store[key] for key in store.keys() if key != "table"})  # noqa: SIM118

    def save_assets(self, dir_path):
        with open(f"{dir_path}/words.txt", "w") as file:
            file.write(self.words)

    def load_assets(self, dir_path):
        with open(f"{dir_path}/words.txt") as file:
            self.words = file.read()


@keras.saving.register_keras_serializable(package="handover")
class Holding(keras.layers.Layer):
    """Holds such a layer in a list, and is built by its first call."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = [keras.layers.Dense(4), Keeping("tanh")]

    def call(self, inputs):
        for layer in self.inner:
            inputs = layer(inputs)
        return inputs


def fill(model):
    rng = np.random.default_rng(2)
    for layer in model._flatten_layers():
        if isinstance(layer, Keeping):
            layer.table, layer.words = rng.normal(size=4).astype("float32"), "seven"
    for weight in model.weights:
        weight.assign(rng.normal(size=weight.shape))


MAKERS = {
    "alone": lambda: Keeping("tanh"),
    "in a list": Holding,
    "wrapped": lambda: keras.layers.TimeDistributed(Keeping("tanh")),
    "in a model": lambda: keras.Sequential([keras.Input((2, 4)), Keeping("tanh")]),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_what_a_users_layer_saves_itself_goes_along(make):
    """What an author's own methods write to files is copied; what a clone then trains is its own."""
    data = np.stack([X, X], axis=1)
    model = keras.Sequential([keras.Input((2, 4)), make(), keras.layers.Dense(2)])
    model(data)
    fill(model)
    expected = call(model, data)
    clone = sa.clone_model(model)
    assert not any(np.array_equal(*pair) for pair in zip(clone.get_weights(), model.get_weights(), strict=True))
    clone.set_weights(model.get_weights())

    for made in (sa.convert(model), sa.to_stock(model), clone):
        assert np.array_equal(call(made, data), expected)


def test_a_layer_that_forgets_what_its_weights_depend_on_is_refused():
    """Its path, its class and the variable are reported; the values are not given to others."""

    class Grown(keras.layers.Layer):
        units = 2

        def build(self, input_shape):
            self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")

        def call(self, inputs):
            return inputs @ self.kernel

    layer = Grown(name="grown")
    layer.units = 3
    model = keras.Sequential([keras.Input((4,)), layer], name="model")
    for function in (sa.convert, sa.to_stock):
        with pytest.raises(errors.LayerStateError) as caught:
            function(model)
        assert (caught.value.path, caught.value.kind, caught.value.shape) == ("model/grown", "Grown", (4, 3))
        assert "get_config() of Grown" in str(caught.value)
