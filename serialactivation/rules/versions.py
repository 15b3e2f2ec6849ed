"""The findings on the rest of a config, but for its activations: what a Keras would not take of it. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.files.saved_model import Archive
from serialactivation.rules.finding import Finding, tell
from serialactivation.rules.issues import find_issues
from serialactivation.rules.version_rules import NEWER_THAN_KNOWN, Issue
from serialactivation.tree.objects import Place
from serialactivation.typing import JSON

__all__ = ["MODEL", "TRAINING", "find_configs", "find_rest"]

MODEL: Final = Place(hint="layers")
"""Where a model's config stands."""

TRAINING: Final = Place(steps=(TRAINING_CONFIG,))
"""Where stands how a model was compiled, in an HDF5 file."""


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
