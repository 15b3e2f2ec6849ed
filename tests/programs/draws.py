"""Named decisions: each has its own random number, and can be fixed to make a program plainer."""

import random
from collections.abc import Mapping, Sequence

__all__ = ["Draw"]


class Draw:
    """What one program is drawn with.

    Attributes:
        seed: The number of the program.
        fixed: Decisions that are not drawn, by name: the position of the option.
        taken: All decisions so far, by name.
    """

    def __init__(self, seed: int, fixed: Mapping[str, int] = {}) -> None:  # it is never changed
        self.seed = seed
        self.fixed = fixed
        self.taken: dict[str, int] = {}

    def pick(self, name: str, *options):
        """Return one of *options*, of which the plainest comes first."""
        return options[self._decide(name, range(len(options)))]

    def happens(self, name: str, once_in: int) -> bool:
        """Tell whether something happens that does once in so many programs."""
        return bool(self._decide(name, [0] * (once_in - 1) + [1]))

    def _decide(self, name: str, positions: Sequence[int]) -> int:
        if name in self.taken:
            raise ValueError(f"the decision {name!r} is made twice")
        drawn = random.Random(f"{self.seed}/{name}").choice(positions)
        # An option may be gone where another decision was changed.
        self.taken[name] = min(self.fixed.get(name, drawn), max(positions))
        return self.taken[name]
