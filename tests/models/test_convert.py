"""``convert``: a model of stock layers with ours in their place, the same in every other respect."""

import functools

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors
from tests.helpers.stock_files import too_early
from tests.matrix.cells import make_model, output_shape, randomize
from tests.matrix.layers import CASES, holders
from tests.matrix.values import BY_NAME, GELU, LEAKY, OLD, REFUSED, VALUES, Cubed, bent

TWINS = [case for case in CASES if hasattr(sa.layers, case.layer)]

# Values that stock Keras runs, whatever it does with them on disk.
LIVE = ["'relu'", "ops.gelu", "ops.sin", "PReLU()", "LeakyReLU()", "partial(leaky_relu)", "registered function"]

X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
Y = np.random.default_rng(1).normal(size=(8, 3)).astype("float32")


def set_stock(model, value):
    """Return what the stock layers of *model* call: ``Bidirectional`` has lost it, and gets it again."""
    for holder in holders(model.layers[-1]):
        object.__setattr__(holder, "activation", keras.activations.get(value))


@pytest.mark.parametrize(
    ("case", "value"),
    [
        pytest.param(case, VALUES[id_], id=f"{case.name}-{id_}", marks=[pytest.mark.slow] if case.slow else [])
        for case in TWINS
        for id_ in LIVE
        if not (case.copies and id_ == "PReLU()")
    ],
)
def test_every_layer_computes_the_same_and_comes_back(case, value, tmp_path):
    """The activation that runs is handed over, not the one that a config has left of it."""
    activation = value.make(output_shape(case))
    stateful = isinstance(activation, keras.Layer)
    stock = make_model(case, "stock", activation if stateful else "linear")
    if not stateful:
        set_stock(stock, activation)
    inputs = np.random.default_rng(7).normal(size=(3, *case.shape)).astype("float32")
    stock(inputs)
    randomize(stock, np.random.default_rng(8))
    expected = keras.ops.convert_to_numpy(stock(inputs))
    converted = sa.convert(stock)
    converted.save(tmp_path / "model.keras")
    revived = keras.models.load_model(tmp_path / "model.keras")

    assert any(isinstance(layer, sa.SerializableActivationMixin) for layer in converted._flatten_layers())
    assert [layer.name for layer in converted.layers] == [layer.name for layer in stock.layers]
    for model in (converted, revived):
        np.testing.assert_allclose(keras.ops.convert_to_numpy(model(inputs)), expected, rtol=1e-6, atol=1e-6)


# Stock Keras refuses a wrong name, too; a layer inside an Activation is replaced as well.
LOST = [value for value in REFUSED if value.id != "a mistyped name" and not value.id.startswith("Activation(")]


@pytest.mark.parametrize("value", LOST, ids=lambda value: value.id)
def test_what_would_be_lost_is_refused_with_its_path(value):
    """The error tells where in the nested model the layer stands."""
    activation = value.make((None, 3))
    layer = keras.layers.Dense(3, name="losing")
    object.__setattr__(layer, "activation", activation)
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4), layer], name="encoder")
    inputs = keras.Input((4,))
    model = keras.Model(inputs, inner(inputs), name="model")
    with pytest.raises(sa.ActivationError) as caught:
        sa.convert(model)

    assert caught.value.layer.startswith("model/encoder/losing")
    assert layer.activation is activation


def mixed():
    """A model with a bit of everything: nesting, two inputs and outputs, a layer called twice, a shared activation."""
    shared = keras.layers.PReLU(name="shared")
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    twice = keras.layers.Dense(4, activation=shared, name="twice")
    inner = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(4, activation=GELU), keras.layers.Dropout(0.2)], name="inner"
    )
    inside = keras.Input((4,))
    deep = keras.Model(inside, keras.layers.Dense(4, activation=shared, name="deepest")(inner(inside)), name="deep")
    hidden = keras.layers.concatenate([twice(left), twice(right)]) * 0.5
    hidden = keras.layers.Dense(4, activation=LEAKY, name="partial")(hidden)
    hidden = keras.layers.Dense(4, activation="tanh", name="frozen", trainable=False)(deep(hidden) + left)
    return keras.Model(
        {"left": left, "right": right},
        {
            "one": keras.layers.Dense(3, activation=keras.layers.ELU(0.5), name="head")(hidden),
            "two": keras.layers.Activation(keras.ops.sin, name="sine")(hidden),
        },
        name="mixed",
    )


INPUTS = {"left": X, "right": X[::-1].copy()}  # PyTorch takes no array that runs backwards


