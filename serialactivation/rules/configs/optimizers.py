"""The rules on optimizers of Keras that Keras 2 stored as registered classes, and the check of them. Keras-free.

Source:
    ``compile_args_from_training_config`` and ``_resolve_compile_arguments_compat`` of
    ``keras/src/legacy/saving/saving_utils.py``, Keras 3.6 to 3.15: an optimizer of an HDF5 file whose class Keras does
    not have is made anew by its name, with the default settings.
"""

import re
from collections.abc import Iterator
from typing import Final, cast

from serialactivation.catalog.classes import find_name, find_signature
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.rules.issue import Issue, make_issue
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.nodes import Node
from serialactivation.typing import Config

__all__ = ["OPTIMIZERS", "check_own_optimizer", "find_own_optimizer"]

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

OPTIMIZERS: Final = (DEFAULT_SETTINGS, REGISTERED_OPTIMIZER)
"""The rules on optimizers, in the order of their codes."""

_REGISTERED: Final = re.compile("Custom>(?P<name>[A-Za-z]+)")
_INNER: Final = "inner_optimizer"
_KEYS: Final = (_INNER, "optimizer", "optimizer_config")
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


_STRICT: Final = "3.15"
"""The first Keras that refuses a registered name for one of its own classes."""


def check_own_optimizer(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issue with an optimizer of Keras that is stored as a registered class."""
    name = find_own_optimizer(node)
    if name is None:
        return
    stored = cast("Config", node.stored)
    is_named, is_hdf5 = stored["class_name"] == name, TRAINING_CONFIG in node.steps and node.key != _INNER
    if is_named and stored.get("module") is not None and (is_hdf5 or is_newer(_STRICT, target)):
        return  # its class is found by its name
    evidence = f"Custom>{name} is the {name} of Keras"
    again = str(node.config.get("name"))
    if is_hdf5 and not is_named and stored.get("module", "") is not None and find_name("optimizers", again):
        evidence = f"{evidence}, which Keras 3 replaces with {again} with default settings"
        yield make_issue(node, DEFAULT_SETTINGS, evidence)
    else:
        yield make_issue(node, REGISTERED_OPTIMIZER, evidence)
