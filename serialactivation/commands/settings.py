"""The tables ``[tool.serialactivation.check]`` and ``lint`` of a ``pyproject.toml``. Keras-free."""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from serialactivation import errors
from serialactivation.catalog.versions import OLDEST, is_newer, is_version
from serialactivation.commands.selection import check_codes
from serialactivation.files.printable import printable
from serialactivation.reports.formats import FORMATS
from serialactivation.rules.rule import Severity

__all__ = ["NO_SETTINGS", "Settings", "check_known", "check_version", "find_settings", "read_settings"]

_FILE: Final = "pyproject.toml"
_MARK: Final = b"serialactivation"  # a file without it has no such table, and is not parsed
_PASS_OVER: Final = "pass --no-config"


class Settings(NamedTuple):
    """The settings of a project for one command.

    Attributes:
        source: The file with the settings, or None.
        fail_on: The lowest severity for exit status 1, or None if it is not set.
        target_keras: The target Keras, or None.
        format: The format of the report, or None.
        select: Beginnings of the codes that are reported, or None.
        ignore: Beginnings of the codes that are not reported.
        exclude: Globs of paths to skip.
        known: The names that the project provides; see :class:`~serialactivation.rules.known_names.KnownNames`.
    """

    source: str | None = None
    fail_on: str | None = None
    target_keras: str | None = None
    format: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


NO_SETTINGS: Final = Settings()
"""The settings of a project that has none."""


def find_settings(folder: str, command: str = "check") -> Settings:
    """Return the settings in the nearest ``pyproject.toml`` with a table for *command*, in *folder* or above it.

    Raises:
        SettingsError: It has a key or a value that is not allowed.
    """
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, _FILE)
        settings = _read(path, command) if os.path.isfile(path) else None
        if settings is not None:
            return settings
        if os.path.dirname(folder) == folder:
            return NO_SETTINGS
        folder = os.path.dirname(folder)


def read_settings(path: str, command: str = "check") -> Settings:
    """Return the settings for *command* in the file at *path*.

    Raises:
        SettingsError: It cannot be read, has no table for *command*, or a key or a value that is not allowed.
    """
    settings = _read(path, command)
    if settings is None:
        raise errors.SettingsError(path, f"it has no table {_name(command)}; write that, or {_PASS_OVER}")
    return settings


def _name(command: str) -> str:
    return f"[tool.serialactivation.{command}]"


def _read(path: str, command: str) -> Settings | None:
    """Return the settings in a file, or None if it has no table for *command*."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        reason = f"it cannot be read ({error.strerror}); give the path of one that can be, or {_PASS_OVER}"
        raise errors.SettingsError(path, reason) from error
    if _MARK not in text:
        return None
    table = _find_table(text, path, command)
    return None if table is None else _read_values(table, path, command)


def _find_table(text: bytes, path: str, command: str) -> Mapping[str, Any] | None:
    import tomllib  # slow to import, and most projects have no settings

    try:
        table: object = tomllib.loads(text.decode())
    except ValueError as error:
        reason = f"it is not valid TOML: {printable(str(error))}; correct it, or {_PASS_OVER}"
        raise errors.SettingsError(path, reason) from error
    for key in ("tool", "serialactivation", command):
        table = table.get(key) if isinstance(table, Mapping) else None
    if table is not None and not isinstance(table, Mapping):
        raise errors.SettingsError(path, f"tool.serialactivation.{command} is not a table; write {_name(command)}")
    return table


def _read_values(table: Mapping[str, Any], path: str, command: str) -> Settings:
    values: dict[str, Any] = {}
    readers = {key: reader for key, reader in _READERS.items() if command in _OWN.get(key, (command,))}
    for key, value in table.items():
        reader = readers.get(key)
        if reader is None:
            reason = f"has no key {printable(key)!r}; its keys are {', '.join(sorted(readers))}"
            raise errors.SettingsError(path, f"{_name(command)} {reason}")
        try:
            values[key.replace("-", "_")] = reader(value)
        except ValueError as error:
            reason = f"{key} = {printable(repr(value))}: {printable(str(error))}"
            raise errors.SettingsError(path, f"{_name(command)} {reason}") from error
    return Settings(source=path, **values)


def check_version(text: object) -> str:
    """Return *text* if it is a valid target version of Keras.

    Raises:
        ValueError: It is not.
    """
    if not isinstance(text, str) or not is_version(text) or is_newer(OLDEST, text):
        raise ValueError(f"{text!r} is not a version of Keras from {OLDEST} on, such as 3.10")
    return text


def _one_of(*allowed: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in allowed:
            raise ValueError(f"it must be one of {', '.join(allowed)}")
        return str(value)

    return read


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("it must be a list of strings")
    return tuple(value)


def check_known(names: Iterable[str]) -> tuple[str, ...]:
    """Return the *names* that a project provides, without spaces around them.

    Raises:
        ValueError: One of them is empty, or stands for every name.
    """
    tidy = tuple(name.strip() for name in names)
    for name in tidy:
        if not name.rstrip(">."):
            raise ValueError(f"{name!r} is not a name such as my_package>bent, or the beginning my_package>")
    return tidy


def _known(value: object) -> tuple[str, ...]:
    return check_known(_texts(value))


def _codes(value: object) -> tuple[str, ...]:
    return check_codes(_texts(value))


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "exclude": _texts,
    "fail-on": _one_of(*(severity.name.lower() for severity in Severity)),
    "format": _one_of(*FORMATS),
    "ignore": _codes,
    "known": _known,
    "select": _codes,
    "target-keras": check_version,
}
_OWN: Final[Mapping[str, tuple[str, ...]]] = {"known": ("check",)}
"""The settings that only some commands have."""
