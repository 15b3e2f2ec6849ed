"""The rules on functions and classes that a program has to provide, and what to do before a load. Keras-free."""

from typing import Final

from serialactivation.files.printable import LONGEST_NAME, cut
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.classes import SCRIPT
from serialactivation.typing import Config

__all__ = [
    "PROGRAM_CLASS",
    "PROVIDED",
    "REGISTERED_NAME",
    "cure_by_objects",
    "cure_for_class",
    "cure_for_name",
    "find_needed_class",
]

REGISTERED_NAME: Final = Rule(
    code="SA229",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    meaning="The activation is stored by a registered name: a program has to register it before it loads the model.",
    why="The layer was given a function or an object of a registered class. The file holds its registered name, which "
    "is found if the module that registers it has been imported.",
    example='"activation": {"module": "builtins", "class_name": "function", "config": "my_package>bent"}',
    cure="Import the module that registers it before you load the model, or pass it in custom_objects. If your "
    "project does that, name it with --known 'my_package>', or in the setting known: "
    'known = ["my_package>"].',
    part_of="SA103",
)

PROGRAM_CLASS: Final = Rule(
    code="SA230",
    severity=Severity.WARNING,
    verdict=Verdict.NOT_KNOWN,
    meaning="A part of the model is of a class of the program that saved it, which is not registered.",
    why="The class was defined in a script or a notebook, and was not registered. The file holds its name, but no "
    "module, so that no import makes it known to a load.",
    example='"activation": {"module": null, "class_name": "Bent", "registered_name": "Bent", "config": {...}}',
    cure="Pass the class in custom_objects when you load the model. Or decorate it with "
    "@keras.saving.register_keras_serializable() in a module that you import, and save the model again. If your "
    'project provides it, name it with --known Bent, or in the setting known: known = ["Bent"].',
    part_of="SA204",
)

PROVIDED: Final = (REGISTERED_NAME, PROGRAM_CLASS)
"""The rules on what a program provides, in the order of their codes."""


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
