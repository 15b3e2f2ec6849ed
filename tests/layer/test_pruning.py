"""Keywords that the installed Keras lacks: left out if they hold their default, refused otherwise."""

import json
import warnings

import keras
import pytest

import serialactivation as sa
from serialactivation.catalog.classes import MODULES, NEWER_CLASSES, find_name, find_signature
from serialactivation.catalog.versions import is_newer
from serialactivation.errors import NewerArgumentError, PrunedArgumentWarning
from tests.installed_keywords import REQUIRED, read_classes, read_names
from tests.keywords import FILE, WRITTEN

KNOWN = json.loads(FILE.read_text())


@pytest.fixture(scope="module")
def installed():
    """The keywords and defaults of the classes of the importable Keras, by module."""
    return read_classes()


@pytest.fixture(scope="module")
def installed_names():
    return read_names()


def known_classes(module):
    """Return the classes of a module that the table says the installed Keras has, by each of their names."""
    classes = {name: find_signature(module, name) for name in KNOWN["classes"].get(module, {})}
    return {name: found for name, found in classes.items() if has(found.since, found.until)}


def has(since, until=None):
    version = keras.__version__
    return not is_newer(since, version) and (until is None or not is_newer(version, until))


def test_the_table_has_the_modules(installed):
    """The table has every module of Keras that has classes."""
    assert {module for module, classes in installed.items() if classes} <= set(MODULES)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_the_table_has_what_the_installed_keras_has(module, installed):
    """The table has every class and keyword of the installed Keras, and no other."""
    listed = {
        name: {
            keyword
            for keyword in found.keywords
            if has(found.newer[keyword].since if keyword in found.newer else found.since, found.gone.get(keyword))
        }
        for name, found in known_classes(module).items()
    }
    assert listed == {name: set(keywords) for name, keywords in installed.get(module, {}).items()}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_the_table_has_the_defaults(module, installed):
    """The table has the defaults of added keywords, as configs have them."""
    for name, found in known_classes(module).items():
        for keyword in found.newer.values():
            if has(keyword.since, found.gone.get(keyword.name)):
                default = WRITTEN.get((module, name, keyword.name), installed[module][name][keyword.name])
                assert default == (keyword.default if keyword.has_default else REQUIRED)


@pytest.mark.parametrize("module", KNOWN["names"])
def test_the_table_has_the_names(module, installed_names):
    """The table has the names by which objects are stored without a config."""
    names = {name for listed in KNOWN["names"][module].values() for name in listed.split()}
    found = {name for name in names if has(*find_name(module, name))}
    if module == "optimizers" and is_newer("3.16", keras.__version__):
        found = {name.lower() for name in found}
    assert found == set(installed_names[module])


def test_an_optimizers_name_may_be_in_any_case_up_to_3_15():
    """An optimizer is found by its exact name; up to 3.15, its name may be in any case."""
    assert find_name("optimizers", "Adam") == ("3.6", None)
    assert find_name("optimizers", "ADAM") == ("3.6", "3.15")
    assert find_name("optimizers", "adam_w") == ("3.16", None)
    assert find_name("optimizers", "adan") is None


def read_quantized(value):
    """Return what a Dense of ours makes of a config with a keyword of Keras 3.13, and the warnings."""
    config = {**sa.layers.Dense(3).get_config(), "quantization_config": value}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        layer = sa.layers.Dense.from_config(config)
    return layer, [warning.message for warning in caught]


def test_a_default_is_left_out(installed):
    """A default of a keyword that the installed Keras lacks is left out, with one warning that names the keyword."""
    layer, messages = read_quantized(None)
    lacks = "quantization_config" not in installed["layers"]["Dense"]

    assert layer.units == 3
    assert [(type(m), m.owner, m.argument, m.value) for m in messages] == [
        (PrunedArgumentWarning, "layers.Dense", "quantization_config", None)
    ] * lacks
    assert all("quantization_config=None" in str(message) for message in messages)


def test_an_initializer_is_pruned_too(installed):
    """Keywords of an initializer that the installed Keras lacks are left out of a layer's config, too."""
    config = json.loads(json.dumps(sa.layers.Dense(3).get_config()))
    config["kernel_initializer"]["config"] |= {"input_axes": None, "output_axes": None}
    lacks = "input_axes" not in installed["initializers"]["GlorotUniform"]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        layer = sa.layers.Dense.from_config(config)

    assert isinstance(layer.kernel_initializer, keras.initializers.GlorotUniform)
    assert [warning.message.argument for warning in caught] == ["input_axes", "output_axes"] * lacks


def test_anything_but_a_default_is_refused(installed):
    """A value other than the default is refused, and the error names the version that has the keyword."""
    config = json.loads(json.dumps(sa.layers.Dense(3).get_config()))
    config["kernel_initializer"]["config"] |= {"input_axes": [0], "output_axes": [1]}
    if "input_axes" in installed["initializers"]["GlorotUniform"]:
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

    class TakesItsOwn(sa.layers.Dense):
        def __init__(self, units, quantization_config="mine", **kwargs):
            super().__init__(units, **kwargs)
            self.own = quantization_config

        def get_config(self):
            return {**super().get_config(), "quantization_config": self.own}

    assert TakesItsOwn.from_config(TakesItsOwn(3, quantization_config="yours").get_config()).own == "yours"


@pytest.mark.parametrize(("module", "name"), NEWER_CLASSES)
def test_the_table_of_classes_says_since_when(module, name):
    """A version has the classes that the table says it has."""
    has = hasattr(getattr(keras, module, None), name)
    assert has != is_newer(NEWER_CLASSES[module, name], keras.__version__)
