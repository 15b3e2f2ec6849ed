"""Whole models through our own functions: sharing is kept in every format."""

import copy
import functools
import io
import json
import pathlib
import zipfile

import h5py
import keras
import numpy as np
import pytest

import serialactivation as sa
from benchmarks.counting import count_calls_of
from tests.helpers.processes import run_python
from tests.helpers.shared_activations import (
    MODELS,
    BuildsBidirectional,
    Chained,
    X,
    Y,
    assert_same,
    graph_and_owner,
    nested,
    other_argument,
    ours_and_stock,
    owner_and_graph,
    trained,
    two_owners,
)

pytestmark = pytest.mark.filterwarnings("error::serialactivation.errors.SharedActivationWarning")


@pytest.mark.parametrize("make", MODELS)
def test_keras_files_keep_sharing_and_training_goes_on(make, tmp_path):
    """Weights, optimizer state and the losses from there are the uninterrupted run's."""
    model = trained(make)
    sa.save_model(model, tmp_path / "model.keras")
    assert_same(model, sa.load_model(tmp_path / "model.keras"))
    assert [path.name for path in tmp_path.iterdir()] == ["model.keras"]


@pytest.mark.parametrize("make", MODELS)
def test_h5_files_keep_sharing(make, tmp_path):
    """The loaded model has as many weights and the same outputs; Keras restores no optimizer from this format."""
    model = trained(make)
    sa.save_model(model, tmp_path / "model.h5")
    revived = sa.load_model(tmp_path / "model.h5")

    assert len(revived.weights) == len(model.weights)
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))
    assert [path.name for path in tmp_path.iterdir()] == ["model.h5"]


def test_h5_files_hold_operations_of_a_functional_activation(tmp_path):
    """Keras's own older form of a config cannot name them."""
    inputs = keras.Input((4,))
    activation = keras.Model(inputs, keras.ops.gelu(inputs))
    model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(4, activation=activation)])
    sa.save_model(model, tmp_path / "model.h5")

    assert np.array_equal(
        keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(sa.load_model(tmp_path / "model.h5")(X))
    )


@pytest.mark.parametrize("make", MODELS)
def test_json_keeps_sharing(make):
    """The model made from the JSON has as many weights, and they fit."""
    model = trained(make)
    revived = sa.model_from_json(sa.model_to_json(model))
    revived.set_weights(model.get_weights())

    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))


@pytest.mark.parametrize("make", [two_owners, owner_and_graph, graph_and_owner, nested, other_argument, ours_and_stock])
def test_what_is_shared_is_told(make):
    """The warning about a lost sharing names both owners, of a layer with weights and of one without."""
    for shared in (keras.layers.PReLU(), keras.layers.LeakyReLU()):
        assert sa.model_to_json(make(shared)).count(f'"shared_object_id": {id(shared)}') == 2


def make_unshared():
    inputs = keras.Input((4,))
    x = sa.layers.Dense(4, activation=keras.layers.PReLU(name="inner"))(inputs)
    x = keras.Sequential([keras.Input((4,)), sa.layers.Dense(4, activation=keras.ops.gelu), sa.layers.Dense(4)])(x)
    x = keras.layers.TimeDistributed(sa.layers.Dense(4, activation="tanh"))(keras.ops.expand_dims(x, 1))
    return keras.Model(inputs, sa.layers.LSTM(4)(keras.layers.ReLU()(x)))


def test_where_nothing_is_shared_nothing_is_told():
    """The text is that of ``model.to_json``, and the same at each run: it holds no memory address."""
    model = make_unshared()
    text = sa.model_to_json(model)
    assert "shared_object_id" not in text
    assert text == model.to_json()

    clone = sa.clone_model(model)
    clone.set_weights(model.get_weights())
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(clone(X)))


def make_list_of(shared):
    chained = Chained([keras.layers.ReLU(), shared])
    return keras.Sequential([keras.Input((3, 4)), chained, sa.layers.Dense(4, activation=shared)])


def make_recurrent(shared):
    return keras.Sequential([keras.Input((3, 4)), sa.layers.GRU(4, activation=shared, return_sequences=True), shared])


def make_partial(shared):
    partial = functools.partial(shared, training=False)
    return keras.Sequential([keras.Input((3, 4)), *(sa.layers.Dense(4, activation=partial) for _ in range(2))])


