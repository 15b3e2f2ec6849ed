"""What ``check`` says of the weights of activations, and of the dtype and the formula that they compute with."""

import json

import h5py
import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.cli import main
from serialactivation.files.saved_model import read_archive
from serialactivation.rules.activations.sites import find_changed_meaning
from serialactivation.tree.nodes import find_sites
from serialactivation.tree.weight_groups import find_objects
from tests.helpers.checking import check_file, findings_of
from tests.helpers.configs import layer
from tests.helpers.shared_activations import fill, sharing
from tests.matrix.values import OLD

FORMATS = pytest.mark.parametrize("suffix", [".keras", ".h5"])


def save(model, path):
    """Save *model* after a call, with random weights."""
    fill(model)
    model.save(path)
    return path


def found(path):
    """Return the codes that :func:`check_file` finds, with the layers that they are found in."""
    return [(finding.code, finding.layer) for finding in check_file(str(path)).findings]


@FORMATS
def test_a_shared_activation_that_was_saved_twice_is_found(suffix, tmp_path):
    """The finding is on the second owner in a file of stock Keras; another object of the same name has none."""
    path = save(sharing(keras.layers, keras.layers.PReLU(name="shared")), tmp_path / f"model{suffix}")
    assert found(path) == [("SA110", "model/second")]
    (finding,) = check_file(str(path)).findings
    assert "model/first's activation" in finding.evidence
    assert finding.severity.name == ("ERROR" if suffix == ".keras" else "WARNING")


def test_what_is_found_is_what_keras_loses(tmp_path):
    """The file with the finding does not load; the one without it does."""
    path = save(sharing(keras.layers, keras.layers.PReLU(name="shared")), tmp_path / "lost.keras")
    with pytest.raises(TypeError if OLD else ValueError, match="could not be"):  # where it reads no layer at all
        keras.models.load_model(path)
    kept = save(sharing(sa.layers, keras.layers.PReLU(name="shared")), tmp_path / "kept.keras")
    assert len(keras.models.load_model(kept).weights) == 10
    assert found(kept) == []


@FORMATS
def test_a_shared_activation_of_ours_is_not_found(suffix, tmp_path):
    """It has its number wherever it stands."""
    model = sharing(sa.layers, keras.layers.PReLU(name="shared"))
    fill(model)
    sa.save_model(model, tmp_path / f"model{suffix}")
    assert found(tmp_path / f"model{suffix}") == []


@FORMATS
def test_a_shared_activation_without_weights_is_not_found(suffix, tmp_path):
    """Two of it compute what one does."""
    assert found(save(sharing(keras.layers, keras.layers.ReLU(name="shared")), tmp_path / f"model{suffix}")) == []


def weights(path):
    """Return, of each activation of the model at *path*, whether its weights are in the file."""
    report = check_file(str(path))
    return [report.weights.get(site.steps) for site in report.sites]


@FORMATS
def test_where_the_weights_are_is_told(suffix, tmp_path, capsys):
    """Each activation with weights is shown with their place; a shared one has one place, unless it was saved twice."""
    kept, lost = (tmp_path / f"{name}{suffix}" for name in ("kept", "lost"))
    model = sharing(sa.layers, keras.layers.PReLU(name="shared"))
    fill(model)
    sa.save_model(model, kept)
    assert weights(kept) == [True, None, True, True]
    save(sharing(keras.layers, keras.layers.PReLU(name="shared")), lost)
    assert weights(lost) == [True, None, suffix == ".h5", True]

    assert main(["check", str(kept), str(lost), "--format", "text"]) == 1
    printed = capsys.readouterr().out
    assert "  model/between  activation = relu\n" in printed
    assert "  model/second   activation = PReLU(), shared by 2, weights in the file\n" in printed
    assert printed.count("weights missing") == (suffix == ".keras")
    main(["check", str(lost), "--format", "json"])
    listed = json.loads(capsys.readouterr().out)["files"][0]["activations"]
    assert [one["weights_in_file"] for one in listed] == weights(lost)


def test_an_activation_that_is_a_layer_of_the_graph_too_is_found(tmp_path):
    """It is found if the layer comes after the activation: a layer that comes first keeps its number."""
    outcomes = {}
    for name in ("before", "after"):
        shared = keras.layers.PReLU(name="shared")
        layers = [keras.layers.Dense(4, activation=shared, name="dense"), shared]
        ordered = layers if name == "after" else layers[::-1]
        model = keras.Sequential([keras.Input((4,)), *ordered], name="model")
        outcomes[name] = found(save(model, tmp_path / f"{name}.keras"))
    assert outcomes == {"before": [], "after": [("SA110", "model/dense")]}


@FORMATS
def test_weights_that_are_not_in_the_file_are_found(suffix, tmp_path):
    """A stock model that was never called has no weights of the activation, which Keras had not built."""
    inputs = keras.Input((4,))
    outputs = keras.layers.Dense(3, activation=keras.layers.PReLU(name="late"), name="head")(inputs)
    model = keras.Model(inputs, outputs, name="model")
    model.save(tmp_path / f"early{suffix}")
    assert found(tmp_path / f"early{suffix}") == [("SA111", "model/head")]
    assert weights(tmp_path / f"early{suffix}") == [False]
    assert found(save(model, tmp_path / f"late{suffix}")) == []
    assert weights(tmp_path / f"late{suffix}") == [True]


