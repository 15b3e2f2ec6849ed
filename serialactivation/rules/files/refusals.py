"""SA0xx: the rules for files that cannot be read, or must not be trusted. Keras-free."""

from typing import Final

from serialactivation.files.refusals import CURES, Code
from serialactivation.rules.rule import Rule, Severity, Verdict

__all__ = ["FILES"]


def _file(code: Code, meaning: str, why: str, example: str, advisories: tuple[str, ...] = ()) -> Rule:
    return Rule(
        code=code.value,
        severity=Severity.ERROR,
        verdict=Verdict.DOES_NOT_LOAD,
        meaning=meaning,
        why=why,
        example=example,
        cure=CURES[code],
        advisories=advisories,
    )


FILES: Final = (
    _file(
        Code.UNREADABLE,
        "The path cannot be opened or read.",
        "The path does not exist, access to it is denied, or it is not a regular file.",
        "a pipe, or a file of another user",
    ),
    _file(
        Code.DAMAGED_ZIP,
        "A zip archive is damaged.",
        "Its directory, a header, a size or a checksum is wrong, for example after an interrupted download or "
        "because a disk was full.",
        "a .keras file of half its length",
    ),
    _file(
        Code.HOSTILE_ZIP,
        "A zip archive is crafted to mislead readers.",
        "Two programs could read two different models from it: two members have the same name, a member has a "
        "second name or a name that can be decoded in several ways, a name leads out of the archive, the archive "
        "has links or comments or is encrypted, members overlap or hold more than they declare, some bytes belong "
        "to no member, or the file is an HDF5 file too.",
        "a .keras file with two members config.json",
    ),
    _file(
        Code.DAMAGED_JSON,
        "A JSON text is damaged, or has two meanings.",
        "It is cut off, is not JSON, has a key twice, has a number that JSON does not allow, or is not UTF-8.",
        '{"class_name": "Sequential", "class_name": "Functional"}',
    ),
    _file(
        Code.LIMIT,
        "The file exceeds a limit of the reader.",
        "A small file can make its reader use much memory. The reader therefore counts sizes, values, depth, digits, "
        "members and objects before it allocates memory for them.",
        "a config.json of 40 MiB",
    ),
    _file(
        Code.DAMAGED_HDF5,
        "An HDF5 file is damaged.",
        "The HDF5 library cannot read its contents, crashes on them, or does not finish reading them.",
        "an .h5 file of half its length",
    ),
    _file(
        Code.HOSTILE_HDF5,
        "An HDF5 file is crafted to mislead readers.",
        "It has links, keeps data in other files, has one group under two paths, or declares a size that is not "
        "stored.",
        "an .h5 file with an external link to /etc/passwd",
        ("CVE-2026-0897", "GHSA-mgx6-5cf9-rr43", "CVE-2026-1669", "GHSA-3m4q-jmj6-r34q"),
    ),
    _file(
        Code.NO_MODEL,
        "The file or folder is not a saved Keras model.",
        "It is not a zip archive, an HDF5 file or JSON, or it holds no config.",
        "a .zip file of something else",
    ),
    _file(
        Code.NO_CONFIG,
        "The file has a config, but it is not the config of a Keras model.",
        "The config does not have the keys class_name and config. A JSON file of that kind in a folder or a glob is "
        "skipped without an error, because many programs write a file config.json.",
        'a .keras file with a config.json of {"model_type": "bert"}',
    ),
    _file(
        Code.DAMAGED_SOURCE,
        "A file cannot be read as Python source.",
        "It has a syntax error, is not in the encoding that it declares, holds a null byte, is nested too deeply "
        "to be parsed, or is written for a newer Python than the one that reads it.",
        "a .py file with a bracket that is never closed",
    ),
)
"""The rules for files, in the order of their codes."""
