"""What a Keras would not take of a config, but for its activations, and what is not known of it. Keras-free."""

from collections.abc import Callable, Iterator, Mapping
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
    BACKENDS_OPTIMIZER,
    CODE_ELSEWHERE,
    DEFAULT_OF_NEWER_KEYWORD,
    GONE,
    LATER_INPUT,
    NEWER_CLASS,
    NEWER_EFFECT,
    NEWER_IN_TRAINING,
    NEWER_KEYWORD,
    NEWER_THAN_KNOWN,
    OPERATION,
    SHORT_NAME,
    TAKEN_FOR_FUNCTION,
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

_TO_SEE: Final = ("load it with Keras {target} to see whether it loads",)
_NEWER: Final = ("load it with Keras {since} or newer",)
_REPAIR: Final = "serialactivation repair FILE -o OUT"
_CURES: Final[Mapping[str, tuple[str, ...]]] = {
    DEFAULT_OF_NEWER_KEYWORD.code: ("serialactivation repair FILE --target-keras {target} -o OUT",),
    NEWER_KEYWORD.code: _NEWER,
    NEWER_CLASS.code: _NEWER,
    LATER_INPUT.code: _NEWER,
    GONE.code: ("load it with Keras {until} or older",),
    SHORT_NAME.code: (_REPAIR, "or load it with compile=False"),
    BACKENDS_OPTIMIZER.code: (_REPAIR,),
    OPERATION.code: ("save the model as .keras, with the Keras that made it",),
    NEWER_EFFECT.code: _NEWER,
    NEWER_IN_TRAINING.code: ("train it with Keras {since} or newer, or compile it with another loss or metric",),
    CODE_ELSEWHERE.code: ("write a layer of your own in its place, and register it",),
    TAKEN_FOR_FUNCTION.code: ("save the model as .keras",),
}
"""What is done about each, and what goes after it where it is a command; of the others, a load shows what they do."""

Judge = Callable[[Node], Iterator[Issue]]
TargetJudge = Callable[[Node, str], Iterator[Issue]]


def find_newer_target(target: str) -> Iterator[Finding]:
    """Yield that it is not known what Keras *target* takes, where that is newer than any that is known."""
    if is_newer(target, NEWEST):
        evidence = f"the target is Keras {target}, and this version of serialactivation knows Keras up to {NEWEST}"
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
    if issue.cure is not None:
        return (issue.cure,)
    cures = _CURES.get(issue.rule.code, _TO_SEE)
    return tuple(cure.format(target=target, since=issue.since, until=issue.until) for cure in cures)


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
            f"the layer {show(early)} is called on the output of a layer that stands after it, which Keras reads only "
            f"since {ANY_ORDER}"
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
