"""The repair ``prune``: removes keywords that the target Keras lacks, if they hold their default. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.repairs.repair import Edit, Repair, remove
from serialactivation.rules.configs.keywords import DEFAULT_OF_NEWER_KEYWORD
from serialactivation.rules.node_findings import find_issues
from serialactivation.tree.activations import follow
from serialactivation.tree.stored_config import StoredConfig

__all__ = ["PRUNE"]


def _find(config: StoredConfig, target: str | None) -> Iterator[Edit]:
    if target is None:
        return
    # also issues that are not reported: a layer of this package would omit the keyword too, but with a warning
    for issue in find_issues(config.nodes, target):
        if issue.rule is DEFAULT_OF_NEWER_KEYWORD:
            steps = config.from_config(issue.steps)
            yield remove(steps, f"{follow(config.config, steps)!r} removed")


PRUNE: Final = Repair("prune", _find, removes="a keyword of a newer Keras")
"""The repair."""
