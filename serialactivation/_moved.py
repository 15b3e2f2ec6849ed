"""Where classes and functions were before the packages: a pickle that was made then refers to them so."""

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Final

__all__ = ["finder", "stand_in"]

_PACKAGE: Final = "serialactivation"
_CODEC: Final = ("deserialize", "get", "serialize")
_MODELS: Final = ("clone_model", "load_model", "model_from_json", "model_to_json", "save_model")

# Where each is now, by the module that it was in. Packages have the names of two of these.
_HOMES: Final[dict[str, dict[str, str]]] = {
    "codec": dict.fromkeys(_CODEC, "codec.codec"),
    "conversion": {"convert": "models.convert"},
    "fields": {"ActivationField": "spec.fields"},
    "functions": {"PartialActivation": "codec.functions"},
    "layer_fields": {"activation_fields": "layer.fields"},
    "models": dict.fromkeys(_MODELS, "models.saving"),
    "partial_layer": {"PartialLayer": "codec.partial_layer"},
    "registration": {"_register_again": "keras_api.registration"},
    "stock_models": {"to_stock": "models.to_stock"},
}
_PACKAGES: Final = ("codec", "models")


def finder(module: str) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a module that finds what was in *module* where it is now."""
    homes = _HOMES[module.removeprefix(f"{_PACKAGE}.")]

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(f"{_PACKAGE}.{homes[name]}"), name)
        return value

    return find


def stand_in() -> None:
    """Let the modules that are gone be imported; nothing is loaded until something of theirs is asked for."""
    for name in _HOMES.keys() - _PACKAGES:
        module = ModuleType(f"{_PACKAGE}.{name}")
        module.__dict__["__getattr__"] = finder(module.__name__)
        sys.modules[module.__name__] = module