@pytest.mark.parametrize("make", [make_list_of, make_recurrent, make_partial])
def test_what_is_shared_in_other_ways_stays_one(make):
    """One object in a list, in a recurrent layer's cell, or in a partial stays one object."""
    shared = keras.layers.Dropout(0.5)
    model = make(shared)
    for revived in (sa.model_from_json(sa.model_to_json(model)), sa.clone_model(model)):
        assert [layer.name for layer in revived._flatten_layers()].count(shared.name) == 1


def test_no_copies_are_warned_of_where_none_are_made():
    """Another model has the activation too, and that is nothing to this one."""
    shared = keras.layers.PReLU()
    models = [keras.Sequential([keras.Input((4,)), sa.layers.Dense(4, activation=shared)]) for _ in range(2)]
    assert "shared_object_id" not in sa.model_to_json(models[0])
    assert len(sa.clone_model(models[0]).weights) == 3


def test_what_is_no_model_is_left_to_keras():
    """It clones a layer, and returns what is none."""
    clone = sa.clone_model(sa.layers.Dense(4, activation=keras.layers.LeakyReLU()))
    assert isinstance(clone.activation, keras.layers.LeakyReLU)
    assert sa.clone_model("no model") == keras.models.clone_model("no model")


@pytest.mark.parametrize("make", MODELS)
def test_clones_keep_sharing(make):
    """The clone has as many weights, new ones."""
    model = trained(make)
    clone = sa.clone_model(model)
    assert not np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(clone(X)))
    clone.set_weights(model.get_weights())

    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(clone(X)))
    assert not set(map(id, clone.weights)) & set(map(id, model.weights))


def test_a_clone_of_a_clone_shares_nothing_with_it():
    """Two clones are two models."""
    model = trained(MODELS[0])
    first, second = sa.clone_model(model), sa.clone_model(model)

    assert not set(map(id, first.weights)) & set(map(id, second.weights))
    assert len(first.weights) == len(second.weights) == 5


def test_copies_that_a_constructor_makes_are_not_joined():
    """A layer that copies ours as it is made has two sets of weights in a clone as well."""
    model = keras.Sequential([keras.Input((4,)), BuildsBidirectional()])

    assert len(sa.clone_model(model).weights) == len(model.weights) == 6


def test_another_process_loads_the_h5_file(tmp_path):
    """The sharing is in the file; Keras's own function reads it too, as several."""
    model = trained(MODELS[0])
    sa.save_model(model, tmp_path / "model.h5")
    code = (
        "import sys, keras, serialactivation as sa\n"
        "for load in (sa.load_model, keras.models.load_model):\n"
        "    print(len(load(sys.argv[1], compile=False).weights))"
    )
    assert run_python(code, str(tmp_path / "model.h5")).split() == ["5", "6"]


def test_a_failed_save_leaves_what_was_there(tmp_path):
    """Files are written beside the target and moved into place."""
    model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(3, activation="relu")])
    target = tmp_path / "model.keras"
    sa.save_model(model, target)
    before = target.read_bytes()
    object.__setattr__(model.layers[0], "activation", np.tanh)  # past the check of what is assigned
    with pytest.raises(sa.ActivationError):
        sa.save_model(model, target)

    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_is_saved_as_keras_saves_it(tmp_path):
    """``zipped=False`` is passed on."""
    model = trained(MODELS[0])
    sa.save_model(model, tmp_path / "model", zipped=False)

    assert (tmp_path / "model" / "config.json").exists()
    assert_same(model, sa.load_model(tmp_path / "model"))


def test_arguments_are_keras(tmp_path):
    """custom_objects, compile, safe_mode and json.dumps's arguments reach Keras."""

    def scoped(x):
        return keras.ops.tanh(x) / 2

    objects = {"scoped": scoped}
    with keras.saving.custom_object_scope(objects):
        model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(4, activation=scoped)])
        model.compile("sgd", keras.losses.MeanSquaredError())
        model.fit(X, Y, verbose=0)
        sa.save_model(model, str(tmp_path / "model.keras"), overwrite=True, include_optimizer=False)
        text = sa.model_to_json(model, indent=1)
    revived = sa.load_model(pathlib.Path(tmp_path / "model.keras"), objects, compile=False, safe_mode=True)

    assert not revived.compiled
    assert revived.layers[0].activation is scoped
    assert sa.model_from_json(text, objects).layers[0].activation is scoped
    assert text.startswith("{\n ")
    assert json.loads(text)["class_name"] == "Sequential"


