"""What ``check`` and ``repair`` take: archives a second, bytes read, memory, and the time of a copy. It needs 3 GiB."""

import contextlib
import functools
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence

import h5py
import keras
import numpy as np

from benchmarks.pairs import time_pair
from benchmarks.rows import Row, print_rows
from serialactivation.cli import main as run_command
from serialactivation.commands.model_examiner import ModelExaminer

ROUNDS = 10
SIZE = 2**30
MEASURE = """
import sys
{code}
said = dict(line.split(":") for name in ("io", "status") for line in open(f"/proc/self/{{name}}").read().splitlines())
print(said["rchar"], 1024 * int(said["VmHWM"].split()[0]))
"""
READ = "from serialactivation.files.saved_model import read_archive; read_archive(sys.argv[1])"
NOTHING = "import zipfile; from serialactivation.files import saved_model"  # what is imported is not of the archive
REPAIR = (
    "from serialactivation.cli import main; "
    "main(['repair', sys.argv[1], '--replace', f'relu={sys.argv[3]}', '-o', sys.argv[2]])"
)
# Which objects Keras counts as one stays as it was: layers share their dtype policy.
WIDTH = re.compile(rb'(?<!"shared_object_id": )(?<=[ [])(?:[2-9]|[1-9]\d+)(?=[],}])')
NAME = re.compile(rb'(?<="config": \{)"name": "\w+"')
NAMES = {"as long": "tanh", "longer": "softplus"}


def walk_plainly(path: pathlib.Path) -> list[object]:
    """Return what stands under a key with ``activation`` in it, as a few lines of Python find it."""
    with zipfile.ZipFile(path) as archive:
        json.loads(archive.read("metadata.json"))
        return find_activations(json.loads(archive.read("config.json")))


def find_activations(config: object) -> list[object]:
    """Return what stands under a key with ``activation`` in it."""
    found: list[object] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            found.extend(item for key, item in value.items() if "activation" in key)
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(config)
    return found


def check_all(paths: Iterable[pathlib.Path]) -> None:
    """Check each file as the command does."""
    for path in paths:
        ModelExaminer().examine(str(path))


def make_various(folder: pathlib.Path, number: int) -> list[pathlib.Path]:
    """Save models of up to eight layers each that differ in their layers, widths, activations and names.

    A few are Keras's; of the others, the widths in the config are others than those of one of these.
    """
    generator = np.random.default_rng(0)
    folder.mkdir()
    for index in range(few := 24):
        layers = [
            keras.layers.Dense(int(generator.integers(1, 200)), str(generator.choice(["relu", "gelu", "tanh", "silu"])))
            for _ in range(1 + index % 8)
        ]
        keras.Sequential([keras.Input((int(generator.integers(1, 100)),)), *layers]).save(folder / f"{index}.keras")
    for index in range(few, number):
        members = read_members(folder / f"{index % few}.keras")
        members["config.json"] = WIDTH.sub(lambda _: b"%d" % generator.integers(2, 999), members["config.json"])
        write_members(folder / f"{index}.keras", members)
    return sorted(folder.iterdir())


def make_named(archive: pathlib.Path, folder: pathlib.Path, number: int) -> list[pathlib.Path]:
    """Write *archive* again and again, with its model under other names of one length."""
    folder.mkdir()
    members = read_members(archive)
    config = members["config.json"]
    for index in range(number):
        members["config.json"] = NAME.sub(b'"name": "model_%04d"' % index, config, count=1)
        write_members(folder / f"{index}.keras", members)
    return sorted(folder.iterdir())


def read_members(path: pathlib.Path) -> dict[str, bytes]:
    """Return what the members of an archive hold."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_members(path: pathlib.Path, members: dict[str, bytes]) -> None:
    """Write an archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def make_large(small: pathlib.Path, large: pathlib.Path) -> None:
    """Write *small* again, with a gibibyte of weights that do not compress."""
    block = np.random.default_rng(0).bytes(2**20)
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(large, "w", allowZip64=True) as new:
        for name in old.namelist():
            if not name.endswith(".h5"):
                new.writestr(name, old.read(name))
                continue
            with new.open(name, "w", force_zip64=True) as member:
                member.write(old.read(name))
                for _ in range(SIZE // len(block)):
                    member.write(block)


def measure_process(code: str, *arguments: str) -> tuple[int, int]:
    """Return how many bytes a process has read, and its largest resident size."""
    command = [sys.executable, "-c", MEASURE.format(code=code), *arguments]
    read, resident = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-2:]
    return int(read), int(resident)


def measure_rate(name: str, paths: Sequence[pathlib.Path]) -> Row:
    """Return how many archives are checked in a second. No two of them have the same config."""

    def plainly() -> None:
        for path in paths:
            walk_plainly(path)

    pair = time_pair(plainly, lambda: check_all(paths), rounds=7)
    rates = (f"{len(paths) / seconds:.0f} a second" for seconds in (pair.stock, pair.ours))
    more = 1000 * (pair.ours - pair.stock) / len(paths)
    return Row(name, *rates, f"{more:.2f} ms more a file")


