"""A function run in a separate process, which is a fork of a server process that has already imported h5py.

A new interpreter takes a quarter of a second to import h5py; a fork takes some milliseconds. For Linux only.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final, NoReturn

__all__ = ["run", "serve"]

_LONGEST: Final = 1 << 16
"""The most bytes of a request: a path has at most 4,096."""

_IDLE: Final = 10  # seconds without a request, after which the server ends: a long training should not keep it


class _Server:
    """A process that runs requested functions in forks of itself, one after the other."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._told = _open_memory()  # as long as the server runs
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", code, json.dumps(sys.path), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._told,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # so that it can be ended together with its forks
                # The server computes nothing, and a process that has threads must not fork.
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
            )

    def is_alive(self) -> bool:
        """Return whether the server is running."""
        return self._process.poll() is None

    def ask(self, request: bytes, files: list[int], timeout: float) -> int | None:
        """Return the exit status of a fork with *files* as its streams, or None if the server has ended."""
        self._socket.settimeout(timeout)
        try:
            socket.send_fds(self._socket, [request], files)
            status = self._socket.recv(_LONGEST)
        except ConnectionError:
            return None
        return int(status) if status else None

    def end(self, *, at_once: bool = False) -> tuple[int, bytes]:
        """End the server, *at_once* even if it is busy, and return its exit status and its error output."""
        self._socket.close()
        if at_once and self.is_alive():
            os.killpg(self._process.pid, signal.SIGKILL)
        status = self._process.wait()
        with self._told:
            return status, _read(self._told)


class _Asker:
    """The only server of this process, with a lock so that one thread at a time uses it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def ask(self, code: str, request: bytes, source: int, timeout: float) -> subprocess.CompletedProcess[bytes]:
        """Return the result of a fork of the server, which is started if no server runs *code*."""
        with self._lock, _open_memory() as out, _open_memory() as err:
            for _ in range(2):  # the server may just have ended because it was idle
                status = self._ask_once(code, request, [source, out.fileno(), err.fileno()], timeout)
                if status is not None:
                    return subprocess.CompletedProcess(request, status, _read(out), _read(err))
                ended, printed = self.end()
                if ended:
                    break
            return subprocess.CompletedProcess(request, ended or 1, b"", printed)

    def _ask_once(self, code: str, request: bytes, files: list[int], timeout: float) -> int | None:
        server = self._find(code)
        try:
            return server.ask(request, files, timeout)
        except BaseException:  # after any interruption, an unread answer would remain
            self.end(at_once=True)
            raise

    def _find(self, code: str) -> _Server:
        if self._server is None or self._server.code != code or not self._server.is_alive():
            self.end()
            self._server = _Server(code)
        return self._server

    def end(self, *, at_once: bool = False) -> tuple[int, bytes]:
        """End the server, if there is one, as :meth:`_Server.end` does."""
        server, self._server = self._server, None
        return server.end(at_once=at_once) if server is not None else (0, b"")


_ASKERS: Final[dict[int, _Asker]] = {}
"""By process number: a fork of this process needs its own server, or the two would read each other's answers."""


def run(code: str, function: str, *arguments: str, source: int, timeout: float) -> subprocess.CompletedProcess[bytes]:
    """Return the result of a function that runs in a separate process.

    Args:
        code: The code of the server, which has ``sys.path`` as JSON and the number of a socket as arguments: it imports
            the modules that the functions need, and calls :func:`serve`.
        function: The name of the function.
        *arguments: Its arguments.
        source: The number of an open file, which is its standard input.
        timeout: The seconds that it may take.

    Raises:
        TimeoutError: It takes longer.
    """
    asker = _ASKERS.setdefault(os.getpid(), _Asker())
    return asker.ask(code, json.dumps([function, *arguments]).encode(), source, timeout)


@atexit.register
def _end() -> None:
    if asker := _ASKERS.get(os.getpid()):
        asker.end(at_once=True)


def serve(descriptor: int, functions: Mapping[str, Callable[..., object]]) -> None:
    """Run *functions* in forks of this process, until the other end of a socket is closed or silent for too long.

    Args:
        descriptor: The number of the socket.
        functions: The functions, by their names.
    """
    with socket.socket(fileno=descriptor) as connection:
        while True:
            connection.settimeout(_IDLE)
            try:
                request, files, _, _ = socket.recv_fds(connection, _LONGEST, 3)
            except TimeoutError:
                return
            if not request:
                return
            function, *arguments = json.loads(request)
            fork = os.fork()
            if fork == 0:
                connection.close()
                _become(files, lambda: functions[function](*arguments))  # noqa: B023  # called at once
            for file in files:
                os.close(file)
            _, status = os.waitpid(fork, 0)
            connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _become(files: list[int], function: Callable[[], object]) -> NoReturn:
    """Call *function* in a fork with *files* as its streams, and end the fork."""
    status = 1
    try:
        for stream, file in enumerate(files):
            os.dup2(file, stream)
        function()
        sys.stdout.flush()
        status = 0
    except BaseException:  # the fork must end here, after any error
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _open_memory() -> BinaryIO:
    """Return a file in memory, which has no name."""
    return os.fdopen(os.memfd_create("serialactivation"), "w+b")


def _read(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()
