"""The repair ``prune``: removes keywords that the target Keras lacks, if they hold their default. Keras-free."""

import copy
from typing import Any, Final

from serialactivation.repairs.repair import Change, Repair
from serialactivation.rules.target_findings import find_issues
from serialactivation.rules.target_rules import DEFAULT_OF_NEWER_KEYWORD
from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.nodes import Root
from serialactivation.typing import JSON

__all__ = ["PRUNE"]

_NAME: Final = "prune"


def _prune(config: JSON, root: Root, target: str | None) -> tuple[JSON, tuple[Change, ...]]:
    if target is None:
        return config, ()
    # also issues that are not reported: a layer of this package would omit the keyword too, but with a warning
    found = [issue.steps for issue in find_issues(config, target, root) if issue.rule is DEFAULT_OF_NEWER_KEYWORD]
    if not found:
        return config, ()
    pruned = copy.deepcopy(config)
    changes = tuple(Change(repair=_NAME, steps=steps, what=_take_out(pruned, root, steps)) for steps in found)
    return pruned, changes


def _take_out(config: Any, root: Root, steps: Steps) -> str:
    *leading, last = steps[len(root.steps) :]
    return f"{follow(config, leading).pop(last)!r} removed"


PRUNE: Final = Repair(name=_NAME, apply=_prune)
"""The repair."""
