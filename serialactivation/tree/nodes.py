"""A stored config as nodes, walked once: what Keras makes of each value, and which are activations. Keras-free.

A walk makes its nodes, and does not keep them: a check walks through a config once. A node takes about 250 bytes, and a
file may have a million. The repairs keep them, since many rules look at the nodes of one config.
"""

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias, cast

from serialactivation.catalog.argument_names import looks_like_activation
from serialactivation.catalog.marks import CONFIGURED, MAPPING, NAMESPACE, SEPARATE, TUPLE_MARKS
from serialactivation.catalog.paths import write_path
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.tree.activations import Owner, Site, Steps, is_lambda, make_owner
from serialactivation.tree.classes import STACK, find_class
from serialactivation.tree.read_keys import READ, Reader, ReadKeys, find_read_keys
from serialactivation.typing import JSON, Config

__all__ = ["MODEL", "TRAINING", "Node", "Root", "find_sites", "walk"]

# Modules whose objects are not layers, so that their names are not part of a path of layers.
_NAMELESS: Final = ("losses", "metrics", "optimizers")

# Modules of Keras whose objects never hold an activation, whatever their keys are.
_OTHERS: Final = ("constraints", "dtype_policies", "initializers", "losses", "metrics", "optimizers", "quantizers")
_OTHER: Final = re.compile(rf"keras(\.src)?\.({'|'.join(_OTHERS)}|regularizers)\b.*")


class _Role(enum.Enum):
    """The meaning of a dict's keys."""

    VALUE = enum.auto()
    """The keys of an object, if it has a ``class_name``, or of a plain dict."""
    CONFIG = enum.auto()
    """The arguments of the object that it is the config of."""
    MEMBERS = enum.auto()
    """The members of a configuration object."""
    SEPARATE = enum.auto()
    """The fields that this package adds to those of a layer's author."""


class Root(NamedTuple):
    """Where a whole config stands in a file.

    Attributes:
        steps: The keys and indices that lead to it.
        hint: The module of Keras for the values that stand there, or None if it is not determined.
    """

    steps: Steps = ()
    hint: str | None = None


MODEL: Final = Root(hint="layers")
"""The root of a model's config."""

TRAINING: Final = Root(steps=(TRAINING_CONFIG,))
"""The root of the training config, in an HDF5 file."""

_Argument: TypeAlias = tuple[str, Owner]
"""The field that holds an activation, and the owner of the field."""


