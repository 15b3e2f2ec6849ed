"""A repair of a config, and the record of one change that it made. Keras-free."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from serialactivation.tree.activations import Steps, show_path
from serialactivation.tree.nodes import Place
from serialactivation.typing import JSON

__all__ = ["Fix", "Mend", "Mended"]


class Mended(NamedTuple):
    """One change that a repair made.

    Attributes:
        fix: The name of the repair.
        steps: The place of the change in the config.
        what: What was done, as a clause that starts in lower case.
    """

    fix: str
    steps: Steps
    what: str

    @property
    def path(self) -> str:
        """The place of the change, as findings show it."""
        return show_path(self.steps)


Mend: TypeAlias = Callable[[JSON, Place, str | None], tuple[JSON, tuple[Mended, ...]]]
"""A function of a config, its place, and the target Keras (or None), that returns the repaired config and the changes.

The given config is not changed, and is returned itself if there is nothing to repair. The function finds nothing more
to repair in its own result.
"""


class Fix(NamedTuple):
    """A repair.

    Attributes:
        name: Its name, which is printed with each change.
        mend: The function that repairs a config.
    """

    name: str
    mend: Mend
