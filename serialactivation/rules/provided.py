"""What to do before a load if a file names a class or a function of another package. Keras-free."""

from serialactivation.files.printable import LONGEST_NAME, cut
from serialactivation.tree.classes import SCRIPT
from serialactivation.typing import Config

__all__ = ["cure_by_objects", "cure_for_class", "cure_for_name", "find_needed_class"]


def cure_for_name(name: str) -> str:
    """Return a cure that makes a registered *name* known to a load."""
    shown = repr(cut(name, LONGEST_NAME))
    return f"import the module that registers {shown} before loading, or pass custom_objects={{{shown}: ...}}"


def cure_by_objects(name: str) -> str:
    """Return a cure that makes a *name* known to a load that nothing registers."""
    return f"pass custom_objects={{{cut(name, LONGEST_NAME)!r}: ...}} to the load, if you trust it"


def find_needed_class(stored: Config) -> str:
    """Return the name of a class that a program has to provide: its registered name, or else its module and name."""
    module, name = stored.get("module"), str(stored["class_name"])
    registered = str(stored.get("registered_name") or name)
    is_placed = isinstance(module, str) and module != SCRIPT
    return registered if ">" in registered or not is_placed else f"{module}.{name}"


def cure_for_class(stored: Config) -> str:
    """Return a cure that makes the class of an object known to a load: an import, if the module registers it."""
    module, name = stored.get("module"), str(stored["class_name"])
    registered = str(stored.get("registered_name") or name)
    is_module = isinstance(module, str) and module != SCRIPT and all(map(str.isidentifier, module.split(".")))
    if ">" in registered:
        return f"import {cut(str(module))} before loading, if you trust it" if is_module else cure_for_name(registered)
    shown = repr(cut(registered, LONGEST_NAME))
    given = cut(f"{module}.{name}") if is_module else "..."
    return f"pass custom_objects={{{shown}: {given}}} to the load, if you trust it"
