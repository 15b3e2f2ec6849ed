"""Writes a checked private copy of a saved model, so that exactly the checked content is loaded."""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import attrs
import keras

from serialactivation import errors
from serialactivation.files.limits import Limits
from serialactivation.models.files.registered import list_registered
from serialactivation.trust.private_copy import write_copy
from serialactivation.trust.untrusted_names import UntrustedName, find_untrusted_names

__all__ = ["checked_copy"]


@contextlib.contextmanager
def checked_copy(
    path: str, trusted: Iterable[str], custom_objects: Mapping[str, object], limits: Limits, shown: str
) -> Iterator[str]:
    """Give the path of a private copy of a model's file or folder, which names only trusted objects.

    Args:
        path: The model.
        trusted: The names that are trusted besides those of Keras and of this package.
        custom_objects: The objects that Keras is given by name; they are trusted, too.
        limits: The limits on the resources that reading the file may use.
        shown: The path in errors.

    Raises:
        ArchiveError: The file cannot be read, or is refused.
        UntrustedError: The file has a name that is not trusted.
    """
    allowed = {trusted} if isinstance(trusted, str) else set(trusted)
    with tempfile.TemporaryDirectory(prefix="serialactivation-") as folder:
        copy = os.path.join(folder, os.path.basename(os.path.abspath(path)))
        try:
            written = write_copy(path, copy, limits)
            named = list(find_untrusted_names(written, list_registered()))
            written.variables()  # this refuses weights that are made to deceive
        except errors.ArchiveError as error:
            raise attrs.evolve(error, path=shown) from error
        _check_trusted(shown, [one for one in named if not _is_trusted(one, allowed, custom_objects)])
        _check_registered(shown, [one for one in named if ">" in one.key], custom_objects)
        yield copy


def _is_trusted(named: UntrustedName, allowed: AbstractSet[str], custom_objects: Mapping[str, object]) -> bool:
    if not named.allowable:
        return False
    is_named = named.name in allowed or (named.ends and set(named.ends) <= allowed)
    return is_named or _is_given(named.key, custom_objects)


def _is_given(key: str, custom_objects: Mapping[str, object]) -> bool:
    """Return whether Keras finds the object in *custom_objects* by *key*, and not another registered one."""
    registered = keras.saving.get_custom_objects()
    return key in custom_objects and registered.get(key, custom_objects[key]) is custom_objects[key]


def _check_trusted(path: str, named: Iterable[UntrustedName]) -> None:
    firsts: dict[str, UntrustedName] = {}
    for one in named:
        firsts.setdefault(one.name, one)
    if firsts:
        raise errors.UntrustedError(
            path,
            names=tuple(firsts),
            places=tuple(one.path for one in firsts.values()),
            refused=tuple(name for name, one in firsts.items() if not one.allowable),
        )


def _check_registered(path: str, named: Iterable[UntrustedName], custom_objects: Mapping[str, object]) -> None:
    """Refuse a name that is not registered: Keras would import the module that the file names with it."""
    missing = {
        one.key: one.path
        for one in named
        if keras.saving.get_registered_object(one.key, custom_objects=dict(custom_objects)) is None
    }
    if missing:
        raise errors.UntrustedError(
            path,
            names=tuple(missing),
            places=tuple(missing.values()),
            reason="it has trusted names that are not registered",
            cure="Import the modules that register them first, or pass them in custom_objects.",
        )
