"""HDF5 files read in a process of their own: a fork of one that is kept, or a new interpreter."""

import contextlib
import os
import pathlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from serialactivation.cli import main
from serialactivation.errors import ArchiveError
from serialactivation.files.formats import forks, hdf5_changes, hdf5_process
from serialactivation.files.refusals import Code
from serialactivation.files.saved_model import read_archive
from serialactivation.tree.nodes import find_sites
from tests import corpus
from tests.helpers.processes import run_bare

pytestmark = pytest.mark.once

MARK = b"\x89HDF\r\n\x1a\n"
ODD = """
import os, signal, time
from serialactivation.files.formats import hdf5_process

def see(limits, read=hdf5_process.answer_attributes):
    deeds = {9: os.abort, 10: lambda: time.sleep(600), 11: lambda: os.kill(os.getppid(), signal.SIGKILL)}
    return deeds.get(os.fstat(0).st_size, lambda: read(limits))()

hdf5_process.answer_attributes = see
"""
"""What the library does to files that have this many bytes."""


@pytest.fixture
def small(tmp_path):
    return corpus.write("small.h5", tmp_path)


@pytest.fixture(params=[True, False], ids=["forks", "interpreters"])
def way(request, monkeypatch):
    """The way to a process of its own: on Linux, a fork."""
    monkeypatch.setattr(hdf5_process, "_FORKS", request.param)
    return request.param


@pytest.fixture
def write_odd(monkeypatch, tmp_path):
    """Return how to write a file on which the library does something odd, by its length."""
    paths, then = hdf5_process._CODE.split("; from ")
    monkeypatch.setattr(hdf5_process, "_CODE", f"{paths}; exec({ODD!r}); from {then}")

    def write(length: int) -> pathlib.Path:
        path = tmp_path / f"{length}.h5"
        path.write_bytes(MARK + bytes(length - len(MARK)))
        return path

    return write


def find_server() -> int:
    """Return the number of the process that forks for this one."""
    return forks._ASKERS[os.getpid()]._server._process.pid


def read(path: pathlib.Path) -> str:
    """Return what the model is, or why it is refused."""
    try:
        return read_archive(path).kind.value
    except ArchiveError as error:
        return f"{error.code}: {error.reason}"


def test_a_file_is_read(way, small):
    """The process that reads a file gives the answer of the reader."""
    assert read(small) == "hdf5"


def test_a_damaged_file_is_refused_with_its_path(way, tmp_path):
    """The error for a damaged file has its path."""
    path = tmp_path / "damaged.h5"
    path.write_bytes(MARK + b"no more")
    with pytest.raises(ArchiveError) as caught:
        read_archive(path)
    assert (caught.value.code, caught.value.path) == (Code.DAMAGED_HDF5, str(path))


def test_a_crash_is_told(way, write_odd, small):
    """A file that crashes the process is refused, and the next file is read."""
    assert "the HDF5 library crashed on it" in read(write_odd(9))
    assert read(small) == "hdf5"


def test_a_file_without_end_is_refused(way, write_odd, small, monkeypatch):
    """A file that is never read to its end is refused after a time, and no process goes on with it."""
    monkeypatch.setattr(hdf5_process, "_PATIENCE", 2)
    assert "did not finish reading it" in read(write_odd(10))
    assert read(small) == "hdf5"


def test_one_process_forks_for_all_files(small, write_odd):
    """One process makes the forks for all files, also after a crash."""
    read(small)
    server = find_server()
    read(write_odd(9))
    read(small)
    assert find_server() == server


def test_a_process_that_was_killed_is_started_anew(small, write_odd):
    """The file that a killed process was reading is refused; the next file starts a new process."""
    read(small)
    server = find_server()
    assert "the HDF5 library crashed on it" in read(write_odd(11))
    assert read(small) == "hdf5"
    assert find_server() != server


def test_it_ends_where_nobody_asks(small, monkeypatch):
    """A process that is asked nothing ends, and the next file starts a new one."""
    paths, then = hdf5_process._CODE.split("; from ")
    soon = f"{paths}; from serialactivation.files.formats import forks; forks._IDLE = 0.1; from {then}"
    monkeypatch.setattr(hdf5_process, "_CODE", soon)
    assert read(small) == "hdf5"
    server = find_server()
    wait_for_the_end(server)
    assert read(small) == "hdf5"
    assert find_server() != server


