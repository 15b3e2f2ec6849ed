"""A saved model's configs mended: activations replaced, then every fix applied. Keras-free."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.files.saved_model import Archive
from serialactivation.repairs.fix import Mended
from serialactivation.repairs.replace import Change, Replacement, replace_activations
from serialactivation.repairs.split.apply import split_archive
from serialactivation.repairs.split.weights import NOTHING, Moves
from serialactivation.repairs.table import apply_fixes
from serialactivation.rules.activations import REGISTERED_NAME
from serialactivation.rules.check import check_archive
from serialactivation.rules.finding import Finding
from serialactivation.rules.rule import Severity
from serialactivation.rules.versions import MODEL, TRAINING
from serialactivation.typing import JSON

__all__ = ["Mending", "mend"]


class Mending(NamedTuple):
    """What mending makes of a saved model.

    Attributes:
        before: Its configs as they are stored: the model's, and how it was compiled where that stands by itself.
        after: The same, mended.
        replaced: The activations that are replaced.
        mended: What the fixes have mended.
        left: The findings on the mended model that are errors or warnings, for which ``check`` would not pass it.
        moves: What becomes of the weights.
    """

    before: tuple[JSON, ...]
    after: tuple[JSON, ...]
    replaced: tuple[Change, ...]
    mended: tuple[Mended, ...]
    left: tuple[Finding, ...]
    moves: Moves = NOTHING

    @property
    def is_needed(self) -> bool:
        """Whether anything is replaced or mended."""
        return bool(self.replaced or self.mended)

    @property
    def loads(self) -> bool:
        """Whether nothing that is left is an error."""
        return all(finding.severity < Severity.ERROR for finding in self.left)

    def make(self, stored: JSON) -> JSON:
        """Return what a config that is *stored* in the file becomes."""
        return next((after for before, after in zip(self.before, self.after, strict=True) if before == stored), stored)


def mend(archive: Archive, replacements: Sequence[Replacement], target: str | None) -> Mending:
    """Return what mending makes of *archive*.

    Args:
        archive: A whole model.
        replacements: The activations to replace, and by what.
        target: The target Keras, or None for the newest.

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
        left=tuple(_find_left(map(splitting.explain, report.findings), changes)),
        moves=splitting.moves,
    )


def _find_left(findings: Iterable[Finding], changes: Iterable[Change]) -> Iterator[Finding]:
    """Yield what is left to mend; the name of a registered function that was just put in by that name is not."""
    chosen = {change.site.path for change in changes}
    for finding in findings:
        if finding.severity >= Severity.WARNING and not (finding.rule is REGISTERED_NAME and finding.path in chosen):
            yield finding
