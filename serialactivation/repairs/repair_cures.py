"""The cures of the findings that a repair removes: the command that repairs the file. Keras-free."""

import shlex
from collections.abc import Iterator
from typing import Final, NamedTuple

from serialactivation import errors
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.repairs.plan_repair import RepairPlan, plan_repair
from serialactivation.rules.activations.sites import OTHER_MEANING
from serialactivation.rules.check import Report
from serialactivation.rules.files.containers import CONTAINERS
from serialactivation.rules.finding import Finding
from serialactivation.rules.known_names import NOTHING_KNOWN, KnownNames
from serialactivation.rules.rule import FIX, REPLACE

__all__ = ["Offer", "cure_by_repair", "find_offer"]

_REPAIRABLE: Final = (Kind.KERAS, Kind.HDF5, Kind.CONFIG)
_COMMAND: Final = "serialactivation repair FILE"
_MOST: Final = 10_000
_REPLACES: Final = f"{_COMMAND} --replace"
_SCALES: Final = " --scale-hard-sigmoid"
_SCALED: Final = "the weights of the gates are multiplied by 1.2: see serialactivation explain SA113"


class Offer(NamedTuple):
    """A repair of a file that removes some of its findings.

    Attributes:
        plan: The repair.
        options: The options of the command, each with a space before it.
    """

    plan: RepairPlan
    options: str

    @property
    def command(self) -> str:
        """The command that repairs the file, even if errors are left."""
        return f"{_COMMAND}{self.options}{'' if self.plan.loads else ' --partial'} -o OUT"

    def removes(self, finding: Finding) -> bool:
        """Return whether a *finding* is gone: nothing of its code is left on the layer, or in the model if it has none.

        A repair may put a layer in another place, but does not rename it.
        """
        report = self.plan.report
        if any(code == finding.code for code, _ in report.omitted):
            return False
        left = (one for one in report.findings if one.code == finding.code)
        return not any(one.owners[-1:] == finding.owners[-1:] or not finding.owners for one in left)


def cure_by_repair(report: Report, archive: Archive, target: str | None, known: KnownNames = NOTHING_KNOWN) -> Report:
    """Return *report* with the command that repairs the file as the cure of each finding that a repair removes.

    Args:
        report: The report on *archive*.
        archive: A saved model; a huge one keeps its cures.
        target: The target Keras, or None for the newest.
        known: The names that the project provides, which the command carries.
    """
    offer = find_offer(report, archive, target, known)
    return report if offer is None else report._replace(findings=tuple(_cure(report, offer)))


def find_offer(report: Report, archive: Archive, target: str | None, known: KnownNames = NOTHING_KNOWN) -> Offer | None:
    """Return the repair of *archive*, or None if it cannot remove anything of what is found.

    Args:
        report: The report on *archive*.
        archive: A saved model.
        target: The target Keras, or None for the newest.
        known: The names that the project provides.
    """
    rules = {finding.rule for finding in report.findings}
    repairs = {name for rule in rules for name in rule.repairs} - {REPLACE, FIX}
    if not repairs or archive.kind not in _REPAIRABLE or not rules.isdisjoint(CONTAINERS) or _is_huge(report):
        return None
    try:
        return _make_offer(report, archive, target, known)
    except errors.ArchiveError:  # the weights cannot be read, of which there is a finding only if they are listed
        return None


def _is_huge(report: Report) -> bool:
    """Return whether a model has so many activations or findings that a repair would take much memory."""
    return report.unlisted > 0 or sum(report.omitted.values()) > _MOST


def _make_offer(report: Report, archive: Archive, target: str | None, known: KnownNames) -> Offer:
    options = "" if target is None else f" --target-keras {target}"
    if known.names:
        options += f" --known {shlex.quote(','.join(known.names))}"
    plan = plan_repair(archive, (), target, report=report, known=known)
    if archive.kind is not Kind.CONFIG and any(one.rule is OTHER_MEANING for one in plan.left):
        scaled = plan_repair(archive, (), target, scaled=True, known=known)
        if scaled.conversions != plan.conversions:
            return Offer(scaled, f"{options}{_SCALES}")
    return Offer(plan, options)


def _cure(report: Report, offer: Offer) -> Iterator[Finding]:
    made = {change.repair for change in offer.plan.changes}
    for finding in report.findings:
        names = [name for name in finding.rule.repairs if name in made]
        if names and not finding.cure.startswith(_REPLACES) and offer.removes(finding):
            note = finding.note if finding.cure.startswith(_COMMAND) else _describe(names)
            yield finding._replace(cure=offer.command, note=_SCALED if finding.rule is OTHER_MEANING else note)
        else:
            yield finding


def _describe(names: list[str]) -> str:
    return f"its repair {names[0]} does this" if len(names) == 1 else f"its repairs {', '.join(names)} do this"
