"""What a saved model's activations are, and what is to be said of them. Keras-free."""

import glob
import os
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from serialactivation.archive.findings import Finding
from serialactivation.archive.layout import CONFIG, HDF5_SUFFIXES
from serialactivation.archive.limits import DEFAULT_LIMITS, Limits
from serialactivation.archive.reader import Archive, read_archive
from serialactivation.archive.rules import find_findings
from serialactivation.archive.sites import Site, find_sites

__all__ = ["Report", "check_file", "find_files"]

_SUFFIXES: Final = (".keras", *HDF5_SUFFIXES)


@attrs.frozen
class Report:
    """What was found in one saved model.

    Attributes:
        archive: The model, as it was read.
        sites: Its activations, in the order in which they stand in the config.
        findings: What is to be said of them.
    """

    archive: Archive
    sites: tuple[Site, ...]
    findings: tuple[Finding, ...]


def check_file(path: str, target: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Report:
    """Return what is to be said of the model at *path*.

    Args:
        path: A file, or the folder that a ``.keras`` archive was unpacked to.
        target: The Keras that is to load it, such as ``"3.9.2"``, or None for the newest.
        limits: How much the file may ask of its reader.

    Raises:
        ArchiveError: It cannot be read, or is refused.
    """
    archive = read_archive(path, limits)
    sites = tuple(find_sites(archive.config))
    return Report(archive, sites, tuple(find_findings(sites, target)))


def find_files(patterns: Iterable[str]) -> Iterator[str]:
    """Yield the models that *patterns* lead to, each once: files, folders with models in them, and globs.

    A path that exists is no glob, whatever characters are in it.
    """
    seen: set[str] = set()
    for pattern in patterns:
        found = [pattern] if os.path.lexists(pattern) else sorted(glob.glob(pattern, recursive=True))
        for path in found:
            for model in _find_models(path):
                if model not in seen:
                    seen.add(model)
                    yield model


def _find_models(path: str) -> Iterator[str]:
    """Yield *path* itself, or the models in it where it is a folder of several."""
    if not os.path.isdir(path) or os.path.lexists(os.path.join(path, CONFIG)):
        yield path
        return
    for name in sorted(os.listdir(path)):
        inner = os.path.join(path, name)
        if os.path.isdir(inner) and not os.path.islink(inner):
            yield from _find_models(inner)
        elif name.endswith(_SUFFIXES):
            yield inner
