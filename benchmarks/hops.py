"""How often the way through the package changes from one of its modules to another: ``python -m benchmarks.hops``.

What a reader who follows one call has to open, one after the other. Each call of a function of the package is one step;
a hop is a step into another module than the one before.
"""

import gc
import itertools
import sys
from collections.abc import Callable, Iterator
from types import FrameType

import keras

import serialactivation as sa
from benchmarks.rows import Row, print_rows

PACKAGE = "serialactivation."
MOST = {"construction": 30, "from_config": 35}


def list_steps(function: Callable[[], object]) -> list[str]:
    """Return the modules of the package whose functions *function* runs, in order, once its caches are filled."""
    function()
    gc.collect()  # what it has made is not to be freed below
    modules: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        name = str(frame.f_globals.get("__name__"))
        if event == "call" and name.startswith(PACKAGE):
            modules.append(name.removeprefix(PACKAGE))

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return modules


def list_hops(steps: list[str]) -> list[str]:
    """Return *steps* with those that stay in their module as one."""
    return [module for module, _ in itertools.groupby(steps)]


def make_ways() -> dict[str, Callable[[], object]]:
    """Return what is followed: a layer that is made, and one that is made from a config."""
    activation = keras.layers.LeakyReLU(negative_slope=0.2)
    config = sa.layers.Dense(4, activation=activation).get_config()
    return {
        "construction": lambda: sa.layers.Dense(4, activation=activation),
        "from_config": lambda: sa.layers.Dense.from_config(config),
    }


def measure() -> Iterator[Row]:
    """Yield a row for each of the two."""
    for name, function in make_ways().items():
        steps = list_steps(function)
        hops, modules = len(list_hops(steps)), len(set(steps))
        what = f"`Dense(4, activation=LeakyReLU())`: {name}"
        yield Row(what, "", f"{hops} hops, {len(steps)} calls, {modules} modules", "", str(MOST[name]))


if __name__ == "__main__":
    if "--list" in sys.argv[1:]:
        for name, function in make_ways().items():
            print(f"{name}: {' > '.join(list_hops(list_steps(function)))}")
    print_rows(measure())