def nested():
    """Return a model with an activation that has weights in every kind of place."""
    layers, prelu = sa.layers, keras.layers.PReLU
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, activation=prelu())], name="inner")
    cells = [layers.LSTMCell(3, activation=prelu()), layers.GRUCell(4, activation=prelu())]
    deep = keras.Sequential([keras.layers.Dense(4), prelu()], name="deep")
    return keras.Sequential(
        [
            keras.Input((5, 4)),
            keras.layers.Bidirectional(layers.LSTM(3, activation=prelu(), return_sequences=True)),
            keras.layers.TimeDistributed(layers.Dense(4, activation=prelu())),
            keras.layers.RNN(cells, return_sequences=True),
            layers.LSTM(4, activation=prelu(), recurrent_activation=prelu()),
            inner,
            layers.Dense(4, activation=prelu()),
            layers.Dense(4, activation=deep),
        ],
        name="model",
    )


@FORMATS
def test_weights_are_found_wherever_they_lie(suffix, tmp_path):
    """Weights are found in wrappers, cells, nested models and activations that are models."""
    model = nested()
    fill(model)
    sa.save_model(model, tmp_path / f"model{suffix}")
    assert found(tmp_path / f"model{suffix}") == []


def test_a_group_is_computed_from_the_config(tmp_path):
    """The weights of each activation are in one of the groups that are computed for it."""
    path = save(nested(), tmp_path / "model.keras")
    listed = read_archive(str(path)).variables()
    config = read_archive(path).config
    held = {one.steps: one for one in find_objects(config)}
    stated = [site for site in find_sites(config) if site.label in ("PReLU", "Sequential")]

    assert len(stated) >= 9
    for site in stated:
        groups = held[site.steps].groups
        assert any(name.startswith(f"{group}/") for name in listed for group in groups), (site.layer, groups)
    assert listed["layers/dense/vars/0"].shape == (4, 4)


def policy(name, class_name="DTypePolicy"):
    return {"module": "keras", "class_name": class_name, "config": {"name": name}}


@pytest.mark.parametrize(
    ("owner", "activation", "codes"),
    [
        ("mixed_float16", "float32", ["SA112"]),
        (policy("mixed_float16"), policy("float32"), ["SA112"]),
        (policy("float32"), "float32", []),
        (policy("int8_from_mixed_float16", "QuantizedDTypePolicy"), policy("mixed_float16"), []),
        ("float32", None, []),
        (None, "float32", []),
    ],
)
def test_another_dtype_policy_is_found(owner, activation, codes):
    """Different policies are found in every form in which a file stores them."""
    config = layer("Dense", dtype=owner, name="dense", activation=layer("ReLU", dtype=activation))
    assert [finding.code for finding in findings_of(config)] == codes


def test_a_policy_that_differs_is_one_that_keras_computes_in(tmp_path):
    """Stock Keras returns float32 from the layer that is reported, and ours, which is not, float16."""
    outputs = {}
    for layers in (keras.layers, sa.layers):
        layer = layers.Dense(3, dtype="mixed_float16", activation=keras.layers.ReLU(), name="head")
        model = keras.Sequential([keras.Input((4,)), layer], name="model")
        path = save(model, tmp_path / f"{layers.__name__}.keras")
        outputs[keras.backend.standardize_dtype(layer(np.ones((2, 4))).dtype)] = found(path)
    assert outputs == {"float32": [("SA112", "model/head")], "float16": []}


@pytest.mark.parametrize(("version", "codes"), [("2.15.0", ["SA113"]), ("1.2.2", ["SA113"]), ("3.0.5", []), (None, [])])
def test_a_name_that_changed_its_meaning_is_found(version, codes):
    """hard_sigmoid is found in a file of Keras 1 or 2, where it meant another function."""
    config = layer("LSTM", dtype="float32", activation="tanh", recurrent_activation="hard_sigmoid")
    assert [finding.code for site in find_sites(config) for finding in find_changed_meaning(site, version)] == codes


def test_the_meaning_that_changed_is_that_of_keras():
    """Keras 3 computes what the finding says."""
    x = np.linspace(-5, 5, 41).astype("float32")
    now = keras.ops.convert_to_numpy(keras.activations.hard_sigmoid(keras.ops.convert_to_tensor(x)))
    assert np.allclose(now, np.clip(x / 6 + 0.5, 0, 1), atol=1e-6)
    assert not np.allclose(now, np.clip(0.2 * x + 0.5, 0, 1), atol=1e-2)


def test_an_old_file_is_checked(tmp_path):
    """Its version is one of its attributes."""
    lstm = layer("LSTM", dtype="float32", name="lstm", units=3, recurrent_activation="hard_sigmoid")
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": [lstm]})
        file.attrs["keras_version"] = "2.2.4"
    assert ("SA113", "lstm") in found(tmp_path / "old.h5")
