"""``save_model(target_keras=...)``: a file that an older Keras loads, or an error that says why there is none."""

import functools
import json
import re
import zipfile

import h5py
import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.catalog.classes import NEWER, NEWER_CLASSES
from serialactivation.catalog.graphs import find_early_call
from serialactivation.catalog.versions import OLDEST, is_newer
from serialactivation.errors import TargetKerasError
from tests.matrix.cells import randomize

X = np.random.default_rng(2).normal(size=(5, 4)).astype("float32")
Y = np.zeros((5, 1), "float32")


def trained():
    """A compiled model of stock layers, ours and a user's, with losses and metrics that have gained keywords."""
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(5, activation="tanh", name="stock"),
            sa.layers.Dense(4, activation=keras.layers.PReLU(), name="ours"),
            sa.layers.Dense(4, activation=keras.ops.gelu, name="operation"),
            keras.layers.BatchNormalization(name="normalizing"),
            keras.layers.Dense(3, activation="softmax", name="head"),
        ]
    )
    metrics = [keras.metrics.SparseCategoricalCrossentropy(), keras.metrics.SparseTopKCategoricalAccuracy(2)]
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(), metrics=metrics)
    model.fit(X, Y, verbose=0)
    randomize(model, np.random.default_rng(3))
    return model


def read_configs(path):
    """Return all configs in a file as text."""
    if path.suffix == ".keras":
        return zipfile.ZipFile(path).read("config.json").decode()
    with h5py.File(path) as file:
        return "".join(file.attrs[name] for name in ("model_config", "training_config"))


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_file_for_an_older_keras_has_nothing_newer(suffix, tmp_path):
    """No keyword of the table is in it; the installed Keras loads it too, compiled, and it computes the same."""
    model, path = trained(), tmp_path / f"model{suffix}"
    sa.save_model(model, path, target_keras=OLDEST)
    newer = {keyword.name for classes in NEWER.values() for known in classes.values() for keyword in known} - {
        "seed",  # of a GroupQueryAttention; every initializer has one
        "axis",  # of a loss; every BatchNormalization has one
        "ignore_class",  # of a metric; the loss has one, which is counted below
    }
    configs = read_configs(path)
    revived = sa.load_model(path)

    assert {name for name in newer if f'"{name}"' in configs} == set()
    assert configs.count('"ignore_class"') == {".keras": 1, ".h5": 2}[suffix]  # that one keeps the loss twice
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(revived(X)), keras.ops.convert_to_numpy(model(X)), strict=True
    )
    assert [metric["class_name"] for metric in revived.get_compile_config()["metrics"]] == [
        "SparseCategoricalCrossentropy",
        "SparseTopKCategoricalAccuracy",
    ]
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_for_the_installed_keras_is_what_it_always_is(tmp_path):
    """Nothing is left out that it knows."""
    model = trained()
    for name, target in (("plain", None), ("aimed", keras.__version__)):
        sa.save_model(model, tmp_path / f"{name}.keras", target_keras=target)

    plain, aimed = (json.loads(read_configs(tmp_path / f"{name}.keras")) for name in ("plain", "aimed"))
    assert plain == aimed


# Layers of a model, the first Keras that has what is new in them, and what the error calls it.
NEWER_LAYERS = {
    "class": (lambda: keras.layers.RMSNormalization(), "3.9", "keras.layers.RMSNormalization"),
    "keyword": (
        lambda: keras.layers.BatchNormalization(renorm=True),
        "3.14",
        "keras.layers.BatchNormalization(renorm=True)",
    ),
    "name": (lambda: sa.layers.Dense(3, activation="squareplus"), "3.7", "keras.activations.squareplus"),
    "operation": (
        lambda: sa.layers.Dense(3, activation=functools.partial(keras.ops.squareplus, b=3)),
        "3.7",
        "keras.ops.squareplus",
    ),
    "stock": (lambda: keras.layers.Dense(3, activation="squareplus"), "3.7", "keras.activations.squareplus"),
    "nested": (
        lambda: sa.layers.Dense(3, activation=keras.Sequential([keras.layers.Activation("squareplus")])),
        "3.7",
        "keras.activations.squareplus",
    ),
}
PRESENT = {name: case for name, case in NEWER_LAYERS.items() if not is_newer(case[1], keras.__version__)}


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_what_the_older_keras_lacks_is_refused(suffix, tmp_path):
    """The error says what, and since when; the file that was there stays as it was, and nothing is left beside it."""
    path = tmp_path / f"model{suffix}"
    path.write_text("before")
    for make, since, what in PRESENT.values():
        see_refused(make, since, what, path)
    assert list(tmp_path.iterdir()) == [path]


