"""The groups of a ``.keras`` file that hold the weights of a model's objects, computed from its config. Keras-free.

Keras names a group after the attributes that lead to an object, and after the classes of the items of a list:
``layers/dense_1/activation``. Each attribute is assumed to have the name of the argument, as in Keras's own layers.

The config is not read as nodes here: these follow what Keras makes of a config when it loads, and groups follow the
attributes that Keras visited when it saved. That is another order, with a count of names in each list, and leaves out
whatever is not a config.

Source:
    ``_save_state`` and ``_save_container_state`` of ``keras/src/saving/saving_lib.py``, Keras 3.6 to 3.15.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias, cast

from serialactivation.catalog.layer_kinds import WITH_OWN_CELL
from serialactivation.tree.activations import Steps, is_lambda
from serialactivation.tree.classes import is_of_program
from serialactivation.typing import JSON

__all__ = ["StoredObject", "find_objects", "to_snake_case"]

Config: TypeAlias = Mapping[str, JSON]
Path: TypeAlias = tuple[str, ...]

_LONGEST: Final = 4096  # characters of a group's path
_NOWHERE: Final = "\0"
"""A group that no file has: HDF5 does not allow this name."""
_MOST: Final = 8
"""How many groups are considered for one object: each nested recurrent layer doubles the number."""
_OPERATION: Final = re.compile(r"keras\.src\.ops\..*")


class StoredObject(NamedTuple):
    """An object in a config.

    Attributes:
        steps: The keys and indices that lead to it.
        stored: Its config.
        paths: The names that lead to the possible places of its weights.
    """

    steps: Steps
    stored: Config
    paths: tuple[Path, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that may hold its weights."""
        return tuple(map(_join, self.paths))

    @property
    def is_keras(self) -> bool:
        """Whether it is Keras's: its module is Keras's, or missing, as Keras 1 and 2 wrote it."""
        module = self.stored.get("module")
        return not is_of_program(self.stored) and (module is None or str(module).partition(".")[0] == "keras")


def find_objects(config: JSON) -> Iterator[StoredObject]:
    """Yield the objects in a model's *config*, in the order of the config.

    Args:
        config: The whole config of the model.
    """
    if isinstance(config, dict) and isinstance(config.get("config"), dict):
        yield from _walk_object(cast("Config", config), (), ((),))


def _walk_object(stored: Config, steps: Steps, paths: tuple[Path, ...]) -> Iterator[StoredObject]:
    inner = cast("Config", stored["config"])
    class_name = str(stored["class_name"])
    skipped = "InputLayer" if class_name == "Sequential" else None  # Sequential does not count it among its layers
    for key, value in inner.items():
        inside = tuple((*path, name) for path in paths for name in _find_attributes(class_name, key))[:_MOST]
        yield from _walk(value, (*steps, "config", key), inside, skipped)


def _join(path: Path) -> str:
    """Return the group at a *path*; for a path that is too long for any file, a group that no file has."""
    return "/".join(path).lstrip("/") if sum(map(len, path)) <= _LONGEST else _NOWHERE


def _find_attributes(class_name: str, argument: str) -> tuple[str, ...]:
    """Return the attributes that may hold the value of an *argument* of a layer."""
    if (class_name, argument) == ("Bidirectional", "layer"):
        return "forward_layer", "backward_layer"
    # A recurrent layer passes its arguments to its cell, and has properties for them. Keras takes the first way.
    return (argument, f"cell/{argument}") if class_name.rpartition(">")[2] in WITH_OWN_CELL else (argument,)


def _walk(value: JSON, steps: Steps, paths: tuple[Path, ...], skipped: str | None) -> Iterator[StoredObject]:
    if _is_object(value):
        stored = cast("Config", value)
        yield StoredObject(steps, stored, paths)
        yield from _walk_object(stored, steps, paths)
    elif isinstance(value, list):
        yield from _walk_list(enumerate(value), steps, paths, skipped)
    elif isinstance(value, dict) and not is_lambda(value) and "class_name" not in value:
        yield from _walk_list(value.items(), steps, paths, skipped)


def _walk_list(
    items: Iterable[tuple[str | int, JSON]], steps: Steps, paths: tuple[Path, ...], skipped: str | None
) -> Iterator[StoredObject]:
    used: dict[str, int] = {}
    for step, item in items:
        if not _is_object(item):
            yield from _walk(item, (*steps, step), paths, None)
            continue
        stored = cast("Config", item)
        class_name = str(stored["class_name"])
        if class_name == skipped or _OPERATION.fullmatch(str(stored.get("module"))):
            continue
        name = to_snake_case(class_name.rpartition(">")[2])
        number = used.get(name, 0)
        used[name] = number + 1
        called = f"{name}_{number}" if number else name
        yield from _walk(item, (*steps, step), tuple((*path, called) for path in paths), None)


def _is_object(value: JSON) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("class_name"), str)
        and isinstance(value.get("config"), dict)
        and not is_lambda(value)
    )


def to_snake_case(name: str) -> str:
    """Return *name* as Keras writes it: ``PReLU`` is ``p_re_lu``; a name that is too long for any group stays."""
    name = re.sub(r"\W+", "", name)
    if len(name) > _LONGEST:  # no file has such a group
        return name
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
