"""The repairs of a config, in the order in which they are applied. Keras-free."""

from typing import Final

from serialactivation.repairs.drop_newer_keywords import PRUNE
from serialactivation.repairs.modernize_keras2 import MODERNIZE
from serialactivation.repairs.number_shared_activations import UNIFY
from serialactivation.repairs.rename_old_keywords import RENAME
from serialactivation.repairs.repair import Fix, Mended
from serialactivation.repairs.use_public_names import RESPELL
from serialactivation.tree.nodes import Place
from serialactivation.typing import JSON

__all__ = ["FIXES", "apply_fixes"]

FIXES: Final[tuple[Fix, ...]] = (RENAME, MODERNIZE, RESPELL, UNIFY, PRUNE)
"""All repairs. A new one is added here; each works on the result of those before it."""


def apply_fixes(config: JSON, place: Place, target: str | None) -> tuple[JSON, tuple[Mended, ...]]:
    """Return a repaired config, and the changes; *config* itself is not changed.

    Args:
        config: A model's config, or its training config.
        place: Its place.
        target: The target Keras, or None for the newest.
    """
    mended: tuple[Mended, ...] = ()
    for fix in FIXES:
        config, more = fix.mend(config, place, target)
        mended += more
    return config, mended
