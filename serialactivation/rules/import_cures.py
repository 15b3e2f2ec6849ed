"""What to do before a load if a file names a class or a function of another package. Keras-free."""

from typing import Final

from serialactivation.files.printable import LONGEST_NAME, cut
from serialactivation.typing import Config

__all__ = ["cure_for_class", "cure_for_name"]

_SCRIPT: Final = "__main__"


def cure_for_name(name: str) -> str:
    """Return a cure that makes a registered *name* known to a load."""
    shown = repr(cut(name, LONGEST_NAME))
    return f"import the module that registers {shown} before loading, or pass custom_objects={{{shown}: ...}}"


def cure_for_class(stored: Config) -> str:
    """Return a cure that makes the class of an object known to a load: an import, if the module registers it."""
    module, name = stored.get("module"), str(stored["class_name"])
    registered = str(stored.get("registered_name") or name)
    is_module = isinstance(module, str) and module != _SCRIPT and all(map(str.isidentifier, module.split(".")))
    if ">" in registered:
        return f"import {cut(str(module))} before loading, if you trust it" if is_module else cure_for_name(registered)
    shown = repr(cut(registered, LONGEST_NAME))
    given = cut(f"{module}.{name}") if is_module else "..."
    return f"pass custom_objects={{{shown}: {given}}} to the load, if you trust it"
