"""What was written before modules moved: its references are found where they are now."""

import pickle

import pytest

import serialactivation as sa
from tests.helpers.first_imports import find_failures

# The modules as they were, with what a user's pickle refers to in each.
REFERENCES = {
    "codec": ("deserialize", "get", "serialize"),
    "conversion": ("convert",),
    "fields": ("ActivationField",),
    "functions": ("PartialActivation",),
    "layer_fields": ("activation_fields",),
    "models": ("clone_model", "load_model", "model_from_json", "model_to_json", "save_model"),
    "partial_layer": ("PartialLayer",),
    "registration": ("_register_again",),
    "stock_models": ("to_stock",),
}
# The modules as they are, with what pickles refer to since the packages: each has to be found there from now on.
TODAY = {
    "codec.codec": REFERENCES["codec"],
    "codec.functions": ("PartialActivation",),
    "codec.partial_layer": ("PartialLayer",),
    "decorator": ("serializable_activation",),
    "keras_api.registration": ("_register_again",),
    "layer.fields": ("activation_fields",),
    "mixin": ("SerializableActivationMixin",),
    "model_check.check": ("check_model",),
    "model_check.display": ("ModelSummary",),
    "model_check.activations.plot": ("plot",),
    "model_check.report": ("ModelReport",),
    "model_check.rows": ("ActivationRow", "LayerRow"),
    "model_check.summary": ("summary",),
    "models.convert": ("convert",),
    "models.saving": REFERENCES["models"],
    "models.to_stock": ("to_stock",),
    "models.untrusted": ("untrusted",),
    "spec.fields": ("ActivationField",),
}
ALL = [(module, name) for table in (REFERENCES, TODAY) for module, names in table.items() for name in names]
# As pickle wrote functools.partial(keras.activations.leaky_relu, negative_slope=0.4), resolved.
ACTIVATION = (
    b"\x80\x04\x95\xa5\x00\x00\x00\x00\x00\x00\x00\x8c\x1aserialactivation.functions\x94\x8c\x11PartialActivation\x94"
    b"\x93\x94)\x81\x94N}\x94(\x8c\x08function\x94\x8c!keras.src.activations.activations\x94\x8c\nleaky_relu\x94\x93\x94"
    b"\x8c\x08keywords\x94}\x94\x8c\x0enegative_slope\x94G?\xd9\x99\x99\x99\x99\x99\x9asu\x86\x94b."
)


def refer(module: str, name: str) -> bytes:
    return f"cserialactivation.{module}\n{name}\n.".encode()


@pytest.mark.once
@pytest.mark.parametrize(("module", "name"), ALL)
def test_a_reference_to_where_it_was_is_found(module, name):
    """A pickle finds what it refers to, also one from before the packages, which names a module that is gone."""
    found = pickle.loads(refer(module, name))
    assert found.__name__ == name
    assert found is getattr(sa, name, found)


@pytest.mark.once
def test_a_reference_comes_first():
    """A worker that has imported nothing reads it."""
    codes = [f"import pickle; pickle.loads({refer(module, names[0])!r})" for module, names in REFERENCES.items()]
    assert find_failures(codes) == {}


@pytest.mark.once
@pytest.mark.parametrize("module", REFERENCES)
def test_nothing_else_is_found_there(module):
    """A name that never was in a module is none by now."""
    with pytest.raises(AttributeError, match=f"serialactivation.{module}"):
        pickle.loads(refer(module, "nothing"))


@pytest.mark.once
def test_every_public_name_has_its_reference():
    """What a pickle made now refers to is in the table, so that a move of it fails here."""
    made = {(value.__module__, name) for name in sa.__all__ if callable(value := getattr(sa, name))}
    listed = {(f"serialactivation.{module}", name) for module, names in TODAY.items() for name in names}
    assert {one for one in made if not one[0].startswith("serialactivation.errors.")} <= listed


def test_an_activation_comes_back():
    """A pickled activation with keywords is what it was."""
    revived = pickle.loads(ACTIVATION)
    assert revived.keywords == {"negative_slope": 0.4}
    assert float(revived(-1.0)) == pytest.approx(-0.4)
