"""The ways back of one model: there in this process, back in this one and in a new one, each compared."""

import copy
import pathlib
import pickle
import warnings
from collections.abc import Callable, Iterator

import attrs
import keras
import numpy as np

import serialactivation as sa

__all__ = ["Expected", "Failure", "come_back", "draw_inputs", "leave", "set_weights_at_random"]

TOLERANCE = 1e-6
# Of float16 a model of several layers has three digits.
LOW_PRECISION = 1e-2


@attrs.frozen
class Failure:
    """What went wrong on a way back: the way, and what was seen."""

    way: str
    seen: str


@attrs.frozen
class Expected:
    """What a model computes of which inputs, and how many weights it has: two may have one path."""

    inputs: np.ndarray
    output: np.ndarray
    number: int

    @classmethod
    def of(cls, model: keras.Model, inputs: np.ndarray) -> "Expected":
        return cls(inputs, _compute(model, inputs), len(model.weights))

    @property
    def is_finite(self) -> bool:
        """Whether all of the output is finite: what is not would equal too much."""
        return bool(np.isfinite(self.output).all())

    def differs(self, model: keras.Model) -> str | None:
        """Return how *model* differs, or None."""
        computed = _compute(model, self.inputs)
        tolerance = TOLERANCE if self.output.dtype == np.float32 else LOW_PRECISION
        if computed.shape != self.output.shape or computed.dtype != self.output.dtype:
            return f"output {computed.dtype}{computed.shape}, not {self.output.dtype}{self.output.shape}"
        if not np.allclose(computed, self.output, rtol=tolerance, atol=tolerance):
            return f"outputs differ by {np.max(np.abs(computed - self.output)):.2g}"
        if len(model.weights) != self.number:
            return f"{len(model.weights)} weights, not {self.number}"
        return None


def draw_inputs(shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(7).normal(size=(3, *shape)).astype("float32")


def _compute(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
    return keras.ops.convert_to_numpy(model(inputs))


def set_weights_at_random(model: keras.Model) -> None:
    """Set every weight at random: a variance stays positive, and what a layer computes does not grow much."""
    generator = np.random.default_rng(11)
    for weight in model.weights:
        if "seed" not in weight.path:
            weight.assign(generator.uniform(0.1, 0.5, weight.shape))


# Each writes a file, or returns None where Keras has no such way for the model.
Leave = Callable[[keras.Model, pathlib.Path], None]


def _leave_keras(model: keras.Model, folder: pathlib.Path) -> None:
    model.save(folder / "model.keras")


def _leave_ours(model: keras.Model, folder: pathlib.Path) -> None:
    sa.save_model(model, folder / "ours.keras")


def _leave_h5(model: keras.Model, folder: pathlib.Path) -> None:
    if _has_graph(model):
        sa.save_model(model, folder / "model.h5")


def _leave_json(model: keras.Model, folder: pathlib.Path) -> None:
    (folder / "model.json").write_text(sa.model_to_json(model))
    model.save_weights(folder / "model.weights.h5")


def _leave_pickle(model: keras.Model, folder: pathlib.Path) -> None:
    (folder / "model.pickle").write_bytes(pickle.dumps(model))


LEAVE: dict[str, Leave] = {
    "keras": _leave_keras,
    "sa.save_model": _leave_ours,
    "h5": _leave_h5,
    "json": _leave_json,
    "pickle": _leave_pickle,
}


def _from_json(folder: pathlib.Path, inputs: np.ndarray) -> keras.Model:
    model = sa.model_from_json((folder / "model.json").read_text())
    if not model.built:
        model(inputs)
    model.load_weights(folder / "model.weights.h5")
    return model


# Each reads what is in a folder; a model that has never been called, where that makes its weights, calls of inputs.
BACK: dict[str, Callable[[pathlib.Path, np.ndarray], keras.Model]] = {
    "keras": lambda folder, _: keras.models.load_model(folder / "model.keras"),
    "sa.save_model": lambda folder, _: sa.load_model(folder / "ours.keras"),
    "h5": lambda folder, _: sa.load_model(folder / "model.h5"),
    "json": _from_json,
    "pickle": lambda folder, _: pickle.loads((folder / "model.pickle").read_bytes()),
}


def _has_graph(model: keras.Model) -> bool:
    return isinstance(model, keras.Sequential | keras.src.models.functional.Functional)


def _clone(model: keras.Model) -> keras.Model:
    clone = sa.clone_model(model)
    clone.set_weights(model.get_weights())
    return clone


def leave(model: keras.Model, folder: pathlib.Path, expected: Expected) -> list[Failure]:
    """Write *model* every way, read it back in this process, and write what came back from ``.keras`` once more."""
    failures = []
    for way, write in LEAVE.items():
        failures += _attempt(f"{way}, written", lambda write=write: write(model, folder))
    failures += come_back(folder, expected)
    memory = {"deepcopy": copy.deepcopy}
    if _has_graph(model):
        memory["clone"] = _clone
    for way, make in memory.items():
        failures += _attempt(way, lambda make=make: expected.differs(make(model)))
    again = folder / "again"
    again.mkdir()
    if not failures:
        for way, write in LEAVE.items():
            failures += _attempt(
                f"{way}, again", lambda way=way, write=write: write(BACK["keras"](folder, expected.inputs), again)
            )
        failures += [attrs.evolve(f, way=f"{f.way}, again") for f in come_back(again, expected)]
    return failures


def come_back(folder: pathlib.Path, expected: Expected) -> list[Failure]:
    """Read every file in *folder*, and compare."""
    failures = []
    names = {"keras": "model.keras", "sa.save_model": "ours.keras", "h5": "model.h5", "json": "model.json"}
    names["pickle"] = "model.pickle"
    for way, read in BACK.items():
        if (folder / names[way]).exists():
            failures += _attempt(way, lambda read=read: expected.differs(read(folder, expected.inputs)))
    return failures


def _attempt(way: str, action: Callable[[], str | None]) -> Iterator[Failure]:
    """Yield what an action says is wrong, or raises: whatever it is, it is a failure."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seen = action()
    except Exception as error:  # an author's code, Keras and we may raise anything: all of it is reported
        seen = f"{type(error).__name__}: {error}"
    if seen is not None:
        yield Failure(way, seen)
