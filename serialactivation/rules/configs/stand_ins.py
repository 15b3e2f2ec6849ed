"""The rule on what an HDF5 model is compiled with, if Keras lacks its class and takes its own instead. Keras-free."""

from collections.abc import Iterator
from typing import Final, cast

from serialactivation.files.printable import cut
from serialactivation.rules.configs.names import NO_TRAINING
from serialactivation.rules.configs.optimizers import find_own_optimizer
from serialactivation.rules.issue import Issue, make_issue
from serialactivation.rules.provided import cure_for_class, find_needed_class
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.nodes import Node
from serialactivation.tree.stand_ins import StandIn, find_stand_in
from serialactivation.typing import Config

__all__ = ["STAND_INS", "check_stand_in"]

STAND_IN: Final = Rule(
    code="SA250",
    severity=Severity.WARNING,
    verdict=Verdict.LOADS,
    meaning="The optimizer or the loss is of a custom class: without it, Keras uses its own class of the same name.",
    why="An HDF5 file holds the class and the name of what a model was compiled with. If Keras does not find the "
    "class, it looks the name up among its own optimizers or losses, and makes one with default settings: the model "
    "loads, computes what it computed, and trains differently.",
    example='"optimizer_config": {"class_name": "Descent", "config": {"name": "SGD", ...}}',
    cure="Import the module that registers the class before you load the model, or pass the class in custom_objects. "
    'If your project does that, name it with --known Descent, or in the setting known: known = ["Descent"].',
    part_of="SA204",
)

STAND_INS: Final = (STAND_IN,)
"""The rules on stand-ins, in the order of their codes."""

_INSTEAD: Final = "makes its own {name!r} in its place, with default settings, unless the class is provided"


def check_stand_in(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issue with an object whose class Keras *target* does not find, if a load goes on without it."""
    stand_in = find_stand_in(node, target)
    if stand_in is None or find_own_optimizer(node) is not None:
        return
    stored = cast("Config", node.stored)
    is_made = stand_in is StandIn.NAMESAKE
    what = _INSTEAD.format(name=node.config.get("name")) if is_made else "looks the class up when it trains"
    evidence = f"{cut(str(stored['class_name']))} is no class of Keras {target}, which {what}"
    rule = STAND_IN if is_made else NO_TRAINING
    yield make_issue(node, rule, evidence, cure=cure_for_class(stored), needs=find_needed_class(stored))
