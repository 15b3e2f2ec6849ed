"""``serialactivation repair``: losses and optimizers that not every format or backend finds by their stored names."""

import contextlib
import copy
import json

import keras
import numpy as np
import pytest

from serialactivation.catalog.classes import find_name
from serialactivation.cli import main
from serialactivation.files.rewrite import rewrite_configs
from serialactivation.files.saved_model import read_archive
from serialactivation.repairs.keras3.use_public_names import RESPELL
from serialactivation.tree.nodes import MODEL, TRAINING, Root
from tests.helpers.checking import check_file
from tests.helpers.processes import run_python
from tests.matrix.cells import randomize
from tests.matrix.values import BY_NAME

X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
TORCH = "keras.src.backend.torch.optimizers.torch_adam"

# Loads a model, without PyTorch if it is not the backend, and returns three losses from how it goes on.
CONTINUE = """
import json, sys
import keras, numpy as np
if keras.backend.backend() != "torch":
    sys.modules["torch"] = None
x, go_on = np.load(sys.argv[2]), sys.argv[3]
model = keras.models.load_model(sys.argv[1])
variables = model.variables + (model.optimizer.variables if go_on == "train_on_batch" else [])
state = [keras.ops.convert_to_numpy(v).tolist() for v in variables]
print(json.dumps([state, [float(getattr(model, go_on)(x, x)) for _ in range(3)]]))
"""
TORCH_IS_THERE = keras.backend.backend() == "torch"


@pytest.fixture
def trained():
    """A model with the state of its optimizer."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, "tanh")])
    model.compile(keras.optimizers.Adam(0.05), "mse")
    randomize(model, np.random.default_rng(1))
    for _ in range(3):
        model.train_on_batch(X, X)
    return model


def go_on(path, how):
    """Return the variables of the model at *path*, loaded in a new process, and its next losses."""
    inputs = path.with_suffix(".npy")
    np.save(inputs, X)
    return json.loads(run_python(CONTINUE, str(path), str(inputs), how).splitlines()[-1])


def check_it_goes_on(model, path, how="train_on_batch"):
    """Compare the model at *path*, loaded in a new process, with *model*."""
    state, losses = go_on(path, how)
    variables = model.variables + (model.optimizer.variables if how == "train_on_batch" else [])
    assert state == [keras.ops.convert_to_numpy(v).tolist() for v in variables]
    model.reset_metrics()
    assert losses == pytest.approx([float(getattr(model, how)(X, X)) for _ in range(3)], rel=1e-6)


def name_torch(config):
    """Return what Keras with PyTorch writes."""
    optimizer = {**config["compile_config"]["optimizer"], "module": TORCH, "registered_name": "Adam"}
    return {**config, "compile_config": {**config["compile_config"], "optimizer": optimizer}}


def test_an_optimizer_of_pytorch_loads_without_it(trained, tmp_path):
    """The optimizer loads under another backend with its state, and the next losses are the same."""
    stored, repaired = tmp_path / "stored.keras", tmp_path / "repaired.keras"
    trained.save(stored)
    if TORCH_IS_THERE:
        assert name_torch(read_archive(stored).config) == read_archive(stored).config
    else:
        rewrite_configs(stored, name_torch)
        with pytest.raises(AssertionError, match="cannot be imported"):
            go_on(stored, "train_on_batch")

    (finding,) = check_file(str(stored)).findings
    assert (finding.code, finding.path) == ("SA208", "$.compile_config.optimizer")
    assert main(["repair", str(stored), "-o", str(repaired)]) == 0
    assert check_file(str(repaired)).findings == ()
    check_it_goes_on(trained, repaired)


def test_a_loss_in_an_hdf5_file_is_found_by_its_name_in_full(trained, tmp_path, capsys):
    """And the model as it was compiled; stock Keras does not load the optimizer's state of this format here."""
    trained.save(tmp_path / "stored.h5")
    with pytest.raises(AssertionError, match="mse") if BY_NAME else contextlib.nullcontext():
        go_on(tmp_path / "stored.h5", "test_on_batch")
    assert main(["repair", str(tmp_path / "stored.h5"), "-o", str(tmp_path / "repaired.h5")]) == 0
    assert "respell  $.training_config.loss: 'mse' renamed to 'mean_squared_error'" in capsys.readouterr().out
    check_it_goes_on(trained, tmp_path / "repaired.h5", "test_on_batch")


@pytest.mark.parametrize("short", ["bce", "kld", "mae", "mape", "mse", "msle"])
def test_the_name_in_full_is_the_same_loss(short):
    """The long name is a name of the same function, which Keras finds."""
    config = {"loss": {"out": short}, "metrics": [[short]]}
    repaired, changes = RESPELL.apply(config, TRAINING, None)
    assert [change.path for change in changes] == ["$.training_config.loss.out"]
    assert repaired["metrics"] == config["metrics"]
    assert keras.losses.get(repaired["loss"]["out"]) is keras.losses.get(short)
    assert find_name("training.losses", repaired["loss"]["out"]) is not None
    assert RESPELL.apply(repaired, TRAINING, None) == (repaired, ())


def test_an_optimizer_in_another_is_respelt_too():
    """The optimizer and the one inside it have public names in the result; the given config is unchanged."""
    module = "keras.src.backend.torch.optimizers.torch_adam"
    inner, outer = ({"module": module, "class_name": "Adam", "config": {}, "registered_name": "Adam"} for _ in "io")
    outer["config"]["inner_optimizer"] = inner
    model = {"class_name": "Sequential", "config": {"layers": []}, "compile_config": {"optimizer": outer}}
    before = copy.deepcopy(model)
    repaired, changes = RESPELL.apply(model, MODEL, None)
    assert model == before
    assert len(changes) == 2
    assert module not in json.dumps(repaired)


def test_what_has_no_other_name_is_left_alone():
    """A metric, and a class of another package in a module of the same name."""
    trained = {"loss": None, "metrics": ["io_u"]}
    assert RESPELL.apply(trained, TRAINING, None) == (trained, ())
    theirs = {"optimizer": {"module": "their.src.backend.torch.optimizers.adam", "class_name": "Adam", "config": {}}}
    model = {"class_name": "Sequential", "config": {"name": "m", "layers": []}, "compile_config": theirs}
    assert RESPELL.apply(model, MODEL, None) == (model, ())
    assert RESPELL.apply({}, Root(), None) == ({}, ())
