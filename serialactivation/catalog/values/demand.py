"""What an argument of one of Keras's classes takes. Keras-free."""

from typing import NamedTuple

from serialactivation.catalog.values.value_kinds import Kind, takes
from serialactivation.catalog.versions import is_newer
from serialactivation.typing import JSON

__all__ = ["Demand"]


class Demand(NamedTuple):
    """What an argument takes.

    Attributes:
        kinds: The kinds of values that it takes.
        since: The first Keras that refuses all others, or None for every Keras.
        until: The last Keras that refuses all others, or None.
        is_made: Whether the layer is made with any value, and its calls fail with others.
        is_for_build: Whether the layer is made with any value, and refuses others when it is built.
    """

    kinds: tuple[Kind, ...]
    since: str | None = None
    until: str | None = None
    is_made: bool = False
    is_for_build: bool = False

    @property
    def label(self) -> str:
        """What it takes, as text."""
        return ", or ".join(kind.label for kind in self.kinds)

    def is_in_force(self, target: str) -> bool:
        """Return whether Keras *target* has it."""
        is_old = self.until is not None and is_newer(target, self.until)
        return not is_old and (self.since is None or not is_newer(self.since, target))

    def refuses(self, value: JSON) -> bool:
        """Return whether a stored *value* is certainly refused."""
        return not takes(self.kinds, value)