def outputs(model):
    return {name: keras.ops.convert_to_numpy(value) for name, value in model(INPUTS).items()}


def test_a_model_of_many_kinds_is_the_same_model():
    """Structure, names, flags, weights and outputs; and the original is not touched by training the new one."""
    model = mixed()
    model(INPUTS)
    randomize(model, np.random.default_rng(3))
    before = outputs(model)
    converted = sa.convert(model)
    converted.compile("sgd", {"one": "mse", "two": "mse"})

    after = outputs(converted)
    assert all(np.array_equal(before[name], after[name]) for name in ("one", "two"))
    assert [layer.name for layer in converted.layers] == [layer.name for layer in model.layers]
    assert len(converted.weights) == len(model.weights)
    assert not set(map(id, converted.variables)) & set(map(id, model.variables))
    assert [layer.trainable for layer in converted.layers] == [layer.trainable for layer in model.layers]
    assert converted.get_layer("twice").activation is converted.get_layer("deep").get_layer("deepest").activation
    converted.fit(INPUTS, {"one": Y, "two": X}, verbose=0)
    after = model(INPUTS)
    assert all(np.array_equal(*map(keras.ops.convert_to_numpy, (before[name], after[name]))) for name in ("one", "two"))


def trained(optimizer):
    shared = keras.layers.PReLU()
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(4, activation=shared),
            keras.layers.Dense(4, activation=shared),
            keras.layers.Dropout(0.3, seed=3),  # without a seed, PyTorch draws by a generator of its own
            keras.layers.Dense(3, activation=GELU),
        ]
    )
    model.compile(optimizer, "mse", metrics=["mae"])
    model.fit(X, Y, epochs=2, verbose=0, shuffle=False)
    return model


def losses(model):
    history = model.fit(X, Y, epochs=3, verbose=0, shuffle=False, batch_size=4)
    return [history.history["loss"], history.history["mae"]]


@pytest.mark.parametrize(
    "function",
    [pytest.param(sa.convert, id="convert"), pytest.param(sa.to_stock, marks=too_early, id="to_stock")],
)
@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: keras.optimizers.Adam(0.01, amsgrad=True, gradient_accumulation_steps=2),
        lambda: keras.optimizers.SGD(0.01, momentum=0.9),
        lambda: keras.optimizers.Adafactor(0.01),
        lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01)),
    ],
    ids=["adam", "sgd", "adafactor", "scaled"],
)
def test_training_goes_on(function, optimizer):
    """Losses and metrics are the uninterrupted run's: weights, state of the optimizer and of random seeds."""
    model = trained(optimizer())
    made = function(model)

    np.testing.assert_allclose(losses(made), losses(model), rtol=1e-5)


def test_a_model_that_is_not_compiled_or_built_is_converted():
    """A Sequential without a shape stays one."""
    model = keras.Sequential([keras.layers.Dense(3, activation=keras.ops.gelu), keras.layers.Dense(2)], name="late")
    converted = sa.convert(model)

    assert not converted.built
    assert not converted.compiled
    assert converted.name == "late"
    assert converted(X).shape == (8, 2)


def test_converting_twice_is_converting_once():
    """Our layers are copied as they are, shared activations with them."""
    model = sa.convert(mixed())
    again = sa.convert(model)

    assert sa.model_to_json(again, indent=1).count("PReLU") == sa.model_to_json(model, indent=1).count("PReLU")
    assert all(np.array_equal(outputs(model)[name], outputs(again)[name]) for name in ("one", "two"))
    assert again.get_layer("twice").activation is again.get_layer("deep").get_layer("deepest").activation
    assert again.get_layer("twice").activation is not model.get_layer("twice").activation


def test_one_activation_of_stock_layers_ours_and_the_graph_is_one():
    """Whoever holds it, and whichever comes first."""
    shared = keras.layers.PReLU()
    layers = [keras.layers.Dense(4, activation=shared), sa.layers.Dense(4, activation=shared), shared]
    for order in (layers, layers[::-1]):
        converted = sa.convert(keras.Sequential([keras.Input((4,)), *order]))
        held = {id(getattr(layer, "activation", layer)) for layer in converted.layers}
        assert len(held) == 1
        assert len(converted.weights) == 5
        assert shared not in converted.layers


def test_a_partial_of_a_layer_is_copied_with_its_weights():
    """Stock Keras does not track the layer in it; its values are taken along all the same."""
    normalization = keras.layers.BatchNormalization()
    normalization.build((None, 4))
    randomize(normalization, np.random.default_rng(0))
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(4, activation=functools.partial(normalization, training=False))]
    )
    converted = sa.convert(model)

    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(converted(X)))
    assert converted.layers[0].activation.layer is not normalization


