"""Counts, which are the same on every machine: Python calls, bytes allocated, operations of a traced graph."""

import cProfile
import pstats
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["count_calls", "count_calls_of", "count_operations", "peak_bytes", "profile"]


def count_calls(function: Callable[[], object], *, warm: bool = True) -> int:
    """Return how many calls *function* makes, of Python functions and of built-in ones, once its caches are filled."""
    if warm:
        function()
    profile = cProfile.Profile()
    profile.runcall(function)
    return pstats.Stats(profile).total_calls


def count_calls_of(name: str, function: Callable[[], object]) -> int:
    """Return how often *function* has Python functions called *name* run."""
    profiler = cProfile.Profile()
    profiler.runcall(function)
    codes = [(entry.code, entry.callcount) for entry in profiler.getstats() if not isinstance(entry.code, str)]
    return sum(count for code, count in codes if code.co_name == name)


def profile(function: Callable[[], object]) -> dict[str, float]:
    """Return the seconds within each function by its name, what it calls included; under the empty name, within all."""
    profiler = cProfile.Profile()
    profiler.runcall(function)
    stats = pstats.Stats(profiler)
    times: dict[str, float] = {"": stats.total_tt}  # type: ignore[attr-defined]  # it is there, and in no stub
    for (_, _, name), (_, _, _, within, _) in stats.stats.items():  # type: ignore[attr-defined]  # likewise
        times[name] = max(within, times.get(name, 0.0))
    return times


def peak_bytes(function: Callable[[], object]) -> int:
    """Return the most bytes that *function* holds at a time, beyond what was there before."""
    function()
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def count_operations(jaxpr: Any) -> Counter[str]:
    """Return how often each operation stands in a jaxpr, those inside others included."""
    return Counter(equation.primitive.name for equation in _walk(jaxpr.jaxpr))


def _walk(jaxpr: Any) -> Iterator[Any]:
    for equation in jaxpr.eqns:
        yield equation
        for value in equation.params.values():
            for inner in value if isinstance(value, list | tuple) else (value,):
                inner = getattr(inner, "jaxpr", inner)
                if hasattr(inner, "eqns"):
                    yield from _walk(inner)
