"""What a model was compiled with is copied, whatever has happened to the model since."""

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors

X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
Y = np.random.default_rng(1).normal(size=(8, 3)).astype("float32")


def half_squared(y_true, y_pred):
    return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1) / 2


class Scaled(keras.losses.Loss):
    def __init__(self, scale=2.0, name="scaled", **kwargs):
        super().__init__(name=name, **kwargs)
        self.scale = scale

    def call(self, y_true, y_pred):
        return self.scale * half_squared(y_true, y_pred)

    def get_config(self):
        return {**super().get_config(), "scale": self.scale}


COMPILED = {
    "names": lambda: {"optimizer": "adam", "loss": "mse", "metrics": ["mae"]},
    "objects": lambda: {
        "optimizer": keras.optimizers.Adam(0.02, amsgrad=True),
        "loss": keras.losses.Huber(delta=0.3),
        "metrics": [keras.metrics.MeanAbsoluteError(name="mine")],
        "weighted_metrics": [keras.metrics.MeanSquaredError()],
    },
    "saved": lambda: {  # what Keras loads: not the name "mse" from .h5, and no Huber with its delta
        "optimizer": keras.optimizers.Adam(0.02, amsgrad=True),
        "loss": keras.losses.MeanSquaredError(),
        "metrics": [keras.metrics.MeanAbsoluteError(name="mine")],
    },
    "functions of the user's": lambda: {
        "optimizer": keras.optimizers.SGD(0.02, momentum=0.9),
        "loss": half_squared,
        "metrics": [half_squared],
    },
    "a loss of the user's": lambda: {"optimizer": "nadam", "loss": Scaled(3.0), "loss_weights": [0.5]},
    "a lambda": lambda: {"optimizer": "adam", "loss": lambda y, p: half_squared(y, p)},
    "a schedule": lambda: {
        "optimizer": keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
        "loss": "mse",
    },
    "eager": lambda: {"optimizer": "adam", "loss": "mse", "run_eagerly": True},
    "not jitted": lambda: {
        "optimizer": "adam",
        "loss": "mse",
        "jit_compile": False,
        "steps_per_execution": 1 if keras.config.backend() == "torch" else 2,  # PyTorch takes no more than one
    },
    "scaled": lambda: {"optimizer": keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.02)), "loss": "mse"},
    "accumulating": lambda: {"optimizer": keras.optimizers.Adam(0.02, gradient_accumulation_steps=2), "loss": "mse"},
}


def make(compiled, *, frozen=False):
    layers = [keras.layers.Dense(4, "tanh"), keras.layers.Dense(4, "relu"), keras.layers.Dense(3)]
    model = keras.Sequential([keras.Input((4,)), *layers])
    layers[1].trainable = not frozen
    model.compile(**compiled())
    return model


def fit(model, epochs=2):
    return model.fit(X, Y, epochs=epochs, verbose=0, shuffle=False, batch_size=4).history


def train_and_save_h5(model, folder):
    fit(model)
    model.save(folder / "model.h5")


def save_h5_and_train(model, folder):
    model.save(folder / "model.h5")
    fit(model)


def train_and_save_h5_by_us(model, folder):
    fit(model)
    sa.save_model(model, folder / "model.h5")


def train_and_save_keras(model, folder):
    fit(model)
    model.save(folder / "model.keras")


def change_the_rate(model, _):
    model.optimizer.learning_rate = 0.07


def change_the_flags(model, _):
    model.run_eagerly, model.jit_compile, model.steps_per_execution = True, False, 1


STATES = [
    train_and_save_h5,
    save_h5_and_train,
    train_and_save_h5_by_us,
    train_and_save_keras,
    change_the_rate,
    change_the_flags,
]
FUNCTIONS = [
    pytest.param(sa.convert, id="convert"),
    pytest.param(sa.to_stock, id="to_stock"),
]


def state_of(model):
    optimizer = model.optimizer
    return {
        "optimizer": (type(optimizer), optimizer.get_config()),
        "variables": [keras.ops.convert_to_numpy(variable).tolist() for variable in optimizer.variables],
        "loss": type(model.loss),
        "flags": (model.run_eagerly, model.jit_compile, model.steps_per_execution),
    }