def test_policies_are_kept():
    """A stock layer's activation has the global policy, and computes in it afterwards too."""
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(4, activation=keras.layers.ELU(0.3), dtype="mixed_float16"),
            keras.layers.Dense(3, activation="tanh", dtype="bfloat16"),
        ]
    )
    converted = sa.convert(model)

    assert [layer.dtype_policy.name for layer in converted.layers] == ["mixed_float16", "bfloat16"]
    assert converted.layers[0].activation.dtype_policy.name == "float32"
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(converted(X)))


class Subclassed(keras.Model):
    def call(self, inputs):
        return inputs


def test_subclassed_models_are_refused_by_name():
    """Their graph is in their code; inside another model the path tells where."""
    inputs = keras.Input((4,))
    outer = keras.Model(inputs, Subclassed(name="own")(inputs), name="outer")
    for function in (sa.convert, sa.to_stock):
        for model, path in ((Subclassed(name="own"), "own"), (outer, "outer/own")):
            with pytest.raises(errors.ModelKindError) as caught:
                function(model)
            assert (caught.value.path, caught.value.kind) == (path, "Subclassed")
            assert path in str(caught.value)


@keras.saving.register_keras_serializable(package="convert")
class Forgetful(keras.layers.Layer):
    """A user's layer that stores its activation by Keras's means."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def call(self, inputs):
        return self.activation(inputs)

    def get_config(self):
        return {**super().get_config(), "activation": keras.activations.serialize(self.activation)}


@pytest.mark.parametrize("function", [sa.convert, sa.to_stock], ids=["convert", "to_stock"])
def test_a_users_layer_that_loses_its_activation_is_refused(function):
    """What its config brings back is compared with what it runs."""
    model = keras.Sequential([keras.Input((4,)), Forgetful(keras.ops.gelu, name="own")], name="model")
    if BY_NAME:
        with pytest.raises(errors.UnserializableActivationError) as caught:
            function(model)
        assert (caught.value.layer, caught.value.field) == ("model/own", "activation")

    for kept in (
        "relu",
        *(() if BY_NAME else (keras.ops.gelu,)),
        *(() if OLD else (keras.layers.LeakyReLU(0.2),)),
        Cubed(0.3),
        bent,
    ):
        made = function(keras.Sequential([keras.Input((4,)), Forgetful(kept, name="own")]))
        assert type(made.layers[0]) is Forgetful


def test_flags_set_from_outside_are_kept():
    """A frozen model with one layer thawed in it."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4), keras.layers.Dense(3, name="thawed")])
    outer = keras.Sequential([keras.Input((4,)), model, keras.layers.Dense(3)])
    model.trainable = False
    model.get_layer("thawed").trainable = True
    converted = sa.convert(outer)

    assert converted.get_layer(model.name).trainable is False
    for made in (outer, converted):
        assert [layer.trainable for layer in made.get_layer(model.name).layers] == [False, True]
    assert [v.trainable for v in converted.variables] == [v.trainable for v in outer.variables]


def test_inputs_are_kept():
    """Names, dtypes, and whether an input is optional."""
    optional = keras.Input((4,), name="maybe", optional=True)
    inputs = keras.Input((4,), name="always", dtype="float64")
    model = keras.Model([inputs, optional], [keras.layers.Dense(2)(inputs), keras.layers.Dense(2)(optional)])
    converted = sa.convert(model)

    assert [layer.get_config() for layer in converted.layers[:2]] == [layer.get_config() for layer in model.layers[:2]]


@pytest.mark.parametrize("function", [sa.convert, sa.to_stock], ids=["convert", "to_stock"])
def test_a_layer_of_python_code_is_refused(function):
    """Keras refuses to load a lambda, and so to copy one."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: x, name="code")], name="model")
    with pytest.raises(errors.UnserializableActivationError) as caught:
        function(model)

    assert caught.value.layer == "model/code"


def test_masks_flow():
    """An embedding's mask reaches the recurrent layer."""
    model = keras.Sequential(
        [keras.Input((5,)), keras.layers.Embedding(7, 3, mask_zero=True), keras.layers.Dense(3), keras.layers.LSTM(2)]
    )
    words = np.array([[1, 2, 0, 0, 0], [3, 0, 4, 5, 6]])

    assert np.array_equal(
        keras.ops.convert_to_numpy(model(words)), keras.ops.convert_to_numpy(sa.convert(model)(words))
    )
