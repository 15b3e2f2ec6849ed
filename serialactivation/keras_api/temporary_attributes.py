"""Changes attributes while a function runs, and restores them even after an error or an interrupt."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

__all__ = ["run_with", "run_with_each"]

ResultT = TypeVar("ResultT")

_ABSENT: Final = object()


def run_with(target: object, values: Mapping[str, object], run: Callable[[], ResultT]) -> ResultT:
    """Return the result of *run*, with *values* in the attributes of *target* meanwhile; bypasses ``__setattr__``."""
    return run_with_each([(target, values)], run)


def run_with_each(changes: Sequence[tuple[object, Mapping[str, object]]], run: Callable[[], ResultT]) -> ResultT:
    """Return the result of *run*, with the *changes* of attributes meanwhile; bypasses ``__setattr__``.

    There are two ``finally`` blocks, so that the attributes are restored even if an interrupt comes during the first. A
    ``with`` statement could miss its ``__exit__`` then.
    """
    before = [(target, {name: _find(target, name) for name in values}) for target, values in changes]
    try:
        try:
            for target, values in changes:
                for name, value in values.items():
                    object.__setattr__(target, name, value)
            return run()
        finally:
            _restore_each(before)
    finally:
        _restore_each(before)


def _find(target: object, name: str) -> object:
    """Return the value in *target*'s own dict or in a slot."""
    if hasattr(target, "__dict__"):
        return vars(target).get(name, _ABSENT)
    return getattr(target, name, _ABSENT)


def _restore_each(before: Sequence[tuple[object, Mapping[str, object]]]) -> None:
    for target, values in before:
        _restore(target, values)


def _restore(target: object, before: Mapping[str, object]) -> None:
    for name, value in before.items():
        if value is not _ABSENT:
            object.__setattr__(target, name, value)
        elif _find(target, name) is not _ABSENT:
            object.__delattr__(target, name)
