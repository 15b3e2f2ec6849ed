"""The rules on functions and classes that a program has to provide, so that a model loads. Keras-free."""

from typing import Final

from serialactivation.rules.rule import Rule, Severity, Verdict

__all__ = ["PROGRAM_CLASS", "PROVIDED", "REGISTERED_NAME"]

REGISTERED_NAME: Final = Rule(
    code="SA229",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    meaning="The activation is stored by a registered name: a program has to register it before it loads the model.",
    why="The layer was given a function or an object of a registered class. The file holds its registered name, which "
    "is found if the module that registers it has been imported.",
    example='"activation": {"module": "builtins", "class_name": "function", "config": "my_package>bent"}',
    cure="Import the module that registers it before you load the model, or pass it in custom_objects. If your "
    'project does that, put its names into the setting known, such as known = ["my_package>"].',
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
    'project provides it, put its name into the setting known, such as known = ["Bent"].',
    part_of="SA204",
)

PROVIDED: Final = (REGISTERED_NAME, PROGRAM_CLASS)
"""The rules on what a program provides, in the order of their codes."""
