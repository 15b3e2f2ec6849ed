"""Functions and classes that were sent to this process by value, as cloudpickle sends those of a script.

They are registered in the process that defines them, but not here, although their source has the decorator.
"""

import sys
from collections.abc import Mapping

from serialactivation.errors import REGISTER

__all__ = ["explain_registration"]


def _came_by_value(definition: object) -> bool:
    """Return whether a function or a class was sent by value: its module here does not have its name."""
    name: str | None = getattr(definition, "__qualname__", None)
    return name is not None and not any(name.split(".")[0] in variables for variables in _variables(definition))


def _variables(definition: object) -> list[Mapping[str, object]]:
    """Return the namespaces that have the name of a function or a class if this process has defined it."""
    functions = [definition, *(vars(definition).values() if isinstance(definition, type) else ())]
    found: list[Mapping[str, object]] = [one.__globals__ for one in functions if hasattr(one, "__globals__")]
    module = sys.modules.get(getattr(definition, "__module__", None) or "")
    return found if module is None else [*found, vars(module)]


def explain_registration(definition: object, what: str) -> tuple[str, str]:
    """Return where *definition* lacks a name, as the end of a clause, and the cure; *what* is like ``def relu``."""
    if not _came_by_value(definition):
        return "", f"{REGISTER}  # above {what}"
    name = getattr(definition, "__name__", what)
    return (
        " in this process, to which it was sent by value, without its registration",
        f"{REGISTER[1:]}({name})  # in this process first; or import {name} from a module that registers it",
    )
