"""What ``check`` says of the state of an optimizer, held against what the installed Keras makes of it."""

import json
import warnings
import zipfile

import keras
import numpy as np
import pytest

from serialactivation.cli import main
from serialactivation.rules.rule import Verdict
from tests.helpers.checking import check_file
from tests.helpers.target import RELEASE
from tests.verdicts.broken_weights import break_file, replace

pytestmark = pytest.mark.together

layers, optimizers = keras.layers, keras.optimizers

OPTIMIZERS = {
    **{name: getattr(optimizers, name) for name in ("Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax")},
    **{name: getattr(optimizers, name) for name in ("Ftrl", "Lamb", "Lion", "Nadam", "RMSprop", "SGD")},
    "amsgrad": lambda: optimizers.Adam(amsgrad=True),
    "averages": lambda: optimizers.Nadam(use_ema=True, gradient_accumulation_steps=2),
    "centered": lambda: optimizers.RMSprop(momentum=0.5, centered=True),
    "momentum": lambda: optimizers.SGD(momentum=0.5),
    "schedule": lambda: optimizers.Adam(optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)),
    "scaled": lambda: optimizers.LossScaleOptimizer(optimizers.Adam()),
}
if hasattr(optimizers, "ScheduleFreeAdamW"):
    OPTIMIZERS["ScheduleFreeAdamW"] = optimizers.ScheduleFreeAdamW

CODES = {"SA257", "SA258"}


def make_model(optimizer):
    """Return a model with layers that are trained, frozen, and inside other layers."""
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, trainable=False), layers.Dense(2)], name="inner")
    inputs = keras.Input((5, 3))
    hidden = layers.Bidirectional(layers.LSTM(2), name="both")(inputs)
    model = keras.Model(inputs, inner(layers.BatchNormalization(name="norm")(hidden)), name="model")
    model.compile(optimizer=optimizer, loss=keras.losses.MeanSquaredError())
    return model


def train(model):
    """Make the variables of the optimizer, as training does."""
    model.optimizer.build(model.trainable_variables)
    model.optimizer.variables[0].assign(3)
    return model


def save(model, path):
    with warnings.catch_warnings(action="ignore"):
        model.save(path)
    return path


