"""Named decisions: each has its own random number, and can be fixed to make a program plainer."""

import random
from collections.abc import Mapping, Sequence

__all__ = ["Draw"]


class Draw:
    """What one program is drawn with.

    Attributes:
        seed: The number of the program.
        fixed: Decisions that are not drawn, by name: the position of the option.
        taken: All decisions so far, by name: the position of the option.
        picked: The options themselves.
        offered: All options that there were, by name.
    """

    def __init__(self, seed: int, fixed: Mapping[str, int] = {}) -> None:  # it is never changed
        self.seed = seed
        self.fixed = fixed
        self.taken: dict[str, int] = {}
        self.picked: dict[str, object] = {}
        self.offered: dict[str, tuple[object, ...]] = {}

    def pick(self, name: str, *options):
        """Return one of *options*, of which the plainest comes first."""
        self.offered[name] = options
        self.picked[name] = options[self._decide(name, range(len(options)))]
        return self.picked[name]

    def happens(self, name: str, once_in: int) -> bool:
        """Return whether something happens that does once in so many programs."""
        self.offered[name] = (False, True)
        self.picked[name] = bool(self._decide(name, [0] * (once_in - 1) + [1]))
        return self.picked[name]

    def _decide(self, name: str, positions: Sequence[int]) -> int:
        if name in self.taken:
            raise ValueError(f"the decision {name!r} is made twice")
        drawn = random.Random(f"{self.seed}/{name}").choice(positions)
        # An option may be gone where another decision was changed.
        self.taken[name] = min(self.fixed.get(name, drawn), max(positions))
        return self.taken[name]
