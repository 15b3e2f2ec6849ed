"""The strings in a saved model's configs that Keras looks up among registered objects, by Keras's own rule. Keras-free.

Keras looks up nearly every string: every string in a structure that it reads as a whole, such as the compile config;
the names of objects and functions; and, in an object without a module, every string of its config. Only strings that
no Keras looks up are left out: the names of layers in a graph, the words of a vocabulary, the module of an object.

The config is not read as nodes here: nodes leave out strings that stand where no module of Keras has names, and any of
those may be registered. Which strings are looked up also depends on the format of the file, which nodes do not know.

Source:
    ``deserialize_keras_object`` and ``_retrieve_class_or_fn`` of ``keras/src/saving/serialization_lib.py``, the
    functions of ``keras/src/legacy/saving/serialization.py``, and what calls them, Keras 3.6 to 3.15.
"""

import functools
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, cast

from serialactivation.catalog import functions as catalog
from serialactivation.catalog.argument_names import looks_like_activation
from serialactivation.catalog.classes import NAMED, class_names, find_name
from serialactivation.catalog.graphs import KERAS_TENSOR
from serialactivation.tree.activations import Steps
from serialactivation.tree.classes import LOOKUPS, find_class
from serialactivation.typing import JSON, Config

__all__ = ["Lookup", "Registry", "find_lookups", "is_named_by_keras"]

_FUNCTION: Final = "function"
_BUILTINS: Final = "builtins"  # the module that Keras writes for every function
_PASSIVE: Final = "__passive_serialization__"  # marks an object that is read as in an HDF5 file, whatever its module
_GRAPH: Final = ("input_layers", "output_layers")


class Lookup(NamedTuple):
    """A string that Keras looks up.

    Attributes:
        text: The string.
        steps: Its place in the config.
        by_end: Whether it names a function, which Keras also finds by the end of a registered name.
    """

    text: str
    steps: Steps
    by_end: bool = False