def load(path, **options):
    """Return whether Keras loads a file, with a warning that it leaves the state out; or why it does not."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            keras.models.load_model(path, **options)
        except Exception as error:  # whatever a broken file makes of Keras
            return repr(error)
    return "left out" if any("Skipping variable" in str(one.message) for one in caught) else "loads"


def find_codes(path):
    return {finding.code for finding in check_file(str(path), RELEASE).findings} & CODES


def list_state(file):
    """Return the paths of an optimizer's variables, in Keras's order."""
    if "optimizer_weights" in file:
        names = file["optimizer_weights"].attrs["weight_names"]
        return [f"optimizer_weights/{name.decode() if isinstance(name, bytes) else name}" for name in names]
    return [f"optimizer/vars/{number}" for number in range(len(file["optimizer/vars"]))]


def reshape(file):
    path = list_state(file)[3]
    replace(file, path, np.zeros((9, 9), "float32"))


def write_text(file):
    path = list_state(file)[0]
    replace(file, path, np.full(file[path].shape, b"one"))


def cast(file):
    path = list_state(file)[3]
    replace(file, path, np.zeros(file[path].shape, "int8"))


def remove(file):
    del file[list_state(file)[-1]]


def rename(file):
    path = list_state(file)[-1]
    file.move(path, f"{path}x")


def add(file):
    file.create_dataset(f"{list_state(file)[-1]}0", data=np.zeros(2))


def empty(file):
    for path in list_state(file):
        del file[path]


def unnamed(file):
    """Take the names of the variables out of an HDF5 file."""
    if "optimizer_weights" in file:
        del file["optimizer_weights"].attrs["weight_names"]


BREAKAGES = (reshape, write_text, cast, remove, rename, add, empty, unnamed)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_variables_of_each_optimizer_are_known(name, tmp_path):
    """A whole file has no finding, and a state of another shape, or none, has one, as Keras refuses or skips it."""
    path = save(train(make_model(OPTIMIZERS[name]())), tmp_path / "whole.keras")
    assert (find_codes(path), load(path)) == (set(), "loads")
    broken = tmp_path / "broken.keras"
    break_file(path, broken, lambda file: replace(file, list_state(file)[-1], np.zeros((9, 9), "float32")))
    assert find_codes(broken) == {"SA257"}
    assert check_file(str(broken), RELEASE).verdicts.whole is Verdict.DOES_NOT_LOAD
    assert "could not be loaded" in load(broken)
    break_file(path, broken, remove)
    assert (find_codes(broken), load(broken)) == ({"SA258"}, "left out")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("states")
    for name in ("Adam", "scaled"):
        model = train(make_model(OPTIMIZERS[name]()))
        for suffix in (".keras", ".h5"):
            save(model, folder / f"{name}{suffix}")
    return folder


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", ["Adam", "scaled"])
def test_what_is_said_of_a_state_is_what_happens(name, breakage, suffix, folder, tmp_path):
    """``check`` tells a state that Keras refuses from one that it leaves out and one that fits; each cure works."""
    path = tmp_path / f"broken{suffix}"
    break_file(folder / f"{name}{suffix}", path, breakage)
    outcome = load(path)
    expected = {"loads": set(), "left out": set() if breakage is empty else {"SA258"}}.get(outcome, {"SA257"})
    assert find_codes(path) == expected, outcome
    assert load(path, compile=False) == "loads"
    if expected == {"SA257"}:
        mended = tmp_path / f"mended{suffix}"
        assert main(["repair", str(path), "-o", str(mended)]) == 0
        assert load(mended) == ("left out" if suffix == ".keras" else "loads")
        assert find_codes(mended) == set()


def test_an_optimizer_that_has_not_trained_has_no_finding(tmp_path):
    """``check`` has no finding on an optimizer without training, of whose state nothing can be lost."""
    path = save(make_model("adam"), tmp_path / "new.keras")
    assert find_codes(path) == set()


def test_a_layer_that_is_released_after_training_is_found(tmp_path):
    """``check`` reports an optimizer that has fewer variables than the loaded one, because a layer was unfrozen."""
    model = train(make_model("adam"))
    model.get_layer("inner").trainable = True
    path = save(model, tmp_path / "released.keras")
    assert (find_codes(path), load(path)) == ({"SA258"}, "left out")


def test_the_optimizer_of_a_model_that_is_not_built_has_no_slots(tmp_path):
    """``check`` reports the state of an optimizer whose model Keras builds only after the load."""
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model.compile(optimizers.SGD(0.1, momentum=0.5), keras.losses.MeanSquaredError())
    whole, path = save(train(model), tmp_path / "whole.keras"), tmp_path / "model.keras"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            config = json.loads(old.read(name)) if name == "config.json" else None
            if config is not None:
                del config["config"]["layers"][0], config["config"]["build_input_shape"], config["build_config"]
            new.writestr(name, old.read(name) if config is None else json.dumps(config))
    assert (find_codes(path), load(path)) == ({"SA258"}, "left out")


def test_the_repair_is_offered_with_its_command(folder, tmp_path, capsys):
    """``check`` prints the command of ``repair``, and ``repair`` says what it leaves out."""
    path = tmp_path / "broken.keras"
    break_file(folder / "Adam.keras", path, reshape)
    assert main(["check", "--no-config", str(path)]) == 1
    assert f"serialactivation repair {path} -o" in capsys.readouterr().out
    assert main(["repair", str(path), "-o", str(tmp_path / "mended.keras")]) == 0
    assert "state  $.compile_config.optimizer: its state is left out" in capsys.readouterr().out
