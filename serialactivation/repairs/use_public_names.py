"""The repair ``respell``: names of Keras's losses and optimizers that every format and backend finds. Keras-free."""

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from serialactivation.catalog.classes import NEWEST
from serialactivation.repairs.repair import Change, Repair
from serialactivation.rules.target_findings import find_issues
from serialactivation.rules.target_rules import BACKENDS_OPTIMIZER, SHORT_NAME
from serialactivation.tree.activations import follow
from serialactivation.tree.nodes import Root
from serialactivation.typing import JSON

__all__ = ["RESPELL"]

_NAME: Final = "respell"

# The losses that have short names, which Keras does not find in the training config of an HDF5 file.
_IN_FULL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bce": "binary_crossentropy",
        "kld": "kl_divergence",
        "mae": "mean_absolute_error",
        "mape": "mean_absolute_percentage_error",
        "mse": "mean_squared_error",
        "msle": "mean_squared_logarithmic_error",
    }
)
_PUBLIC: Final = {"module": "keras.optimizers", "registered_name": None}


def _respell(config: JSON, root: Root, target: str | None) -> tuple[JSON, tuple[Change, ...]]:
    respelt: Any = None
    changes: list[Change] = []
    for issue in find_issues(config, target or NEWEST, root):
        if issue.rule in (SHORT_NAME, BACKENDS_OPTIMIZER):
            *leading, last = issue.steps[len(root.steps) :]
            new = _name(follow(config, leading)[last])
            if new is not None:
                respelt = copy.deepcopy(config) if respelt is None else respelt
                follow(respelt, leading)[last], what = new
                changes.append(Change(repair=_NAME, steps=issue.steps, what=what))
    return (respelt, tuple(changes)) if changes else (config, ())


def _name(stored: Any) -> tuple[JSON, str] | None:
    """Return the new form of *stored* and what was done, or None if no other name is known."""
    if isinstance(stored, dict):
        return {
            **stored,
            **_PUBLIC,
        }, f"{stored['class_name']} of keras.optimizers, from which each backend makes its own class"
    name = _IN_FULL.get(stored)
    return None if name is None else (name, f"{stored!r} renamed to {name!r}")


RESPELL: Final = Repair(name=_NAME, apply=_respell)
"""The repair."""
