"""A repair of a config, and the record of one change that it made. Keras-free."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from serialactivation.tree.activations import Steps, show_path
from serialactivation.tree.nodes import Root
from serialactivation.typing import JSON

__all__ = ["ApplyRepair", "Change", "Repair"]


class Change(NamedTuple):
    """One change that a repair made.

    Attributes:
        repair: The name of the repair.
        steps: The keys and indices that lead to the change in the config.
        what: What was done, as a clause that starts in lower case.
    """

    repair: str
    steps: Steps
    what: str

    @property
    def path(self) -> str:
        """Those steps, as findings show them."""
        return show_path(self.steps)


ApplyRepair: TypeAlias = Callable[[JSON, Root, str | None], tuple[JSON, tuple[Change, ...]]]
"""A function of a config, its root, and the target Keras (or None) that returns the repaired config and the changes.

The given config is not changed, and is returned itself if there is nothing to repair. The function finds nothing more
to repair in its own result.
"""


class Repair(NamedTuple):
    """A repair.

    Attributes:
        name: Its name, which is printed with each change.
        apply: The function that repairs a config.
    """

    name: str
    apply: ApplyRepair
