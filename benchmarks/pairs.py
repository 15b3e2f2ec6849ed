"""Two functions timed in turns, so that a machine that slows down slows both."""

import gc
import statistics
import time
from collections.abc import Callable
from typing import Final

import attrs

__all__ = ["Pair", "time_pair"]

SHORTEST: Final = 0.02
"""Seconds: what is shorter is repeated until it takes as long."""


@attrs.frozen
class Pair:
    """What two functions took.

    Attributes:
        stock: Seconds of the first, the median of the rounds.
        ours: Seconds of the second.
        ratio: The second by the first, the median of what each round says.
        low: A quarter of the rounds say less.
        high: A quarter of the rounds say more.
    """

    stock: float
    ours: float
    ratio: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.ratio:.2f} ({self.low:.2f} to {self.high:.2f})"


def time_pair(
    stock: Callable[[], object],
    ours: Callable[[], object],
    rounds: int = 15,
    before: tuple[Callable[[], object], Callable[[], object]] | None = None,
    clock: Callable[[], float] = time.process_time,
) -> Pair:
    """Return the time of two functions, run in turns; who is first changes with every round.

    Args:
        stock: The first.
        ours: The second; it may be the same, where what is done *before* is not.
        rounds: How often each has its turn.
        before: What is done before each has its turn, and not timed.
        clock: What tells the seconds: by default, those of the CPU.
    """
    functions = stock, ours
    number = max(_repeats(function, clock) for function in functions)
    taken: list[tuple[float, float]] = []
    for index in range(rounds):
        times = [0.0, 0.0]
        for turn in (index % 2, 1 - index % 2):
            if before is not None:
                before[turn]()
            times[turn] = _time(functions[turn], number, clock)
        taken.append((times[0], times[1]))
    low, ratio, high = statistics.quantiles([b / a for a, b in taken], n=4)
    return Pair(statistics.median(a for a, _ in taken), statistics.median(b for _, b in taken), ratio, low, high)


def _repeats(function: Callable[[], object], clock: Callable[[], float]) -> int:
    function()
    return max(1, round(SHORTEST / max(_time(function, 1, clock), 1e-7)))


def _time(function: Callable[[], object], number: int, clock: Callable[[], float]) -> float:
    """Return the seconds of one call; as :mod:`timeit` does, no garbage is collected meanwhile.

    One pass over all objects takes as long as a hundred layers, and whom it falls to is chance.
    """
    gc.collect()
    gc.disable()
    try:
        start = clock()
        for _ in range(number):
            function()
        return (clock() - start) / number
    finally:
        gc.enable()
