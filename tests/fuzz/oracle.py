"""What must hold of every file."""

import contextlib
import io
import json
import pathlib
import tempfile
import time
import unittest.mock
import zipfile
import zlib
from collections.abc import Container, Iterator
from typing import BinaryIO, Final

import attrs
import h5py

from serialactivation.cli import main
from serialactivation.commands.model_examiner import ModelExaminer
from serialactivation.errors import ArchiveError, ExpressionError, RepairError
from serialactivation.files.formats import hdf5, hdf5_process
from serialactivation.files.formats.hdf5 import Variable
from serialactivation.files.formats.marshaled_code import find_names
from serialactivation.files.layout import CONFIG, MODEL_CONFIG, TRAINING_CONFIG, WEIGHTS
from serialactivation.files.limits import Limits
from serialactivation.files.opening import Window
from serialactivation.files.refusals import FilePart
from serialactivation.files.saved_model import Archive, Kind, read_archive
from serialactivation.pages.from_file import describe_file
from serialactivation.repairs.plan_repair import RepairPlan, plan_repair
from serialactivation.repairs.replace.replace_activations import parse_replacement
from serialactivation.repairs.write_repaired_copy import repair_file
from serialactivation.reports.formats import FORMATS
from serialactivation.rules.check import Report
from tests.helpers.report_formats import IN_JSON, READERS

__all__ = ["Broken", "hold", "hold_archive", "hold_code", "hold_config", "in_process"]

AIMS: Final = (None, "3.6", "3.15")
LONGEST: Final = 1.0
"""Seconds of this process that one step may take."""


class Broken(Exception):  # noqa: N818  # a promise is
    """A promise was not kept."""


@contextlib.contextmanager
def _timed(what: str) -> Iterator[None]:
    start = time.process_time()
    yield
    if (taken := time.process_time() - start) > LONGEST:
        raise Broken(f"{what} took {taken:.1f} s")


@contextlib.contextmanager
def in_process(*, trusting: bool = False) -> Iterator[None]:
    """Within it, HDF5 files are read in this process, which is faster and shows what is raised.

    Args:
        trusting: Whether HDF5's library may read weights: whoever changed their bytes had better not.
    """

    def list_here(
        file: BinaryIO, limits: Limits, part: FilePart, start: int = 0, size: int | None = None
    ) -> dict[str, Variable]:
        source = file if size is None else Window(file, start, size, size, part, "config_bytes")
        if trusting:
            return hdf5.list_variables(source, limits, part)
        while source.read(2**16):
            pass
        return {"layers/dense/vars/0": Variable((2, 3), "float32")}

    with contextlib.ExitStack() as stack:
        patch = unittest.mock.patch.object
        stack.enter_context(patch(hdf5_process, "read_attributes", hdf5.read_attributes))
        stack.enter_context(patch(hdf5_process, "list_variables", list_here))
        yield


