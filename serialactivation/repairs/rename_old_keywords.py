"""The repair ``rename``: writes arguments that Keras 1 and 2 named differently under their new name. Keras-free."""

import copy
from typing import Any, Final

from serialactivation.repairs.repair import Change, Repair
from serialactivation.tree.activations import follow
from serialactivation.tree.nodes import Root
from serialactivation.tree.weight_groups import Held, find_held
from serialactivation.typing import JSON

__all__ = ["RENAME"]

_NAME: Final = "rename"
_OWNER: Final = "LeakyReLU"
_OLD: Final = "alpha"
_NEW: Final = "negative_slope"


def _rename(config: JSON, root: Root, _: str | None) -> tuple[JSON, tuple[Change, ...]]:
    found = [held for held in find_held(config) if _has_old_name(held)]
    if not found:
        return config, ()
    renamed: Any = copy.deepcopy(config)
    for held in found:
        owner = follow(renamed, (*held.steps, "config"))
        owner[_NEW] = owner.pop(_OLD)  # where both stand, Keras takes the old one
    what = f"{_OLD!r} renamed to {_NEW!r}"
    return renamed, tuple(
        Change(repair=_NAME, steps=(*root.steps, *held.steps, "config", _OLD), what=what) for held in found
    )


def _has_old_name(held: Held) -> bool:
    """Return whether an object is a LeakyReLU of Keras with an argument of an older Keras."""
    inner = held.stored["config"]
    return held.is_keras and held.stored["class_name"] == _OWNER and isinstance(inner, dict) and _OLD in inner


RENAME: Final = Repair(name=_NAME, apply=_rename)
"""The repair."""
