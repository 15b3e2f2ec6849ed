"""HDF5 files read in a process of their own: on a damaged one, the HDF5 library may crash, or never come to an end."""

import base64
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from serialactivation import errors
from serialactivation.files.formats import hdf5
from serialactivation.files.limits import Limits
from serialactivation.files.opening import Source, Window
from serialactivation.files.refusals import Code, Place

if TYPE_CHECKING:
    import subprocess

__all__ = ["answer_attributes", "answer_variables", "limit_time", "list_variables", "main", "read_attributes"]

SECONDS: Final = 10
"""How long a file may take, of the processor's time."""

_PATIENCE: Final = 60  # seconds by the clock, on a machine that has much else to do

_ENDLESS: Final = f"the HDF5 library did not finish reading it in {SECONDS} seconds"
_OUT_OF_TIME: Final = getattr(signal, "SIGXCPU", None)  # Windows has none

_FORKS: Final = sys.platform == "linux"  # elsewhere, libraries of the system may not be used in a fork

# The child finds what this process finds, and not what lies in the folder that it runs in.
_CODE: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from serialactivation.files.formats import hdf5_process; hdf5_process.main(*sys.argv[2:])"
)


def read_attributes(file: BinaryIO, limits: Limits, place: Place) -> dict[str, bytes]:
    """Return what :func:`serialactivation.files.formats.hdf5.read_attributes` returns, from a process of its own.

    Args:
        file: The HDF5 file, an open file of the system.
        limits: How long the texts may be.
        place: What the file is, for the error.

    Raises:
        ArchiveError: It is damaged, exceeds a limit, or the HDF5 library crashes on it or does not come to an end.
    """
    texts = _ask(place, file, "answer_attributes", json.dumps(limits._asdict()))
    return {name: base64.b64decode(text) for name, text in texts.items()}


def list_variables(
    file: BinaryIO, limits: Limits, place: Place, start: int = 0, size: int | None = None
) -> dict[str, hdf5.Variable]:
    """Return what :func:`serialactivation.files.formats.hdf5.list_variables` returns, from a process of its own.

    Args:
        file: An open file of the system.
        limits: The limits of the reader.
        place: What the HDF5 file is, for the error.
        start: Where in *file* the HDF5 file starts.
        size: How long it is there, or None if it is all of *file*.

    Raises:
        ArchiveError: It is damaged or crafted to mislead readers, or the HDF5 library crashes on it or does not return.
    """
    stretch = None if size is None else (start, size)
    asked = json.dumps(limits._asdict()), json.dumps(place.member), json.dumps(stretch)
    listed = _ask(place, file, "answer_variables", *asked)
    return {name: hdf5.Variable(tuple(shape), dtype) for name, (shape, dtype) in listed.items()}


def _ask(place: Place, file: BinaryIO, function: str, *arguments: str) -> Any:
    """Return what a *function* of this module says in a separate process, which has *file* as its input."""
    file.flush()
    try:
        done = _run(function, *arguments, source=file)
    except TimeoutError as error:
        raise place.refuse(Code.DAMAGED_HDF5, _ENDLESS) from error
    if -done.returncode == _OUT_OF_TIME:
        raise place.refuse(Code.DAMAGED_HDF5, _ENDLESS)
    if done.returncode < 0:  # a signal's number
        raise place.refuse(Code.DAMAGED_HDF5, "the HDF5 library crashed on it")
    if done.returncode > 0:
        last = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"])[-1]
        cure = "Install h5py, or make sure that Python can start a process."
        raise place.refuse(Code.UNREADABLE, f"a separate process could not read it ({last})", cure)
    said = json.loads(done.stdout)
    if "refused" in said:
        raise errors.ArchiveError(**{**said["refused"], "path": place.path})
    return said["told"]


def _run(function: str, *arguments: str, source: BinaryIO) -> "subprocess.CompletedProcess[bytes]":
    """Return what a process of its own leaves.

    Raises:
        TimeoutError: It takes too long by the clock.
    """
    if _FORKS:
        from serialactivation.files.formats import forks  # takes its time, and most models are read without

        return forks.run(_CODE, function, *arguments, source=source.fileno(), timeout=_PATIENCE)
    import subprocess  # likewise

    command = [sys.executable, "-I", "-c", _CODE, json.dumps(sys.path), function, *arguments]
    try:
        return subprocess.run(command, stdin=source, capture_output=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(str(error)) from error


def main(task: str, *arguments: str) -> None:
    """Run what this module asks a process of its own for.

    Args:
        task: The name of the function, or the number of the socket that forks are asked for by.
        *arguments: The function's.
    """
    functions: dict[str, Callable[..., None]] = {
        "answer_attributes": answer_attributes,
        "answer_variables": answer_variables,
    }
    if task in functions:
        functions[task](*arguments)
        return
    with contextlib.suppress(ImportError):  # each fork will say that it is missing
        import h5py  # noqa: F401
    from serialactivation.files.formats import forks

    forks.serve(int(task), functions)


def answer_attributes(limits: str) -> None:
    """Read the attributes of the HDF5 file that is this process's input, and print them, as JSON.

    Args:
        limits: The limits, as JSON.
    """
    with _open_input() as file:
        _say(lambda: _read(file, limits))


def _open_input() -> BinaryIO:
    return os.fdopen(os.dup(sys.stdin.fileno()), "rb")


def _read(file: BinaryIO, limits: str) -> dict[str, str]:
    texts = hdf5.read_attributes(file, Limits(**json.loads(limits)), Place(""))
    return {name: base64.b64encode(text).decode() for name, text in texts.items()}


def answer_variables(limits: str, member: str, stretch: str) -> None:
    """Print the shapes and dtypes of the variables in this process's input, as JSON.

    Args:
        limits: The limits, as JSON.
        member: What of the model the HDF5 file is, for the error, or null.
        stretch: Where in the input it starts, and how long it is there, or null where it is all of it.
    """
    with _open_input() as file:
        place = Place("", json.loads(member))
        source = _open_stretch(file, stretch, place)
        read = Limits(**json.loads(limits))
        _say(lambda: hdf5.list_variables(source, read, place))  # a variable is a tuple, and in JSON a list


def _open_stretch(file: BinaryIO, stretch: str, place: Place) -> Source:
    where = json.loads(stretch)
    if where is None:
        return file
    start, size = where
    return Window(file, start, size, size, place, "config_bytes")  # how much is read at once, hdf5 bounds


def _say(find: Callable[[], object]) -> None:
    """Print what is found, or why a file is refused, for :func:`_ask`."""
    limit_time(SECONDS)
    try:
        said: dict[str, object] = {"told": find()}
    except errors.ArchiveError as error:
        import attrs  # the error has brought it

        said = {"refused": attrs.asdict(error)}
    json.dump(said, sys.stdout)


def limit_time(seconds: int) -> None:
    """Have the system end this process once it has worked for so many *seconds*."""
    try:
        import resource
    except ImportError:  # Windows, where the clock alone counts
        return
    allowed = resource.getrlimit(resource.RLIMIT_CPU)[1]
    least = seconds if allowed == resource.RLIM_INFINITY else min(seconds, allowed)
    resource.setrlimit(resource.RLIMIT_CPU, (least, allowed))