def assert_same_training(model, made):
    assert state_of(made) == state_of(model)
    before, after = fit(model), fit(made)
    assert before.keys() == after.keys()
    for name in before:
        np.testing.assert_allclose(after[name], before[name], rtol=1e-5)
    assert state_of(made)["flags"] == state_of(model)["flags"]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("compiled", COMPILED)
def test_what_is_compiled_goes_along(compiled, function):
    """Losses, metrics and optimizers as names, functions and objects, and flags; training goes on as it would have."""
    model = make(COMPILED[compiled])
    fit(model)
    assert_same_training(model, function(model))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("happened", STATES, ids=lambda happened: happened.__name__)
def test_whatever_has_happened_to_the_model(happened, function, tmp_path):
    """Keras takes the optimizer out of the compile config as it writes ``.h5``."""
    model = make(COMPILED["objects"], frozen=True)
    happened(model, tmp_path)
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)  # as the model made of it has been, whose weights are known
    assert_same_training(model, function(model))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_loaded_model_goes_along(function, tmp_path):
    """A model that was loaded from either format keeps its optimizer's state when it is made again."""
    model = make(COMPILED["saved"])
    fit(model)
    for name in ("model.keras", "model.h5"):
        model.save(tmp_path / name)
        loaded = keras.models.load_model(tmp_path / name)
        made = function(loaded)
        assert made.optimizer.get_config() == loaded.optimizer.get_config()
        if name == "model.keras":  # Keras builds the optimizer of an .h5 file for no variable, and cannot train on
            assert_same_training(loaded, made)


@pytest.mark.parametrize("save", [keras.saving.save_model, sa.save_model], ids=["keras", "ours"])
def test_an_h5_file_costs_no_later_file_its_optimizer(save, tmp_path):
    """After an .h5 file is saved, a clone and a .keras file keep the optimizer; Keras's functions write RMSprop."""
    model = make(COMPILED["accumulating"])
    fit(model)
    save(model, tmp_path / "model.h5")
    clone = sa.clone_model(model)  # Keras 3.6 does not compile it
    assert not clone.compiled or isinstance(clone.optimizer, keras.optimizers.Adam)
    if save is keras.saving.save_model:
        save(model, tmp_path / "model.h5")
    sa.save_model(model, tmp_path / "model.keras")

    assert_same_training(model, sa.load_model(tmp_path / "model.keras"))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_not_compiled_stays_so(function):
    """A model that is not compiled is not compiled afterwards; one compiled without an optimizer has none."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    assert not function(model).compiled
    model.compile(optimizer=None, loss="mse")
    made = function(model)
    assert made.optimizer is None
    assert made.evaluate(X, Y, verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-6)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_state_of_what_both_train_goes_along(function):
    """A layer was frozen after training: the rest keeps its state, as Keras cannot train on before it is compiled."""
    model = make(COMPILED["objects"])
    fit(model)
    model.layers[1].trainable = False
    made = function(model)

    kept = {variable.path: variable for variable in model.optimizer.variables}
    assert all(np.array_equal(*map(keras.ops.convert_to_numpy, (v, kept[v.path]))) for v in made.optimizer.variables)
    assert len(made.optimizer.variables) < len(model.optimizer.variables)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_models_policy_scales_the_loss_or_not(function, restore_policy):
    """The loss is scaled as it was in the old model, also under a policy that scales it by default."""
    keras.config.set_dtype_policy("mixed_float16")
    for scales in (True, False):
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
        model.compile("adam", "mse", auto_scale_loss=scales)
        made = function(model)
        assert type(made.optimizer) is type(model.optimizer)
        assert isinstance(made.optimizer, keras.optimizers.LossScaleOptimizer) is scales


class Forgetful(keras.metrics.Mean):
    def __init__(self, scale):
        super().__init__()
        self.scale = scale


def test_a_metric_that_is_not_made_again_is_refused():
    """The error names its class; nothing else is compiled in its place."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile("adam", "mse", metrics=[Forgetful(2.0)])
    for function in (sa.convert, sa.to_stock):
        with pytest.raises(errors.CompileStateError) as caught:
            function(model)
        assert (caught.value.part, type(caught.value.value)) == ("metrics", Forgetful)
        assert "Forgetful.get_config()" in str(caught.value)
