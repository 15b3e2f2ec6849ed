"""One activation in several layers is one activation again."""

import copy
import functools
import json
import pickle
import warnings
import zipfile

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import SharedActivationWarning
from serialactivation.keras_api import scopes
from tests.helpers.processes import run_python
from tests.helpers.shared_activations import (
    MODELS,
    BuildsBidirectional,
    X,
    assert_same,
    other_argument,
    trained,
    two_fields,
    two_owners,
)
from tests.matrix.values import NESTING


@pytest.mark.parametrize("make", [*MODELS, other_argument])
def test_a_file_keeps_sharing_and_training_goes_on(make, tmp_path):
    """Weights, optimizer state and the losses from there are the uninterrupted run's."""
    model = trained(make)
    model.save(tmp_path / "model.keras")
    assert_same(model, keras.models.load_model(tmp_path / "model.keras"))


@pytest.mark.parametrize("make", MODELS)
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_pickle_and_deepcopy_keep_sharing(make, copied):
    """Keras pickles a model through its file format."""
    model = trained(make)
    assert_same(model, copied(model))


_LOAD = """
import sys, keras, numpy as np
import serialactivation
model = keras.models.load_model(sys.argv[1])
print(len(model.weights), model.layers[0].activation is model.layers[1].activation)
"""


def test_another_process_finds_one_activation(tmp_path):
    """The sharing is in the file, not in this process."""
    trained(two_owners).save(tmp_path / "model.keras")
    assert run_python(_LOAD, str(tmp_path / "model.keras")).split() == ["5", "True"]


def test_ids_are_written_in_a_save_and_nowhere_else(tmp_path):
    """A config outside a save holds no memory address."""
    model = two_owners()
    model.save(tmp_path / "model.keras")

    assert "shared_object_id" in zipfile.ZipFile(tmp_path / "model.keras").read("config.json").decode()
    with pytest.warns(SharedActivationWarning):
        assert "shared_object_id" not in json.dumps(model.get_config())


def test_two_activations_of_one_name_stay_two(tmp_path):
    """A name is no identity."""
    first, second = (keras.layers.PReLU(name="same") for _ in range(2))
    model = keras.Sequential(
        [keras.Input((4,)), sa.layers.Dense(4, activation=first), sa.layers.Dense(4, activation=second)]
    )
    model.save(tmp_path / "model.keras")
    revived = keras.models.load_model(tmp_path / "model.keras")

    assert revived.layers[0].activation is not revived.layers[1].activation


def test_a_file_loaded_twice_is_two_sets_of_weights(tmp_path):
    """Two loads share nothing, even joined into one model and saved again."""
    two_owners().save(tmp_path / "model.keras")
    first, second = (keras.models.load_model(tmp_path / "model.keras") for _ in range(2))
    second.name = "second"
    joined = keras.Sequential([keras.Input((4,)), first, second])
    joined.save(tmp_path / "joined.keras")
    revived = keras.models.load_model(tmp_path / "joined.keras")

    assert len(revived.weights) == len(joined.weights) == 10


@pytest.mark.parametrize("unsafe", [False, True])
def test_copies_made_during_a_load_are_not_joined(tmp_path, unsafe):
    """Whether safe mode is on or off, a config asked for in a load holds no id."""
    model = keras.Sequential([keras.Input((4,)), BuildsBidirectional()])
    code = "import sys, keras, tests.helpers.shared_activations\n"
    if unsafe:
        code += "keras.config.enable_unsafe_deserialization()\n"
    code += "model = keras.models.load_model(sys.argv[1])\nprint(len(model.weights))\n"
    model.save(tmp_path / "model.keras")

    assert run_python(code, str(tmp_path / "model.keras")).strip() == str(len(model.weights)) == "6"


