"""Which class an object's config names: one of Keras's, one of this package's, or another package's. Keras-free."""

from collections.abc import Mapping
from typing import Final

import attrs

from serialactivation import signatures
from serialactivation.notation import PACKAGE
from serialactivation.signatures import Signature, find_signature
from serialactivation.typing import JSON

__all__ = ["KERAS", "Class", "find_class", "find_module"]

KERAS: Final = "keras"

# The modules of what stands under a key, for configs that name none: those of Keras 1 and 2, and of HDF5 files.
_BY_KEY: Final[Mapping[str, str]] = {
    **dict.fromkeys(("backward_layer", "cell", "cells", "layer", "layers"), "layers"),
    **dict.fromkeys(("inner_optimizer", "optimizer", "optimizer_config"), "optimizers"),
    **dict.fromkeys(("metrics", "weighted_metrics"), "metrics"),
    "dtype": "dtype_policies",
    "learning_rate": "optimizers.schedules",
    "loss": "losses",
}
_BY_END: Final[Mapping[str, str]] = {
    "_constraint": "constraints",
    "_initializer": "initializers",
    "_regularizer": "regularizers",
}


@attrs.frozen
class Class:
    """A class that a config names.

    Attributes:
        package: Whose it is: ``keras``, ``serialactivation``, another package, or None where that is not told.
        name: Its name.
        signature: What it takes, where it is one of Keras's, or stands for one.
    """

    package: str | None
    name: str
    signature: Signature | None = None


def find_module(key: str) -> str | None:
    """Return the module of Keras that has what stands under *key*, or None: ``initializers``, ``layers``."""
    return _BY_KEY.get(key) or next((module for end, module in _BY_END.items() if key.endswith(end)), None)


def find_class(value: Mapping[str, JSON], hint: str | None) -> Class:
    """Return the class of the object in *value*.

    Args:
        value: A config with ``class_name``.
        hint: The module of Keras where it is, if *value* does not say.
    """
    name, module = str(value["class_name"]), value.get("module")
    registered = value.get("registered_name")
    full = registered if isinstance(registered, str) and ">" in registered else name
    package, mark, short = full.rpartition(">")
    if mark:
        signature = find_signature("layers", short) if package == PACKAGE else None
        return Class(package, short, signature)
    if not isinstance(module, str):
        return Class(KERAS if hint else None, name, _find_by_hint(name, hint) if hint else None)
    top, _, inner = module.partition(".")
    return Class(top, name, _find_in(inner, name) if top == KERAS else None)


def _find_in(module: str, name: str) -> Signature | None:
    """Return the signature of a class in *module*, as configs name it: also by where it is written."""
    if module in signatures.MODULES:
        return find_signature(module, name)
    if not module:  # keras itself
        return next(filter(None, (find_signature(one, name) for one in signatures.MODULES if "src." not in one)), None)
    return find_signature("models", name) if module.startswith("src.models.") else None


def _find_by_hint(name: str, hint: str) -> Signature | None:
    if hint == "optimizers":  # these are found whatever the case of their names
        names = signatures.class_names(hint)
        return find_signature(hint, names.get(name.lower(), name))
    return find_signature(hint, name) or (find_signature("models", name) if hint == "layers" else None)
