"""``.h5`` files of models of users' classes: read again by ``load_model``, or refused by ``save_model``."""

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors
from tests.helpers.processes import run_python
from tests.helpers.users_models import ACTIVATIONS, KINDS, Head, Own, make_graph, nest
from tests.matrix.cells import randomize

X = np.random.default_rng(3).normal(size=(4, 4)).astype("float32")
Y = np.random.default_rng(3).normal(size=(4, 3)).astype("float32")

SHARED = """
import sys, keras, numpy, serialactivation as sa, tests.helpers.users_models
for path in sys.argv[1:]:
    model = sa.load_model(path)
    inputs = numpy.load(path + ".npy")
    print(keras.ops.convert_to_numpy(model(inputs)).tobytes().hex(), type(model).__name__)
"""


def numpy(model):
    return keras.ops.convert_to_numpy(model(X))


def make(kind, activation):
    model = KINDS[kind](ACTIVATIONS[activation]())
    model(X)
    randomize(model, np.random.default_rng(1))
    return model


def test_another_process_reads_the_files(tmp_path):
    """Models of every kind, alone and inside a functional model, with activations of every kind."""
    paths, expected = [], []
    for kind in KINDS:
        for activation in ACTIVATIONS:
            for wrap in (lambda model: model, nest):
                model = wrap(make(kind, activation))
                path = str(tmp_path / f"{len(paths)}.h5")
                sa.save_model(model, path)
                np.save(path, X)
                paths.append(path)
                expected.append(f"{numpy(model).tobytes().hex()} {type(model).__name__}")

    assert run_python(SHARED, *paths).splitlines() == expected


AXES = """
import sys, keras, numpy
for path in sys.argv[1:]:
    model = keras.models.load_model(path)
    print(keras.ops.convert_to_numpy(model(numpy.load(path + ".npy"))).tobytes().hex())
"""


def test_several_axes_of_a_layer_come_back(tmp_path):
    """Keras's own files lose them; ours, which Keras reads, do not, inside another model neither."""
    layers = keras.layers
    inner = keras.Sequential([keras.Input((3, 4)), layers.Softmax(axis=(1, 2)), layers.LayerNormalization(axis=[1, 2])])
    model = keras.Sequential([keras.Input((3, 4)), layers.UnitNormalization(axis=(1, 2)), inner])
    randomize(model, np.random.default_rng(1))
    path, inputs = str(tmp_path / "axes.h5"), np.random.default_rng(3).normal(size=(2, 3, 4)).astype("float32")
    sa.save_model(model, path)
    np.save(path, inputs)
    assert run_python(AXES, path).strip() == keras.ops.convert_to_numpy(model(inputs)).tobytes().hex()


@pytest.mark.parametrize("trusted", [None, ("users_models>Own",)])
def test_weights_of_an_activation_and_what_was_compiled_come_back(trusted, tmp_path):
    """A model without a graph, with an activation that has weights, trained."""
    model = Own(activation=keras.layers.PReLU())
    model.compile(keras.optimizers.Adam(0.02), keras.losses.MeanSquaredError())
    model.fit(X, Y, verbose=0)
    sa.save_model(model, tmp_path / "model.h5")
    revived = sa.load_model(tmp_path / "model.h5", trusted=trusted)

    assert np.array_equal(numpy(revived), numpy(model))
    assert revived.optimizer.get_config() == model.optimizer.get_config()
    assert revived.evaluate(X, Y, verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-6)
    assert not sa.load_model(tmp_path / "model.h5", compile=False).compiled
    with pytest.raises(errors.UntrustedError):
        sa.load_model(tmp_path / "model.h5", trusted=())


def test_a_model_that_was_never_called_comes_back(tmp_path):
    """It has no weights to read."""
    sa.save_model(Own(units=5, activation="tanh"), tmp_path / "model.h5")
    revived = sa.load_model(tmp_path / "model.h5")
    assert (revived.units, revived.built) == (5, False)
    assert revived(X).shape == (4, 5)


def test_a_class_that_is_not_registered_is_found_by_its_name(tmp_path):
    """The class is found among the custom objects, as Keras finds it."""

    class Plain(keras.Model):
        def __init__(self, units=3, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.dense = keras.layers.Dense(units)

        def call(self, inputs):
            return self.dense(inputs)

    model = Plain()
    model(X)
    sa.save_model(model, tmp_path / "model.h5")
    assert np.array_equal(numpy(sa.load_model(tmp_path / "model.h5", {"Plain": Plain})), numpy(model))
    with pytest.raises(TypeError, match="Plain"):
        sa.load_model(tmp_path / "model.h5")


@sa.serializable_activation(package="hdf5")
class Late(keras.Model):
    """Makes a layer that its shapes alone do not tell of."""

    def __init__(self, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = sa.get(activation)
        self.extra = None

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 3))

    def call(self, inputs):
        return self.activation(inputs @ self.kernel)

    def grow(self):
        self.extra = keras.layers.Dense(3)
        self.extra.build((None, 3))


def test_what_could_not_be_read_is_refused_as_it_is_saved(tmp_path):
    """The save is refused with a cure that works, and a file that was there stays."""
    model = Late()
    model._tracker.unlock()
    model.grow()
    model(X)
    target = tmp_path / "model.h5"
    target.write_bytes(b"before")
    with pytest.raises(errors.ModelFileError) as caught:
        sa.save_model(model, target)

    assert (caught.value.model, caught.value.kind, caught.value.suffix) == (model.name, "Late", ".h5")
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]
    assert "in its constructor or in build()" in caught.value.cure
    usual = Late()
    usual(X)
    for name in ("model.h5", "model.keras"):
        sa.save_model(usual, tmp_path / name)
        assert np.array_equal(numpy(sa.load_model(tmp_path / name)), numpy(usual))


def test_what_keras_wrote_is_read_as_keras_reads_it(tmp_path):
    """A functional model of a user's class, by its bare name."""
    model = Head(*make_graph(), post_activation="tanh")
    model.save(tmp_path / "model.h5")
    for load in (keras.saving.load_model, sa.load_model):
        assert np.array_equal(numpy(load(tmp_path / "model.h5", {"Head": Head})), numpy(model))
        with pytest.raises(ValueError, match="Unknown layer: 'Head'"):
            load(tmp_path / "model.h5")


def test_a_functional_activation_with_an_operation_comes_back_each_time(tmp_path):
    """Keras's own ``.h5`` file takes the operation for the layer of its name, and the refusal says what to do."""
    inner, inputs = keras.Input((3,)), keras.Input((4,))
    halved = keras.Model(inner, keras.ops.tanh(inner) * 0.5)
    model = keras.Model(inputs, sa.layers.Dense(3, activation=halved)(inputs))
    x, path = np.ones((2, 4), "float32"), tmp_path / "model.h5"
    expected = keras.ops.convert_to_numpy(model(x))

    model.save(path)
    with pytest.raises(sa.ActivationError, match=r"Save the model with serialactivation\.save_model"):
        sa.load_model(path)

    for _ in range(3):
        sa.save_model(model, path)
        model = sa.load_model(path)
        assert np.array_equal(keras.ops.convert_to_numpy(model(x)), expected)