def count_layers_made(function, *arguments):
    """Return how many layers a function makes, and what it returns."""
    made = []
    count = count_calls_of("_initialize_tracker", lambda: made.append(function(*arguments)))
    return count, made[0]


def list_weights(path):
    names: list[str] = []
    with h5py.File(io.BytesIO(zipfile.ZipFile(path).read("model.weights.h5"))) as file:
        file.visit(names.append)
    return names


def test_keras_makes_no_layer_for_each_that_it_saves_or_loads(tmp_path):
    """It does on its own, to learn what to pass over; what is saved and loaded is the same."""
    made = []
    for depth in (2, 7):
        model = keras.Sequential([keras.Input((4,)), *(sa.layers.Dense(4, "relu") for _ in range(depth))])
        made.append(count_layers_made(sa.save_model, model, tmp_path / "ours.keras")[0])
        model.save(tmp_path / "stock.keras")
        assert list_weights(tmp_path / "ours.keras") == list_weights(tmp_path / "stock.keras")
        by_keras, stock = count_layers_made(keras.saving.load_model, tmp_path / "stock.keras")
        by_us, ours = count_layers_made(sa.load_model, tmp_path / "ours.keras")
        assert by_keras - by_us >= depth - 1
        for loaded in (stock, ours):
            assert all(map(np.array_equal, loaded.get_weights(), model.get_weights()))
    assert made[0] == made[1]


def test_what_keras_knows_of_layers_is_as_before_after_a_failure(tmp_path):
    """A save of something else follows it."""
    with pytest.raises(OSError, match="folder"):
        sa.save_model(keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]), tmp_path / "folder" / "a.keras")
    name = "saving_attr_skiplist_Layer"
    assert keras.src.backend.common.global_state.get_global_attribute(name) is None


def test_a_subclassed_model_is_cloned():
    """Keras clones it by its config; sharing is kept there too."""

    @sa.serializable_activation(package="models")
    class Subclassed(keras.Model):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = activation
            self.layers_ = [sa.layers.Dense(4, activation=activation) for _ in range(2)]

        def call(self, inputs):
            for layer in self.layers_:
                inputs = layer(inputs)
            return inputs

    model = Subclassed(keras.layers.PReLU())
    model(X)
    clone = sa.clone_model(model)
    clone(X)

    assert len(clone.weights) == len(model.weights) == 5


@keras.saving.register_keras_serializable(package="models")
class Twice(keras.Model):
    """A functional model whose config has a copy of one of its layers, and another that was made of the copy."""

    def get_config(self):
        config = super().get_config()
        copied = keras.saving.serialize_keras_object(self.layers[1])
        another = copy.deepcopy(copied)
        another["config"]["units"] = config["layers"][1]["config"]["units"] + 1
        return {**config, "copied": copied, "another": another}


@pytest.mark.parametrize("inside", [False, True])
def test_a_config_that_an_author_copies_stays_as_it_is(inside):
    """A copy that an author makes in get_config is a copy: a change to one is not in the other."""
    inputs = keras.Input((4,))
    model = Twice(inputs, sa.layers.Dense(3, "relu")(inputs))
    if inside:
        model = keras.Sequential([keras.Input((4,)), model])
    config = json.loads(sa.model_to_json(model))["config"]
    if inside:
        config = config["layers"][1]["config"]
    units = [copied["config"]["units"] for copied in (config["layers"][1], config["copied"], config["another"])]
    assert units == [3, 3, 4]


def test_a_model_inside_another_is_written_as_keras_writes_it():
    """The layers of both, sequential and functional ones."""
    inputs = keras.Input((4,))
    inner = keras.Sequential([keras.Input((4,)), sa.layers.Dense(4, "tanh"), keras.layers.Dropout(0.1)])
    wrapped = keras.layers.TimeDistributed(sa.layers.Dense(2, "relu"))(keras.layers.Reshape((2, 2))(inner(inputs)))
    model = keras.Model(inputs, wrapped)
    assert sa.model_to_json(model) == model.to_json()
    for part in (inner, model):
        text = sa.model_to_json(part)
        assert sa.model_to_json(sa.model_from_json(text)) == text