def measure_hdf5(folder: pathlib.Path) -> Iterator[Row]:
    """Yield how many HDF5 files are checked in a second, by the clock: they are read in processes of their own."""
    folder.mkdir()
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu")])
    paths = [folder / f"{index}.h5" for index in range(200)]
    for path in paths:
        model.save(path)

    def plainly() -> None:
        for path in paths:
            with h5py.File(path) as file:
                find_activations(json.loads(file.attrs["model_config"]))

    pair = time_pair(plainly, lambda: check_all(paths), rounds=7, clock=time.perf_counter)
    rates = (f"{len(paths) / seconds:.0f} a second" for seconds in (pair.stock, pair.ours))
    yield Row("200 small models in `.h5`, beside `h5py` in this process", *rates, f"{1 / pair.ratio:.2f} times as many")


def measure_large(small: pathlib.Path, folder: pathlib.Path) -> Iterator[Row]:
    """Yield what an archive of 1 GiB takes to be read, and to be repaired next to a copy of it."""
    large, copy = folder / "large.keras", folder / "copy.keras"
    make_large(small, large)
    read, resident = measure_process(READ, str(large))
    read -= measure_process(NOTHING)[0]
    yield Row("the config of 1 GiB, bytes read", "", f"{read / 1024:.0f} KiB", "", "1 MB")
    yield Row("the config of 1 GiB, resident", "", f"{resident / 2**20:.0f} MiB", "", "100 MB")
    copies: dict[str, Callable[[], object]] = {
        "`cp`": lambda: subprocess.run(["cp", str(large), str(copy)], check=True),
        "`copy_file_range`": lambda: copy_by_system(large, copy),
    }
    mendings: dict[str, Callable[[str], object]] = {
        "`cp`": lambda name: measure_process(REPAIR, str(large), str(copy), name),
        "`copy_file_range`": lambda name: repair(large, copy, name),
    }
    whole = {"`cp`": ("the command", "2.5"), "`copy_file_range`": ("what it does", "1.1")}
    for by, (what, asked) in whole.items():
        for length, name in NAMES.items():
            stock, ours = time_in_turns(copy, copies[by], functools.partial(mendings[by], name))
            label = f"`repair` of 1 GiB, the config {length}: {what}, beside {by}"
            yield Row(label, f"{stock:.2f} s", f"{ours:.2f} s", f"{ours / stock:.2f}", asked)
    copy.unlink()
    resident = measure_process(REPAIR, str(large), str(copy), NAMES["longer"])[1]
    yield Row("`repair` of 1 GiB, resident", "", f"{resident / 2**20:.0f} MiB", "", "100 MB")


def time_in_turns(target: pathlib.Path, *actions: Callable[[], object]) -> list[float]:
    """Return the least seconds of each action by the clock: where a disk is waited for, CPU time does not tell."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(ROUNDS):
        for taken, action in zip(times, actions, strict=True):
            target.unlink(missing_ok=True)
            start = time.perf_counter()
            action()
            taken.append(time.perf_counter() - start)
    return [min(taken) for taken in times]


def copy_by_system(source: pathlib.Path, target: pathlib.Path) -> None:
    """Copy a file as the system does it itself."""
    with source.open("rb") as old, target.open("wb") as new:
        while os.copy_file_range(old.fileno(), new.fileno(), SIZE):
            pass


def repair(source: pathlib.Path, target: pathlib.Path, name: str) -> None:
    """Repair a file as the command does, in this process."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        status = run_command(["repair", str(source), "--replace", f"relu={name}", "-o", str(target)])
    if status:
        raise RuntimeError(f"the file was not repaired: exit status {status}")


def measure() -> Iterator[Row]:
    """Yield the rates, and then what a large archive takes. Archives may be named, too, whose rate is wanted."""
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        small = folder / "small.keras"
        keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu")]).save(small)
        members = {**read_members(small), "config.json": keras.applications.ResNet50V2(weights=None).to_json().encode()}
        write_members(folder / "resnet.keras", {name: members[name] for name in ("metadata.json", "config.json")})
        yield measure_rate("200 small archives", make_named(small, folder / "small", 200))
        yield measure_rate("1000 archives, each another", make_various(folder / "various", 1000))
        yield measure_rate("ResNet50V2's config", make_named(folder / "resnet.keras", folder / "resnet", 20))
        yield from measure_hdf5(folder / "hdf5")
        for path in map(pathlib.Path, sys.argv[1:]):
            yield measure_rate(path.name, make_named(path, folder / path.stem, 20))
        yield from measure_large(small, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    print_rows(measure())
