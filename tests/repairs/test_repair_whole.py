"""``serialactivation repair`` that cannot end: the copy is whole or absent, and the file is as it was."""

import contextlib
import io
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile

import pytest

from serialactivation.cli import main
from tests.helpers.checking import write
from tests.helpers.configs import layer, model
from tests.helpers.processes import ROOT, run_function
from tests.old_files import unpack

pytestmark = pytest.mark.once

SCALE = "--scale-hard-sigmoid"
CALLS = {
    "weights in HDF5": ("scaled.h5", SCALE),
    "weights in an archive": ("scaled.keras", SCALE),
    "a longer config in HDF5": ("called.h5",),
    "a text": ("a.json",),
}
"""The files, each with the options that repair it."""

PARTS = (0, 0.2, 0.5, 0.85, 0.99)
"""How much of the copy there is room for: less than the file, and more, but less than the copy."""

FREE = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    unpack(folder)
    write(folder / "a.json", model(layer("SimpleRNN", units=2, time_major=False)))
    return folder


def repair_with_little_room(*names: str) -> None:
    """In a process of its own, which may only write small files; print what became of each."""
    source, target, scratch = map(pathlib.Path, names)
    tempfile.tempdir = str(scratch)
    found = []
    for name, *options in CALLS.values():
        command = ["repair", str(source / name), *options, "-o", str(target / name)]
        assert main(command) == 0
        size = (target / name).stat().st_size
        (target / name).unlink()
        for part in PARTS:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(size * part), FREE[1]))
            status = main(command)
            resource.setrlimit(resource.RLIMIT_FSIZE, FREE)
            found.append((status, [*os.listdir(target), *os.listdir(scratch)]))
    (target.parent / "found.json").write_text(json.dumps(found))


def test_a_disk_that_is_full_takes_no_part_of_a_copy(files, tmp_path):
    """On a full disk, neither a copy nor a temporary file is left, and the command says that it cannot write."""
    for name in ("target", "scratch"):
        (tmp_path / name).mkdir()
    before = {path: path.read_bytes() for path in files.iterdir()}
    run_function(repair_with_little_room, str(files), str(tmp_path / "target"), str(tmp_path / "scratch"))
    assert json.loads((tmp_path / "found.json").read_text()) == [[2, []]] * len(CALLS) * len(PARTS)
    assert {path: path.read_bytes() for path in files.iterdir()} == before


KILLED = """
import os, signal, sys
from serialactivation.repairs import write_repaired_copy
change, left = write_repaired_copy.change, int(sys.argv.pop())
def end(*arguments):
    global left
    change(*arguments)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
write_repaired_copy.change = end
from serialactivation.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("number", [1, 2])
def test_a_process_that_is_killed_leaves_nothing_behind(number, files, tmp_path):
    """The process that changes the copy may be killed after either of its steps, and no file is left."""
    command = ["repair", str(files / "scaled.h5"), SCALE, "-o", str(tmp_path / "out.h5"), str(number)]
    done = subprocess.run([sys.executable, "-c", KILLED, *command], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"")
    assert list(tmp_path.iterdir()) == []


def test_another_name_of_the_file_is_no_place_for_the_copy(files, tmp_path, capsys):
    """The copy may not replace the file under its own name, a hard link or a symbolic link."""
    source = tmp_path / "a.h5"
    source.write_bytes((files / "called.h5").read_bytes())
    (tmp_path / "hard.h5").hardlink_to(source)
    (tmp_path / "soft.h5").symlink_to(source)
    for name in ("a.h5", "hard.h5", "soft.h5"):
        assert main(["repair", str(source), "-o", str(tmp_path / name)]) == 2
        assert "it exists" in capsys.readouterr().err
    assert source.read_bytes() == (files / "called.h5").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.h5", "hard.h5", "soft.h5"]


def repair_as_somebody(source: str, folder: str) -> None:
    """In a process of its own, as somebody who is not root: root may write anywhere."""
    assert main(["repair", source, "-o", str(pathlib.Path(folder) / "first.h5")]) == 0  # which imports what it needs
    (pathlib.Path(folder) / "first.h5").unlink()
    pathlib.Path(folder).chmod(0o555)
    if os.geteuid() == 0:
        os.setuid(65534)
    with contextlib.redirect_stderr(io.StringIO()) as err:
        assert main(["repair", source, "-o", str(pathlib.Path(folder) / "out.h5")]) == 2
    assert "it cannot be written" in err.getvalue()


def test_a_folder_that_is_closed_takes_no_copy(files):
    """A folder that cannot be written to is an error of the command, and stays empty."""
    with tempfile.TemporaryDirectory() as name:
        folder, source = pathlib.Path(name) / "closed", pathlib.Path(name) / "a.h5"
        pathlib.Path(name).chmod(0o755)
        folder.mkdir()
        source.write_bytes((files / "called.h5").read_bytes())
        run_function(repair_as_somebody, str(source), str(folder))
        folder.chmod(0o755)
        assert list(folder.iterdir()) == []
