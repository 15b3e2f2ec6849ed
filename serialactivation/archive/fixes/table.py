"""The fixes, in the order in which they are applied. Keras-free."""

from typing import Final

from serialactivation.archive.fixes.fix import Fix, Mended
from serialactivation.archive.fixes.modernize import MODERNIZE
from serialactivation.archive.fixes.prune import PRUNE
from serialactivation.archive.fixes.rename import RENAME
from serialactivation.archive.fixes.respell import RESPELL
from serialactivation.archive.fixes.unify import UNIFY
from serialactivation.tree.objects import Place
from serialactivation.typing import JSON

__all__ = ["FIXES", "apply_fixes"]

FIXES: Final[tuple[Fix, ...]] = (RENAME, MODERNIZE, RESPELL, UNIFY, PRUNE)
"""All fixes. A new one is added here; each sees what those before it have made."""


def apply_fixes(config: JSON, place: Place, target: str | None) -> tuple[JSON, tuple[Mended, ...]]:
    """Return a config mended, and what has been; *config* itself is not changed.

    Args:
        config: A model's config, or how it was compiled.
        place: Where it stands.
        target: The Keras that is to load it, or None for the newest.
    """
    mended: tuple[Mended, ...] = ()
    for fix in FIXES:
        config, more = fix.mend(config, place, target)
        mended += more
    return config, mended
