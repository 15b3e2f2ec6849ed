"""What ``check`` and ``repair`` take: CPU time against importing Keras, archives a second, bytes and memory.

``python benchmarks/archives.py`` prints each figure as a ratio within this run. It needs 3 GiB of disk.
"""

import contextlib
import functools
import io
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

from serialactivation.archive.check import check_file
from serialactivation.archive.plain import known_shapes
from serialactivation.archive.reader import read_archive
from serialactivation.archive.report import check_archive
from serialactivation.cli import main as repair

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ROUNDS = 5
SIZE = 2**30
MEASURE = """
import sys
{code}
said = dict(line.split(":") for name in ("io", "status") for line in open(f"/proc/self/{{name}}").read().splitlines())
print(said["rchar"], 1024 * int(said["VmHWM"].split()[0]))
"""
READ = "from serialactivation.archive.reader import read_archive; read_archive(sys.argv[1])"
NOTHING = "import zipfile; from serialactivation.archive import reader"  # what is imported is not of the archive
REPAIR = (
    "from serialactivation.cli import main; "
    "main(['repair', sys.argv[1], '--replace', f'relu={sys.argv[3]}', '-o', sys.argv[2]])"
)
# Which objects Keras counts as one stays as it was: layers share their dtype policy.
WIDTH = re.compile(rb'(?<!"shared_object_id": )(?<=[ [])(?:[2-9]|[1-9]\d+)(?=[],}])')
NAME = re.compile(rb'(?<="config": \{)"name": "\w+"')
AS_LONG, LONGER = "tanh", "softplus"


def cpu_seconds(*command: str) -> float:
    """Return the CPU time of a process, the median of several.

    Modules are compiled beforehand, as they are once they are installed, and no settings are in the way.
    """
    times = []
    run = functools.partial(
        subprocess.run, command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT, cwd=tempfile.gettempdir()
    )
    run()
    for _ in range(4 * ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times)


def seconds(action: Callable[[], object], times: int, before: Callable[[], object] | None = None) -> float:
    """Return how long *action* takes, the least of several rounds, each with what is done *before*."""
    taken = []
    for _ in range(ROUNDS):
        if before is not None:
            before()
        start = time.perf_counter()
        for _ in range(times):
            action()
        taken.append((time.perf_counter() - start) / times)
    return min(taken)


def walk_plainly(path: pathlib.Path) -> list[object]:
    """Return what stands under a key with ``activation`` in it, as a few lines of Python find it."""
    found: list[object] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            found.extend(item for key, item in value.items() if "activation" in key)
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    with zipfile.ZipFile(path) as archive:
        walk(json.loads(archive.read("config.json")))
        json.loads(archive.read("metadata.json"))
    return found


def compare_start(small: pathlib.Path) -> None:
    program = str(pathlib.Path(sys.executable).with_name("serialactivation"))
    checked = cpu_seconds(program, "check", str(small))
    imported = cpu_seconds(sys.executable, "-c", "import keras")
    bare = cpu_seconds(sys.executable, "-c", "pass")
    print(f"check of a small archive: {1000 * checked:.0f} ms CPU, bare Python {1000 * bare:.0f} ms")
    print(f"  import keras: {1000 * imported:.0f} ms CPU, {imported / checked:.1f} times as much (asked: 20)")


def compare_rate(name: str, paths: Sequence[pathlib.Path], times: int) -> None:
    """Compare how many archives are checked in a second: when no layer is known, when all are, and strictly.

    No two of the archives have the same config: that one would be known as a whole.

    Args:
        name: What they are.
        paths: The archives.
        times: How often each is read for one figure.
    """
    fresh = seconds(lambda: check_all(paths), 1, before=known_shapes.cache_clear)
    known = seconds(lambda: check_all(paths), times)
    again = seconds(lambda: check_all(paths[:1]), times * len(paths)) * len(paths)
    strict = seconds(lambda: [check_archive(read_archive(path)) for path in paths], 1)
    plain = seconds(lambda: [walk_plainly(path) for path in paths], times)
    print(
        f"{name}: {len(paths) / known:.0f} archives a second, {plain / known:.2f} times zipfile + json + a walk "
        f"(asked: 2.4); {plain / again:.2f} for one again and again, {plain / fresh:.2f} times before any "
        f"layer is known, {plain / strict:.2f} times where all are looked at closely"
    )


