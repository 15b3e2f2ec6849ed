"""Keras layers whose activations come back from disk.

The names below are loaded at first use, so that modules that need no Keras can be imported without it. Keras has to
know the layers of this package before it reads a file: they are registered as soon as both packages are imported, in
either order.
"""

import importlib
from typing import TYPE_CHECKING

from serialactivation import _after_keras, _moved

if TYPE_CHECKING:
    from serialactivation import callbacks as callbacks
    from serialactivation import errors as errors
    from serialactivation import layers as layers
    from serialactivation import typing as typing
    from serialactivation.codec.codec import deserialize as deserialize
    from serialactivation.codec.codec import get as get
    from serialactivation.codec.codec import serialize as serialize
    from serialactivation.decorator import serializable_activation as serializable_activation
    from serialactivation.errors import ActivationError as ActivationError
    from serialactivation.errors.lost import ModelFinding as ModelFinding
    from serialactivation.layer.fields import activation_fields as activation_fields
    from serialactivation.mixin import SerializableActivationMixin as SerializableActivationMixin
    from serialactivation.model_check.activations.plot import plot as plot
    from serialactivation.model_check.check import check_model as check_model
    from serialactivation.model_check.display import ModelSummary as ModelSummary
    from serialactivation.model_check.report import ModelReport as ModelReport
    from serialactivation.model_check.rows import ActivationRow as ActivationRow
    from serialactivation.model_check.rows import LayerRow as LayerRow
    from serialactivation.model_check.summary import summary as summary
    from serialactivation.models.convert import convert as convert
    from serialactivation.models.saving import clone_model as clone_model
    from serialactivation.models.saving import load_model as load_model
    from serialactivation.models.saving import model_from_json as model_from_json
    from serialactivation.models.saving import model_to_json as model_to_json
    from serialactivation.models.saving import save_model as save_model
    from serialactivation.models.to_stock import to_stock as to_stock
    from serialactivation.models.untrusted import untrusted as untrusted
    from serialactivation.spec.fields import ActivationField as ActivationField

    __version__: str

__all__ = [
    "ActivationError",
    "ActivationField",
    "ActivationRow",
    "LayerRow",
    "ModelFinding",
    "ModelReport",
    "ModelSummary",
    "SerializableActivationMixin",
    "activation_fields",
    "callbacks",
    "check_model",
    "clone_model",
    "convert",
    "deserialize",
    "get",
    "layers",
    "load_model",
    "model_from_json",
    "model_to_json",
    "plot",
    "save_model",
    "serializable_activation",
    "serialize",
    "summary",
    "to_stock",
    "untrusted",
]

_HOMES = {
    "ActivationError": "errors",
    "ActivationField": "spec.fields",
    "ActivationRow": "model_check.rows",
    "LayerRow": "model_check.rows",
    "ModelFinding": "errors.lost",
    "ModelReport": "model_check.report",
    "ModelSummary": "model_check.display",
    "SerializableActivationMixin": "mixin",
    "activation_fields": "layer.fields",
    "check_model": "model_check.check",
    "clone_model": "models.saving",
    "convert": "models.convert",
    "deserialize": "codec.codec",
    "get": "codec.codec",
    "load_model": "models.saving",
    "model_from_json": "models.saving",
    "model_to_json": "models.saving",
    "plot": "model_check.activations.plot",
    "save_model": "models.saving",
    "serializable_activation": "decorator",
    "serialize": "codec.codec",
    "summary": "model_check.summary",
    "to_stock": "models.to_stock",
    "untrusted": "models.untrusted",
}


if not TYPE_CHECKING:  # a type checker would else accept any name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return _read_version()
        if name in ("callbacks", "errors", "layers", "typing"):
            return importlib.import_module(f"serialactivation.{name}")
        if name in _HOMES:
            value: object = getattr(importlib.import_module(f"serialactivation.{_HOMES[name]}"), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module 'serialactivation' has no attribute {name!r}")


def _read_version() -> str:
    """Return the version that is installed; a checkout that is only on the path has none."""
    from importlib import metadata  # slow to import, and seldom needed

    try:
        return metadata.version("serialactivation")
    except metadata.PackageNotFoundError:
        return "0+unknown"


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__", "errors", "typing"])


_moved.stand_in()
_after_keras.register_layers()
