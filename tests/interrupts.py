"""Operations on a small model that are interrupted at one line of this package, and what is seen afterwards.

``python -m tests.interrupts`` interrupts each at every line, the first and the last time that it runs, and with
``--opcodes`` before every instruction. :mod:`tests.models.test_interrupts` takes some lines.
"""

import argparse
import ast
import concurrent.futures
import contextlib
import dataclasses
import functools
import json
import os
import pathlib
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator

import keras
import numpy as np

import serialactivation as sa

PACKAGE = os.path.dirname(sa.__file__)
INPUTS = np.linspace(-2.0, 2.0, 6, dtype="float32").reshape(2, 3)


@dataclasses.dataclass
class Settings:
    """What a layer is made by."""

    units: int = 3
    activation: object = "tanh"


keras.saving.get_custom_objects()["interrupts>Settings"] = Settings


@sa.serializable_activation(package="interrupts")
class Gated(keras.layers.Layer):
    """A layer with a configuration object, and no ``get_config``."""

    def __init__(self, settings=None, gate_activation="sigmoid", **kwargs):
        super().__init__(**kwargs)
        self.settings = settings
        self.gate_activation = sa.get(gate_activation)
        self.activation = sa.get(settings.activation)

    def call(self, inputs):
        return self.activation(inputs) * self.gate_activation(inputs)


@sa.serializable_activation(package="interrupts")
class Parent(keras.layers.Dense):
    """A layer whose ``from_config`` is its own, and calls its parent's."""

    @classmethod
    def from_config(cls, config):
        return super().from_config(config)


def make_model(library=sa.layers) -> keras.Model:
    """Return a model in which three layers share a ``PReLU`` with weights of its own."""
    shared = keras.layers.PReLU(name="shared")
    inputs = keras.Input((3,), name="inputs")
    x = library.Dense(3, activation=shared, name="first")(inputs)
    x = library.Dense(3, activation=shared, name="second")(x)
    if library is sa.layers:
        partial = functools.partial(keras.activations.leaky_relu, negative_slope=0.3)
        x = Gated(Settings(activation=keras.layers.ELU(name="elu")), partial, name="gated")(x)
        x = Parent(3, activation=shared, name="parent")(x)
    model = keras.Model(inputs, x, name="model")
    generator = np.random.default_rng(3)
    for weight in model.weights:
        weight.assign(generator.normal(size=weight.shape))
    return model


@functools.cache
def write_files() -> tuple[str, str]:
    """Return the paths of a saved model, in both formats."""
    folder = tempfile.mkdtemp()
    paths = os.path.join(folder, "model.keras"), os.path.join(folder, "model.h5")
    for path in paths:
        sa.save_model(make_model(), path)
    return paths


def build_again(model: keras.Model) -> None:
    """Build and call a layer like the first, by a call."""
    layer = Gated(Settings(activation=keras.layers.PReLU(name="own")), "tanh", name="built")
    layer(INPUTS)


def save(model: keras.Model) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sa.save_model(model, os.path.join(folder, "model.keras"))
        sa.save_model(model, os.path.join(folder, "model.h5"))


def read_configs(model: keras.Model) -> None:
    for layer in model.layers[1:]:
        type(layer).from_config(layer.get_config())


OPERATIONS: dict[str, Callable[[keras.Model], object]] = {
    "get_config": lambda model: [layer.get_config() for layer in model.layers],
    "from_config": read_configs,
    "to_json": lambda model: model.to_json(),
    "sa.model_to_json": sa.model_to_json,
    "sa.model_from_json": lambda model: sa.model_from_json(sa.model_to_json(model)),
    "sa.save_model": save,
    "keras.saving.load_model": lambda model: keras.saving.load_model(write_files()[0]),
    "sa.load_model": lambda model: [sa.load_model(path) for path in write_files()],
    "sa.load_model, trusted": lambda model: sa.load_model(
        write_files()[0], trusted=["interrupts>Gated", "interrupts>Parent", "interrupts>Settings"]
    ),
    "sa.clone_model": sa.clone_model,
    "keras.models.clone_model": keras.models.clone_model,
    "sa.to_stock": lambda model: sa.to_stock(keras.Sequential(model.layers[:2])),
    "sa.convert": lambda model: sa.convert(keras.Sequential([keras.Input((3,)), *model.layers[1:3]])),
    "construction": lambda model: make_model(),
    "build": build_again,
    "codec": lambda model: sa.deserialize(sa.serialize(model.layers[1].activation), {"interrupts": abs}),
}


