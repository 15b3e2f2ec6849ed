"""Loss-scaling optimizers as Keras 2 wrote them: what ``check`` says, and what ``repair`` makes of them."""

import json

import h5py
import keras
import pytest

from serialactivation.rules.rule import Verdict
from tests.helpers.checking import check_file, repair
from tests.helpers.target import RELEASE

pytestmark = pytest.mark.together

ADAM = {"name": "Adam", "beta_1": 0.8}
INNER = {
    "of Keras 2": {"class_name": "Adam", "config": {**ADAM, "lr": 0.25, "decay": 0.0}},
    "registered": {"class_name": "Custom>Adam", "config": {**ADAM, "learning_rate": 0.25, "jit_compile": False}},
    "of 2.15": {
        "module": "keras.optimizers",
        "class_name": "Adam",
        "config": {**ADAM, "learning_rate": 0.25, "is_legacy_optimizer": True},
        "registered_name": None,
    },
}
SCALES = {"moving": {"dynamic": True, "initial_scale": 64.0, "dynamic_growth_steps": 7}}
SCALES["fixed"] = {"dynamic": False, "initial_scale": 64.0, "dynamic_growth_steps": None}


def write(path, class_name, inner, scale):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.compile("adam", keras.losses.MeanSquaredError())
    model.save(path)
    with h5py.File(path, "r+") as file:
        training = json.loads(file.attrs["training_config"])
        training["optimizer_config"] = {"class_name": class_name, "config": {"inner_optimizer": inner, **scale}}
        file.attrs["training_config"] = json.dumps(training)
        file.pop("optimizer_weights", None)  # which have the learning rate, too


@pytest.mark.parametrize("class_name", ["LossScaleOptimizer", "LossScaleOptimizerV3"])
@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.filterwarnings("ignore")
def test_a_mended_optimizer_has_the_settings_that_were_stored(class_name, inner, scale, tmp_path, capsys):
    """Keras loads the optimizer in the copy, with its settings, and with the scale as it was used."""
    path, copy = tmp_path / "old.h5", tmp_path / "new.h5"
    write(path, class_name, INNER[inner], SCALES[scale])
    assert check_file(str(path), RELEASE).verdicts.whole in (Verdict.DOES_NOT_LOAD, Verdict.NOT_KNOWN)
    assert repair(path, "-o", copy, capsys=capsys)[0] == 0

    optimizer = keras.models.load_model(copy).optimizer
    stored = optimizer.get_config()
    if scale == "moving":
        assert (stored["initial_scale"], stored["dynamic_growth_steps"]) == (64.0, 7)
        stored = stored["inner_optimizer"]["config"]
    else:
        assert stored["loss_scale_factor"] == 64.0
    assert (stored["learning_rate"], stored["beta_1"]) == (0.25, 0.8)


@pytest.mark.parametrize("inner", ["of Keras 2", "placed"])
@pytest.mark.filterwarnings("ignore")
def test_the_verdict_on_a_loss_scaling_optimizer_is_that_of_keras(inner, tmp_path):
    """An inner optimizer without a module, and a scale that does not change, are refused by Keras."""
    placed = {"module": "keras.optimizers", "class_name": "Adam", "config": ADAM, "registered_name": None}
    stored = {"class_name": "Adam", "config": ADAM} if inner == "of Keras 2" else placed
    path = tmp_path / "old.h5"
    for scale, dynamic in (("moving", True), ("fixed", False)):
        write(path, "LossScaleOptimizer", stored, {"name": "scaled", **SCALES[scale]})
        is_loaded = check_file(str(path), RELEASE).verdicts.whole is Verdict.LOADS
        assert is_loaded == (inner == "placed" and dynamic)
        if is_loaded:
            keras.models.load_model(path)
        else:
            with pytest.raises((TypeError, ValueError)):
                keras.models.load_model(path)


@pytest.mark.parametrize("inner", [None, "adam", {"class_name": "Adam"}, {"class_name": "Adam", "config": None}])
@pytest.mark.parametrize("scale", [SCALES["fixed"], {"dynamic": False}, {"dynamic": False, "initial_scale": "big"}])
@pytest.mark.filterwarnings("ignore")
def test_an_incomplete_optimizer_is_left(inner, scale, tmp_path, capsys):
    """Without an optimizer that can hold the scale, or without a scale, nothing is repaired, and the status says so."""
    path, copy = tmp_path / "old.h5", tmp_path / "new.h5"
    write(path, "LossScaleOptimizer", inner, scale)
    assert repair(path, "-o", copy, capsys=capsys)[0] in (1, 2)
    assert not copy.exists()
