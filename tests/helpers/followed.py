"""Saved models that ``check`` has something to say of, and the ways in which what it says to do is done."""

import contextlib
import io
import json
import pathlib
import re
import shlex
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import h5py
import keras
import numpy as np

from serialactivation.cli import main
from tests.helpers.processes import run_python

X = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
REPAIR = "(serialactivation repair .*)"
"""The command of a cure, in a pattern."""


class Saved(NamedTuple):
    """A saved model.

    Attributes:
        path: Its file.
        expected: What it must compute.
        options: How it is checked.
        stays: Whether what is found stays: the file is as it was, and it is loaded otherwise.
        code: What a user runs before the load.
        load: What the user loads it with.
        fails: What the load says, if the cure is to load the model and see, and the load fails.
    """

    path: pathlib.Path
    expected: Any = None
    options: tuple[str, ...] = ()
    stays: bool = False
    code: str = ""
    load: str = "keras.models.load_model(path)"
    fails: str | None = None


Make = Callable[[pathlib.Path], Any]
Follow = Callable[[Saved, "re.Match[str]"], Saved]


class Case(NamedTuple):
    """A model that a code is about.

    Attributes:
        code: The code.
        make: Writes the model to a path, and returns what it must compute.
        cures: All that is said to do, in patterns, and what does it.
        options: How it is checked.
        name: What the file is called.
        before: What the newest Keras does with the file as it is, if the verdict leaves it open.
    """

    code: str
    make: Make
    cures: Mapping[str, Follow]
    options: tuple[str, ...] = ()
    name: str = "model.keras"
    before: str | None = None


# Models, and their files.


def compute(model: keras.Model) -> Any:
    return keras.ops.convert_to_numpy(keras.ops.cast(model(X), "float32"))


def stack(*layers: keras.layers.Layer) -> keras.Model:
    """Return a model of *layers*, with weights at random."""
    model = keras.Sequential([keras.Input((4,)), *layers])
    weights = np.random.default_rng(0)
    model.set_weights([weights.uniform(0.1, 1.0, value.shape) for value in model.get_weights()])
    return model


def dense(activation: object = None, **keywords: object) -> Callable[[], keras.Model]:
    """Return what makes a model of one layer of Keras's; an *activation* that is a layer is made by a function."""
    return lambda: stack(keras.layers.Dense(3, activation=activation, **keywords))


def saves(make: Callable[[], keras.Model], *spelling: tuple[str, str]) -> Make:
    """Return what saves the model that *make* makes, and then spells what its texts say in another way."""

    def save(path: pathlib.Path) -> Any:
        model = make()
        expected = compute(model)
        model.save(path)
        for old, new in spelling:
            respell(path, old, new)
        return expected

    return save


def respell(path: pathlib.Path, old: str, new: str) -> None:
    """Write *new* where the texts of a saved model say *old*."""
    if path.suffix == ".h5":
        with h5py.File(path, "r+") as file:
            texts = {name: text for name, text in file.attrs.items() if isinstance(text, str)}
            assert any(old in text for text in texts.values()), (old, texts)
            for name, text in texts.items():
                file.attrs[name] = text.replace(old, new)
        return
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    texts = {name: data.decode().replace(old, new) for name, data in members.items() if name.endswith(".json")}
    assert any(members[name] != text.encode() for name, text in texts.items()), (old, texts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**members, **texts}.items():
            archive.writestr(name, data)


# What is said, and what does it.