class Node:
    """A value in a config: a dict, a list, an activation, or a name that Keras looks up.

    Attributes:
        stored: What is stored.
        key: The key or index under which it stands.
        parent: The node that contains it, or None for the whole config.
        start: The steps to the whole config; empty for every other node.
        hint: The module of Keras for values under this key, as far as the key determines it.
        reader: Who reads it: Keras, this package, or another package; None if nobody makes objects here.
        is_code: Whether it is the code of a function.
        is_activation: Whether it is an activation.
        is_object: Whether Keras makes an object or a function from it.
        is_read: Whether Keras makes anything from it: an object, code, or a name that Keras looks up.
        of: The class that it names, or None if Keras makes no object from it.
    """

    __slots__ = (
        "argument",
        "hint",
        "is_activation",
        "is_code",
        "is_object",
        "is_read",
        "key",
        "of",
        "owner",
        "parent",
        "reader",
        "role",
        "start",
        "stored",
    )  # fmt: skip

    def __init__(
        self,
        stored: JSON,
        key: str | int,
        parent: "Node | None",
        owner: Owner | None,
        argument: _Argument | None,
        role: _Role,
        hint: str | None,
        reader: Reader | None,
    ) -> None:
        self.stored = stored
        self.key = key
        self.parent = parent
        self.owner = owner
        self.argument = argument
        self.role = role
        self.hint = hint
        self.reader = reader
        self.start: Steps = ()
        self.is_code = isinstance(stored, dict) and role is _Role.VALUE and is_lambda(stored)
        self.is_activation = argument is not None and (self.is_code or not _is_container(stored))
        self.is_object = isinstance(stored, dict) and reader is not None and self._is_made(stored)
        is_named = isinstance(stored, str) and hint is not None
        self.is_read = self.is_object or (reader is not None and (is_named or self.is_code))
        is_class = self.is_object and cast("Config", stored)["class_name"] != "function"
        self.of = find_class(cast("Config", stored), hint) if is_class else None

    def _is_made(self, stored: Config) -> bool:
        class_name = stored.get("class_name")
        if not isinstance(class_name, str) or self.is_code or self.role is _Role.CONFIG:
            return False
        return not class_name.startswith("__") and class_name not in _NO_CLASSES

    @property
    def config(self) -> Config:
        """The config of an object."""
        inner = self.stored.get("config") if isinstance(self.stored, dict) else None
        return inner if isinstance(inner, dict) else {}

    @property
    def steps(self) -> Steps:
        """The keys and indices that lead to it."""
        steps: list[str | int] = []
        node = self
        while node.parent is not None:
            steps.append(node.key)
            node = node.parent
        return (*node.start, *reversed(steps))

    @property
    def owners(self) -> tuple[str, ...]:
        """The names of the layers and models that lead to it, and its own name."""
        names = [name for node in self.climb() if node.is_object for name in _find_name(node)]
        return tuple(reversed(names))

    def climb(self) -> Iterator["Node"]:
        """Yield this node and the nodes that contain it, the innermost first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    @property
    def site(self) -> Site:
        """The activation that it is."""
        field, owner = cast("_Argument", self.argument)
        return owner.site(field, self.steps, self.stored)


# Class names that mark a value that is not an object, but contains objects.
_NO_CLASSES: Final = frozenset([*TUPLE_MARKS, NAMESPACE, MAPPING])


def walk(config: JSON, root: Root = MODEL) -> Iterator[Node]:
    """Yield the nodes of *config*, each before the nodes inside it; in an object, its config comes first.

    Strings and numbers are left out, unless they are activations or names that Keras looks up. The code of a function
    has no nodes inside.

    Args:
        config: A model's config, its training config, or anything with the configs of layers inside.
        root: Where the config stands in the file.
    """
    top = Node(config, "", None, Owner(), None, _Role.VALUE, root.hint, Reader.KERAS)
    top.start = root.steps
    yield top
    path = [_enter(top)]
    while path:  # without recursion, which would pass each node through every level
        node = next(path[-1], None)
        if node is None:
            path.pop()
            continue
        yield node
        if node.stored and not node.is_code and isinstance(node.stored, dict | list):
            path.append(_enter(node))


def find_sites(config: JSON) -> Iterator[Site]:
    """Yield the activations in *config*, including those inside activations, in the order of the config.

    Args:
        config: A model's config, or anything with the configs of layers inside.
    """
    return (node.site for node in walk(config) if node.is_activation)


def _enter(node: Node) -> Iterator[Node]:
    if isinstance(node.stored, list):
        return _enter_list(node, node.stored)
    if isinstance(node.stored, dict) and not node.is_code:
        return _enter_dict(node, node.stored)
    return iter(())


def _enter_list(node: Node, stored: list[JSON]) -> Iterator[Node]:
    is_named = node.argument is not None or (node.reader is not None and node.hint is not None)
    for index, item in enumerate(stored):
        if isinstance(item, dict | list) or (is_named and (node.argument is not None or isinstance(item, str))):
            yield Node(item, index, node, node.owner, node.argument, _Role.VALUE, node.hint, node.reader)


def _enter_dict(node: Node, stored: Config) -> Iterator[Node]:
    search, read_keys = _find_search(node, stored), _find_read_keys(node, stored)
    holds_none = node.argument is None and node.role is _Role.VALUE
    for key, item in _list_items(node, stored):
        argument = None if holds_none else _find_argument(node, key, item)
        if argument is None and not isinstance(item, dict | list | str):
            continue
        hint, reader = read_keys.find(key)
        if argument is not None or not isinstance(item, str) or (hint is not None and reader is not None):
            owner = search.owner if search.only in (None, key) else None
            yield Node(item, key, node, owner, argument, _find_role(node, key, search), hint, reader)


def _find_role(node: Node, key: str, search: "_Search") -> _Role:
    if key == SEPARATE and node.role is _Role.CONFIG:
        return _Role.SEPARATE
    return search.role if search.only == key else _Role.VALUE


def _list_items(node: Node, stored: Config) -> Iterable[tuple[str, JSON]]:
    """Return the items of a dict in their order; in an object, the config always comes before the calls."""
    is_ordered = node.role is _Role.CONFIG or "class_name" not in stored or _is_ordered(stored)
    items = stored.items() if is_ordered else _sort(stored)
    is_empty = node.argument is not None and "items" not in stored and stored.get("class_name") in TUPLE_MARKS
    return (*items, ("items", None)) if is_empty else items


def _is_ordered(stored: Config) -> bool:
    return [key for key in stored if key in READ] == [key for key in READ if key in stored]


def _sort(stored: Config) -> list[tuple[str, JSON]]:
    order = {key: place for place, key in enumerate(READ)}
    return sorted(stored.items(), key=lambda item: order.get(item[0], len(order)))


class _Search(NamedTuple):
    """Where in a dict to look for activations.

    Attributes:
        owner: The owner of the activations, or None if there are none.
        only: The only key to look under, or None for all keys.
        role: The role of the value under that key.
    """

    owner: Owner | None
    only: str | None = None
    role: _Role = _Role.VALUE


_NOWHERE: Final = _Search(None)


def _find_search(node: Node, stored: Config) -> _Search:
    owner = node.owner
    if owner is None:
        return _is_config_of_object(node, stored)
    if node.role is not _Role.VALUE:
        return _Search(owner)
    class_name, module = stored.get("class_name"), stored.get("module")
    is_object = isinstance(class_name, str) and isinstance(stored.get("config"), dict)
    if isinstance(module, str) and _OTHER.fullmatch(module):
        return _Search(None, "config", _Role.CONFIG) if is_object else _NOWHERE
    if is_object:
        return _Search(make_owner(stored, node.config, owner), "config", _Role.CONFIG)
    if class_name in CONFIGURED and isinstance(stored.get("members"), dict):
        return _Search(owner, "members", _Role.MEMBERS)
    return _Search(owner)


def _is_config_of_object(node: Node, stored: Config) -> _Search:
    """Return a search without an owner; the role of an object's config is needed even there."""
    is_object = isinstance(stored.get("class_name"), str) and isinstance(stored.get("config"), dict)
    return _Search(None, "config", _Role.CONFIG) if is_object and node.role is not _Role.CONFIG else _NOWHERE


