"""The repair ``respell``: names of Keras's losses and optimizers that every format and backend finds. Keras-free."""

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from serialactivation.catalog.classes import NEWEST
from serialactivation.repairs.repair import Fix, Mended
from serialactivation.rules.target_findings import find_issues
from serialactivation.rules.target_rules import BACKENDS_OPTIMIZER, SHORT_NAME
from serialactivation.tree.activations import follow
from serialactivation.tree.nodes import Place
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


def _respell(config: JSON, place: Place, target: str | None) -> tuple[JSON, tuple[Mended, ...]]:
    respelt: Any = None
    mended: list[Mended] = []
    for issue in find_issues(config, target or NEWEST, place):
        if issue.rule in (SHORT_NAME, BACKENDS_OPTIMIZER):
            *leading, last = issue.steps[len(place.steps) :]
            new = _name(follow(config, leading)[last])
            if new is not None:
                respelt = copy.deepcopy(config) if respelt is None else respelt
                follow(respelt, leading)[last], what = new
                mended.append(Mended(fix=_NAME, steps=issue.steps, what=what))
    return (respelt, tuple(mended)) if mended else (config, ())


def _name(stored: Any) -> tuple[JSON, str] | None:
    """Return the new form of *stored* and what was done, or None if no other name is known."""
    if isinstance(stored, dict):
        return {
            **stored,
            **_PUBLIC,
        }, f"{stored['class_name']} of keras.optimizers, from which each backend makes its own class"
    name = _IN_FULL.get(stored)
    return None if name is None else (name, f"{stored!r} renamed to {name!r}")


RESPELL: Final = Fix(name=_NAME, mend=_respell)
"""The repair."""
