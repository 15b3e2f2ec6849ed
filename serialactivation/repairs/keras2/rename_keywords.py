"""The repair ``rename``: writes arguments that Keras 1 and 2 named differently under their new name. Keras-free."""

from collections.abc import Iterator
from typing import Any, Final

from serialactivation.repairs.repair import Edit, Repair
from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.stored_config import StoredConfig

__all__ = ["RENAME"]

_OWNER: Final = "LeakyReLU"
_OLD: Final = "alpha"
_NEW: Final = "negative_slope"


def _find(config: StoredConfig, _: object) -> Iterator[Edit]:
    for steps, node in config.stock_objects:
        if node.of is not None and node.of.name == _OWNER and _OLD in node.config:
            yield _rename((*steps, "config"))


def _rename(steps: Steps) -> Edit:
    def make(config: Any) -> None:
        owner = follow(config, steps)
        owner[_NEW] = owner.pop(_OLD)  # where both stand, Keras takes the old one

    return Edit((*steps, _OLD), f"{_OLD!r} renamed to {_NEW!r}", make)


RENAME: Final = Repair("rename", _find, removes="an argument of an older Keras")
"""The repair."""