def _find_argument(node: Node, key: str, item: JSON) -> _Argument | None:
    """Return the field that *item* is or belongs to, if that field holds an activation."""
    owner = node.owner
    if owner is None or node.role is _Role.VALUE:
        is_inside = not node.is_activation and ("class_name" not in cast("Config", node.stored) or key == "items")
        return node.argument if is_inside else None
    if node.role is _Role.SEPARATE:
        return key, owner
    if _is_configuration(item):
        return None
    if node.role is _Role.CONFIG:
        return (key, owner) if looks_like_activation(key, item) else None
    if not looks_like_activation(key.lstrip("_"), item):
        return None
    path = _find_path(node, key)
    return None if path in owner.separate else (path, owner)


def _find_path(members: Node, key: str) -> str:
    """Return the path of a configuration object's member in the config of its layer, as this package writes it."""
    steps: list[str | int] = [key]
    for node in members.climb():
        if node.role is _Role.CONFIG:
            break
        if node.key not in ("members", "items") and node.parent is not None:
            steps.append(node.key)
    return write_path(tuple(reversed(steps)))


def _is_configuration(item: JSON) -> bool:
    return isinstance(item, dict) and item.get("class_name") in CONFIGURED


def _is_container(stored: JSON) -> bool:
    """Return whether the value of a field contains activations, and is not one itself: a list, a tuple or a dict."""
    if isinstance(stored, dict):
        return "class_name" not in stored or stored["class_name"] in TUPLE_MARKS
    return isinstance(stored, list)


def _find_read_keys(node: Node, stored: Config) -> ReadKeys:
    if node.reader is None or node.role is _Role.CONFIG:
        is_stack = node.parent is not None and node.parent.of is not None and node.parent.of.owner == STACK
        return ReadKeys(node.reader, "layers", ("layers",)) if is_stack else ReadKeys(node.reader)
    return find_read_keys(stored, node.hint, node.reader, node.of)


def _find_name(node: Node) -> Iterator[str]:
    """Yield the name of a layer or a model."""
    stored = cast("Mapping[str, Any]", node.stored)
    name, module = node.config.get("name"), str(stored.get("module"))
    if isinstance(name, str) and node.hint not in _NAMELESS and not any(f".{one}" in module for one in _NAMELESS):
        yield name
