"""Fuzz what reads, checks and mends saved models: ``python -m tests.fuzz SECONDS [SEED]``.

Configs of the corpus and of stock models are changed by pieces of one another; a change that makes a line of
``serialactivation.archive`` run that has not run before is kept, and changed further. Whatever the input, nothing but
an error of the package may come out, a file that was mended must be readable and have nothing left that the same fixes
would mend, and no file may be left behind. An input that breaks this is printed, as JSON.
"""

import json
import pathlib
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from serialactivation import archive as package
from serialactivation.archive.check import check_file
from serialactivation.archive.mend import mend
from serialactivation.archive.reader import read_archive
from serialactivation.archive.repair import repair_file
from serialactivation.errors import ActivationError
from tests.corpus import FOUND, write
from tests.verdicts.files import unpack

FOLDER = str(package.__path__[0])
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 2**70, 0.5, "", "relu", "<lambda>", "a>b", "__lambda__", "function", [], {}, [[]]),
    *("keras.layers", "keras.src.ops.numpy", "builtins", "os", "serialactivation", "Dense", "Functional", "PReLU"),
    {"class_name": "__tuple__", "items": ["relu"]},
    {"class_name": "__lambda__", "config": {"value": ["", None, None]}},
    {"class_name": "PReLU", "config": {"name": "p"}, "module": "keras.layers", "shared_object_id": 3},
]
KEYS = ["activation", "class_name", "config", "module", "registered_name", "name", "layers", "shared_object_id"]
KEYS += ["dtype", "inbound_nodes", "loss", "optimizer", "compile_config", "alpha", "items", "kernel_initializer"]
TARGETS = (None, "3.6", "3.9.2", "3.12")
SLOW = 1.0


class Coverage:
    """The lines of the package that have run."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int]] = set()
        self.new = 0

    def __call__(self, frame: FrameType, event: str, _: object) -> "Callable[..., object] | None":
        """Trace what runs in the package."""
        name = frame.f_code.co_filename
        if not name.startswith(FOLDER):
            return None
        if event == "line":
            place = name, frame.f_lineno
            if place not in self.seen:
                self.seen.add(place)
                self.new += 1
        return self


def find_seeds() -> Iterator[Any]:
    """Yield the configs of stock models, and of files with something wrong in them."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        unpack(folder)
        paths = [path for path in folder.iterdir() if path.suffix == ".keras"]
        paths += [write(one, folder) for one in FOUND if one.endswith(".keras")]
        for path in sorted(paths):
            with zipfile.ZipFile(path) as archive:
                yield json.loads(archive.read("config.json"))


def find_places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container in *value* with each of its keys."""
    found, left = [], [value]
    while left:
        one = left.pop()
        items = list(one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ())
        found += [(one, key) for key, _ in items]
        left += [item for _, item in items]
    return found


def change(config: Any, others: list[Any], chance: random.Random) -> Any:
    """Return *config* with one to four of its parts taken out, put elsewhere, or in the place of others."""
    config = json.loads(json.dumps(config))
    for _ in range(chance.randint(1, 4)):
        places = find_places(config)
        if not places:
            return chance.choice(VALUES)
        holder, key = chance.choice(places)
        match chance.randrange(5):
            case 0:
                holder[key] = json.loads(json.dumps(chance.choice(VALUES)))
            case 1:
                del holder[key]
            case 2:
                other, its = chance.choice(find_places(chance.choice(others)) or places)
                holder[key] = json.loads(json.dumps(other[its]))
            case 3 if isinstance(holder, dict):
                holder[chance.choice(KEYS)] = json.loads(json.dumps(holder[key]))
            case _:
                holder[key] = [json.loads(json.dumps(holder[key]))] * chance.randint(0, 3)
        if len(json.dumps(config)) > 200_000:
            return chance.choice(VALUES)
    return config


def run(config: Any, target: str | None, folder: pathlib.Path) -> None:
    """Check and mend a model with this config.

    Raises:
        AssertionError: Something is not as it must be.
    """
    path, mended = folder / "in.keras", folder / "out.keras"
    mended.unlink(missing_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
    start = time.thread_time()
    try:
        check_file(str(path), target)
        repair_file(path, mended, mend(read_archive(path), [], target))
        again = mend(read_archive(mended), [], target)
    except ActivationError:
        again = None
    assert again is None or not again.mended, again
    assert time.thread_time() - start < SLOW * 20, "it takes long"  # tracing takes most of it
    assert {one.name for one in folder.iterdir()} <= {"in.keras", "out.keras"}


def fuzz(seconds: float, seed: int) -> tuple[int, int]:
    """Return how many inputs were run, and how many lines of the package.

    Args:
        seconds: For how long, in seconds of this thread.
        seed: What the changes start from.
    """
    chance, coverage = random.Random(seed), Coverage()
    kept = list(find_seeds())
    others, count, end = list(kept), 0, time.thread_time() + seconds
    with tempfile.TemporaryDirectory() as name:
        while time.thread_time() < end:
            config = kept[count] if count < len(others) else change(chance.choice(kept), others, chance)
            target = chance.choice(TARGETS)
            coverage.new, count = 0, count + 1
            sys.settrace(coverage)
            try:
                run(config, target, pathlib.Path(name))
            except Exception:
                sys.settrace(None)
                print(json.dumps({"target": target, "config": config}))
                raise
            finally:
                sys.settrace(None)
            if coverage.new and count > len(others):
                kept.append(config)
    return count, len(coverage.seen)


if __name__ == "__main__":
    number, lines = fuzz(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(f"{number} inputs, {lines} lines of the package run, nothing found")
