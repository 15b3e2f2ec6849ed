"""SA0xx: why a file cannot be read, or is not to be trusted. Keras-free."""

from typing import Final

from serialactivation.files.refusals import CURES, Code
from serialactivation.rules.rule import Rule, Severity, Verdict

__all__ = ["FILES"]


def _file(code: Code, meaning: str, why: str, example: str) -> Rule:
    return Rule(
        code=code.value,
        severity=Severity.ERROR,
        verdict=Verdict.DOES_NOT_LOAD,
        meaning=meaning,
        why=why,
        example=example,
        cure=CURES[code],
    )


FILES: Final = (
    _file(
        Code.UNREADABLE,
        "The path cannot be opened or read.",
        "It does not exist, is not allowed, or is no ordinary file.",
        "a pipe, or a file of another user",
    ),
    _file(
        Code.DAMAGED_ZIP,
        "A zip archive is damaged.",
        "Its directory, a header, a size or a checksum is wrong: a download that stopped, or a disk that was full.",
        "a .keras file of half its length",
    ),
    _file(
        Code.HOSTILE_ZIP,
        "A zip archive is made to deceive.",
        "Two members have one name, a member has a second one or one that is decoded in several ways, a name leads out "
        "of the archive, it has links, comments or is encrypted, members overlap or hold more than they declare, there "
        "are bytes that belong to none, or it is an HDF5 file too: two programs would read two models.",
        "a .keras file with two members config.json",
    ),
    _file(
        Code.DAMAGED_JSON,
        "A JSON text is damaged, or has two meanings.",
        "It is cut off or no JSON, has a key twice, a number that JSON does not have, or is no UTF-8.",
        '{"class_name": "Sequential", "class_name": "Functional"}',
    ),
    _file(
        Code.LIMIT,
        "A limit is exceeded.",
        "A small file can ask for much memory, so that everything is counted before it is made: size, values, depth, "
        "digits, members and objects.",
        "a config.json of 40 MiB",
    ),
    _file(
        Code.DAMAGED_HDF5,
        "An HDF5 file is damaged.",
        "HDF5's library cannot follow what is in it, crashes on it, or does not come to an end.",
        "an .h5 file of half its length",
    ),
    _file(
        Code.HOSTILE_HDF5,
        "An HDF5 file is made to deceive.",
        "It has links, keeps data in other files, has a group under two paths, or a size that is not stored.",
        "an .h5 file with an external link to /etc/passwd",
    ),
    _file(
        Code.NO_MODEL,
        "The file or folder is no saved model of Keras.",
        "It is neither a zip archive, nor HDF5, nor JSON, or holds no config.",
        "a .zip file of something else",
    ),
    _file(
        Code.NO_CONFIG,
        "There is a config, but no model's of Keras.",
        "Its config has no class_name and config. A JSON file alone of that kind is skipped, and no error: many "
        "programs call a file config.json.",
        'a .keras file with a config.json of {"model_type": "bert"}',
    ),
    _file(
        Code.DAMAGED_SOURCE,
        "A file cannot be read as Python source.",
        "It has an error of syntax, is not in the encoding that it declares, holds a null byte, or is nested too deep "
        "to be parsed; or it is written for a newer Python than the one that reads it.",
        "a .py file with a bracket that is never closed",
    ),
)
"""The codes of files, in their order."""
