"""What a Keras would not take of a config, but for its activations, and what is not known of it. Keras-free."""

from collections.abc import Callable, Iterator
from typing import Final

from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.graphs import ANY_ORDER, find_early_call
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.rules.finding import Finding, tell
from serialactivation.rules.version_classes import check_class, check_code, check_form, check_function, check_name
from serialactivation.rules.version_keywords import check_compiling, check_keywords, check_strings
from serialactivation.rules.version_rules import (
    DEFAULT_OF_NEWER_KEYWORD,
    LATER_INPUT,
    NEWER_THAN_KNOWN,
    Issue,
    make_issue,
    show,
)
from serialactivation.tree.nodes import Node, Place, walk
from serialactivation.tree.reach import Inside
from serialactivation.typing import JSON

__all__ = ["MODEL", "TRAINING", "find_issues", "find_newer_target", "find_rest"]

MODEL: Final = Place(hint="layers")
"""Where a model's config stands."""

TRAINING: Final = Place(steps=(TRAINING_CONFIG,))
"""Where stands how a model was compiled, in an HDF5 file."""

Judge = Callable[[Node], Iterator[Issue]]
TargetJudge = Callable[[Node, str], Iterator[Issue]]


def find_newer_target(target: str) -> Iterator[Finding]:
    """Yield that it is not known what Keras *target* takes, where that is newer than any that is known."""
    if is_newer(target, NEWEST):
        evidence = f"Keras {target} was asked for, and what Keras takes is known up to {NEWEST}"
        yield _finding(Issue(rule=NEWER_THAN_KNOWN, owners=(), steps=(), evidence=evidence), target)


def find_rest(node: Node, target: str) -> Iterator[Finding]:
    """Yield what Keras *target* would not take of one *node*, and what is not known, but for activations."""
    for issue in judge_node(node, target):
        if issue.told:
            yield _finding(issue, target)


def _finding(issue: Issue, target: str) -> Finding:
    return tell(issue.rule, issue.owners, issue.steps, issue.evidence, *_cure(issue, target))


def _cure(issue: Issue, target: str) -> tuple[str, ...]:
    """Return what to do, and what goes after it where it is a command."""
    match issue.rule.part_of or issue.rule.code:
        case "SA201":
            return (f"serialactivation repair FILE --target-keras {target} -o OUT",)
        case "SA204":
            return (f"load it with Keras {target} to see",)
        case "SA206":
            return ("load it with a Keras that has it",)
        case "SA209":
            return ("save the model as .keras, with the Keras that made it",)
        case "SA207":
            return "serialactivation repair FILE -o OUT", "or load it with compile=False"
        case "SA208":
            return ("serialactivation repair FILE -o OUT",)
        case _:
            return (f"load it with Keras {issue.since} or newer",)


def find_issues(config: JSON, target: str, start: Place) -> Iterator[Issue]:
    """Yield what Keras *target* would not take of *config*, in the order in which it stands.

    Args:
        config: A model's config, or how it was compiled.
        target: The Keras that is to load it.
        start: Where it stands.
    """
    for node in walk(config, start):
        yield from judge_node(node, target)


def judge_node(node: Node, target: str) -> Iterator[Issue]:
    """Yield what Keras *target* would not take of one *node* in a config."""
    if not node.is_read:
        return
    for judge in _JUDGES:
        yield from _tell(judge(node), node)
    for target_judge in _TARGET_JUDGES:
        yield from _tell(target_judge(node, target), node)


def _tell(issues: Iterator[Issue], node: Node) -> Iterator[Issue]:
    """Yield *issues* with whether they matter: a layer of this package leaves out what the installed Keras lacks."""
    for issue in issues:
        inside = node.inside
        ours = inside is Inside.OURS or (node.of is not None and node.of.package == PACKAGE)
        told = inside is not Inside.OTHERS and not (ours and issue.rule is DEFAULT_OF_NEWER_KEYWORD)
        yield issue._replace(told=told)


def _graph(node: Node, target: str) -> Iterator[Issue]:
    if not is_newer(ANY_ORDER, target) or node.of is None:
        return
    early = find_early_call(node.config)
    if early is not None:
        evidence = (
            f"the layer {show(early)} is called on what a layer after it makes, which Keras reads since {ANY_ORDER}"
        )
        yield make_issue(node, LATER_INPUT, evidence, inner=("config", "layers"), since=ANY_ORDER)


_JUDGES: Final[tuple[Judge, ...]] = (check_form, check_code, check_strings)
_TARGET_JUDGES: Final[tuple[TargetJudge, ...]] = (
    check_class,
    check_function,
    check_name,
    check_keywords,
    check_compiling,
    _graph,
)
