"""Python code run in a process of its own, from the checkout.

Most of it needs Keras, whose import takes longer than all the rest. :func:`run_python` forks it from a process that
has imported Keras and done nothing else: what a test registered or changed is not there, as in any new process.
:func:`run_bare` starts an interpreter, for what is said of imports, or of an environment.
"""

import contextlib
import gc
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Callable

ROOT = pathlib.Path(__file__).parents[2]

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["keras"])


def run_python(code: str, *arguments: str) -> str:
    """Return what *code* prints, in a process of its own that has imported Keras."""
    return run_function(_execute, code, *arguments)


def run_function(function: Callable[..., object], *arguments: str) -> str:
    """Return what a module's *function* prints, in a process of its own that has imported Keras."""
    with tempfile.TemporaryDirectory() as folder:
        printed, errors = (pathlib.Path(folder) / name for name in ("printed", "errors"))
        process = FORKS.Process(target=_run, args=(function, arguments, str(printed), str(errors)))
        process.start()
        process.join()
        assert process.exitcode == 0, errors.read_text()
        return printed.read_text()


def _run(function: Callable[..., object], arguments: tuple[str, ...], printed: str, errors: str) -> None:
    gc.freeze()  # a collection would look through all that this process shares with the other, and copy it
    os.chdir(ROOT)
    with open(printed, "w") as out, open(errors, "w") as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            function(*arguments)


def _execute(code: str, *arguments: str) -> None:
    sys.argv = ["-c", *arguments]
    exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})


def run_bare(code: str, *arguments: str, hash_seed: int = 0, given: str = "") -> str:
    """Return what *code* prints, in a new interpreter whose standard input is what is *given*."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(hash_seed)}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
