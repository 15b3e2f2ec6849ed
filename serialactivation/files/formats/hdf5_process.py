"""HDF5 files read in a separate process: on a damaged file, the HDF5 library may crash or never return."""

import base64
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from serialactivation import errors
from serialactivation.files.formats import hdf5, hdf5_values
from serialactivation.files.limits import Limits
from serialactivation.files.opening import Source, Window
from serialactivation.files.refusals import Code, FilePart

if TYPE_CHECKING:
    import subprocess

__all__ = [
    "answer_attributes",
    "answer_values",
    "answer_variables",
    "is_available",
    "limit_time",
    "list_variables",
    "main",
    "read_attributes",
    "summarize_variables",
]

SECONDS: Final = 10
"""How much processor time a file may take."""

_PATIENCE: Final = 60  # seconds of wall-clock time, on a busy machine

_ENDLESS: Final = f"the HDF5 library did not finish reading it in {SECONDS} seconds"
_OUT_OF_TIME: Final = getattr(signal, "SIGXCPU", None)  # Windows has none

_FORKS: Final = sys.platform == "linux"  # elsewhere, libraries of the system may not be used in a fork

# The child imports the same modules as this process, and none from the folder in which it runs.
_CODE: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from serialactivation.files.formats import hdf5_process; hdf5_process.main(*sys.argv[2:])"
)


def is_available() -> bool:
    """Return whether there is a library that reads HDF5 files."""
    import importlib.util

    return importlib.util.find_spec("h5py") is not None


def read_attributes(file: BinaryIO, limits: Limits, part: FilePart) -> dict[str, bytes]:
    """Return what :func:`serialactivation.files.formats.hdf5.read_attributes` returns, from a separate process.

    Args:
        file: The HDF5 file, an open file of the system.
        limits: How long the texts may be.
        part: The file, for the error.

    Raises:
        ArchiveError: It is damaged, exceeds a limit, or the HDF5 library crashes on it or does not come to an end.
    """
    texts = _ask(part, file, "answer_attributes", json.dumps(limits._asdict()))
    return {name: base64.b64decode(text) for name, text in texts.items()}


def list_variables(
    file: BinaryIO, limits: Limits, part: FilePart, start: int = 0, size: int | None = None
) -> hdf5.Variables:
    """Return what :func:`serialactivation.files.formats.hdf5.list_variables` returns, from a separate process.

    Args:
        file: An open file of the system.
        limits: The limits of the reader.
        part: What the HDF5 file is, for the error.
        start: Where in *file* the HDF5 file starts.
        size: How long it is there, or None if it is all of *file*.

    Raises:
        ArchiveError: It is damaged or crafted to mislead readers, or the HDF5 library crashes on it or does not return.
    """
    stretch = None if size is None else (start, size)
    asked = json.dumps(limits._asdict()), json.dumps(part.member), json.dumps(stretch)
    listed, order, optimizer = _ask(part, file, "answer_variables", *asked)
    variables = hdf5.Variables((name, hdf5.Variable(tuple(shape), dtype)) for name, (shape, dtype) in listed.items())
    variables.order, variables.optimizer = order, optimizer
    return variables


def summarize_variables(
    file: BinaryIO, limits: Limits, part: FilePart, start: int, size: int | None, paths: Iterable[str]
) -> dict[str, hdf5_values.Spread]:
    """Return what :func:`~serialactivation.files.formats.hdf5_values.summarize_variables` returns, from a process.

    The arguments and the errors are those of :func:`list_variables`, and the *paths* of the variables.
    """
    stretch = None if size is None else (start, size)
    asked = (json.dumps(one) for one in (limits._asdict(), part.member, stretch, list(paths)))
    spreads = _ask(part, file, "answer_values", *asked)
    return {path: hdf5_values.Spread._make((*numbers, tuple(bars))) for path, (*numbers, bars) in spreads.items()}