@functools.lru_cache(maxsize=1)
def _by_ends(names: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Return registered names, indexed by the part after each ``>`` in them."""
    ends: dict[str, tuple[str, ...]] = {}
    for name in sorted(names):
        for position, letter in enumerate(name):
            if letter == ">":
                end = name[position + 1 :]
                ends[end] = (*ends.get(end, ()), name)
    return ends


class Registry(NamedTuple):
    """The names that are registered with Keras in this process.

    Attributes:
        names: The names, including those of an active ``custom_object_scope``.
        any_end: Whether Keras finds a function by any end of a registered name, as it did before 3.10. Since then, the
            whole part after the package must match.
    """

    names: frozenset[str]
    any_end: bool = False

    def find(self, lookup: Lookup) -> Iterator[str]:
        """Yield the registered names that a string stands for, except those in which it follows a package."""
        if lookup.text in self.names:
            yield lookup.text
        elif lookup.by_end and self.any_end:
            whole = self.find_ends(lookup.text)
            yield from (name for name in self.names if name.endswith(lookup.text) and name not in whole)

    def find_ends(self, function: str) -> tuple[str, ...]:
        """Return the registered names in which the name of a *function* follows a package."""
        return _by_ends(self.names).get(function, ())


def is_named_by_keras(name: str) -> bool:
    """Return whether Keras has a function of this *name*, which it prefers to registered names that end with it."""
    return catalog.find_activation(name) is not None or any(find_name(module, name) for module in NAMED)


def find_lookups(config: JSON, start: Steps, *, is_hdf5: bool, is_training: bool = False) -> Iterator[Lookup]:
    """Yield the strings in a config that Keras looks up, in the order of the config.

    Args:
        config: A model's config, or the training config of an HDF5 file.
        start: Its place.
        is_hdf5: Whether it is a model's config in an HDF5 file, which Keras reads by an older rule.
        is_training: Whether it is the training config of an HDF5 file, in which Keras looks up names too.
    """
    if is_hdf5 and isinstance(config, dict) and _is_object(config):
        yield from _walk_object(config, start, is_older=True, is_training=is_training)
    else:
        yield from _walk(config, start, is_training)


def _walk(value: JSON, steps: Steps, is_training: bool) -> Iterator[Lookup]:
    if isinstance(value, str):
        yield Lookup(value, steps)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*steps, index), is_training)
    elif isinstance(value, dict):
        if _is_object(value):
            is_older = "module" not in value or _PASSIVE in value
            yield from _walk_object(value, steps, is_older=is_older, is_training=is_training)
        else:
            for key, item in value.items():
                yield from _walk(item, (*steps, key), is_training)


def _is_object(value: Config) -> bool:
    """Return whether Keras makes an object from it, instead of reading it item by item."""
    return isinstance(value.get("class_name"), str) and "config" in value


def _walk_object(value: Config, steps: Steps, *, is_older: bool, is_training: bool) -> Iterator[Lookup]:
    class_name, module = cast("str", value["class_name"]), value.get("module")
    if is_older or "registered_name" not in value:
        yield from _look_up_class(class_name, (*steps, "class_name"))
    for key, item in value.items():
        where = (*steps, key)
        if key in ("class_name", "module", "name") and isinstance(item, str):
            continue
        if key == "config" and isinstance(item, str):
            is_function = class_name == _FUNCTION and module == _BUILTINS
            yield Lookup(item, where, by_end=is_function and not is_named_by_keras(item))
        elif key == "config" and isinstance(item, dict):
            yield from _walk_config(value, item, where, is_older=is_older, is_training=is_training)
        elif key == "inbound_nodes" and isinstance(item, list):
            for index, node in enumerate(item):
                yield from _walk_node(node, (*where, index))
        else:
            yield from _walk(item, where, is_training)


def _look_up_class(class_name: str, steps: Steps) -> Iterator[Lookup]:
    yield Lookup(class_name, steps)
    if class_name.lower() in class_names("optimizers"):  # Keras also looks up optimizers in lower case
        yield Lookup(class_name.lower(), steps)


def _walk_config(owner: Config, inner: Config, steps: Steps, *, is_older: bool, is_training: bool) -> Iterator[Lookup]:
    for key, item in inner.items():
        if not _is_left_alone(owner, inner, key, item, is_older=is_older, is_training=is_training):
            yield from _walk(item, (*steps, key), is_training)


def _is_left_alone(owner: Config, inner: Config, key: str, item: JSON, *, is_older: bool, is_training: bool) -> bool:
    """Return whether Keras looks up nothing under *key* of an object's config."""
    if key == "name" and isinstance(item, str):
        return "fn" not in inner and not is_training  # the config of a wrapped loss or metric is read as a whole
    if key == "keras_history":
        return owner["class_name"] == KERAS_TENSOR
    if key in _GRAPH:
        return "layers" in inner and _is_graph(item)
    if key == "vocabulary":
        return owner["class_name"] in LOOKUPS and isinstance(item, list)
    if isinstance(item, str) and looks_like_activation(key, item) and catalog.find_activation(item) is not None:
        return not is_older and find_class(owner, None).signature is not None  # its layer takes it for Keras's own
    return False


def _is_graph(item: JSON) -> bool:
    """Return whether *item* is a structure of layer outputs such as ``["dense", 0, 0]``."""
    if isinstance(item, list):
        is_one = len(item) == 3 and isinstance(item[0], str) and all(isinstance(one, int) for one in item[1:])
        return is_one or all(map(_is_graph, item))
    return isinstance(item, dict) and all(map(_is_graph, item.values()))


def _walk_node(node: JSON, steps: Steps) -> Iterator[Lookup]:
    """Yield the strings in a call of a layer; in an HDF5 file, each input starts with the name of a layer."""
    if not isinstance(node, list):
        yield from _walk(node, steps, is_training=False)
        return
    for index, item in enumerate(node):
        rest = item[1:] if isinstance(item, list) and item and isinstance(item[0], str) else item
        yield from _walk(rest, (*steps, index), is_training=False)