def test_one_that_ends_at_once_is_told(small, monkeypatch):
    """A process that ends at once is an error, and is not started again and again."""
    monkeypatch.setattr(hdf5_process, "_CODE", "pass")
    assert "a separate process could not read it" in read(small)


def test_a_path_is_one_from_where_the_asker_is(small, monkeypatch):
    """The process that is kept may have been started elsewhere."""
    folder = small.parent / "elsewhere"
    folder.mkdir()
    path = corpus.write("small.weights.h5", folder)
    read(small)
    monkeypatch.chdir(folder)
    assert read_archive(path.name).variables()


def test_an_answer_that_was_not_awaited_is_not_given_to_the_next(small, monkeypatch):
    """An interrupt, as from the keyboard, ends the process that was asked."""
    read(small)

    def interrupt(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forks.socket.socket, "recv", interrupt)
        with pytest.raises(KeyboardInterrupt):
            read(small)
    (small.parent / "weights.h5").write_bytes(corpus.write("small.weights.h5", small.parent).read_bytes())
    assert read(small.parent / "weights.h5") == "weights"


def test_threads_take_turns(small):
    """Several threads get the answers to their own questions."""
    weights = corpus.write("small.weights.h5", small.parent)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, [small, weights] * 20)) == ["hdf5", "weights"] * 20


def test_a_forked_process_has_one_of_its_own(small):
    """Two that wait at one socket would take each other's answers."""
    code = """
import os, sys
from serialactivation.files.formats import forks
from serialactivation.files import saved_model

def find():
    saved_model.read_archive(sys.argv[1])
    return forks._ASKERS[os.getpid()]._server._process.pid

before, fork = find(), os.fork()
if fork == 0:
    os._exit(find() == before)
print(os.waitpid(fork, 0)[1] == 0, find() == before)
"""
    assert run_bare(code, str(small)) == "True True\n"


def test_nothing_is_left_of_it(small):
    """No process is left when the process that asked has ended."""
    code = (
        "import sys, os; from serialactivation.files.formats import forks; "
        "from serialactivation.files import saved_model; saved_model.read_archive(sys.argv[1]);"
        "print(forks._ASKERS[os.getpid()]._server._process.pid)"
    )
    server = int(run_bare(code, str(small)))
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_nothing_is_left_of_one_whose_asker_was_killed(small):
    """It finds the other end of its socket closed."""
    code = (
        "import sys, os; from serialactivation.files.formats import forks; "
        "from serialactivation.files import saved_model; saved_model.read_archive(sys.argv[1]);"
        "print(forks._ASKERS[os.getpid()]._server._process.pid, flush=True); os._exit(0)"
    )
    wait_for_the_end(int(run_bare(code, str(small))))


def wait_for_the_end(process: int) -> None:
    """Wait until a process has ended, whether or not its parent has noticed."""
    for _ in range(200):
        with contextlib.suppress(FileNotFoundError):
            if pathlib.Path(f"/proc/{process}/stat").read_text().split()[2] != "Z":
                time.sleep(0.05)
                continue
        return
    raise AssertionError("it still runs")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os.abort()", "the HDF5 library crashed on it"),
        (
            "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
            "did not come to an end",
        ),
    ],
    ids=["crashes", "is endless"],
)
def test_a_repair_outlives_hdf5s_library(code, message, small, monkeypatch, capsys):
    """If the library crashes or never ends as it changes a file, the file is refused and no copy is left."""
    monkeypatch.setattr(hdf5_changes, "_CODE", code)
    before = sorted(small.parent.iterdir())
    assert main(["repair", str(small), "--replace", "relu=tanh", "-o", str(small.parent / "repaired.h5")]) == 2
    assert message in capsys.readouterr().err
    assert sorted(small.parent.iterdir()) == before


def test_a_file_is_mended_without_h5py(small):
    """The process that repairs a file does not import h5py: another one changes the file."""
    code = (
        "import sys; from serialactivation.cli import main\n"
        "status = main(['repair', sys.argv[1], '--replace', 'relu=tanh', '-o', sys.argv[2]])\n"
        "print(status, {'h5py', 'numpy'} & set(sys.modules))"
    )
    target = small.parent / "repaired.h5"
    assert run_bare(code, str(small), str(target)).splitlines()[-1] == "0 set()"
    assert [site.stored for site in find_sites(read_archive(target).config) if site.stored == "tanh"]
