"""The texts in a saved model's configs that Keras looks up among what is registered, by Keras's own rule. Keras-free.

Keras looks up nearly every text: each that stands where it reads a whole structure, such as how a model was compiled;
the names of objects and functions; and, in an object without a module, each text of its config. Left out are only those
that no Keras looks up: the names of layers in a graph, the words of a vocabulary, the module of an object.

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
from serialactivation.tree.activations import Steps
from serialactivation.tree.classes import LOOKUPS, find_class
from serialactivation.typing import JSON, Config

__all__ = ["Lookup", "Registry", "find_lookups", "is_named_by_keras"]

_FUNCTION: Final = "function"
_BUILTINS: Final = "builtins"  # which is how Keras writes any function
_PASSIVE: Final = "__passive_serialization__"  # marks what is read as in an HDF5 file, whatever its module
_GRAPH: Final = ("input_layers", "output_layers")


class Lookup(NamedTuple):
    """A text that Keras looks up.

    Attributes:
        text: The text.
        steps: Where it stands.
        by_end: Whether it names a function, which is also looked for at the end of registered names.
    """

    text: str
    steps: Steps
    by_end: bool = False


@functools.lru_cache(maxsize=1)
def _by_ends(names: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Return registered names by what stands behind each mark of a package in them."""
    ends: dict[str, tuple[str, ...]] = {}
    for name in sorted(names):
        for position, letter in enumerate(name):
            if letter == ">":
                end = name[position + 1 :]
                ends[end] = (*ends.get(end, ()), name)
    return ends


class Registry(NamedTuple):
    """What is registered with Keras in this process, by name.

    Attributes:
        names: The names, those of a ``custom_object_scope`` in force among them.
        any_end: Whether Keras takes for a function whatever is registered under a name that ends in the function's, as
            it did before 3.10; since then, the whole name has to follow the package's.
    """

    names: frozenset[str]
    any_end: bool = False

    def find(self, lookup: Lookup) -> Iterator[str]:
        """Yield the registered names that a text stands for, but those that have the whole of it behind a package."""
        if lookup.text in self.names:
            yield lookup.text
        elif lookup.by_end and self.any_end:
            whole = self.find_ends(lookup.text)
            yield from (name for name in self.names if name.endswith(lookup.text) and name not in whole)

    def find_ends(self, function: str) -> tuple[str, ...]:
        """Return the registered names that have the whole name of a *function* behind a package."""
        return _by_ends(self.names).get(function, ())


def is_named_by_keras(name: str) -> bool:
    """Return whether Keras has a function of this *name*, which it finds before registered ones that end in it."""
    return catalog.find_activation(name) is not None or any(find_name(module, name) for module in NAMED)


def find_lookups(config: JSON, start: Steps, *, is_hdf5: bool, is_training: bool = False) -> Iterator[Lookup]:
    """Yield the texts in a config that Keras looks up, in the order in which they stand.

    Args:
        config: A model's config, or what an HDF5 file has of its training.
        start: Where it stands.
        is_hdf5: Whether it is a model's config in an HDF5 file, which is read by the older rule.
        is_training: Whether it is what an HDF5 file has of its training, where names are looked up, too.
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
    """Return whether Keras makes an object of it, and does not read it item by item."""
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
    if class_name.lower() in class_names("optimizers"):  # of which Keras writes any in lower case, and looks again
        yield Lookup(class_name.lower(), steps)


def _walk_config(owner: Config, inner: Config, steps: Steps, *, is_older: bool, is_training: bool) -> Iterator[Lookup]:
    for key, item in inner.items():
        if not _is_left_alone(owner, inner, key, item, is_older=is_older, is_training=is_training):
            yield from _walk(item, (*steps, key), is_training)


def _is_left_alone(owner: Config, inner: Config, key: str, item: JSON, *, is_older: bool, is_training: bool) -> bool:
    """Return whether Keras looks nothing up for what an object's config has under *key*."""
    if key == "name" and isinstance(item, str):
        return "fn" not in inner and not is_training  # the config of a wrapped loss or metric is read as a whole
    if key == "keras_history":
        return owner["class_name"] == "__keras_tensor__"
    if key in _GRAPH:
        return "layers" in inner and _is_graph(item)
    if key == "vocabulary":
        return owner["class_name"] in LOOKUPS and isinstance(item, list)
    if isinstance(item, str) and looks_like_activation(key, item) and catalog.find_activation(item) is not None:
        return not is_older and find_class(owner, None).signature is not None  # its layer takes it for Keras's own
    return False


def _is_graph(item: JSON) -> bool:
    """Return whether *item* names outputs of layers: ``["dense", 0, 0]``, in a structure."""
    if isinstance(item, list):
        is_one = len(item) == 3 and isinstance(item[0], str) and all(isinstance(one, int) for one in item[1:])
        return is_one or all(map(_is_graph, item))
    return isinstance(item, dict) and all(map(_is_graph, item.values()))


def _walk_node(node: JSON, steps: Steps) -> Iterator[Lookup]:
    """Yield the texts in a call of a layer; in an HDF5 file, each of its inputs starts with the name of a layer."""
    if not isinstance(node, list):
        yield from _walk(node, steps, is_training=False)
        return
    for index, item in enumerate(node):
        rest = item[1:] if isinstance(item, list) and item and isinstance(item[0], str) else item
        yield from _walk(rest, (*steps, index), is_training=False)
