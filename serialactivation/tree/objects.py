"""The objects in a config, but for its activations: where each stands, and which class it names. Keras-free."""

import enum
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, cast

from serialactivation.catalog.marks import MAPPING, NAMESPACE, OBJECT, PACKAGE, TUPLE_MARKS
from serialactivation.files.layout import COMPILE_CONFIG
from serialactivation.tree.activations import Steps, find_sites, is_lambda
from serialactivation.tree.classes import KERAS, Class, find_class, find_module
from serialactivation.typing import JSON

__all__ = ["Inside", "Place", "Thing", "find_things"]

# What stands beside an object's config and is read with it: how a model was compiled, and a layer's calls.
_BESIDE: Final = (COMPILE_CONFIG, "inbound_nodes")

# Modules whose objects are no part of a model, and do not lead to what is in them.
_NAMELESS: Final = ("losses", "metrics", "optimizers")


class Inside(enum.Enum):
    """Whose object one is in, at whatever depth, which decides who reads it."""

    KERAS = enum.auto()
    """Keras reads it."""
    OURS = enum.auto()
    """A layer of this package reads it, and leaves out what the installed Keras lacks."""
    OTHERS = enum.auto()
    """A class of another package reads it, however it likes."""


class Place(NamedTuple):
    """A place in a config.

    Attributes:
        steps: The keys and indices that lead to it.
        owners: The names of the models and layers that lead to it.
        hint: The module of Keras that has what stands there, as far as its key tells.
        inside: Whose object it is in.
    """

    steps: Steps = ()
    owners: tuple[str, ...] = ()
    hint: str | None = None
    inside: Inside = Inside.KERAS

    def enter(self, key: str | int, hint: str | None = None) -> "Place":
        """Return the place under *key*."""
        return Place(steps=(*self.steps, key), owners=self.owners, hint=hint, inside=self.inside)


class Thing(NamedTuple):
    """An object, the name of one, or code, in a config.

    Attributes:
        place: Where it stands.
        stored: What is stored there.
        of: The class that it names, or None where it is no object.
        is_activation: Whether it stands where an activation does.
    """

    place: Place
    stored: JSON
    of: Class | None = None
    is_activation: bool = False

    @property
    def config(self) -> Mapping[str, JSON]:
        """What an object is made from."""
        inner = self.stored.get("config") if isinstance(self.stored, dict) else None
        return inner if isinstance(inner, dict) else {}


def find_things(config: JSON, start: Place) -> Iterator[Thing]:
    """Yield the objects in *config*, one inside another after it.

    Args:
        config: A model's config, or how it was compiled.
        start: Where it stands.
    """
    yield from _walk(config, start, _Activations(config, start))


class _Activations:
    """Where activations stand: of a million names, those alone are kept that something else might stand as.

    Args:
        config: What they stand in.
        start: Where that stands.
    """

    def __init__(self, config: JSON, start: Place) -> None:
        self._objects: set[int] = set()
        self._names: set[Steps] = set()
        for site in find_sites(config):
            if isinstance(site.stored, dict):
                self._objects.add(id(site.stored))
            elif any(find_module(step) for step in _find_inner(site.steps)):
                self._names.add((*start.steps, *site.steps))

    def have(self, value: JSON, steps: Steps) -> bool:
        """Tell whether *value*, which stands at *steps*, is one."""
        return id(value) in self._objects if isinstance(value, dict) else steps in self._names


def _find_inner(steps: Steps) -> Iterator[str]:
    """Yield the keys that lead to a place in the config of the object that it is in."""
    for step in reversed(steps):
        if step in ("config", "members"):
            return
        if isinstance(step, str):
            yield step


def _walk(value: JSON, place: Place, activations: _Activations) -> Iterator[Thing]:
    is_activation = activations.have(value, place.steps)
    if is_lambda(value) and not isinstance(value, str):
        yield Thing(place=place, stored=value, is_activation=is_activation)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, place.enter(index, place.hint), activations)
    elif isinstance(value, dict):
        walk = _walk_object if isinstance(value.get("class_name"), str) else _walk_dict
        yield from walk(value, place, activations)
    elif isinstance(value, str) and place.hint is not None:
        yield Thing(place=place, stored=value, is_activation=is_activation)


def _walk_dict(value: Mapping[str, JSON], place: Place, activations: _Activations) -> Iterator[Thing]:
    for key, item in value.items():
        yield from _walk(item, place.enter(key, find_module(key) or place.hint), activations)


def _walk_object(value: Mapping[str, JSON], place: Place, activations: _Activations) -> Iterator[Thing]:
    class_name = str(value["class_name"])
    if class_name in TUPLE_MARKS:
        yield from _walk(value.get("items"), place.enter("items", place.hint), activations)
        return
    if class_name in (NAMESPACE, MAPPING):
        yield from _walk(value.get("members"), place.enter("members", place.hint), activations)
        return
    if class_name.startswith("__"):  # Keras's marks for what JSON has not: tensors, slices, bytes
        return
    of = None if class_name == "function" else find_class(value, place.hint)
    owned = place._replace(owners=(*place.owners, *_name(value, place)))
    thing = Thing(
        place=owned, stored=cast("JSON", value), of=of, is_activation=activations.have(cast("JSON", value), place.steps)
    )
    yield thing
    within = owned._replace(inside=_inside(place.inside, of))
    config = within.enter("config")
    for key, item in thing.config.items():
        yield from _walk(item, config.enter(key, find_module(key)), activations)
    for key in (*_BESIDE, *(["members"] if class_name == OBJECT else [])):
        yield from _walk(value.get(key), within.enter(key), activations)


def _name(value: Mapping[str, JSON], place: Place) -> Iterator[str]:
    """Yield the name of a layer or a model."""
    inner, module = value.get("config"), str(value.get("module"))
    name = inner.get("name") if isinstance(inner, dict) else None
    if isinstance(name, str) and place.hint not in _NAMELESS and not any(f".{one}" in module for one in _NAMELESS):
        yield name


def _inside(before: Inside, of: Class | None) -> Inside:
    if before is Inside.OTHERS or of is None or of.package == KERAS:
        return before
    return Inside.OURS if of.package == PACKAGE else Inside.OTHERS