Lines = dict[tuple[str, int, int], list[int]]
"""When each line (of a module, by its number, at an instruction if those are counted) ran: the first and last time."""


@contextlib.contextmanager
def interrupted(at: int, ran: Lines, *, opcodes: bool = False) -> Iterator[None]:
    """Within it, Python is interrupted before line number *at* of this package, counted as they run from 1 on."""
    counted = 0

    def trace_lines(frame, event, _):
        nonlocal counted
        if event == ("opcode" if opcodes else "line"):
            counted += 1
            key = frame.f_code.co_filename, frame.f_lineno, frame.f_lasti if opcodes else 0
            ran.setdefault(key, [counted])[1:] = [counted]
            if counted == at:
                raise KeyboardInterrupt
        return trace_lines

    def trace(frame, event, _):
        if not frame.f_code.co_filename.startswith(PACKAGE):  # what attrs has generated is in no file
            return None
        frame.f_trace_opcodes = opcodes
        return trace_lines

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(None)


@functools.cache
def find_restoring_lines(path: str) -> frozenset[int]:
    """Return the lines of a module that set and put back what others look at: where it is most likely to stay."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(pathlib.Path(path).read_text())):
        if isinstance(node, ast.Try):
            found |= {node.lineno, *(inner.lineno for inner in node.finalbody)}
        elif isinstance(node, ast.With):
            found |= {node.lineno, node.body[0].lineno}
        elif isinstance(node, ast.FunctionDef) and node.name in ("__enter__", "__exit__"):
            found |= {inner.lineno for inner in node.body}
    return frozenset(found)


def number_keys(value: object, known: dict[object, int]) -> object:
    """Return a config with every ``shared_object_id`` replaced by its number, counted as they first stand there."""
    if isinstance(value, dict):
        return {
            key: known.setdefault(item, len(known)) if key == "shared_object_id" else number_keys(item, known)
            for key, item in value.items()
        }
    return [number_keys(item, known) for item in value] if isinstance(value, list | tuple) else value


def refuses(make: Callable[[], object]) -> bool:
    """Return whether a mistake is refused, as it is outside of a load and a ``build``."""
    try:
        make()
    except sa.ActivationError:
        return True
    return False


def put_lambda(layer: keras.Layer) -> None:
    """Make a mistake."""
    layer.activation = lambda x: x


def observe(model: keras.Model) -> dict[str, object]:
    """Return what the configs and the texts of *model* are, and whether mistakes are refused."""
    first, known = model.layers[1], {}
    with keras.saving.custom_object_scope({"relu": abs}):
        shadowed = refuses(lambda: sa.layers.Dense(3, activation="relu"))
    return {
        "configs": number_keys([layer.get_config() for layer in model.layers], {}),
        "twice": number_keys([keras.saving.serialize_keras_object(first.activation)] * 2, {}),
        "text": number_keys(json.loads(model.to_json()), known),
        "shared text": number_keys(json.loads(sa.model_to_json(model)), {}),
        "again": number_keys([type(layer).from_config(layer.get_config()).get_config() for layer in model.layers], {}),
        "weights": [(weight.path, tuple(weight.shape)) for weight in model.weights],
        "outputs": np.asarray(keras.ops.convert_to_numpy(model(INPUTS))).tolist(),
        "refuses a shadowed name": shadowed,
        "refuses a lambda": refuses(functools.partial(put_lambda, first)),
        "its own state": sorted(key for key in vars(first.activation) if key in ("build", "call")),
    }


def observe_copies(model: keras.Model) -> dict[str, object]:
    """Return what a reload and a clone of *model* are."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        loaded = keras.saving.load_model(path)
    return {
        "loaded": [(weight.path, tuple(weight.shape)) for weight in loaded.weights],
        "clone": [(weight.path, tuple(weight.shape)) for weight in sa.clone_model(model).weights],
        "loaded outputs": np.asarray(keras.ops.convert_to_numpy(loaded(INPUTS))).tolist(),
    }


