"""The targets: what their inputs are, how these are changed, and what holds them to the promises."""

import os
import pathlib
import random
import signal
import tempfile
import traceback
from collections.abc import Callable
from typing import Final

import attrs
import h5py

from tests.fuzz.mutate import Pool, change_text, make_pool
from tests.fuzz.oracle import Broken, hold_archive, hold_code, hold_config, hold_hdf5
from tests.fuzz.zips import change_bytes, change_zip

__all__ = ["TARGETS", "Target", "make_target"]

_HDF5_MARKS: Final = (b"TREE", b"HEAP", b"SNOD", b"GCOL", b"OHDR", b"FRHP", b"\x89HDF\r\n\x1a\n", b"\xff" * 8)
_CODE_MARKS: Final = (b"c", b"\xe3", b"r\0\0\0\0", b")\2", b"{", b"l\xff\xff\xff\x7f")
_SECONDS: Final = 20

Change = Callable[[bytes, random.Random], bytes]


@attrs.frozen
class Target:
    """What is fuzzed.

    Attributes:
        name: What it is called.
        seeds: The inputs that it starts from.
        hold: What holds an input to the promises.
        change: What makes another input of one.
    """

    name: str
    seeds: tuple[bytes, ...]
    hold: Callable[[bytes], None]
    change: Change

    def replay(self) -> int:
        """Hold the seeds to the promises, and return how many there are."""
        for seed in self.seeds:
            self.hold(seed)
        return len(self.seeds)

    def run_random(self, number: int) -> int:
        """Hold so many changed inputs to the promises: without coverage, and the same ones each time."""
        rng = random.Random(number)
        for _ in range(number):
            data = self.change(rng.choice(self.seeds), rng)
            try:
                self.hold(data)
            except BaseException:
                _keep(data, self.name)
                raise
        return number


def _keep(data: bytes, name: str) -> None:
    descriptor, path = tempfile.mkstemp(prefix=f"found-{name}-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    print(f"kept in {path}")


def make_target(name: str, folder: pathlib.Path) -> Target:
    """Return the target of this *name*, with what lies in *folder* as its seeds."""
    seeds = tuple(path.read_bytes() for path in sorted(folder.iterdir()))
    return TARGETS[name](seeds)


def _make_config(seeds: tuple[bytes, ...]) -> Target:
    pool, weights = make_pool(seeds), _make_weights()
    return Target("config", seeds, _held(lambda data, folder: hold_config(data, weights, folder)), _texts(pool))


def _texts(pool: Pool) -> Change:
    return lambda data, rng: change_text(data, pool, rng)


def _make_archive(seeds: tuple[bytes, ...]) -> Target:
    pool = make_pool([b'{"class_name": "Sequential", "config": {"layers": []}}'])
    return Target("archive", seeds, _held(hold_archive), lambda data, rng: change_zip(data, pool, rng))


def _make_hdf5(seeds: tuple[bytes, ...]) -> Target:
    return Target("hdf5", seeds, _hold_apart, lambda data, rng: change_bytes(data, rng, _HDF5_MARKS))


def _make_code(seeds: tuple[bytes, ...]) -> Target:
    return Target("code", seeds, hold_code, lambda data, rng: change_bytes(data, rng, _CODE_MARKS))


TARGETS: Final[dict[str, Callable[[tuple[bytes, ...]], Target]]] = {
    "archive": _make_archive,
    "code": _make_code,
    "config": _make_config,
    "hdf5": _make_hdf5,
}
"""What makes a target of seeds, by its name."""


def _held(hold: Callable[[bytes, pathlib.Path], None]) -> Callable[[bytes], None]:
    """Return what gives *hold* a folder of its own."""
    place = "/dev/shm" if os.path.isdir("/dev/shm") else None  # in memory

    def hold_in_folder(data: bytes) -> None:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            hold(data, pathlib.Path(folder))

    return hold_in_folder


def _hold_apart(data: bytes) -> None:
    """Hold *data* to the promises in a process of its own. Whether HDF5's library crashes there is its own matter."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(_SECONDS)
            _held(hold_hdf5)(data)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFEXITED(ended) and os.WEXITSTATUS(ended):
        raise Broken("see above")


def _make_weights() -> bytes:
    """Return weights that stand where many configs have them."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "weights.h5")
        with h5py.File(path, "w") as file:
            for group in ("dense", "dense_1", "dense/activation", "lstm/cell", "p_re_lu"):
                file[f"layers/{group}/vars/0"] = [1.0]
        return path.read_bytes()
