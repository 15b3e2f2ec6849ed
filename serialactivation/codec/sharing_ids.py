"""The ids and numbers in configs that make a shared activation one object again after a load.

Keras adds ``shared_object_id`` to the config of an object only when it writes the object for the second time. By then
the first config has been copied, and the copy in a layer's config lacks the id. This module writes the id every time,
which stock ``load_model`` accepts. The id is Keras's own, ``id(object)``: so an activation that is also a layer of the
graph, or that a stock layer holds too, stays one object, and two living objects never have the same id.

The id must be written only while Keras saves. A load opens the same scope, and a layer built during a load may call
our ``get_config`` (``Bidirectional`` copies its layer that way): with ids, the copies would become one object.
"""

import contextlib
import contextvars
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar, cast

import keras

from serialactivation.keras_api.scopes import is_loading, is_saving
from serialactivation.typing import JSON, Config

__all__ = ["NUMBER", "decode_once", "decoding", "is_reading", "mark_inner_shared", "mark_shared", "numbering"]

ObjectT = TypeVar("ObjectT")


NUMBER: Final = "number_in_layer"
"""The key of an activation that its owner holds several times."""


# The numbers of activations that occur several times in the owner that is being written, by their ids.
_NUMBERS: Final[contextvars.ContextVar[dict[int, int]]] = contextvars.ContextVar("numbers", default={})  # noqa: B039  # never changed


# Stands for a context in which no owner is being read.
_NOTHING: Final[dict[int, object]] = {}


# The objects that have been read for the owner that is being read, by number.
_DECODED: Final[contextvars.ContextVar[dict[int, object]]] = contextvars.ContextVar("decoded", default=_NOTHING)


def is_reading() -> bool:
    """Return whether this thread is making an object from a config, through Keras or only through our functions."""
    return _DECODED.get() is not _NOTHING or is_loading()


def mark_shared(activation: object, config: Config) -> Config:
    """Return *config* with the keys that make *activation* one object again after a load.

    While Keras saves, that is Keras's own key. If the owner holds the activation several times, it is a number, too.
    """
    if is_saving():
        config = {**config, "shared_object_id": id(activation)}
    number = _NUMBERS.get().get(id(activation))
    return config if number is None else {**config, NUMBER: number}


def mark_inner_shared(layers: Sequence[keras.Layer], config: Config) -> Config:
    """Return *config*, while Keras saves, with Keras's key for each of the *layers* in it.

    Layers are recognized by class and name. Two layers that share both get no key, and come back as two.
    """
    if not is_saving():
        return config
    named: dict[tuple[str, str], list[int]] = {}
    for layer in layers:
        named.setdefault((type(layer).__name__, layer.name), []).append(id(layer))
    ids = {label: found[0] for label, found in named.items() if len(found) == 1}
    return cast("Config", _mark_inner(config, ids))


def _mark_inner(value: JSON, ids: Mapping[tuple[str, str], int]) -> JSON:
    if isinstance(value, list | tuple):
        return [_mark_inner(item, ids) for item in value]
    if not isinstance(value, dict):
        return value
    marked = {key: _mark_inner(item, ids) for key, item in value.items()}
    inner = value.get("config")
    name = inner.get("name") if isinstance(inner, dict) else None
    key = ids.get((str(value.get("class_name")), str(name)))
    return marked if key is None else {**marked, "shared_object_id": key}


@contextlib.contextmanager
def numbering(activations: Sequence[object]) -> Iterator[None]:
    """Number those of an owner's *activations* that occur twice, for the configs that are written within it."""
    ids = [id(activation) for activation in activations]
    repeated = dict.fromkeys(key for key in ids if ids.count(key) > 1)
    token = _NUMBERS.set({key: number for number, key in enumerate(repeated)})
    try:
        yield
    finally:
        _NUMBERS.reset(token)


def decoding() -> contextvars.Context:
    """Return a context for reading one owner's activations: equal numbers give one object.

    The variables of a context end with it, even after an interrupt, so nothing has to be restored.
    """
    context = contextvars.copy_context()
    context.run(_DECODED.set, {})
    return context


def decode_once(config: Config, decode: Callable[[Config], ObjectT]) -> ObjectT:
    """Return the result of *decode* for *config*, or for the first config with the same number."""
    number = config.get(NUMBER)
    if not isinstance(number, int):
        return decode(config)
    decoded = _DECODED.get()
    if decoded is _NOTHING:  # a single config, without an owner
        decoded = {}
    if number not in decoded:
        decoded[number] = decode({key: value for key, value in config.items() if key != NUMBER})
    return cast("ObjectT", decoded[number])
