"""The rule on the target Keras itself, and the check of it: whether it is known. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.classes import KNOWN, NEWEST, NEWEST_PRERELEASE
from serialactivation.catalog.versions import is_newer
from serialactivation.rules.configs.classes import NOT_KNOWN
from serialactivation.rules.finding import Finding, make_finding
from serialactivation.rules.rule import Rule, Severity, Verdict

__all__ = ["TARGETS", "TO_SEE", "find_newer_target"]

NEWER_THAN_KNOWN: Final = Rule(
    code="SA218",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    meaning="The target Keras is newer than every Keras release that this version of serialactivation knows.",
    why="serialactivation has a list of what the classes of each released Keras accept. The list ends with the Keras "
    "that was the newest when this version was made; what it has of a pre-release may still change.",
    example="--target-keras 3.99",
    cure="Install a newer serialactivation, or load the model to see.",
    part_of=NOT_KNOWN.code,
)

TARGETS: Final = (NEWER_THAN_KNOWN,)
"""The rules on the target Keras, in the order of their codes."""

TO_SEE: Final = "load it with Keras {target} to see whether it loads"
"""What to do where a rule has no advice: the user has to try."""


def find_newer_target(target: str) -> Iterator[Finding]:
    """Yield a finding if Keras *target* is newer than every known release: a pre-release may still change."""
    if is_newer(target, NEWEST):
        known = NEWEST if is_newer(target, KNOWN) or NEWEST_PRERELEASE is None else NEWEST_PRERELEASE
        evidence = f"the target is Keras {target}, and this version of serialactivation knows Keras up to {known}"
        yield make_finding(NEWER_THAN_KNOWN, (), (), evidence, TO_SEE.format(target=target))