def call(*arguments: str) -> tuple[int, str]:
    """Return the status of a command, and what it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        return main(list(arguments)), out.getvalue()


def find_cure(printed: str, code: str) -> str | None:
    """Return the lines that say what to do about the first finding of a *code*, or None where there is none."""
    found = re.search(rf"^  {code} .*\n    at .*\n((?:    .*\n)+)", printed, re.MULTILINE)
    assert found or f"  {code} " not in printed, printed
    return found and re.sub(r"\n *", "\n", found[1]).strip()


def paste(new: str = "", path: str | None = None) -> Follow:
    """Return what calls the command that is printed, with *new* for NAME, and a *path* for the copy, or its own."""

    def follow(saved: Saved, words: "re.Match[str]") -> Saved:
        command = shlex.split(words[1].replace("NAME", new))
        if path is not None:
            command[-1] = str(saved.path.with_name(path))
        assert command[0] == "serialactivation", command
        assert call(*command[1:])[0] == 0, command
        return saved._replace(path=pathlib.Path(command[-1]))

    return follow


def by(repair: str) -> dict[str, Follow]:
    """Return the cure by one repair, which is the command for the file."""
    return {f"{REPAIR}\nits repair {repair} does this": paste()}


def aim(saved: Saved, words: "re.Match[str]") -> Saved:
    """Take the Keras that is named for the one that loads the file: the one installed is not older."""
    return saved._replace(options=("--target-keras", words[1]))


def save(make: Callable[[], keras.Model], suffix: str | None = None, code: str = "") -> Follow:
    """Return what saves the model that *make* makes in place of the one that was found."""

    def follow(saved: Saved, _: "re.Match[str]") -> Saved:
        number = len(list(saved.path.parent.iterdir()))
        path = saved.path.with_name(f"{number}{suffix or saved.path.suffix}")
        return saved._replace(path=path, expected=saves(make)(path), code=code)

    return follow


def before(code: str, load: str | None = None, given: str = "...", **files: str) -> Follow:
    """Return what runs *code* before the load; what is *given* stands for the dots; *files* are modules by name."""

    def follow(saved: Saved, words: "re.Match[str]") -> Saved:
        for name, source in files.items():
            saved.path.with_name(f"{name}.py").write_text(source)
        where = f"import sys\nsys.path.insert(0, {str(saved.path.parent)!r})\n"
        again = saved._replace(stays=True, code=where + words.expand(code))
        return again if load is None else again._replace(load=words.expand(load).replace("...", given))

    return follow


def see(said: str | None = None) -> Follow:
    """Return what leaves it to the load, which fails with what is *said*, or does not."""
    return lambda saved, _: saved._replace(stays=True, fails=said)


# The loads of all, each as in a new process: what the one before it registered or imported is gone.
LOADS = """
import json, sys, keras, numpy as np
exec(sys.argv[2])
registry = keras.saving.get_custom_objects()
known, modules, paths = dict(registry), set(sys.modules), list(sys.path)
def run(path, code, load, expected):
    cells = {"keras": keras, "path": path}
    exec(code, cells)
    found = eval(load, cells)(np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4))
    found = keras.ops.convert_to_numpy(keras.ops.cast(found, "float32"))
    return "equal" if np.array_equal(found, np.asarray(expected, "float32")) else "another"
outcomes = []
for job in json.loads(open(sys.argv[1]).read()):
    try:
        outcomes.append(run(*job))
    except Exception as error:
        outcomes.append(f"{type(error).__name__}: {error}")
    registry.clear()
    registry.update(known)
    for name in set(sys.modules) - modules:
        if not name.startswith(("keras", "jax", "serialactivation")):
            del sys.modules[name]
    sys.path[:] = paths
print(json.dumps(outcomes))
"""


def load_all(saved: list[Saved], folder: pathlib.Path) -> list[str]:
    """Return what becomes of each in a process that has imported Keras alone, or this package too, where that is."""
    outcomes: dict[int, str] = {}
    for ours in (False, True):
        places = [place for place, one in enumerate(saved) if ("serialactivation" in one.code) is ours]
        chosen = [saved[place] for place in places]
        jobs = [(str(one.path), one.code, one.load, np.asarray(one.expected).tolist()) for one in chosen]
        given = folder / "jobs.json"
        given.write_text(json.dumps(jobs))
        first = "import serialactivation" if ours else ""
        printed = run_python(LOADS, str(given), first).splitlines()[-1]
        outcomes |= dict(zip(places, json.loads(printed), strict=True))
    return [outcomes[place] for place in range(len(saved))]
