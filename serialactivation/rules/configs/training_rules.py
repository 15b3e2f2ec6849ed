"""The rules on what a model is compiled with, and the optimizers that Keras 2 registered. Keras-free."""

import re
from typing import Final

from serialactivation.catalog.classes import find_signature
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.nodes import Node

__all__ = [
    "DEFAULT_SETTINGS",
    "NO_TRAINING",
    "REGISTERED_OPTIMIZER",
    "STAND_IN",
    "TRAINING_RULES",
    "find_own_optimizer",
]

_CURE: Final = "serialactivation repair FILE -o OUT"
_WHY: Final = "Keras 2.12 to 2.14 registered its own optimizers, and stored them as Custom>Adam and the like. "

DEFAULT_SETTINGS: Final = Rule(
    code="SA231",
    severity=Severity.WARNING,
    verdict=Verdict.LOADS,
    repair="optimizer",
    advice=(_CURE,),
    meaning="The optimizer of Keras 2 is replaced with one of the same name, with default settings: training differs.",
    why=f"{_WHY}Keras 3 does not find such a class for an HDF5 file, and makes an optimizer from its name alone. The "
    "model computes what it computed.",
    example='"optimizer_config": {"class_name": "Custom>Adam", "config": {"learning_rate": 0.1, ...}}',
    cure="Let serialactivation repair name the optimizer of Keras, with its settings.",
)

REGISTERED_OPTIMIZER: Final = Rule(
    code="SA232",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="optimizer",
    advice=(_CURE, "or load it with compile=False"),
    meaning="The optimizer is Keras's own, stored as a registered class, which Keras 3 does not find.",
    why=f"{_WHY}Keras 3 does not register its own.",
    example='"optimizer": {"module": "keras.optimizers", "class_name": "Custom>Adam", ...}',
    cure="Let serialactivation repair name the optimizer of Keras, with its settings, or load the file with "
    "compile=False.",
)

NO_TRAINING: Final = Rule(
    code="SA233",
    severity=Severity.NOTE,
    verdict=Verdict.LOADS,
    repair="loss",
    advice=("register it before the model is trained, or compile the model with another loss or metric",),
    meaning="The model is compiled with a loss or metric that Keras does not have by its name: it cannot be trained.",
    why="Keras looks the name up only when it trains the model. The model therefore loads. Other code registers the "
    "name, or it comes from Keras 2.",
    example='"loss": "my_loss" in the compile_config of a .keras file',
    cure="Register the function under that name before you train the model, or compile it again.",
    part_of="SA212",
)

STAND_IN: Final = Rule(
    code="SA250",
    severity=Severity.WARNING,
    verdict=Verdict.LOADS,
    meaning="The optimizer or the loss is of a program's class: without it, Keras takes its own one of the same name.",
    why="An HDF5 file holds the class and the name of what a model was compiled with. If Keras does not find the "
    "class, it looks the name up among its own optimizers or losses, and makes one with default settings: the model "
    "loads, computes what it computed, and trains otherwise.",
    example='"optimizer_config": {"class_name": "Descent", "config": {"name": "SGD", ...}}',
    cure="Import the module that registers the class before you load the model, or pass the class in custom_objects. "
    'If your project does that, put its name into the setting known, such as known = ["Descent"].',
    part_of="SA204",
)

TRAINING_RULES: Final = (DEFAULT_SETTINGS, REGISTERED_OPTIMIZER, NO_TRAINING, STAND_IN)
"""The rules on training, in the order of their codes."""

_REGISTERED: Final = re.compile("Custom>(?P<name>[A-Za-z]+)")
_KEYS: Final = ("inner_optimizer", "optimizer", "optimizer_config")
_DEAD: Final = ("decay", "dynamic", "is_legacy_optimizer", "jit_compile", "lr", "schedule_decay")


def find_own_optimizer(node: Node) -> str | None:
    """Return the name of Keras's own optimizer, which Keras 2 stored as a registered class, or None.

    It is Keras's own if it has no other arguments than that, except for those of Keras 2.
    """
    stored = node.stored
    if not node.is_object or not isinstance(stored, dict) or node.key not in _KEYS:
        return None
    names = [_REGISTERED.fullmatch(str(stored.get(key))) for key in ("registered_name", "class_name")]
    name = next((found["name"] for found in names if found), None)
    signature = None if name is None else find_signature("optimizers", name)
    if signature is None or node.config.keys() - signature.keywords - set(_DEAD):
        return None
    return name
