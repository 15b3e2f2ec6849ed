"""The repair ``respell``: names of Keras's losses and optimizers that every format and backend finds. Keras-free."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.catalog.classes import NEWEST
from serialactivation.repairs.repair import Edit, Repair, replace, update
from serialactivation.rules.configs.classes import BACKENDS_OPTIMIZER
from serialactivation.rules.configs.names import SHORT_NAME
from serialactivation.rules.node_findings import find_issues
from serialactivation.tree.activations import follow
from serialactivation.tree.stored_config import StoredConfig

__all__ = ["RESPELL"]

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


def _find(config: StoredConfig, target: str | None) -> Iterator[Edit]:
    for issue in find_issues(config.nodes, target or NEWEST):
        steps = config.from_config(issue.steps)
        stored = follow(config.config, steps) if issue.rule in (SHORT_NAME, BACKENDS_OPTIMIZER) else None
        if isinstance(stored, dict):
            what = f"{stored['class_name']} of keras.optimizers, from which each backend makes its own class"
            yield update(steps, _PUBLIC, what)
        elif isinstance(stored, str) and stored in _IN_FULL:
            yield replace(steps, _IN_FULL[stored], f"{stored!r} renamed to {_IN_FULL[stored]!r}")


RESPELL: Final = Repair(
    "respell",
    _find,
    removes="a loss's short name in an HDF5 file, or the class of one backend for an optimizer",
)
"""The repair."""