def check_all(paths: Iterable[pathlib.Path]) -> None:
    for path in paths:
        check_file(str(path))


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
        with zipfile.ZipFile(folder / f"{index % few}.keras") as old:
            members = {name: old.read(name) for name in old.namelist()}
        members["config.json"] = WIDTH.sub(lambda _: b"%d" % generator.integers(2, 999), members["config.json"])
        with zipfile.ZipFile(folder / f"{index}.keras", "w") as new:
            for name, content in members.items():
                new.writestr(name, content)
    return sorted(folder.iterdir())


def make_named(archive: pathlib.Path, folder: pathlib.Path, number: int) -> list[pathlib.Path]:
    """Write *archive* again and again, with its model under other names of one length."""
    folder.mkdir()
    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist()}
    config = members["config.json"]
    for index in range(number):
        members["config.json"] = NAME.sub(b'"name": "model_%04d"' % index, config, count=1)
        with zipfile.ZipFile(folder / f"{index}.keras", "w") as new:
            for name, content in members.items():
                new.writestr(name, content)
    return sorted(folder.iterdir())


def measure(code: str, *arguments: str) -> tuple[int, int]:
    """Return how many bytes a process has read, and its largest resident size."""
    command = [sys.executable, "-c", MEASURE.format(code=code), *arguments]
    read, resident = subprocess.run(
        command, check=True, capture_output=True, text=True, env=ENVIRONMENT
    ).stdout.split()[-2:]
    return int(read), int(resident)


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


def compare_large(small: pathlib.Path, folder: pathlib.Path) -> None:
    large, copy = folder / "large.keras", folder / "copy.keras"
    make_large(small, large)
    read, resident = measure(READ, str(large))
    read -= measure(NOTHING)[0]
    print(f"config of 1 GiB: {read / 1024:.0f} KiB read, {resident / 2**20:.0f} MiB resident (asked: 1 MB, 100 MB)")
    actions: dict[str, Callable[[], object]] = {
        "cp": lambda: subprocess.run(["cp", str(large), str(copy)], check=True),
        "repair": lambda: measure(REPAIR, str(large), str(copy), AS_LONG),
        "repair, longer": lambda: measure(REPAIR, str(large), str(copy), LONGER),
        "copy_file_range": lambda: copy_by_system(large, copy),
        "mending": lambda: mend(large, copy, AS_LONG),
        "mending, longer": lambda: mend(large, copy, LONGER),
    }
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(2 * ROUNDS):
        for name, action in actions.items():
            copy.unlink(missing_ok=True)
            start = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - start)
    least = {name: min(taken) for name, taken in times.items()}
    copy.unlink()
    resident = measure(REPAIR, str(large), str(copy), LONGER)[1]
    for suffix in ("", ", longer"):
        print(
            f"repair{suffix}, of 1 GiB: the command {least[f'repair{suffix}'] / least['cp']:.2f} times cp (asked: "
            f"2.5); what it does {least[f'mending{suffix}'] / least['copy_file_range']:.2f} times copy_file_range "
            "(asked: 1.1)"
        )
    print(f"  {resident / 2**20:.0f} MiB resident (asked: 100 MB)")


def copy_by_system(source: pathlib.Path, target: pathlib.Path) -> None:
    with source.open("rb") as old, target.open("wb") as new:
        while os.copy_file_range(old.fileno(), new.fileno(), SIZE):
            pass


def mend(source: pathlib.Path, target: pathlib.Path, name: str) -> None:
    """Repair a file as the command does, in this process."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        status = repair(["repair", str(source), "--replace", f"relu={name}", "-o", str(target)])
    if status:
        raise RuntimeError(f"the file was not mended: exit status {status}")


def main() -> None:
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        small = folder / "small.keras"
        keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu")]).save(small)
        resnet = folder / "resnet.keras"
        with zipfile.ZipFile(small) as old, zipfile.ZipFile(resnet, "w") as new:
            new.writestr("metadata.json", old.read("metadata.json"))
            new.writestr("config.json", keras.applications.ResNet50V2(weights=None).to_json())
        compare_start(small)
        compare_rate("small archives", make_named(small, folder / "small", 200), 2)
        compare_rate("1000 small archives, each another", make_various(folder / "various", 1000), 2)
        compare_rate("ResNet50V2's config", make_named(resnet, folder / "resnet", 20), 1)
        compare_large(small, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
