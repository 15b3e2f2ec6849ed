"""The demo from its first line to its verdict."""

import contextlib
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import keras

import serialactivation
from serialactivation.demo import first_process
from serialactivation.demo.files import MODEL
from serialactivation.demo.page import show_page
from serialactivation.demo.show import show_verdict
from serialactivation.demo.verdict import read_verdict

__all__ = ["FURTHER", "conclude", "run"]

FURTHER: Final = 3
"""The number of epochs that both processes train further."""


def run(*, epochs: int, output: Path | None) -> int:
    """Run both processes and print what they found.

    Args:
        epochs: Epochs of training before the save.
        output: The folder to keep the files in, or None for a temporary directory.

    Returns:
        The exit status: 0 if everything came back, else 1.
    """
    print(_describe_versions(), flush=True)
    if output is not None:
        print(f"The models and the facts go to {output}.", flush=True)
    with _open_directory(output) as directory:
        first_process.work(directory, epochs=epochs, further=FURTHER)
        status = conclude(directory, epochs=epochs)
        print(f"\n{show_page(directory / MODEL, output)}")
        return status


def conclude(directory: Path, *, epochs: int) -> int:
    """Run the second process on the files of the first in *directory*, and print the verdict.

    Args:
        directory: The folder with the files.
        epochs: Epochs of training before the save.

    Returns:
        The exit status: 0 if everything came back, else 1.
    """
    print("Loading it in a second process, with keras.models.load_model, and training on there:", flush=True)
    status = _run_second_process(directory, epochs)
    if status != 0:
        print(f"\nVERDICT: FAILED. The second process ended with exit status {status}; its error is above.")
        return 1
    verdict = read_verdict(directory)
    print(f"\n{show_verdict(verdict)}")
    return verdict.status


def _run_second_process(directory: Path, epochs: int) -> int:
    arguments = [str(directory), str(epochs), str(FURTHER)]
    command = [sys.executable, "-m", "serialactivation.demo.second_process", *arguments]
    return subprocess.run(command, check=False).returncode


def _describe_versions() -> str:
    return (
        f"serialactivation {serialactivation.__version__}, Keras {keras.__version__}, "
        f"backend {keras.config.backend()} on the CPU, Python {platform.python_version()}"
    )


@contextlib.contextmanager
def _open_directory(output: Path | None) -> Iterator[Path]:
    if output is None:
        with tempfile.TemporaryDirectory(prefix="serialactivation-demo-") as directory:
            yield Path(directory)
    else:
        yield output
