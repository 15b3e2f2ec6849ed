"""Functions and classes that came to this process by value, as cloudpickle sends those of a script or a notebook.

What was registered where they were written is not registered here, though the decorator stands above them.
"""

import sys
from collections.abc import Mapping

from serialactivation.errors import REGISTER

__all__ = ["came_by_value", "say_how_to_register"]


def came_by_value(definition: object) -> bool:
    """Return whether nothing in this process defines a function or a class: its name is not where it was written."""
    name: str | None = getattr(definition, "__qualname__", None)
    return name is not None and not any(name.split(".")[0] in variables for variables in _variables(definition))


def _variables(definition: object) -> list[Mapping[str, object]]:
    """Return where the name of a function, or of a class, stands if it was written in this process."""
    functions = [definition, *(vars(definition).values() if isinstance(definition, type) else ())]
    found: list[Mapping[str, object]] = [one.__globals__ for one in functions if hasattr(one, "__globals__")]
    module = sys.modules.get(getattr(definition, "__module__", None) or "")
    return found if module is None else [*found, vars(module)]


def say_how_to_register(definition: object, what: str) -> tuple[str, str]:
    """Return where *definition* has no name, as the end of a clause, and what to write; *what* is ``def relu``."""
    if not came_by_value(definition):
        return "", f"{REGISTER}  # above {what}"
    name = getattr(definition, "__name__", what)
    return (
        " in this process, where it came by value and left its registration behind",
        f"{REGISTER[1:]}({name})  # in this process first; or import {name} from a module that registers it",
    )
