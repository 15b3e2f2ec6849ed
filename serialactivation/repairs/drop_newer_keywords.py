"""The repair ``prune``: removes keywords that the target Keras lacks, if they hold their default. Keras-free."""

import copy
from typing import Any, Final

from serialactivation.repairs.repair import Fix, Mended
from serialactivation.rules.target_findings import find_issues
from serialactivation.rules.target_rules import DEFAULT_OF_NEWER_KEYWORD
from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.nodes import Place
from serialactivation.typing import JSON

__all__ = ["PRUNE"]

_NAME: Final = "prune"


def _prune(config: JSON, place: Place, target: str | None) -> tuple[JSON, tuple[Mended, ...]]:
    if target is None:
        return config, ()
    # also issues that are not reported: a layer of this package would omit the keyword too, but with a warning
    found = [issue.steps for issue in find_issues(config, target, place) if issue.rule is DEFAULT_OF_NEWER_KEYWORD]
    if not found:
        return config, ()
    pruned = copy.deepcopy(config)
    mended = tuple(Mended(fix=_NAME, steps=steps, what=_take_out(pruned, place, steps)) for steps in found)
    return pruned, mended


def _take_out(config: Any, place: Place, steps: Steps) -> str:
    *leading, last = steps[len(place.steps) :]
    return f"{follow(config, leading).pop(last)!r} removed"


PRUNE: Final = Fix(name=_NAME, mend=_prune)
"""The repair."""