def hold(path: pathlib.Path, number: int = 0) -> None:
    """Check and repair the file at *path*, and raise where a promise is not kept.

    Args:
        path: The file.
        number: What chooses the Keras that is aimed at, and the format of the report.
    """
    aim = AIMS[number % len(AIMS)]
    with contextlib.suppress(ArchiveError):
        with _timed("check"):
            archive = read_archive(path)
            report = ModelExaminer(aim).judge(archive)
        _hold_page(archive, report)
    _hold_report(path, FORMATS[number // len(AIMS) % len(FORMATS)], aim)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        _hold_repair(path, aim, pathlib.Path(folder))


def _hold_report(path: pathlib.Path, style: str, aim: str | None) -> None:
    """The command ends, with a status and without a traceback."""
    aimed = [] if aim is None else ["--target-keras", aim]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()), _timed(style):
        status = main(["check", "--no-config", "--format", style, *aimed, str(path)])
    if status not in (0, 1, 2):
        raise Broken(f"check ended with {status}")
    READERS[style](out.getvalue())
    if style not in IN_JSON and any(not (char.isprintable() or char == "\n") for char in out.getvalue()):
        raise Broken("check prints what is not printable")


def _hold_page(archive: Archive, report: Report) -> None:
    """What a page shows of the model is made, and can be printed."""
    with _timed("the page"):
        shown = describe_file(archive, report)
    for text in _list_texts(attrs.asdict(shown)):
        if any(not (char.isprintable() or char == "\n") for char in text):
            raise Broken(f"a page shows what is not printable: {text!r}")


def _list_texts(shown: object) -> Iterator[str]:
    """Yield the texts in nested records."""
    if isinstance(shown, str):
        yield shown
    for one in shown.values() if isinstance(shown, dict) else shown if isinstance(shown, list | tuple) else ():
        yield from _list_texts(one)


def _hold_repair(path: pathlib.Path, aim: str | None, folder: pathlib.Path) -> None:
    try:
        with _timed("mending"):
            archive = read_archive(path)
            if archive.kind not in (Kind.KERAS, Kind.HDF5):
                return
            plan = plan_repair(archive, (), aim)
    except ArchiveError:
        return
    _hold_replacing(archive, aim)
    first, second = (folder / f"{name}{path.suffix}" for name in ("first", "second"))
    try:
        with _timed("writing"):
            repair_file(path, first, plan)
    except RepairError as error:
        if list(folder.iterdir()):
            raise Broken("a refused repair leaves files") from error
        if archive.kind is Kind.KERAS:
            raise Broken("an archive that is read cannot be repaired") from error
        return
    _hold_copy(path, archive, first, plan, aim)
    repair_file(first, second, plan_repair(read_archive(first), (), aim))
    if first.read_bytes() != second.read_bytes():
        raise Broken("repairing again changes the file")


def _hold_replacing(archive: Archive, aim: str | None) -> None:
    try:
        with _timed("replacing"):
            plan_repair(archive, [parse_replacement("<lambda>=keras.activations.relu(max_value=6.0)", aim)], aim)
    except (ArchiveError, ExpressionError, RepairError):
        return


def _hold_copy(path: pathlib.Path, archive: Archive, copied: pathlib.Path, plan: RepairPlan, aim: str | None) -> None:
    read = read_archive(copied)
    if (read.config, (read.metadata or {}).get(TRAINING_CONFIG)) != plan.after:
        raise Broken("the copy does not say what was made of it")
    if plan_repair(read, (), aim).changes:
        raise Broken("there is more to repair in what was repaired")
    changed = {CONFIG, WEIGHTS} if plan.moves.are_needed else {CONFIG}
    if archive.kind is Kind.KERAS and _read_rest(path, changed) != _read_rest(copied, changed):
        raise Broken("another member of the archive is changed")


def _read_rest(path: pathlib.Path, changed: Container[str]) -> dict[str, bytes | None]:
    with zipfile.ZipFile(path) as archive:
        return {name: _read(archive, name) for name in archive.namelist() if name not in changed}


def _read(archive: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return None


def hold_code(data: bytes) -> None:
    """Read the names in marshaled code: in time, and nothing but texts."""
    with _timed("reading code"):
        names = find_names(data)
    if not all(isinstance(name, str) for name in names):
        raise Broken(f"not only texts: {names!r}")


def hold_archive(data: bytes, folder: pathlib.Path) -> None:
    """Hold a ``.keras`` file with these bytes to the promises."""
    path = folder / "model.keras"
    path.write_bytes(data)
    with in_process():
        hold(path, zlib.crc32(data))


def hold_config(text: bytes, weights: bytes, folder: pathlib.Path) -> None:
    """Hold a file with this config to the promises: it alone, an archive with *weights*, or an HDF5 file."""
    number = zlib.crc32(text)
    alone, archive, whole = folder / "config.json", folder / "model.keras", folder / "model.h5"
    kind = number // 12 % 4
    if kind == 0 and len(text) < 2**20 and b"\0" not in text:
        _write_whole(whole, text, number)
    elif kind == 1:
        alone.write_bytes(text)
    else:
        with zipfile.ZipFile(archive, "w") as written:
            written.writestr("metadata.json", b'{"keras_version": "2.3.1"}')
            written.writestr(CONFIG, text, zipfile.ZIP_DEFLATED if kind == 2 else zipfile.ZIP_STORED)
            written.writestr("model.weights.h5", weights)
    (path,) = folder.iterdir()
    with in_process(trusting=True):
        hold(path, number)


def _write_whole(path: pathlib.Path, text: bytes, number: int) -> None:
    with h5py.File(path, "w", libver="latest") as file:
        file.attrs[MODEL_CONFIG] = text
        file.attrs[TRAINING_CONFIG] = _find_compiled(text)
        file.attrs["keras_version"] = "3.15.0" if number % 2 else b"2.9"
        file["model_weights/dense/model/dense/kernel"] = [1.0]


def _find_compiled(text: bytes) -> bytes:
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        return text
    compiled = config.get("compile_config") if isinstance(config, dict) else None
    return json.dumps(compiled or {"loss": "mse", "optimizer_config": config}).encode()


def hold_hdf5(data: bytes, folder: pathlib.Path) -> None:
    """Hold an HDF5 file with these bytes to the promises, in this process: HDF5's library may crash."""
    path = folder / "model.h5"
    path.write_bytes(data)
    with in_process(trusting=True):
        hold(path, zlib.crc32(data))
