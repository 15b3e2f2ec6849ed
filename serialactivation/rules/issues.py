"""What a Keras would not take of a config, but for its activations, and what is not known of it. Keras-free."""

from collections.abc import Callable, Iterator
from typing import Final

from serialactivation.catalog.graphs import ANY_ORDER, find_early_call
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.versions import is_newer
from serialactivation.rules.version_classes import check_class, check_code, check_form, check_function, check_name
from serialactivation.rules.version_keywords import check_compiling, check_keywords, check_strings
from serialactivation.rules.version_rules import DEFAULT_OF_NEWER_KEYWORD, LATER_INPUT, Issue, make_issue, show
from serialactivation.tree.objects import Inside, Place, Thing, find_things
from serialactivation.typing import JSON

__all__ = ["find_issues"]

Judge = Callable[[Thing], Iterator[Issue]]
TargetJudge = Callable[[Thing, str], Iterator[Issue]]


def find_issues(config: JSON, target: str, start: Place) -> Iterator[Issue]:
    """Yield what Keras *target* would not take of *config*, in the order in which it stands.

    Args:
        config: A model's config, or how it was compiled.
        target: The Keras that is to load it.
        start: Where it stands.
    """
    for thing in find_things(config, start):
        for judge in _JUDGES:
            yield from _tell(judge(thing), thing)
        for target_judge in _TARGET_JUDGES:
            yield from _tell(target_judge(thing, target), thing)


def _tell(issues: Iterator[Issue], thing: Thing) -> Iterator[Issue]:
    """Yield *issues* with whether they matter: a layer of this package leaves out what the installed Keras lacks."""
    for issue in issues:
        inside = thing.place.inside
        ours = inside is Inside.OURS or (thing.of is not None and thing.of.package == PACKAGE)
        told = inside is not Inside.OTHERS and not (ours and issue.rule is DEFAULT_OF_NEWER_KEYWORD)
        yield issue._replace(told=told)


def _graph(thing: Thing, target: str) -> Iterator[Issue]:
    if not is_newer(ANY_ORDER, target) or thing.of is None:
        return
    early = find_early_call(thing.config)
    if early is not None:
        evidence = (
            f"the layer {show(early)} is called on what a layer after it makes, which Keras reads since {ANY_ORDER}"
        )
        yield make_issue(thing, LATER_INPUT, evidence, inner=("config", "layers"), since=ANY_ORDER)


_JUDGES: Final[tuple[Judge, ...]] = (check_form, check_code, check_strings)
_TARGET_JUDGES: Final[tuple[TargetJudge, ...]] = (
    check_class,
    check_function,
    check_name,
    check_keywords,
    check_compiling,
    _graph,
)
