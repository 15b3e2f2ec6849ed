"""``serialactivation repair``: an activation that stock Keras shares, and saves as two, is one again."""

import json
import zipfile

import hypothesis
import hypothesis.strategies as st
import keras
import numpy as np
import pytest

from serialactivation.cli import main
from serialactivation.files.saved_model import read_archive
from serialactivation.repairs.keras3.number_shared_activations import UNIFY
from serialactivation.tree.nodes import Root
from tests.helpers.checking import check_file
from tests.helpers.configs import layer
from tests.helpers.processes import run_python
from tests.helpers.shared_activations import fill, sharing
from tests.matrix.values import OLD

X = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")

# Loads a model where this package cannot be imported, and goes on with its training.
CONTINUE = """
import json, sys
sys.modules["serialactivation"] = None
import keras, numpy as np
data = np.load(sys.argv[2])
model = keras.models.load_model(sys.argv[1])
weights = [keras.ops.convert_to_numpy(v).tolist() for v in model.variables + model.optimizer.variables]
losses = [float(model.train_on_batch(data["x"], data["x"])) for _ in range(3)]
print(json.dumps([len(model.trainable_variables), weights, losses]))
"""


def trained(like="shared"):
    """Return a stock model with a shared PReLU that has been trained, and so has a state of its optimizer.

    Args:
        like: The name of the PReLU beside the shared one.
    """
    model = sharing(keras.layers, keras.layers.PReLU(name="shared"))
    model.get_layer("like").activation.name = like
    model.compile(keras.optimizers.Adam(0.05), "mse")
    fill(model)
    for _ in range(3):
        model.train_on_batch(X, X)
    return model


def codes(path):
    return [finding.code for finding in check_file(str(path)).findings]


def test_a_shared_activation_is_one_again(tmp_path, capsys):
    """Stock Keras loads it, with every variable, the optimizer's too, and the next losses are the same.

    On PyTorch, stock Keras takes two variables of one path for one when it clears their gradients; in what it loads,
    the path of an activation's variable does not name the layer. So the names are different here.
    """
    model, lost, repaired = trained(like="other"), tmp_path / "lost.keras", tmp_path / "repaired.keras"
    model.save(lost)
    assert codes(lost) == ["SA110", "SA208"][: 1 + (keras.backend.backend() == "torch")]
    assert main(["repair", str(lost), "-o", str(repaired)]) == 0
    assert "unify" in capsys.readouterr().out
    assert codes(repaired) == []
    if OLD:
        return  # its stock layers load no layer as their activation, shared or not

    np.savez(tmp_path / "x.npz", x=X)
    number, variables, losses = json.loads(
        run_python(CONTINUE, str(repaired), str(tmp_path / "x.npz")).splitlines()[-1]
    )
    before = [keras.ops.convert_to_numpy(v).tolist() for v in model.variables + model.optimizer.variables]
    assert number == len(model.trainable_variables)
    assert variables == before
    model.reset_metrics()  # on Keras 3.10 train_on_batch returns a mean over all calls
    assert losses == pytest.approx([float(model.train_on_batch(X, X)) for _ in range(3)], rel=1e-6)


def test_mending_twice_is_mending_once(tmp_path):
    """The copy of the copy is exact, and the rest of the archive is as it was."""
    lost, once, twice = (tmp_path / f"{name}.keras" for name in ("lost", "once", "twice"))
    trained().save(lost)
    for source, target in ((lost, once), (once, twice)):
        assert main(["repair", str(source), "-o", str(target)]) == 0
    assert twice.read_bytes() == once.read_bytes()
    with zipfile.ZipFile(lost) as old, zipfile.ZipFile(once) as new:
        assert old.read("model.weights.h5") == new.read("model.weights.h5")
        assert old.read("config.json") != new.read("config.json")


def a_model(*numbers):
    """Return a config with one PReLU after another, each with its number or none."""
    layers = [
        layer("Dense", dtype="float32", name=f"dense_{place}", activation={
            **layer("PReLU", dtype="float32", name="same"), **({} if number is None else {"shared_object_id": number})
        })
        for place, number in enumerate(numbers)
    ]  # fmt: skip
    return {"class_name": "Sequential", "config": {"name": "model", "layers": layers}}


def find_numbers(config):
    return [layer["config"]["activation"].get("shared_object_id") for layer in config["config"]["layers"]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((None, 7), [1, 1]),
        ((None, 7, 7), [1, 1, 1]),
        ((None, 1), [2, 2]),
        ((7, 7), [7, 7]),
        ((None, None), [None, None]),
        ((7, None), [7, None]),
        ((None, None, 7), [None, None, 7]),
        ((None, 7, 8), [None, 7, 8]),
    ],
)
def test_a_number_collides_with_no_other(before, after):
    """And where two may be meant, none is taken for it."""
    config = a_model(*before)
    unified, _ = UNIFY.apply(config, Root(), None)
    assert find_numbers(unified) == after
    assert find_numbers(config) == list(before)


@hypothesis.given(
    stored=st.lists(st.tuples(st.sampled_from([None, 1, 2, True]), st.sampled_from(["PReLU", "Dense"])), max_size=8)
)
@hypothesis.settings(deadline=None)
def test_nothing_is_left_that_could_be_one(stored):
    """Where one is certain, another may be, whose number was the first's; of two classes among one another."""
    config = a_model(*(number for number, _ in stored))
    for stored_layer, (_, class_name) in zip(config["config"]["layers"], stored, strict=True):
        stored_layer["config"]["activation"]["class_name"] = class_name
    unified, _ = UNIFY.apply(config, Root(), None)
    assert UNIFY.apply(unified, Root(), None) == (unified, ())


def test_one_of_the_same_name_stays_another(tmp_path):
    """The activation beside the shared one has no number after it either."""
    path = tmp_path / "lost.keras"
    trained().save(path)
    numbers = find_numbers(_only_prelus(UNIFY.apply(read_archive(path).config, Root(), None)[0]))
    assert numbers[0] == numbers[1] is not None
    assert numbers[2] is None


def _only_prelus(config):
    layers = [layer for layer in config["config"]["layers"] if isinstance(layer["config"].get("activation"), dict)]
    return {"config": {"layers": layers}}
