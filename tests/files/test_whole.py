"""Files written whole or not at all, where and as a program that opens their path would have written them."""

import contextlib
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile

import keras
import pytest

import serialactivation as sa
from serialactivation.cli import main
from serialactivation.files import draft_file
from serialactivation.files.atomic import open_atomically, write_atomically
from tests.helpers.processes import ROOT, run_function

OLD, NEW = b"what was there", b"what is there now"


def make(tmp_path: pathlib.Path, mode: int = 0o600) -> pathlib.Path:
    path = tmp_path / "file.keras"
    path.write_bytes(OLD)
    path.chmod(mode)
    return path


def link(tmp_path: pathlib.Path) -> pathlib.Path:
    """Return a symbolic link, by which one in another folder is reached."""
    (tmp_path / "store").mkdir()
    kept = make(tmp_path / "store", 0o640)
    path = tmp_path / "link.keras"
    path.symlink_to(kept)
    return path


def leave(tmp_path: pathlib.Path) -> pathlib.Path:
    """Return a link that leads to a file that is not there yet."""
    (tmp_path / "store").mkdir()
    path = tmp_path / "link.keras"
    path.symlink_to(tmp_path / "store" / "new.keras")
    return path


def name_twice(tmp_path: pathlib.Path) -> pathlib.Path:
    path = make(tmp_path)
    os.link(path, tmp_path / "other.keras")
    return path


def give_away(tmp_path: pathlib.Path) -> pathlib.Path:
    path = make(tmp_path, 0o664)
    if os.geteuid() == 0:
        os.chown(path, 12345, 54321)
    return path


