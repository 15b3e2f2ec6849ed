"""The table ``[tool.serialactivation.check]`` of a ``pyproject.toml``. Keras-free."""

import os
from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from serialactivation.archive.printable import printable
from serialactivation.archive.selection import check_codes
from serialactivation.archive.severity import Severity
from serialactivation.errors import SettingsError
from serialactivation.newer import OLDEST, is_newer, is_version

__all__ = ["FORMATS", "NO_SETTINGS", "Settings", "check_version", "find_settings", "read_settings"]

FORMATS: Final = ("text", "json", "sarif", "github")
"""The ways in which ``check`` shows what it found."""

_FILE: Final = "pyproject.toml"
_TABLE: Final = "[tool.serialactivation.check]"
_MARK: Final = b"serialactivation"  # a file without it has no such table, and is not parsed


@attrs.frozen(kw_only=True)
class Settings:
    """What a project has settled for ``check``.

    Attributes:
        source: The file that says so, or None.
        fail_on: The least severity for exit status 1, or None where it is not said.
        target_keras: The Keras that is to load the models, or None.
        format: How it is shown, or None.
        select: Beginnings of the codes that are told, or None.
        ignore: Beginnings of the codes that are not told.
        exclude: Globs of what is passed over.
    """

    source: str | None = None
    fail_on: str | None = None
    target_keras: str | None = None
    format: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


NO_SETTINGS: Final = Settings()
"""The settings where nothing is settled."""


def find_settings(folder: str) -> Settings:
    """Return what the nearest ``pyproject.toml`` with a table for ``check`` says, in *folder* or above it.

    Raises:
        SettingsError: It has a key or a value that is not allowed.
    """
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, _FILE)
        settings = _read(path) if os.path.isfile(path) else None
        if settings is not None:
            return settings
        if os.path.dirname(folder) == folder:
            return NO_SETTINGS
        folder = os.path.dirname(folder)


def read_settings(path: str) -> Settings:
    """Return what the file at *path* says.

    Raises:
        SettingsError: It cannot be read, has no table for ``check``, or a key or a value that is not allowed.
    """
    settings = _read(path)
    if settings is None:
        raise SettingsError(path, f"it has no table {_TABLE}")
    return settings


def _read(path: str) -> Settings | None:
    """Return what a file says, or None where it has no table for ``check``."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        raise SettingsError(path, f"it cannot be read ({error.strerror})") from error
    if _MARK not in text:
        return None
    table = _find_table(text, path)
    return None if table is None else _settle(table, path)


def _find_table(text: bytes, path: str) -> Mapping[str, Any] | None:
    import tomllib  # takes its time, and most projects settle nothing

    try:
        table: object = tomllib.loads(text.decode())
    except ValueError as error:
        raise SettingsError(path, f"it is no TOML: {printable(str(error))}") from error
    for key in ("tool", "serialactivation", "check"):
        table = table.get(key) if isinstance(table, Mapping) else None
    if table is not None and not isinstance(table, Mapping):
        raise SettingsError(path, f"tool.serialactivation.check is no table; write {_TABLE}")
    return table


def _settle(table: Mapping[str, Any], path: str) -> Settings:
    settled: dict[str, Any] = {}
    for key, value in table.items():
        reader = _READERS.get(key)
        if reader is None:
            raise _refuse(path, f"has no key {printable(key)!r}; its keys are {', '.join(sorted(_READERS))}")
        try:
            settled[key.replace("-", "_")] = reader(value)
        except ValueError as error:
            raise _refuse(path, f"{key} = {printable(repr(value))}: {printable(str(error))}") from error
    return Settings(source=path, **settled)


def _refuse(path: str, reason: str) -> SettingsError:
    return SettingsError(path, f"{_TABLE} {reason}")


def check_version(text: object) -> str:
    """Return *text* where it is a version of Keras that can be aimed at.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(text, str) or not is_version(text) or is_newer(OLDEST, text):
        raise ValueError(f"{text!r} is no version of Keras from {OLDEST} on, such as 3.10")
    return text


def _one_of(*allowed: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in allowed:
            raise ValueError(f"it is one of {', '.join(allowed)}")
        return str(value)

    return read


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("it is a list of texts")
    return tuple(value)


def _codes(value: object) -> tuple[str, ...]:
    return check_codes(_texts(value))


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "exclude": _texts,
    "fail-on": _one_of(*(severity.name.lower() for severity in Severity)),
    "format": _one_of(*FORMATS),
    "ignore": _codes,
    "select": _codes,
    "target-keras": check_version,
}
