"""Files of tf_keras 2.21, and files as older Kerases wrote them, with what tf_keras computes from them.

``python -m tests.old_files``, in an environment with ``tf_keras==2.21.0``, writes them anew.
"""

import pathlib
import tarfile

FILE = pathlib.Path(__file__).with_name("tf_keras-2.21.0.tar.xz")
"""The files: a model is in NAME.h5 or NAME.keras, and its inputs and outputs are in NAME.npz."""


def unpack(folder: pathlib.Path) -> None:
    """Put the files into *folder*."""
    with tarfile.open(FILE) as archive:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # not in Python 3.11.0 to 3.11.3
        archive.extractall(folder, **safely)
