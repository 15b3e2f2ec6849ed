"""The config form of an activation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serialactivation.catalog import functions as catalog
from serialactivation.catalog.forms import FunctionForm, Name, ObjectForm, OperationForm, PartialForm, parse, write
from serialactivation.errors import ActivationConfigError

KEYWORDS = st.dictionaries(st.sampled_from(["alpha", "axis"]), st.floats(allow_nan=False) | st.integers() | st.none())
LISTED = sorted(catalog.LIBRARIES["keras.ops"])

BARE = st.one_of(
    st.builds(Name, st.sampled_from(sorted(catalog.LIBRARIES["keras.activations"]))),
    st.builds(
        OperationForm, st.sampled_from([catalog.LIBRARIES["keras.ops"][name].operation for name in LISTED]), KEYWORDS
    ),
    st.builds(FunctionForm, st.none() | st.just("my.module"), st.sampled_from(["pkg>fn", "fn"])),
    st.builds(ObjectForm, st.just({"module": "keras.layers", "class_name": "ReLU", "config": {}})),
)
FORMS = BARE | st.builds(PartialForm, BARE, KEYWORDS)


@given(FORMS)
def test_parse_undoes_write(form):
    """What is written is read as what it was."""
    assert parse(write(form)) == form


@pytest.mark.parametrize(
    "config", [3, None, [], {}, {"class_name": 3}, {"class_name": "function", "config": {}, "module": "m"}]
)
def test_what_has_no_form_is_refused(config):
    """The error says where and shows what was found."""
    with pytest.raises(ActivationConfigError) as caught:
        parse(config, "$.config.layers[3].config.activation")
    assert "$.config.layers[3].config.activation" in str(caught.value)
    assert caught.value.config == config


def test_a_damaged_partial_is_refused_with_its_path():
    """The path leads into the partial."""
    damaged = write(PartialForm(Name("relu"), {})) | {"config": {"function": 3, "keywords": {}}}
    with pytest.raises(ActivationConfigError, match=r"\$\.config\.function"):
        parse(damaged)


def test_an_operations_automatic_name_is_nothing():
    """Stock Keras writes one; it counts the operations made so far."""
    config = {"module": "keras.src.ops.nn", "class_name": "Gelu", "config": {"name": "gelu_7", "approximate": False}}
    assert parse(config) == OperationForm(catalog.Operation("keras.src.ops.nn", "Gelu"), {"approximate": False})


def test_a_partial_of_a_partial_is_refused():
    """It is written as one; a file with thousands in each other is hostile."""
    nested = write(PartialForm(PartialForm(Name("elu"), {}), {}))
    with pytest.raises(ActivationConfigError, match="stored as one"):
        parse(nested)
