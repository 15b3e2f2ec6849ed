"""The repair ``loss``: losses and metrics under the names, and with the arguments, that Keras 3 has. Keras-free."""

from collections.abc import Iterator
from typing import Any, Final

from serialactivation.catalog.keras2 import RENAMED_LOSSES
from serialactivation.repairs.keras2.make_repair import make_repair
from serialactivation.repairs.repair import Edit, remove, replace
from serialactivation.tree.stored_config import StoredConfig

__all__ = ["LOSS"]

_HINTS: Final = ("losses", "metrics")
_WRAPPERS: Final = ("MeanMetricWrapper", "SumOverBatchSizeMetricWrapper")
_AUTO: Final = "auto"
_MEAN: Final = "sum_over_batch_size"


def _rename(config: StoredConfig) -> Iterator[Edit]:
    for node in config.nodes:
        old, is_name = node.stored, node.is_read and node.hint in _HINTS and node.parent is not None
        if is_name and isinstance(old, str) and old in RENAMED_LOSSES:
            yield replace(config.find_steps(node), RENAMED_LOSSES[old], f"{old!r} renamed to {RENAMED_LOSSES[old]!r}")


def _rename_functions(config: StoredConfig) -> Iterator[Edit]:
    for steps, node in config.stock_objects:
        function = node.config.get("fn")
        new = RENAMED_LOSSES.get(function) if isinstance(function, str) else None
        if new is not None and node.of is not None and node.of.name in _WRAPPERS:
            yield replace((*steps, "config", "fn"), new, f"{function!r} renamed to {new!r}")


def _drop_functions(config: StoredConfig) -> Iterator[Edit]:
    for steps, inner, keywords in _find_losses(config):
        if "fn" in inner and "fn" not in keywords:
            yield remove((*steps, "config", "fn"), "'fn' removed: the class has its function")


def _rename_reductions(config: StoredConfig) -> Iterator[Edit]:
    for steps, inner, _ in _find_losses(config):
        if inner.get("reduction") == _AUTO:
            yield replace((*steps, "config", "reduction"), _MEAN, f"{_AUTO!r} renamed to {_MEAN!r}")


def _find_losses(config: StoredConfig) -> Iterator[Any]:
    """Yield the steps to each loss and metric of Keras, its config, and the keywords of its class."""
    for steps, node in config.stock_objects:
        signature = None if node.of is None else node.of.signature
        if signature is not None and signature.owner.startswith(("keras.losses.", "keras.metrics.")):
            yield steps, node.config, signature.keywords


LOSS: Final = make_repair("loss", _rename, _rename_functions, _drop_functions, _rename_reductions)
"""The repair."""
