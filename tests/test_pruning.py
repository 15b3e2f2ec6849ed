"""Keywords that the installed Keras lacks: left out if they hold their default, refused otherwise."""

import json
import warnings

import keras
import pytest

import serialactivation as sa
from serialactivation.errors import NewerArgumentError, PrunedArgumentWarning
from serialactivation.newer import NEWER, NEWER_CLASSES, is_newer
from tests.archives import DATA, OLDEST, public_keywords

INSTALLED = public_keywords()
IN_OLDEST = json.loads((DATA / OLDEST / "keywords.json").read_text())

# A keyword whose default in the constructor is written as another value into the config.
WRITTEN = {("InputLayer", "ragged"): False}

GAINED = [
    pytest.param(module, name, keyword, id=f"{module}.{name}({keyword.name})")
    for module, classes in NEWER.items()
    for name, keywords in classes.items()
    for keyword in keywords
]


def lacking(module, name, keyword):
    return keyword.name not in INSTALLED[module].get(name, {keyword.name: None})


@pytest.mark.parametrize("module", NEWER)
def test_the_table_has_every_keyword_that_keras_has_gained(module):
    """A Keras release with a new keyword, or another default, fails here."""
    gained = {
        (name, keyword): WRITTEN.get((name, keyword), default)
        for name, keywords in INSTALLED[module].items()
        for keyword, default in keywords.items()
        if keyword not in IN_OLDEST[module].get(name, keywords)
    }
    listed = {
        (name, keyword.name): keyword.default
        for name, keywords in NEWER[module].items()
        for keyword in keywords
        if not lacking(module, name, keyword)
    }
    assert gained == listed


@pytest.mark.parametrize(("module", "name", "keyword"), GAINED)
def test_the_table_says_since_when(module, name, keyword):
    """A version has the keywords that the table says it has."""
    installed = tuple(map(int, keras.__version__.split(".")[:2]))
    assert lacking(module, name, keyword) == (installed < tuple(map(int, keyword.since.split("."))))


def read_quantized(value):
    """Return what a Dense of ours makes of a config with a keyword of Keras 3.13, and the warnings."""
    config = {**sa.layers.Dense(3).get_config(), "quantization_config": value}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        layer = sa.layers.Dense.from_config(config)
    return layer, [warning.message for warning in caught]


def test_a_default_is_left_out():
    """The layer is made, and one warning names the keyword, wherever the installed Keras lacks it."""
    layer, messages = read_quantized(None)
    lacks = "quantization_config" not in INSTALLED["layers"]["Dense"]

    assert layer.units == 3
    assert [(type(m), m.owner, m.argument, m.value) for m in messages] == [
        (PrunedArgumentWarning, "layers.Dense", "quantization_config", None)
    ] * lacks
    assert all("quantization_config=None" in str(message) for message in messages)


def test_an_initializer_is_pruned_too():
    """Initializers gained keywords in 3.15; those inside a layer's config are left out as well."""
    config = json.loads(json.dumps(sa.layers.Dense(3).get_config()))
    config["kernel_initializer"]["config"] |= {"input_axes": None, "output_axes": None}
    lacks = "input_axes" not in INSTALLED["initializers"]["GlorotUniform"]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        layer = sa.layers.Dense.from_config(config)

    assert isinstance(layer.kernel_initializer, keras.initializers.GlorotUniform)
    assert [warning.message.argument for warning in caught] == ["input_axes", "output_axes"] * lacks


def test_anything_but_a_default_is_refused():
    """What the installed Keras would compute otherwise is an error that names the version that has it."""
    config = json.loads(json.dumps(sa.layers.Dense(3).get_config()))
    config["kernel_initializer"]["config"] |= {"input_axes": [0], "output_axes": [1]}
    if "input_axes" in INSTALLED["initializers"]["GlorotUniform"]:
        assert sa.layers.Dense.from_config(config).kernel_initializer.get_config()["input_axes"] == [0]
        return
    with pytest.raises(NewerArgumentError) as caught:
        sa.layers.Dense.from_config(config)
    assert (caught.value.owner, caught.value.argument, caught.value.since) == (
        "initializers.GlorotUniform",
        "input_axes",
        "3.15",
    )


def test_a_subclass_keeps_arguments_of_its_own():
    """A keyword that the user's constructor takes is the user's, whatever Keras calls its own."""

    class Own(sa.layers.Dense):
        def __init__(self, units, quantization_config="mine", **kwargs):
            super().__init__(units, **kwargs)
            self.own = quantization_config

        def get_config(self):
            return {**super().get_config(), "quantization_config": self.own}

    assert Own.from_config(Own(3, quantization_config="yours").get_config()).own == "yours"


@pytest.mark.parametrize(("module", "name"), NEWER_CLASSES)
def test_the_table_of_classes_says_since_when(module, name):
    """A version has the classes that the table says it has."""
    has = hasattr(getattr(keras, module, None), name)
    assert has != is_newer(NEWER_CLASSES[module, name], keras.__version__)