def see_refused(make, since, what, path):
    with pytest.raises(TargetKerasError, match=re.escape(f"{what}, which Keras has since {since}")) as caught:
        sa.save_model(keras.Sequential([keras.Input((4,)), make()]), path, target_keras="3.6.0")

    assert caught.value.target == "3.6.0"
    assert path.read_text() == "before"


def test_an_object_in_a_stock_layer_is_refused_where_keras_cannot_read_it(tmp_path):
    """Keras's own layers read an operation and a layer since 3.10; ours do everywhere."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=keras.layers.LeakyReLU())])
    with pytest.raises(
        TargetKerasError, match=r"LeakyReLU, which a stock layer reads only since Keras 3\.10"
    ) as caught:
        sa.save_model(model, tmp_path / "model.keras", target_keras="3.9.2")

    assert "serialactivation.convert" in str(caught.value)
    sa.save_model(sa.convert(model), tmp_path / "model.keras", target_keras="3.9.2")
    sa.save_model(model, tmp_path / "model.keras", target_keras="3.10")


def test_an_operation_is_stored_without_its_name(tmp_path):
    """Operations take a name since Keras 3.11, which writes it; before, Keras refuses it."""
    path, inputs = tmp_path / "model.keras", keras.Input((4,))
    model = keras.Model(inputs, keras.ops.gelu(keras.ops.leaky_relu(inputs, negative_slope=0.3)))
    sa.save_model(model, path, target_keras="3.10")
    nodes = json.loads(read_configs(path))["config"]["layers"]

    assert [node["config"] for node in nodes[1:]] == [{"negative_slope": 0.3}, {"approximate": True}]
    np.testing.assert_array_equal(*(keras.ops.convert_to_numpy(one(X)) for one in (sa.load_model(path), model)))


def test_a_graph_that_keras_3_6_cannot_follow_is_refused(tmp_path):
    """A layer that stands before a layer that feeds its second call."""
    twice = keras.layers.ReLU(name="twice")
    inputs = keras.Input((4,))
    model = keras.Model(inputs, twice(keras.layers.Dense(4, name="between")(twice(inputs))))
    with pytest.raises(TargetKerasError, match="'twice' is called on the output of a later layer"):
        sa.save_model(model, tmp_path / "model.keras", target_keras="3.6")

    sa.save_model(model, tmp_path / "model.keras", target_keras="3.7")
    assert find_early_call(model.get_config()) == "twice"
    assert find_early_call(keras.Model(inputs, twice(keras.layers.Dense(4)(inputs))).get_config()) is None


@pytest.mark.parametrize("target", ["3.5", "2.15.0", "newest", "3", "", 3.10, ("3", "10")])
def test_what_is_no_version_is_refused(target, tmp_path):
    """3.10 as a number would be 3.1."""
    with pytest.raises(TargetKerasError) as caught:
        sa.save_model(keras.Sequential([keras.layers.Dense(1)]), tmp_path / "model.keras", target_keras=target)

    assert caught.value.target == target
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("folder", {"zipped": False}),
        ("gs://bucket/model.keras", {}),
        ("model.tf", {}),
        ("model.keras", {"zipped": False}),
    ],
)
def test_another_place_than_a_local_file_is_refused(name, arguments, tmp_path, monkeypatch):
    """The file is changed before it is moved into place."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TargetKerasError, match=r"not a local \.keras or \.h5 file"):
        sa.save_model(keras.Sequential([keras.layers.Dense(1)]), name, target_keras="3.10", **arguments)


def test_a_file_that_is_there_is_not_overwritten_unless_asked(tmp_path):
    """Keras asks; here nobody can answer."""
    path = tmp_path / "model.keras"
    path.write_text("before")
    with pytest.raises(TargetKerasError, match="exists"):
        sa.save_model(trained(), path, overwrite=False, target_keras="3.10")
    assert path.read_text() == "before"


class Own(keras.layers.Dense):
    """A user's subclass, which nobody registered: it takes the newer keywords as its own, or hands them up."""

    def __init__(self, units, lora_alpha=None, **kwargs):
        super().__init__(units, **kwargs)


def test_a_users_subclass_is_pruned_of_what_it_hands_up(tmp_path):
    """Keywords that the constructor passes to its parent are dropped; those that it names itself stay."""
    model = keras.Sequential([keras.Input((4,)), Own(3)])
    path = tmp_path / "model.keras"
    sa.save_model(model, path, target_keras=OLDEST)
    config = json.loads(read_configs(path))["config"]["layers"][-1]["config"]

    assert "quantization_config" not in config
    assert "input_axes" not in config["kernel_initializer"]["config"]


def test_the_table_of_classes_names_each_once():
    """By module and name, with a version after the oldest."""
    assert len(NEWER_CLASSES) > 40
    assert all(is_newer(since, OLDEST) for since in NEWER_CLASSES.values())
