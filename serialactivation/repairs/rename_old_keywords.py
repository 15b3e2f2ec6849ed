"""The repair ``rename``: writes arguments that Keras 1 and 2 named differently under their new name. Keras-free."""

import copy
from typing import Any, Final

from serialactivation.repairs.repair import Change, Repair
from serialactivation.tree.activations import follow
from serialactivation.tree.nodes import Root
from serialactivation.tree.weight_groups import StoredObject, find_objects
from serialactivation.typing import JSON

__all__ = ["RENAME"]

_NAME: Final = "rename"
_OWNER: Final = "LeakyReLU"
_OLD: Final = "alpha"
_NEW: Final = "negative_slope"


def _rename(config: JSON, root: Root, _: str | None) -> tuple[JSON, tuple[Change, ...]]:
    found = [one for one in find_objects(config) if _has_old_name(one)]
    if not found:
        return config, ()
    renamed: Any = copy.deepcopy(config)
    for one in found:
        owner = follow(renamed, (*one.steps, "config"))
        owner[_NEW] = owner.pop(_OLD)  # where both stand, Keras takes the old one
    what = f"{_OLD!r} renamed to {_NEW!r}"
    return renamed, tuple(
        Change(repair=_NAME, steps=(*root.steps, *one.steps, "config", _OLD), what=what) for one in found
    )


def _has_old_name(one: StoredObject) -> bool:
    """Return whether an object is a LeakyReLU of Keras with an argument of an older Keras."""
    inner = one.stored["config"]
    return one.is_keras and one.stored["class_name"] == _OWNER and isinstance(inner, dict) and _OLD in inner


RENAME: Final = Repair(name=_NAME, apply=_rename)
"""The repair."""
