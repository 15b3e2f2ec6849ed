"""A saved model's configs mended: activations replaced, then every fix applied. Keras-free."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from serialactivation.archive.findings import Finding, Severity
from serialactivation.archive.fixes.fix import Mended
from serialactivation.archive.fixes.table import apply_fixes
from serialactivation.archive.layout import TRAINING_CONFIG
from serialactivation.archive.moves import NOTHING, Moves
from serialactivation.archive.reader import Archive
from serialactivation.archive.replace import Change, Replacement, replace_activations
from serialactivation.archive.report import Report, check_archive
from serialactivation.archive.rest import MODEL, TRAINING
from serialactivation.archive.splitting import split_archive
from serialactivation.typing import JSON

__all__ = ["Mending", "mend"]


class Mending(NamedTuple):
    """What mending makes of a saved model.

    Attributes:
        before: Its configs as they are stored: the model's, and how it was compiled where that stands by itself.
        after: The same, mended.
        replaced: The activations that are replaced.
        mended: What the fixes have mended.
        left: The findings on the mended model that are errors.
        moves: What becomes of the weights.
    """

    before: tuple[JSON, ...]
    after: tuple[JSON, ...]
    replaced: tuple[Change, ...]
    mended: tuple[Mended, ...]
    left: tuple[Finding, ...]
    moves: Moves = NOTHING

    def make(self, stored: JSON) -> JSON:
        """Return what a config that is *stored* in the file becomes."""
        return next((after for before, after in zip(self.before, self.after, strict=True) if before == stored), stored)


def mend(archive: Archive, replacements: Sequence[Replacement], target: str | None) -> Mending:
    """Return what mending makes of *archive*.

    Args:
        archive: A whole model.
        replacements: The activations to replace, and by what.
        target: The Keras that is to load it, or None for the newest.

    Raises:
        RepairError: A replacement matches nothing.
    """
    replaced, changes = replace_activations(archive.config, replacements)
    config, mended = apply_fixes(replaced if changes else archive.config, MODEL, target)
    compiled = (archive.metadata or {}).get(TRAINING_CONFIG)
    trained, more = apply_fixes(compiled, TRAINING, target)
    metadata = archive.metadata if compiled is None else {**(archive.metadata or {}), TRAINING_CONFIG: trained}
    splitting = split_archive(archive._replace(config=config), target)
    report = check_archive(archive._replace(config=splitting.config, metadata=metadata), target)
    return Mending(
        before=(archive.config, compiled),
        after=(splitting.config, trained),
        replaced=tuple(changes),
        mended=(*mended, *splitting.mended, *more),
        left=tuple(map(splitting.explain, _find_errors(report))),
        moves=splitting.moves,
    )


def _find_errors(report: Report) -> Iterator[Finding]:
    return (finding for finding in report.findings if finding.severity is Severity.ERROR)