def test_sharing_survives_without_safe_mode(tmp_path):
    """A save after enable_unsafe_deserialization is still known for a save."""
    code = (
        "import sys, keras\nfrom tests.helpers.shared_activations import two_owners\n"
        "keras.config.enable_unsafe_deserialization()\ntwo_owners().save(sys.argv[1])\n"
        "print(len(keras.models.load_model(sys.argv[1]).weights))"
    )
    assert run_python(code, str(tmp_path / "model.keras")).strip() == "5"


def test_what_keras_is_doing_is_known():
    """Outside a save and a load it is neither."""
    assert not scopes.is_saving()
    assert not scopes.is_loading()


@pytest.mark.parametrize("make", MODELS)
def test_keras_own_h5_computes_the_same(make, tmp_path):
    """Keras opens no sharing scope for .h5: there may be more weights, and the outputs are the same."""
    model = trained(make)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SharedActivationWarning)
        model.save(tmp_path / "model.h5")
    revived = keras.models.load_model(tmp_path / "model.h5", compile=False)

    assert np.array_equal(keras.ops.convert_to_numpy(revived(X)), keras.ops.convert_to_numpy(model(X)))


@sa.serializable_activation(package="sharing")
class HandsOn(keras.layers.Layer):
    """Gives its activation to a twin inside it, and nobody else has it."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.inner = sa.layers.Dense(3, activation=activation)


def test_a_config_outside_a_save_warns_once_of_other_owners():
    """The warning names the layers and our functions."""
    model = two_owners(keras.layers.PReLU(name="shared"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.get_config()
        model.to_json()
    assert len(caught) == 1
    assert caught[0].category is SharedActivationWarning
    assert "'shared' of layer 'dense' is shared with 'dense_1'" in str(caught[0].message)
    assert "serialactivation.save_model" in str(caught[0].message)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        two_owners(keras.layers.LeakyReLU()).get_config()
        two_fields().get_config()
        HandsOn(keras.layers.PReLU()).get_config()


def _inside(wrap):
    shared = keras.layers.PReLU()
    return keras.Sequential(
        [keras.Input((4,)), *(sa.layers.Dense(4, activation=wrap(shared)) for _ in range(2)), keras.layers.Dense(4)]
    )


@pytest.mark.parametrize(
    "wrap",
    [
        NESTING,
        sa.layers.Activation,
        lambda shared: keras.Sequential([shared]),
        lambda shared: functools.partial(shared),
        lambda shared: keras.Sequential([keras.Sequential([shared]), keras.layers.ReLU()]),
    ],
    ids=["Activation", "ours", "Sequential", "partial", "nested"],
)
def test_sharing_one_level_down_is_kept(wrap, tmp_path):
    """One instance inside several activations is one again, in a file and a clone; a bare config warns."""
    model = trained(lambda: _inside(wrap))
    model.save(tmp_path / "model.keras")
    assert_same(model, keras.models.load_model(tmp_path / "model.keras"))
    assert len(sa.clone_model(model).weights) == len(model.weights) == 7
    with pytest.warns(SharedActivationWarning):
        model.get_config()


@sa.serializable_activation(package="sharing")
class Two(keras.layers.Layer):
    """A layer that takes a layer and an activation, which may be the same."""

    def __init__(self, inner=None, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.inner, self.activation = inner, activation

    def call(self, inputs):
        return self.activation(self.inner(inputs))


def test_an_argument_and_an_activation_may_be_one(tmp_path):
    """One object in both comes back as one in every format, also Keras's own .h5, whose config has the number."""
    shared = keras.layers.PReLU()
    model = trained(lambda: keras.Sequential([keras.Input((4,)), Two(shared, shared)]))
    for name in ("model.keras", "model.h5"):
        model.save(tmp_path / name)
        revived = keras.models.load_model(tmp_path / name, compile=False)
        assert len(revived.weights) == len(model.weights) == 1
        assert np.array_equal(keras.ops.convert_to_numpy(revived(X)), keras.ops.convert_to_numpy(model(X)))
