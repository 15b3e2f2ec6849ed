"""What a check of a model in memory finds, and that it leaves the model as it is."""

import functools
import random

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer
from tests.model_check.__main__ import compare_cells

OLD = is_newer(OBJECTS_SINCE, keras.__version__)
BY_NAME = is_newer("3.16", keras.__version__)  # up to 3.15, Keras stores a function by its name alone
LEAKY = functools.partial(keras.activations.leaky_relu, negative_slope=0.4)


def unregistered(x):
    return keras.ops.tanh(x) / 2


def relu(x):
    """A user's function that is called like a built-in."""
    return keras.ops.leaky_relu(x, negative_slope=0.5)


@keras.saving.register_keras_serializable(package="model_check")
def bent(x):
    return x + 0.3 * keras.ops.sqrt(x * x + 1.0)


@keras.saving.register_keras_serializable(package="model_check")
class Forgetful(keras.layers.Layer):
    """A user's layer whose get_config leaves the activation out."""

    def __init__(self, units=3, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")

    def call(self, inputs):
        return self.activation(keras.ops.matmul(inputs, self.kernel))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("check_model_tests")
class ReadLate(keras.layers.Layer):
    """A layer that keeps what it is given, a stored form too, and gives it to another layer."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = activation
        self.act = keras.layers.Dense(3, activation=activation)  # Keras saves its weights before those of `activation`

    def build(self, input_shape):
        self.act.build(input_shape)

    def call(self, inputs):
        return self.act(inputs)

    def get_config(self):
        return {**super().get_config(), "activation": self.activation}


def share(activation):
    """Return two layers of Keras with one activation."""
    return [keras.layers.Dense(3, activation=activation) for _ in range(2)]


def chain(*layers):
    """Return a model of these layers that was called once."""
    model = keras.Sequential([keras.Input((4,)), *layers], name="chain")
    model(np.zeros((2, 4), "float32"))
    return model


def dense(activation, **more):
    return chain(keras.layers.Dense(3, activation=activation, name="dense", **more))


def adapted(model):
    model.layers[0].enable_lora(2)
    return model


LOST = {
    "a partial": (lambda: dense(LEAKY), "SA409", "serialactivation.convert(model)"),
    "a lambda": (lambda: dense(lambda x: keras.ops.tanh(x) * 2), "SA101", "def my_activation(x)"),
    "a function that is not registered": (lambda: dense(unregistered), "SA103", "register_keras_serializable"),
    "a layer that forgets": (
        lambda: chain(Forgetful(activation="tanh", name="dense")),
        "SA402",
        "@serialactivation.serializable_activation  # above class Forgetful",
    ),
}

if BY_NAME:
    LOST["an operation"] = (lambda: dense(keras.ops.sin), "SA103", "serialactivation.convert(model)")
    LOST["another formula"] = (lambda: dense(keras.ops.gelu), "SA410", "serialactivation.convert(model)")
    LOST["a function called relu"] = (lambda: dense(relu), "SA410", "register_keras_serializable")


@pytest.mark.parametrize("case", LOST)
def test_what_is_lost_is_found(case):
    """A finding names the layer, the field, the code and the cure."""
    make, code, cure = LOST[case]
    report = sa.check_model(make())
    (finding,) = report
    assert (finding.path, finding.field, finding.code, finding.ways) == (
        "chain/dense",
        "activation",
        code,
        ("keras",),
    ), finding
    assert cure in finding.cure
    assert report.was_run
    assert not report.ok
    with pytest.raises(sa.errors.NotRestoredError) as error:
        report.raise_if_lost()
    assert error.value.findings == report.findings


CONVERTED = [case for case, (_, _, cure) in LOST.items() if "convert" in cure]


@pytest.mark.parametrize("case", CONVERTED)
def test_a_model_that_is_converted_comes_back(case):
    """The cure is followed: the converted model has no finding."""
    assert sa.check_model(sa.convert(LOST[case][0]())).findings == ()


def test_a_class_that_is_decorated_comes_back(restore_registry):
    """The cure is followed: a layer whose class has the decorator has no finding."""
    decorated = sa.serializable_activation(type("Decorated", (Forgetful,), {"__module__": __name__}))
    assert sa.check_model(chain(decorated(activation="tanh"))).findings == ()


class Lazy(keras.Model):
    """A user's model that is built when it is called."""

    def __init__(self):
        super().__init__(name="lazy")
        self.dense = keras.layers.Dense(3, activation=LEAKY)

    def call(self, inputs):
        return self.dense(inputs)


def test_data_builds_a_model_that_is_not_built():
    """Without data, such a model is not run, and its activation is found to be lost all the same."""
    model = Lazy()
    assert not sa.check_model(model).was_run
    assert not model.dense.built
    report = sa.check_model(model, np.zeros((5, 4), "float32"))
    assert (report.was_run, model.dense.built) == (True, True)
    assert "lazy/dense" in {finding.path for finding in report}


def test_a_batch_of_one_size_is_taken_as_it_is():
    """A model that takes five samples at a time is run on five."""
    inputs = keras.Input(batch_shape=(5, 4))
    outputs = keras.layers.Lambda(lambda x: keras.ops.reshape(x, (2, 10)))(inputs)
    assert sa.check_model(keras.Model(inputs, outputs), np.zeros((7, 4), "float32")[:5]).was_run


KEPT = {
    "a name": lambda: dense("gelu"),
    "a registered function": lambda: dense(bent),
    "a converted partial": lambda: sa.convert(dense(LEAKY)),
    "a layer of ours with weights": lambda: chain(sa.layers.Dense(3, activation=keras.layers.PReLU())),
    "state that is made from weights": lambda: chain(keras.layers.Normalization(), keras.layers.Dense(3)),
    "weights that are saved as one": lambda: adapted(chain(sa.layers.Dense(3, activation="relu"))),
    "random numbers": lambda: chain(keras.layers.Dense(3), keras.layers.GaussianNoise(0.1), keras.layers.Dropout(0.5)),
}

if not OLD:
    KEPT["a layer without weights that is shared"] = lambda: chain(*share(keras.layers.LeakyReLU(0.3)))


@pytest.mark.parametrize("case", KEPT)
def test_what_comes_back_is_not_reported(case):
    """No way back of a model that comes back has a finding."""
    report = sa.check_model(KEPT[case](), ways=("keras", "h5", "json", "clone", "weights", "pickle"))
    assert report.findings == ()
    assert report.was_run
    report.raise_if_lost()


if not OLD:  # Keras before stores no layer as an activation

    def test_a_stored_form_that_another_layer_reads_is_not_reported():
        """The layer comes back with the stored form in its field, and its weights in another order, and is equal."""
        assert sa.check_model(chain(ReadLate(keras.layers.PReLU()))).findings == ()


def snapshot(model):
    """Return all that a check must leave as it is."""
    layers = list(model._flatten_layers())
    generators = [one.state for layer in layers for one in layer._seed_generators]
    held = [*model.variables, *model.optimizer.variables, *model.metrics_variables, *generators]
    return {
        "values": [(id(one), id(one.value), keras.ops.convert_to_numpy(one).tobytes()) for one in held],
        "losses": [id(loss) for layer in layers for loss in layer._losses],
        "flags": [(layer.built, layer.trainable, layer._called) for layer in layers if hasattr(layer, "_called")],
        "optimizer": model._compile_config.config.get("optimizer") is model.optimizer,
        "random": (random.getstate(), np.random.get_state()[1].tobytes(), keras.backend.get_uid("x")),
    }


def test_the_model_is_left_as_it_is(tmp_path):
    """Weights, random states, optimizer, metrics, losses, flags and names are the same to the bit, after a page too."""
    model = chain(
        keras.layers.Dense(4, activation=None if OLD else keras.layers.PReLU(), activity_regularizer="l2"),
        keras.layers.BatchNormalization(trainable=False),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(3, activation=keras.ops.gelu),
    )
    model.compile("adam", "mse", metrics=["mae"])
    model.optimizer.build(model.trainable_variables)
    model(np.ones((2, 4), "float32"), training=True)
    before = snapshot(model)
    sa.check_model(model, ways=("keras", "h5", "json", "clone", "weights", "pickle")).to_html(tmp_path / "page.html")
    after = snapshot(model)
    uids = before["random"][2], after["random"][2]
    assert uids[1] - uids[0] == 1  # the snapshot's own
    before["random"], after["random"] = before["random"][:2], after["random"][:2]
    assert before == after


@pytest.mark.once
def test_another_process_knows_what_its_modules_register(restore_registry):
    """A function of a module comes back there, and one that only this process has, as a notebook's, does not."""

    def only_here(x):
        return keras.ops.tanh(x) * 2

    only_here.__module__, only_here.__qualname__ = "__main__", "only_here"
    keras.saving.register_keras_serializable(package="model_check")(only_here)

    assert sa.check_model(dense(bent), ways=["json"], new_process=True).findings == ()
    (finding,) = sa.check_model(dense(only_here), new_process=True)
    assert (finding.kind, finding.path) == ("model", "chain")
    assert finding.reason.startswith("another process does not load it")
    assert finding.cure == "import my_module  # a new module, into which you move only_here"


CELLS = ["'relu'", "PReLU()", "partial(leaky_relu)", "lambda"]


def test_what_the_matrix_loses_is_found():
    """Of a stock layer, and nothing else, on each way back."""
    cells = list(compare_cells(["Dense"], CELLS))
    assert {cell[:3] for cell in cells if cell[3] != "equal"} == {cell[:3] for cell in cells if cell[4]}
    assert len(cells) == 5 * len(CELLS)
