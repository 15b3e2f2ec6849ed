"""The objects in a config that have weights: which are Keras's."""

import pytest

from serialactivation.tree.weight_groups import find_objects

WRITTEN = {
    "Keras 3": ({"module": "keras.layers", "registered_name": None}, True),
    "Keras 1 and 2": ({}, True),
    "a package": ({"module": "their.layers", "registered_name": "their>GRU"}, False),
    "a script": ({"module": None, "registered_name": "mine>GRU"}, False),
    "a script that does not register it": ({"module": None, "registered_name": "GRU"}, False),
}


@pytest.mark.parametrize(("beside", "is_keras"), WRITTEN.values(), ids=WRITTEN)
def test_a_class_of_keras_is_told_from_one_of_its_name(beside, is_keras):
    """A class of Keras is recognized by its module; a script's class of the same name is another."""
    layer = {"class_name": "GRU", "config": {"units": 2}, **beside}
    *_, found = find_objects({"class_name": "Sequential", "config": {"layers": [layer]}})
    assert (found.stored, found.is_keras) == (layer, is_keras)
