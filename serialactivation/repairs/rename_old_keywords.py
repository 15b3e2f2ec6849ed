"""The repair ``rename``: writes arguments that Keras 1 and 2 named differently under their new name. Keras-free."""

from collections.abc import Iterator
from typing import Any, Final

from serialactivation.repairs.repair import Edit, Repair
from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.tree.weight_groups import StoredObject

__all__ = ["RENAME"]

_OWNER: Final = "LeakyReLU"
_OLD: Final = "alpha"
_NEW: Final = "negative_slope"


def _find(config: StoredConfig, _: object) -> Iterator[Edit]:
    for one in config.objects:
        if _has_old_name(one):
            yield _rename((*one.steps, "config"))


def _has_old_name(one: StoredObject) -> bool:
    """Return whether an object is a LeakyReLU of Keras with an argument of an older Keras."""
    inner = one.stored["config"]
    return one.is_keras and one.stored["class_name"] == _OWNER and isinstance(inner, dict) and _OLD in inner


def _rename(steps: Steps) -> Edit:
    def make(config: Any) -> None:
        owner = follow(config, steps)
        owner[_NEW] = owner.pop(_OLD)  # where both stand, Keras takes the old one

    return Edit((*steps, _OLD), f"{_OLD!r} renamed to {_NEW!r}", make)


RENAME: Final = Repair("rename", _find)
"""The repair."""
