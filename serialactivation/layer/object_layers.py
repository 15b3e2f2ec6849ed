"""Layers that are not activations, and variables, in the configuration objects that a layer is given."""

from collections.abc import Iterator, Mapping

import keras

from serialactivation.keras_api.sublayers import Weighted, find_untracked
from serialactivation.spec.config_objects import find_within, has_config_methods, is_configuration

__all__ = ["Weighted", "find_layers", "find_loose", "is_stored_for_layers", "is_weighted"]


def is_stored_for_layers(name: str, value: object) -> bool:
    """Return whether an argument is or has a configuration object with a layer in it, which this package writes."""
    is_object = _is_for_us(value) or any(find_within(_is_for_us, value, name))
    return is_object and any(find_within(_is_layer, value, name))


def find_loose(owner: keras.Layer, holders: Mapping[str, object]) -> list[tuple[str, Weighted]]:
    """Return the layers and variables in *owner*'s arguments that Keras does not track, each with its path.

    An attribute of an argument's name is searched too: the constructor may have made it from the argument.

    Args:
        owner: The layer.
        holders: The arguments that hold other values, by name.
    """
    found = {id(item): (path, item) for path, item in _find_weighted(owner, holders)}
    if not found:
        return []
    return [found[id(one)] for one in find_untracked(owner, (one for _, one in found.values()))]


def _is_for_us(value: object) -> bool:
    """Return whether *value* is a configuration object without a ``get_config`` and ``from_config`` of its own."""
    return is_configuration(value) and not has_config_methods(type(value))


def find_layers(holders: Mapping[str, object]) -> list[object]:
    """Return the layers that the arguments hold, with repetitions."""
    return [layer for name, value in holders.items() for _, layer in find_within(_is_layer, value, name)]


def _find_weighted(owner: keras.Layer, holders: Mapping[str, object]) -> Iterator[tuple[str, Weighted]]:
    for name, value in holders.items():
        for holder in (value, vars(owner).get(name)):
            for path, item in find_within(is_weighted, holder, name):
                if isinstance(item, keras.Layer | keras.Variable):
                    yield path, item


def is_weighted(value: object) -> bool:
    """Return whether *value* is a layer or a variable."""
    return isinstance(value, keras.Layer | keras.Variable)


def _is_layer(value: object) -> bool:
    return isinstance(value, keras.Layer)