Tried = tuple[bool, Lines, dict[str, object]]
"""Whether an operation was interrupted, the lines that ran till then, and what is seen afterwards."""


def try_once(name: str, at: int, *, opcodes: bool = False, thorough: bool = True) -> Tried:
    """Interrupt an operation, in a thread of its own: what is left behind in one is not seen in the next."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(_try, name, at, opcodes=opcodes, thorough=thorough).result()


def _try(name: str, at: int, *, opcodes: bool, thorough: bool) -> Tried:
    model, ran, ended = make_model(), {}, False
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            with interrupted(at, ran, opcodes=opcodes):
                OPERATIONS[name](model)
        except KeyboardInterrupt:
            ended = True
        try:
            seen = {**observe(model), **(observe_copies(model) if thorough else {})}
        except Exception as error:  # which is seen, too
            seen = {"error": f"{type(error).__name__}: {error}"[:200]}
    ours = [one for one in warned if "activation" in one.category.__name__.lower()]
    seen["warnings"] = sorted({str(one.message) for one in ours})
    return ended, ran, seen


def try_all(
    most: int | None = None, names: Iterable[str] = tuple(OPERATIONS), *, opcodes: bool = False
) -> dict[str, list[tuple[str, int, list[str]]]]:
    """Return the lines at which an interrupt is seen afterwards, by operation, with what differs.

    Args:
        most: How many lines of each operation are tried, drawn from those that put something back; None for all.
        names: The operations.
        opcodes: Whether every instruction of a line counts.
    """
    write_files()
    found: dict[str, list[tuple[str, int, list[str]]]] = {}
    for name in names:
        try_once(name, 0, thorough=False)  # what is made once is made
        ended, ran, expected = try_once(name, 0, opcodes=opcodes, thorough=most is None)
        assert not ended
        assert ran
        tried = sorted({at for times in ran.values() for at in times})
        if most is not None:
            likely = [times for (path, line, _), times in ran.items() if line in find_restoring_lines(path)]
            drawn_from = sorted({at for times in likely for at in times})
            tried = sorted(random.Random(name).sample(drawn_from, min(most, len(drawn_from))))
        interrupted_at = 0
        for at in tried:
            ended, ran, seen = try_once(name, at, opcodes=opcodes, thorough=most is None)
            interrupted_at += ended  # what is garbage may be reported so a few lines earlier
            differs = [key for key in {**expected, **seen} if seen.get(key) != expected.get(key)]
            if ended and differs:
                path, line, _ = next(key for key, times in ran.items() if at in times)
                found.setdefault(name, []).append((path, line, differs))
        assert interrupted_at > len(tried) / 2, name
    return found


def main() -> None:
    """Try all lines and print what is seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--opcodes", action="store_true")
    parser.add_argument("--most", type=int)
    options = parser.parse_args()
    for name in options.names or OPERATIONS:
        start = time.time()
        found = try_all(options.most, [name], opcodes=options.opcodes).get(name, [])
        print(f"{name}: {len(found)} in {time.time() - start:.0f} s", flush=True)
        for path, line, differs in found:
            print(f"    {os.path.relpath(path)}:{line}: {', '.join(differs)}", flush=True)


if __name__ == "__main__":
    main()
