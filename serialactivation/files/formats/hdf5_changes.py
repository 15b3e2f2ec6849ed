"""HDF5 files changed in a process of their own: on a damaged one, the HDF5 library may crash, or never come to an end."""

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
from serialactivation.files.refusals import Code, Place

__all__ = ["change", "main"]

_SECONDS: Final = 60
"""How long a change may take, of the processor's time: no values are read or written."""

# The child finds what this process finds, and not what lies in the folder that it runs in.
_CODE: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from serialactivation.files.formats import hdf5_changes; hdf5_changes.main()"
)
_DESCRIPTOR: Final = re.compile("/proc/self/fd/([0-9]+)")  # of a file without a name


def change(path: pathlib.Path, place: Place, function: Callable[..., None], *arguments: object) -> None:
    """Have a *function* change the HDF5 file at *path*, in a separate process.

    Args:
        path: The file.
        place: What it is, for the error.
        function: A function of a module, that is called with *path* and the *arguments*.
        *arguments: Plain data.

    Raises:
        ArchiveError: the HDF5 library crashes on it, or does not come to an end.
        OSError: It cannot be written.
        RuntimeError: It is damaged; h5py says how.
    """
    command = [sys.executable, "-I", "-c", _CODE, json.dumps(sys.path)]
    asked = pickle.dumps((function, path, arguments))
    kept = [int(found[1])] if (found := _DESCRIPTOR.fullmatch(str(path))) else []
    done = subprocess.run(command, input=asked, capture_output=True, pass_fds=kept, check=False)
    if done.returncode < 0:  # a signal's number
        raise place.refuse(Code.DAMAGED_HDF5, "the HDF5 library crashed on it, or did not come to an end")
    if done.returncode > 0:
        _raise(done)


def _raise(done: "subprocess.CompletedProcess[bytes]") -> NoReturn:
    """Raise what ended the process: an error of h5py's, or why it could not start."""
    if done.stdout:
        of_system, reason = json.loads(done.stdout)
        raise (OSError if of_system else RuntimeError)(reason)
    raise OSError((done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"])[-1])


def main() -> None:
    """Run what this process is asked for, which is its input; of a damaged file, print what h5py says."""
    limit_time(_SECONDS)
    function, path, arguments = pickle.loads(sys.stdin.buffer.read())
    try:
        function(path, *arguments)
    except HDF5_ERRORS as error:
        print(json.dumps([isinstance(error, OSError), str(error) or type(error).__name__]), flush=True)
        os._exit(1)  # what h5py has open may be past closing
