"""Saved models as Keras writes them, checked without a parse of what is known to be in order. Keras-free.

Of a file with anything unfamiliar, or of which there is anything to say, nothing is said here.
"""

import functools
import os
import re
from typing import Final

from serialactivation import errors
from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.graphs import ANY_ORDER
from serialactivation.catalog.versions import is_newer
from serialactivation.files.formats.plain_zip import Read, list_plain, read_plain
from serialactivation.files.layout import CONFIG, METADATA
from serialactivation.files.limits import DEFAULT_LIMITS
from serialactivation.files.opening import open_descriptor
from serialactivation.files.refusals import Place
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.rules.layer_texts import Shapes
from serialactivation.rules.report import Report, check_archive
from serialactivation.rules.verdicts import Verdict, Verdicts
from serialactivation.rules.weights import holds_weights
from serialactivation.tree.activations import Site, find_sites
from serialactivation.typing import JSON

__all__ = ["check_plain", "known_shapes"]

_CONFIG: Final = CONFIG.encode()
_METADATA: Final = METADATA.encode()
_SUFFIX: Final = ".keras"
_UNSAID: Final = Place("")  # of what is refused here, the closer look says where
_HEAD: Final = 2**12  # of a file, which is read at once
_LARGEST: Final = min(DEFAULT_LIMITS.config_bytes, DEFAULT_LIMITS.metadata_bytes)
_WRITTEN: Final = re.compile(
    rb'\{"keras_version": "(3\.\d{1,3}\.[\w.]{1,30})", "date_saved": "[\d@:-]{1,30}"\}', re.ASCII
)


def check_plain(path: str, target: str | None) -> Report | None:
    """Return the report of a model, or None where that takes a closer look.

    Args:
        path: A ``.keras`` file.
        target: The Keras that is to load it, such as ``"3.9.2"``, or None for the newest.
    """
    shapes = known_shapes(target)
    if shapes is None or not path.endswith(_SUFFIX):
        return None
    try:
        config, metadata = _read(path)
    except (errors.ArchiveError, OSError):
        return None  # the closer look says why
    written = None if metadata is None else _WRITTEN.fullmatch(metadata)
    sites = None if config is None else shapes.find_sites(config)
    if written is None or sites is None:
        return None
    return Report(
        path=path,
        kind=Kind.KERAS,
        keras_version=written[1].decode(),
        sites=sites,
        unlisted=0,
        weights={},
        findings=(),
        omitted={},
        verdicts=_all_loads(target),
    )


def _read(path: str) -> tuple[bytes | None, bytes | None]:
    """Return the texts of a model's config and metadata, or None for what is not plainly there."""
    descriptor, size = open_descriptor(path, _UNSAID)
    try:
        read = _reader(descriptor)
        members = list_plain(read, size) or {}
        config, metadata = members.get(_CONFIG), members.get(_METADATA)
        if config is None or metadata is None:
            return None, None
        return read_plain(read, config, _LARGEST), read_plain(read, metadata, _LARGEST)
    finally:
        os.close(descriptor)


def _reader(descriptor: int) -> Read:
    """Return what reads a file, whose start is read once: the config is in it, or what comes before."""
    head = os.read(descriptor, _HEAD)

    def read(start: int, size: int) -> bytes:
        end = start + size
        return head[start:end] if end <= len(head) else _read_at(descriptor, start, size)

    return read


def _read_at(descriptor: int, start: int, size: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(descriptor, size, start)
    os.lseek(descriptor, start, os.SEEK_SET)
    return os.read(descriptor, size)


@functools.lru_cache(maxsize=16)
def known_shapes(target: str | None) -> Shapes | None:
    """Return what is known for one Keras; None before that to which the layers matter one by one."""
    asked = target or NEWEST
    return None if is_newer(ANY_ORDER, asked) else Shapes(functools.partial(_judge, asked))


@functools.lru_cache(maxsize=16)
def _all_loads(target: str | None) -> Verdicts:
    loads = Verdict.LOADS
    return Verdicts(target=target or NEWEST, asked=target is not None, activations=loads, rest=loads)


def _judge(target: str, config: JSON) -> tuple[Site, ...] | None:
    """Return the activations in a model's config, or None where there is something to say, or weights to look for."""
    if any(holds_weights(site.stored) for site in find_sites(config)):
        return None  # the rules would look for them in a file
    report = check_archive(Archive(path="", kind=Kind.CONFIG, config=config), target)
    return None if report.findings else report.sites
