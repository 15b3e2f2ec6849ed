"""Programs run one after another: made and saved in one process, read in another; what fails is made plainer."""

import contextlib
import itertools
import json
import pathlib
import pickle
import re
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import keras
import numpy as np

import serialactivation as sa
from tests.helpers.processes import run_function
from tests.programs.program import Program, draw_program, import_program
from tests.programs.trips import Expected, Failure, come_back, draw_inputs, leave, set_weights_at_random

__all__ = ["Outcome", "make_plainer", "run_program", "run_programs"]

_NUMBERS = itertools.count()


@attrs.frozen
class Outcome:
    """How one program ended.

    Attributes:
        seed: Which it is.
        refused: The refusal, where a value was refused as the model was made.
        invalid: What stock Keras raises too, where neither it nor we can make the model.
        failures: What came back as something else, or not at all.
        seconds: The CPU time that the processes took which ran it, together with others.
    """

    seed: int
    refused: str | None = None
    invalid: str | None = None
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0

    @property
    def is_equal(self) -> bool:
        """Whether the model was made, and came back every way."""
        return not (self.refused or self.invalid or self.failures)

    @property
    def kinds(self) -> frozenset[str]:
        """The failures without what differs from program to program."""
        return frozenset(f"{failure.way}: {_common(failure.seen)}" for failure in self.failures)


def _common(text: str) -> str:
    """Return *text* without names and numbers that are a program's own."""
    first = " ".join(text.split())[:160]
    return re.sub(r"(?<![a-z])[0-9][0-9.e+-]*", "N", re.sub(r"program_\w+|0x[0-9a-f]+|_[0-9]+", "", first))


def run_programs(seeds: Sequence[int]) -> list[Outcome]:
    """Return how the programs of *seeds* end."""
    return _run([(seed, {}) for seed in seeds])


def run_program(seed: int, fixed: Mapping[str, int]) -> Outcome:
    """Return how one program ends, with some decisions *fixed*."""
    (outcome,) = _run([(seed, fixed)])
    return outcome


def _run(drawn: Sequence[tuple[int, Mapping[str, int]]]) -> list[Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        here = _last_line(run_function(_leave_all, folder, json.dumps(drawn)))
        there = _last_line(run_function(_read_all, folder))
    seconds = here["seconds"] + there["seconds"]
    outcomes = []
    for seed, refused, invalid, failures in here["ended"]:
        seen_there = there["ended"].get(str(seed), ())
        elsewhere = [Failure(f"{way}, in a new process", seen) for way, seen in seen_there]
        failures = [Failure(*failure) for failure in failures]
        # What fails in both is one failure.
        failed = {failure.way for failure in failures}
        new = [failure for failure in elsewhere if failure.way.removesuffix(", in a new process") not in failed]
        outcomes.append(Outcome(seed, refused, invalid, (*failures, *new), seconds / len(drawn)))
    return outcomes


def _last_line(printed: str) -> dict[str, Any]:
    """Return what a process says at its end; whatever else it printed is an author's."""
    return json.loads(printed.splitlines()[-1])


def _say(ended: object) -> None:
    print("\n" + json.dumps({"ended": ended, "seconds": time.process_time()}))


def _leave_all(folder: str, drawn: str) -> None:
    """In a process of its own: make and save each model, and print how that ended."""
    ended = []
    for seed, fixed in json.loads(drawn):
        outcome = _leave_one(draw_program(seed, fixed), pathlib.Path(folder))
        failures = [(failure.way, failure.seen) for failure in outcome.failures]
        ended.append((outcome.seed, outcome.refused, outcome.invalid, failures))
    _say(ended)


def _leave_one(program: Program, folder: pathlib.Path) -> Outcome:
    module = folder / f"program_{program.seed}_{next(_NUMBERS)}.py"
    module.write_text(program.source)
    inputs = draw_inputs(program.shape)
    try:
        model = _make(module, inputs)
    except sa.ActivationError as error:
        return _judge_refusal(program, f"{type(error).__name__}: {error}", folder)
    except Exception as error:  # whatever it raises: the question is whether stock Keras can
        return _judge_crash(program, f"{type(error).__name__}: {error}", folder)
    expected = Expected.of(model, inputs)
    if not expected.is_finite:
        return Outcome(program.seed, invalid="its output is not finite")
    left = folder / str(program.seed)
    left.mkdir()
    (left / "module").write_text(str(module))
    failures = leave(model, left, expected)
    (left / "expected.pickle").write_bytes(pickle.dumps((expected.inputs, expected.output, expected.number)))
    return Outcome(program.seed, failures=tuple(failures))


def _make(module: pathlib.Path, inputs: np.ndarray) -> keras.Model:
    """Return the model that *module* makes: called once on *inputs*, then with weights at random."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = import_program(module).make_model()
        model(inputs)
    set_weights_at_random(model)
    return model


def _judge_refusal(program: Program, refusal: str, folder: pathlib.Path) -> Outcome:
    """A refusal is right where a value was given that is to be refused, and unless stock Keras keeps the model."""
    if not program.is_refusable and _stock_error(program, folder, saved=True) is None:
        kept = Failure("construction", f"refused, though stock Keras keeps it: {refusal}")
        return Outcome(program.seed, refusal, failures=(kept,))
    return Outcome(program.seed, refusal)


def _judge_crash(program: Program, crash: str, folder: pathlib.Path) -> Outcome:
    """A program that stock Keras cannot run with its own layers is not a user's."""
    error = _stock_error(program, folder, saved=False)
    if error is None:
        return Outcome(program.seed, failures=(Failure("construction", crash),))
    return Outcome(program.seed, invalid=f"{error} / {crash}")


def _stock_error(program: Program, folder: pathlib.Path, *, saved: bool) -> str | None:
    """Return what goes wrong with stock Keras's layers: as the model is made, or also in a ``.keras`` file."""
    module = folder / f"stock_{program.seed}_{next(_NUMBERS)}.py"
    module.write_text(program.stock)
    path = folder / f"{module.stem}.keras"
    with contextlib.redirect_stdout(None):
        try:
            inputs = draw_inputs(program.shape)
            model = _make(module, inputs)
            if not saved:
                return None
            expected = Expected.of(model, inputs)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model.save(path)
                return expected.differs(keras.models.load_model(path))
        except Exception as error:  # whatever it raises
            return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _read_all(folder: str) -> None:
    """In another process: read what was saved, and print what is wrong with it, by the program's number."""
    failures = {}
    for left in sorted(path.parent for path in pathlib.Path(folder).glob("*/expected.pickle")):
        import_program(pathlib.Path((left / "module").read_text()))
        expected = Expected(*pickle.loads((left / "expected.pickle").read_bytes()))
        failures[left.name] = [(failure.way, failure.seen) for failure in come_back(left, expected)]
    _say(failures)


def make_plainer(outcome: Outcome) -> Program:
    """Return the plainest program that fails in one of the ways in which that of *outcome* does."""
    fixed: dict[str, int] = {}
    for _ in range(2):
        for name in _worth_changing(outcome.seed, fixed):
            trial = {**fixed, name: 0}
            if run_program(outcome.seed, trial).kinds & outcome.kinds:
                fixed = trial
    return draw_program(outcome.seed, fixed)


def _worth_changing(seed: int, fixed: Mapping[str, int]) -> Iterator[str]:
    """Yield the decisions that are not the plainest, of a program that has them still."""
    return (name for name, position in draw_program(seed, fixed).taken.items() if position)
