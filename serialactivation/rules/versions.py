"""What a Keras would not take of a config, but for its activations, and what is not known of it. Keras-free."""

from collections.abc import Callable, Iterator
from typing import Final

from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.graphs import ANY_ORDER, find_early_call
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.files.saved_model import Archive
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
from serialactivation.tree.objects import Inside, Place, Thing, find_things
from serialactivation.typing import JSON

__all__ = ["MODEL", "TRAINING", "find_configs", "find_issues", "find_rest"]

MODEL: Final = Place(hint="layers")
"""Where a model's config stands."""

TRAINING: Final = Place(steps=(TRAINING_CONFIG,))
"""Where stands how a model was compiled, in an HDF5 file."""

Judge = Callable[[Thing], Iterator[Issue]]
TargetJudge = Callable[[Thing, str], Iterator[Issue]]


def find_configs(archive: Archive) -> Iterator[tuple[Place, JSON]]:
    """Yield the configs of a saved model, each with where it stands."""
    if archive.config is not None:
        yield MODEL, archive.config
        compiled = (archive.metadata or {}).get(TRAINING_CONFIG)
        if compiled is not None:
            yield TRAINING, compiled


def find_rest(archive: Archive, target: str) -> Iterator[Finding]:
    """Yield what Keras *target* would not take of a saved model, and what is not known, but for its activations."""
    configs = list(find_configs(archive))
    if configs and is_newer(target, NEWEST):
        evidence = f"Keras {target} was asked for, and what Keras takes is known up to {NEWEST}"
        yield _finding(Issue(rule=NEWER_THAN_KNOWN, owners=(), steps=(), evidence=evidence), target)
    for place, config in configs:
        for issue in find_issues(config, target, place):
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
