"""HDF5 files changed in a separate process: on a damaged file, the HDF5 library may crash or never return."""

import json
import os
import pathlib
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Final, NoReturn

from serialactivation.files.formats.hdf5 import HDF5_ERRORS
from serialactivation.files.formats.hdf5_process import limit_time
from serialactivation.files.refusals import Code, FilePart

__all__ = ["change", "main"]

_SECONDS: Final = 60
"""How much processor time a change may take: it reads and writes no values."""

# The child imports the same modules as this process, and none from the folder in which it runs.
_CODE: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from serialactivation.files.formats import hdf5_changes; hdf5_changes.main()"
)
_DESCRIPTOR: Final = re.compile("/proc/self/fd/([0-9]+)")  # the path of a file without a name


def change(path: pathlib.Path, part: FilePart, function: Callable[..., None], *arguments: object) -> None:
    """Change the HDF5 file at *path* with a *function* that runs in a separate process.

    Args:
        path: The file.
        part: The file, for the error.
        function: A function of a module, which is called with *path* and the *arguments*.
        *arguments: Values that can be pickled.

    Raises:
        ArchiveError: The HDF5 library crashes on the file, or does not return.
        OSError: The file cannot be written.
        RuntimeError: The file is damaged; the error has the message of h5py.
    """
    command = [sys.executable, "-I", "-c", _CODE, json.dumps(sys.path)]
    asked = pickle.dumps((function, path, arguments))
    kept = [int(found[1])] if (found := _DESCRIPTOR.fullmatch(str(path))) else []
    done = subprocess.run(command, input=asked, capture_output=True, pass_fds=kept, check=False)
    if done.returncode < 0:  # a signal's number
        raise part.refuse(Code.DAMAGED_HDF5, "the HDF5 library crashed on it, or did not come to an end")
    if done.returncode > 0:
        _raise(done)


def _raise(done: "subprocess.CompletedProcess[bytes]") -> NoReturn:
    """Raise the error that ended the process: an error of h5py, or the reason why the process could not start."""
    if done.stdout:
        of_system, reason = json.loads(done.stdout)
        raise (OSError if of_system else RuntimeError)(reason)
    raise OSError((done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"])[-1])


def main() -> None:
    """Run the function that the input of this process names; for a damaged file, print the message of h5py."""
    limit_time(_SECONDS)
    function, path, arguments = pickle.loads(sys.stdin.buffer.read())
    try:
        function(path, *arguments)
    except HDF5_ERRORS as error:
        print(json.dumps([isinstance(error, OSError), str(error) or type(error).__name__]), flush=True)
        os._exit(1)  # h5py may be unable to close its open files