def make_nothing(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "new.keras"


PLACES = [make, link, leave, name_twice, give_away, make_nothing]


def write_plainly(data: bytes, path: pathlib.Path) -> None:
    path.write_bytes(data)


def look(folder: pathlib.Path) -> dict[str, object]:
    """Return all that is in a folder, with what it is and whose, and how many names it has."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        owner = (status.st_uid, status.st_gid)
        leads = os.readlink(path).removeprefix(str(folder)) if path.is_symlink() else ""
        is_file = stat.S_ISREG(status.st_mode)
        found[str(path.relative_to(folder))] = (status.st_mode, owner, leads, is_file and status.st_nlink)
    return found


@pytest.fixture(params=["nameless", "named"])
def kind(request, monkeypatch):
    """Files without a name, where the system has them, and those of other systems."""
    if request.param == "named":
        monkeypatch.setattr(draft_file, "_OPEN_FILES", "/nowhere")


@pytest.mark.once
@pytest.mark.usefixtures("kind")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_file_is_left_as_one_that_is_opened(place, umask, tmp_path):
    """Permissions, owner, links and other names, of a new file too; and nothing else."""
    left = {}
    before = os.umask(umask)
    try:
        for way in (write_plainly, write_atomically):
            folder = tmp_path / way.__name__
            folder.mkdir()
            path = place(folder)
            way(NEW, path if way is write_plainly else str(path))
            assert path.read_bytes() == NEW
            left[way] = look(folder)
    finally:
        os.umask(before)
    assert left[write_atomically] == left[write_plainly]


@pytest.mark.once
@pytest.mark.usefixtures("kind")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("end", [OSError, KeyboardInterrupt])
def test_what_fails_leaves_what_was_there(place, end, tmp_path):
    """All of it, and nothing else."""
    path = place(tmp_path)
    before, was = look(tmp_path), path.read_bytes() if path.exists() else None

    def write() -> None:
        with open_atomically(str(path)) as draft:
            pathlib.Path(draft).write_bytes(NEW)
            raise end

    with pytest.raises(end):
        write()
    assert look(tmp_path) == before
    assert (path.read_bytes() if path.exists() else None) == was


@pytest.mark.once
def test_a_file_that_is_poured_over_is_whole_again_where_that_fails(tmp_path, monkeypatch):
    """One with two names cannot be replaced."""
    from serialactivation.files import atomic

    path = name_twice(tmp_path)
    refill, calls = atomic._replace_contents, []

    def fail_once(file, source):
        calls.append(source)
        if len(calls) == 1:
            file.write(b"half")
            raise OSError(28, "No space left on device")
        refill(file, source)

    monkeypatch.setattr(atomic, "_replace_contents", fail_once)
    with pytest.raises(OSError, match="No space"):
        write_atomically(NEW, str(path))
    assert path.read_bytes() == (tmp_path / "other.keras").read_bytes() == OLD


def write_as_somebody(name: str) -> None:
    """In a process of its own, as somebody who is not root: root may write anywhere."""
    folder = pathlib.Path(name)
    write_atomically(NEW, str(folder / "first.keras"))  # which imports what it needs: somebody else may not read it
    (folder / "first.keras").unlink()
    folder.chmod(0o555)
    with contextlib.suppress(PermissionError):
        os.setuid(65534)
    write_atomically(NEW, str(folder / "model.keras"))
    for refused in ("closed.keras", "new.keras"):
        with pytest.raises(PermissionError):
            write_atomically(NEW, str(folder / refused))


@pytest.mark.once
def test_a_folder_that_is_closed_takes_no_new_file():
    """A file in it that may be written is; one that may not is refused, as it is by one who opens it."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path, closed = folder / "model.keras", folder / "closed.keras"
        for file, mode in ((path, 0o666), (closed, 0o444)):
            file.write_bytes(OLD)
            file.chmod(mode)
        run_function(write_as_somebody, name)
        folder.chmod(0o755)
        assert path.read_bytes() == NEW
        assert closed.read_bytes() == OLD
        assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_model_is_left_as_stock_keras_leaves_it(suffix, tmp_path):
    """A saved file has the mode, link and names that stock Keras leaves it with."""
    model = keras.Sequential([keras.Input((2,)), sa.layers.Dense(2, "relu")])
    for place in PLACES:
        left = []
        for save in (keras.saving.save_model, sa.save_model):
            folder = tmp_path / place.__name__ / save.__module__
            folder.mkdir(parents=True)
            path = place(folder)
            path = path.rename(path.with_suffix(suffix)) if os.path.lexists(path) else path.with_suffix(suffix)
            save(model, path)
            assert len(sa.load_model(path).layers) == 1
            left.append(look(folder))
        assert left[0] == left[1], place


@pytest.mark.once
def test_a_link_that_leads_nowhere_is_no_place_for_a_repair(tmp_path, capsys):
    """It stays, and what it leads to is not made."""
    path = leave(tmp_path)
    model = ROOT / "tests" / "data" / "3.15.1" / "for-3.6.0.keras"
    before = look(tmp_path)
    assert main(["repair", str(model), "-o", str(path)]) == 2
    assert "it is a broken link" in capsys.readouterr().err
    assert look(tmp_path) == before


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("nameless", signal.SIGKILL),
        ("nameless", signal.SIGTERM),
        ("named", signal.SIGTERM),  # what is killed cannot tidy up
        ("named", signal.SIGINT),
    ],
)
def test_a_repair_that_is_ended_leaves_nothing_behind(name, end, tmp_path):
    """A repair that a signal ends leaves no file behind, also on systems without nameless files."""
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it\n"
        "from serialactivation.repairs import write_repaired_copy; from serialactivation.files import draft_file\n"
        "if sys.argv.pop() == 'named': draft_file._OPEN_FILES = '/nowhere'\n"
        "def wait(source, target):\n"
        "    open(target, 'wb').write(b'half')\n"
        "    print('here', flush=True)\n"
        "    time.sleep(60)\n"
        "write_repaired_copy.shutil.copyfile = wait\n"
        "from serialactivation.cli import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    model = ROOT / "tests" / "data" / "3.15.1" / "for-3.6.0.keras"
    command = [sys.executable, "-c", code, "repair", str(model), "-o", str(tmp_path / "new.keras"), name]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout.readline() == b"here\n"
        process.send_signal(end)
        process.wait(30)
    assert process.returncode != 0
    assert list(tmp_path.iterdir()) == []
