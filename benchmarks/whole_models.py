"""Large models made, saved, loaded, cloned and written as JSON: Python calls, and CPU time in turns.

``python -m benchmarks.whole_models --calls`` counts the calls of a small model alone: what says in a minute whether a
change of the package keeps to the budgets.
"""

import functools
import sys
import types
from collections.abc import Callable, Iterator

import keras

from benchmarks.counting import count_calls, profile
from benchmarks.models import BUDGETS, make_convnet, make_mlp, make_resnet, make_steps
from benchmarks.pairs import time_pair
from benchmarks.rows import Row, print_rows
from benchmarks.values import VALUES

MODELS: dict[str, Callable[..., keras.Model]] = {
    "MLP, 900 layers": make_mlp,
    "ConvNet, 200 layers": make_convnet,
    "ResNet152V2": make_resnet,
}

# What only a change in Keras could win: it makes a layer for each object to learn which attributes to skip, draws
# random numbers for weights that it is about to read, looks up the signatures of methods of every object, though they
# are their class's, and copies a config that it has just made.
IN_KERAS = {
    "save": ("get_attr_skipset", "deepcopy"),
    "load": ("get_attr_skipset", "_initialize_with_initializer", "signature"),
    "clone": ("signature",),
    "to JSON": ("deepcopy",),
    "from JSON": ("signature",),
}

# Each kind of activation is in the smallest model: the large ones take most of an hour with two kinds.
FEW_KINDS = {"MLP, 900 layers": ("`LeakyReLU`", "`PReLU`"), "ResNet152V2": ("`LeakyReLU`",)}

# Rounds enough to tell two in a hundred on a machine that is not quiet, where that does not take hours.
ROUNDS = {"to JSON": 15}
FEW = 3


def measure() -> Iterator[Row]:
    """Yield a row for each model, activation and step, what any subclass takes, and what is Keras's to win."""
    for name, make in MODELS.items():
        for label in FEW_KINDS.get(name, VALUES):
            yield from _measure_model(f"{name}, {label}", functools.partial(make, value=VALUES[label]))
    yield _measure_subclass()
    yield from _measure_keras()


@keras.saving.register_keras_serializable(package="benchmarks", name="Conv2D")
class _Conv2D(keras.layers.Conv2D):
    """A layer with no code at all: what it takes beyond Keras's own, ours cannot spare."""


def _measure_subclass() -> Row:
    empty = types.SimpleNamespace(Conv2D=_Conv2D)
    stock, subclass = make_convnet(keras.layers), make_convnet(empty)
    pair = time_pair(stock.to_json, subclass.to_json, rounds=ROUNDS["to JSON"])
    what = "ConvNet, 200 layers: to JSON, `model.to_json`, of an empty subclass and nothing of ours"
    return Row(what, f"{pair.stock:.2f} s", f"{pair.ours:.2f} s", str(pair))


def _measure_keras() -> Iterator[Row]:
    for name, (stock, _) in make_steps(make_mlp):
        step = name.partition(",")[0]
        if step not in IN_KERAS or "`sa." in name:
            continue
        stock()
        times = profile(stock)
        for function in IN_KERAS[step]:
            share = times[function] / times[""]
            yield Row(f"MLP, 900 layers, stock Keras, {step}: `{function}`", f"{share:.0%}", "", "")


def _measure_model(name: str, make: Callable[..., keras.Model]) -> Iterator[Row]:
    for step, (stock, ours) in make_steps(make):
        pair = time_pair(stock, ours, rounds=ROUNDS.get(step.partition(",")[0], FEW))
        calls = count_calls(stock, warm=False), count_calls(ours, warm=False)
        yield Row(
            f"{name}: {step}",
            f"{pair.stock:.2f} s, {calls[0]} calls",
            f"{pair.ours:.2f} s, {calls[1]} calls",
            f"{pair}; calls {calls[1] / calls[0]:.2f}",
            f"{BUDGETS[step]:.2f}",
        )


def count_small(depth: int = 20) -> Iterator[Row]:
    """Yield a row for each activation and step, of the calls for one layer of a small model."""
    for label, value in VALUES.items():
        for step, pair in make_steps(functools.partial(make_mlp, depth=depth, value=value)):
            stock, ours = map(count_calls, pair)
            ratio, most = ours / stock, BUDGETS[step]
            mark = " !" if ratio > most else ""
            yield Row(f"{label}: {step}", f"{stock // depth}", f"{ours // depth}", f"{ratio:.3f}{mark}", f"{most:.2f}")


if __name__ == "__main__":
    print_rows(count_small() if "--calls" in sys.argv[1:] else measure())
