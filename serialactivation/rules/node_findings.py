"""The findings on the rest of a config: what the target Keras does not accept, or may not accept. Keras-free."""

from collections.abc import Iterable, Iterator
from typing import Final

from serialactivation.catalog.marks import PACKAGE
from serialactivation.rules.configs.classes import CLASS_CHECKS
from serialactivation.rules.configs.forms import check_forms
from serialactivation.rules.configs.graphs import GRAPH_CHECKS
from serialactivation.rules.configs.keras1_files import check_keras1
from serialactivation.rules.configs.keywords import DEFAULT_OF_NEWER_KEYWORD, KEYWORD_CHECKS
from serialactivation.rules.configs.lost_axes import check_axis
from serialactivation.rules.configs.names import NAME_CHECKS
from serialactivation.rules.configs.optimizers import check_own_optimizer
from serialactivation.rules.configs.stand_ins import check_stand_in
from serialactivation.rules.configs.targets import TO_SEE
from serialactivation.rules.configs.values import check_values
from serialactivation.rules.finding import Finding, make_finding
from serialactivation.rules.issue import Issue, NodeCheck
from serialactivation.tree.nodes import Node
from serialactivation.tree.read_keys import Reader

__all__ = ["find_issues", "find_rest"]


def find_rest(node: Node, target: str) -> Iterator[Finding]:
    """Yield the findings on one *node*, unless it is an activation: what Keras *target* does not accept."""
    for issue in find_node_issues(node, target):
        if issue.reported:
            yield _finding(issue, target)


def _finding(issue: Issue, target: str) -> Finding:
    return make_finding(issue.rule, issue.owners, issue.steps, issue.evidence, *_cure(issue, target), needs=issue.needs)


def _cure(issue: Issue, target: str) -> tuple[str, ...]:
    """Return what to do, and the note after it if that is a command."""
    if issue.cure is not None:
        return (issue.cure,)
    advice = issue.rule.advice or (TO_SEE,)
    return tuple(one.format(target=target, since=issue.since, until=issue.until) for one in advice)


def find_issues(nodes: Iterable[Node], target: str) -> Iterator[Issue]:
    """Yield the issues with the *nodes* of a config on Keras *target*, in their order."""
    for node in nodes:
        yield from find_node_issues(node, target)


def find_node_issues(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with one *node* of a config on Keras *target*."""
    if not node.is_read:
        return
    for check in _CHECKS:
        yield from _mark_reported(check(node, target), node)


def _mark_reported(issues: Iterator[Issue], node: Node) -> Iterator[Issue]:
    """Yield *issues*, marked as reported or not: a layer of this package omits what the installed Keras lacks."""
    for issue in issues:
        ours = node.reader is Reader.OURS or (node.of is not None and node.of.package == PACKAGE)
        reported = node.reader is not Reader.OTHER_PACKAGE and not (ours and issue.rule is DEFAULT_OF_NEWER_KEYWORD)
        yield issue._replace(reported=reported)


_CHECKS: Final[tuple[NodeCheck, ...]] = (
    *CLASS_CHECKS,
    *NAME_CHECKS,
    check_own_optimizer,
    check_stand_in,
    *KEYWORD_CHECKS,
    check_axis,
    check_keras1,
    check_values,
    check_forms,
    *GRAPH_CHECKS,
)
"""The checks of the families in configs/, in the order of their findings. A new family is added here."""
