"""The check of what an HDF5 model is compiled with, if Keras lacks its class and takes something else. Keras-free."""

from collections.abc import Iterator
from typing import Final, cast

from serialactivation.files.printable import cut
from serialactivation.rules.configs.training_rules import NO_TRAINING, STAND_IN, find_own_optimizer
from serialactivation.rules.issue import Issue, make_issue
from serialactivation.rules.provided import cure_for_class, find_needed_class
from serialactivation.tree.nodes import Node
from serialactivation.tree.stand_ins import StandIn, find_stand_in
from serialactivation.typing import Config

__all__ = ["check_stand_in"]

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
