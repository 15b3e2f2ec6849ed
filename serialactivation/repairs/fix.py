"""What a fix is, and what it tells of what it has mended. Keras-free."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from serialactivation.tree.activations import Steps, show_path
from serialactivation.tree.nodes import Place
from serialactivation.typing import JSON

__all__ = ["Fix", "Mend", "Mended"]


class Mended(NamedTuple):
    """One thing that a fix has mended.

    Attributes:
        fix: The name of the fix.
        steps: Where it stood in the config.
        what: What was done, as a clause that starts in lower case.
    """

    fix: str
    steps: Steps
    what: str

    @property
    def path(self) -> str:
        """Where it stood, as findings tell it."""
        return show_path(self.steps)


Mend: TypeAlias = Callable[[JSON, Place, str | None], tuple[JSON, tuple[Mended, ...]]]
"""Makes of a config, where it stands, and the Keras that is to load it, or None, the mended config.

The config that is given is not changed, and is returned as it is where there is nothing to mend. What is returned has
nothing left that the same function would mend.
"""


class Fix(NamedTuple):
    """A fix.

    Attributes:
        name: What it is called where it is told what it has mended.
        mend: What it does.
    """

    name: str
    mend: Mend
