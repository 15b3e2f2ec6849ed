"""What the calls of Keras's layers and operations take. Keras-free; the data is in ``calls.json``.

Source:
    The signatures of ``call`` in Keras 3.6.0 to 3.15.1 and in a pre-release of 3.16, read by ``tests/calls.py``. A
    class whose ``call`` differs between them is missing.
"""

import functools
import json
import pkgutil
from typing import Final, NamedTuple

__all__ = ["CallArguments", "find_call_arguments"]

_OF_MODELS: Final = "inputs training= mask="  # newer ones declare more, and refuse it
_TRAINING: Final = "training"  # every layer may be called with it


class CallArguments(NamedTuple):
    """What a call takes.

    Attributes:
        names: The names of all arguments, in their order.
        asked: The names of those that have to be given.
        takes_more: Whether it takes any other argument.
        is_layer: Whether it is a layer, and no operation.
    """

    names: tuple[str, ...]
    asked: frozenset[str]
    takes_more: bool
    is_layer: bool

    def find_fault(self, count: int, named: frozenset[str]) -> str | None:
        """Return why a call is refused with *count* arguments by position and those *named*, or None."""
        if self.takes_more:
            return None
        if count > len(self.names):
            return f"the call has {count} arguments by position, and takes {len(self.names)}"
        unknown = sorted(named - {*self.names, *([_TRAINING] if self.is_layer else [])})
        if unknown:
            return f"the call has the argument {unknown[0]!r}, which it does not take"
        twice = sorted(named.intersection(self.names[:count]))
        if twice:
            return f"the call has the argument {twice[0]!r} twice"
        lacking = sorted(self.asked - named - {*self.names[:count]})
        return f"the call lacks the argument {lacking[0]!r}" if lacking else None


@functools.cache
def _read() -> dict[str, str]:
    found = json.loads(pkgutil.get_data("serialactivation.catalog", "calls.json") or b"{}")
    models = {f"keras.models.{name}": _OF_MODELS for name in ("Functional", "Sequential")}
    return models | {
        f"keras.{module}.{name}": call
        for module, calls in found.items()
        for call, names in calls.items()
        for name in names.split()
    }


def find_call_arguments(owner: str) -> CallArguments | None:
    """Return what the calls of a class take, or None if that is not known.

    Args:
        owner: The path of the class, such as ``keras.layers.Dense``.
    """
    call = _read().get(owner)
    if call is None:
        return None
    found = call.split()
    names = tuple(one.rstrip("=") for one in found if not one.startswith("*"))
    asked = frozenset(one for one in found if one.isidentifier())
    return CallArguments(names, asked, len(names) < len(found), owner.startswith(("keras.layers.", "keras.models.")))
