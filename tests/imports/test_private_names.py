"""The private names of Keras that the package uses: all in ``keras_api``, and each in the installed Keras."""

import ast
import pathlib

import keras
import pytest
from keras.src.backend.common import global_state, variables
from keras.src.legacy.saving import saving_utils
from keras.src.saving import saving_lib, serialization_lib

import serialactivation as sa
from serialactivation.catalog.private_names import IS_DEFAULT
from serialactivation.keras_api import internals, weight_names

FOLDER = pathlib.Path(sa.__file__).parent

LAYER = (
    *("_flatten_layers", "_input_spec", "_layers", "_maybe_build", "_non_trainable_variables", "_seed_generators"),
    *("_tracker", "_trainable_variables"),
)
ELSEWHERE = ("_compile_config", "_inbound_nodes", "_is_default", "_keras_history", "_keras_mask", "_remat_mode")
"""Names that are on other objects than a layer, or on one only at times."""

ALLOWED = {"keras_api", "catalog/private_names.py"}


def find_names(path):
    """Return the attributes that a module uses, and the texts in it that may name some."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {str(node.value) for node in nodes if isinstance(node, ast.Constant)}


@pytest.mark.once
def test_private_names_are_used_in_one_package():
    """Private names of Keras are used in keras_api alone, and a few in the catalog below it."""
    found = {}
    for path in FOLDER.rglob("*.py"):
        place = path.relative_to(FOLDER).as_posix()
        if not {place, place.partition("/")[0]} & ALLOWED:
            found[place] = find_names(path) & {*LAYER, *ELSEWHERE, "_maybe_autocast", "_walk_saveable"}
    assert {place: names for place, names in found.items() if names} == {}


@pytest.fixture(scope="module")
def model():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dropout(0.5), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
    model.optimizer.build(model.trainable_variables)
    return model


@pytest.mark.parametrize("name", LAYER)
def test_a_layer_has_it(name, model):
    """A Keras without it fails here, by its name."""
    assert hasattr(model.layers[0], name)


def test_other_objects_have_theirs(model):
    """Models, tensors, variables, optimizers and the methods of Keras's base class."""
    dense = model.layers[-1]
    assert hasattr(model, "_compile_config")
    assert internals.compile_arguments(model)["loss"] == "mse"
    assert internals.producer_of(model.outputs[0]) is dense
    assert len(internals.tensors_made_by(dense)) > 0
    assert internals.trained_variables(model.optimizer) == dense.trainable_variables
    assert getattr(keras.Layer.build, IS_DEFAULT)
    assert all(hasattr(dense.kernel, name) for name in internals.VARIABLE_USES)
    assert hasattr(dense.kernel, weight_names._PATH)
    if hasattr(keras, "RematScope"):
        with keras.RematScope(mode="full"):
            assert internals.rematerialization_mode(keras.layers.Dense(2)) == "full"


def test_a_mask_is_on_the_tensor():
    """Keras keeps the mask of a tensor in an attribute of the tensor."""
    masked = keras.layers.Masking()(keras.Input((3, 2)))
    assert internals.has_mask(masked)
    assert not internals.has_mask(keras.Input((3, 2)))


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (global_state, "GLOBAL_STATE_TRACKER"),
        (global_state, "get_global_attribute"),
        (global_state, "set_global_attribute"),
        (variables, "AutocastScope"),
        (saving_utils, "compile_args_from_training_config"),
        (saving_utils, "try_build_compiled_arguments"),
        (saving_lib, "H5IOStore"),
        (saving_lib, "_walk_saveable"),
        (saving_lib, "get_attr_skipset"),
        (serialization_lib, "in_safe_mode"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_module_has_it(module, name):
    """The module of Keras has the private name that keras_api uses."""
    assert hasattr(module, name)
