"""Keras's own small objects, made from their configs directly.

``keras.saving.deserialize_keras_object`` copies the registry of custom objects for each object, and for each inside it.
Here that is spared where it can make no difference: the class is one of those below, all its arguments are plain values
or such objects again, and nothing registered has its name. All else, errors too, is left to Keras.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras

from serialactivation.keras_api.scopes import find_shared, note_shared
from serialactivation.typing import JSON

__all__ = ["make_directly", "name_policy"]

_LAYERS: Final = (
    *("ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "Identity"),
    *("BatchNormalization", "GroupNormalization", "LayerNormalization", "RMSNormalization", "UnitNormalization"),
    *("AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise"),
)
_POLICIES: Final = ("float32", "mixed_bfloat16", "mixed_float16", "bfloat16", "float16", "float64")
_READ_KEYS: Final = frozenset({"module", "class_name", "config", "registered_name", "shared_object_id"})


def _find_classes() -> Iterator[tuple[tuple[str, str], type]]:
    for name in _LAYERS:
        if hasattr(keras.layers, name):  # an older Keras lacks some
            yield ("keras.layers", name), getattr(keras.layers, name)
    for module, base in (
        ("initializers", keras.initializers.Initializer),
        ("regularizers", keras.regularizers.Regularizer),
        ("constraints", keras.constraints.Constraint),
    ):
        for name, value in vars(getattr(keras, module)).items():
            if isinstance(value, type) and issubclass(value, base) and _is_read_like(value, base):
                yield (f"keras.{module}", name), value


def _is_read_like(kind: type, base: type) -> bool:
    """Tell whether *kind* is made of its config as *base* is: every key is an argument of the constructor."""
    return vars(kind).get("from_config", vars(base)["from_config"]) is vars(base)["from_config"]


_CLASSES: Final[Mapping[tuple[JSON, JSON], Any]] = dict(_find_classes())


class _LeftToKerasError(Exception):
    """Something in a config is not as simple as it has to be."""


def make_directly(config: Mapping[str, JSON]) -> object | None:
    """Return the object of Keras's that *config* was made from, or None where that is left to Keras."""
    try:
        return _make(config)
    except (_LeftToKerasError, RecursionError, TypeError, ValueError):  # what is wrong is for Keras to say
        return None


def name_policy(value: JSON) -> JSON:
    """Return the name of the dtype policy with the config *value*, as Keras hands it on, or *value* if it has more."""
    if not isinstance(value, dict) or not value.keys() <= _READ_KEYS or value.get("registered_name") is not None:
        return value
    if (value.get("module"), value.get("class_name")) != ("keras", "DTypePolicy"):
        return value
    inner = value.get("config")
    name = inner["name"] if isinstance(inner, dict) and inner.keys() == {"name"} else None
    return name if name in _POLICIES else value  # what is wrong with another, Keras says


def _make(config: Mapping[str, JSON]) -> object:
    kind, arguments = _find_class(config), config.get("config")
    if kind is None or not isinstance(arguments, dict):
        raise _LeftToKerasError
    key = config.get("shared_object_id")
    shared = None if key is None else find_shared(key)
    if shared is not None:
        return shared
    if getattr(kind.get_config, "_is_default", False) and any(map(_is_object, arguments.items())):
        raise _LeftToKerasError  # it stores what it is given, and can store no object
    made: object = kind.from_config({name: _read(name, value) for name, value in arguments.items()})
    if key is not None:
        note_shared(key, made)
    return made


def _is_object(argument: tuple[str, JSON]) -> bool:
    name, value = argument
    return isinstance(value, dict) and not (name == "dtype" and isinstance(name_policy(value), str))


def _find_class(config: Mapping[str, JSON]) -> Any:
    """Return the class that *config* names, or None where it is none of those above, or says more of its object."""
    class_name, registered = config.get("class_name"), config.get("registered_name")
    if not config.keys() <= _READ_KEYS or registered not in (None, class_name):
        return None
    if isinstance(registered, str) and keras.saving.get_registered_object(registered) is not None:
        return None
    return _CLASSES.get((config.get("module"), class_name))


def _read(name: str, value: JSON) -> object:
    if not isinstance(value, dict):
        return value
    named = name_policy(value) if name == "dtype" else value
    return _make(value) if named is value else named
