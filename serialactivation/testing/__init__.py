"""Checks that a layer keeps every promise: its activations come back, or are refused.

Importing this package does not import Keras; using it does.
"""

import importlib
from typing import TYPE_CHECKING

from serialactivation.testing.promises import PROMISES, Promise

if TYPE_CHECKING:
    from serialactivation.testing.cases import ActivationCase as ActivationCase
    from serialactivation.testing.checks import LayerCheck as LayerCheck
    from serialactivation.testing.checks import check_layer as check_layer
    from serialactivation.testing.checks import layer_checks as layer_checks

__all__ = ["PROMISES", "ActivationCase", "LayerCheck", "Promise", "check_layer", "layer_checks"]

_HOMES = {"ActivationCase": "cases", "LayerCheck": "checks", "check_layer": "checks", "layer_checks": "checks"}


if not TYPE_CHECKING:  # a type checker would else accept any name

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module 'serialactivation.testing' has no attribute {name!r}")
        return getattr(importlib.import_module(f"serialactivation.testing.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