def _ask(part: FilePart, file: BinaryIO, function: str, *arguments: str) -> Any:
    """Return the result of a *function* of this module in a separate process, which has *file* as its input."""
    file.flush()
    try:
        done = _run(function, *arguments, source=file)
    except TimeoutError as error:
        raise part.refuse(Code.DAMAGED_HDF5, _ENDLESS) from error
    if -done.returncode == _OUT_OF_TIME:
        raise part.refuse(Code.DAMAGED_HDF5, _ENDLESS)
    if done.returncode < 0:  # a signal's number
        raise part.refuse(Code.DAMAGED_HDF5, "the HDF5 library crashed on it")
    if done.returncode > 0:
        last = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"])[-1]
        cure = "Install h5py, or make sure that Python can start a process."
        raise part.refuse(Code.UNREADABLE, f"a separate process could not read it ({last})", cure)
    said = json.loads(done.stdout)
    if "refused" in said:
        raise errors.ArchiveError(**{**said["refused"], "path": part.path})
    return said["answer"]


def _run(function: str, *arguments: str, source: BinaryIO) -> "subprocess.CompletedProcess[bytes]":
    """Run a function in a separate process, and return its output.

    Raises:
        TimeoutError: It takes too much wall-clock time.
    """
    if _FORKS:
        from serialactivation.files.formats import forks  # slow to import, and most models do not need it

        return forks.run(_CODE, function, *arguments, source=source.fileno(), timeout=_PATIENCE)
    import subprocess  # likewise

    command = [sys.executable, "-I", "-c", _CODE, json.dumps(sys.path), function, *arguments]
    try:
        return subprocess.run(command, stdin=source, capture_output=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(str(error)) from error


def main(task: str, *arguments: str) -> None:
    """Run a function of this module in the separate process.

    Args:
        task: The name of the function, or the number of the socket on which forks are requested.
        *arguments: The arguments of the function.
    """
    functions: dict[str, Callable[..., None]] = {
        "answer_attributes": answer_attributes,
        "answer_values": answer_values,
        "answer_variables": answer_variables,
    }
    if task in functions:
        functions[task](*arguments)
        return
    with contextlib.suppress(ImportError):  # each fork reports that h5py is missing
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
    texts = hdf5.read_attributes(file, Limits(**json.loads(limits)), FilePart(""))
    return {name: base64.b64encode(text).decode() for name, text in texts.items()}


def answer_variables(limits: str, member: str, stretch: str) -> None:
    """Print the shapes and dtypes of the variables in this process's input, and their order, as JSON.

    Args:
        limits: The limits, as JSON.
        member: The part of the model that the HDF5 file is, for the error, or null.
        stretch: The start and the length of the HDF5 file in the input, or null if it is the whole input.
    """
    with _open_input() as file:
        part = FilePart("", json.loads(member))
        source = _open_stretch(file, stretch, part)
        read = Limits(**json.loads(limits))
        _say(lambda: _list(source, read, part))


def answer_values(limits: str, member: str, stretch: str, paths: str) -> None:
    """Print the spread of some variables in this process's input, as JSON.

    The arguments are those of :func:`answer_variables`, and the paths of the variables, as JSON.
    """
    with _open_input() as file:
        part = FilePart("", json.loads(member))
        source = _open_stretch(file, stretch, part)
        read = Limits(**json.loads(limits))
        _say(lambda: hdf5_values.summarize_variables(source, read, part, json.loads(paths)))


def _list(source: Source, limits: Limits, part: FilePart) -> tuple[object, object, object]:
    listed = hdf5.list_variables(source, limits, part)
    return listed, listed.order, listed.optimizer  # a variable is a tuple, and in JSON a list


def _open_stretch(file: BinaryIO, stretch: str, part: FilePart) -> Source:
    where = json.loads(stretch)
    if where is None:
        return file
    start, size = where
    return Window(file, start, size, size, part, "config_bytes")  # how much is read at once, hdf5 bounds


def _say(find: Callable[[], object]) -> None:
    """Print the result, or why a file is refused, for :func:`_ask`."""
    limit_time(SECONDS)
    try:
        said: dict[str, object] = {"answer": find()}
    except errors.ArchiveError as error:
        import attrs  # the error has brought it

        said = {"refused": attrs.asdict(error)}
    json.dump(said, sys.stdout)


def limit_time(seconds: int) -> None:
    """Let the system end this process after it has used *seconds* of processor time."""
    try:
        import resource
    except ImportError:  # Windows, where only wall-clock time is limited
        return
    allowed = resource.getrlimit(resource.RLIMIT_CPU)[1]
    least = seconds if allowed == resource.RLIM_INFINITY else min(seconds, allowed)
    resource.setrlimit(resource.RLIMIT_CPU, (least, allowed))
