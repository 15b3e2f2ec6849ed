"""The ids and numbers in configs that make a shared activation one object again after a load.

Keras writes ``shared_object_id`` only where it meets an object for the second time, onto a dict that has been copied by
then, so that a layer's activation loses it. Writing the id at every sighting is enough for stock ``load_model``. The
id is Keras's own, ``id(object)``: an activation that is also a layer of the graph, or that a stock layer holds too, is
then one object for all of them, and no two live objects can share a key.

The id may be written while Keras saves and at no other time. A load opens the same scope, and a layer built during a
load may ask ours for its config (``Bidirectional`` copies its layer that way): with ids in it the copies would be one.
"""

import contextlib
import contextvars
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar, cast

import keras

from serialactivation.keras_api.scopes import is_loading, is_saving
from serialactivation.typing import JSON, Config

__all__ = ["decode_once", "decoding", "is_reading", "mark_inner_shared", "mark_shared", "numbering"]

ObjectT = TypeVar("ObjectT")


_NUMBER: Final = "number_in_layer"


# The numbers of the activations that the owner being written holds in several places, by id.
_NUMBERS: Final[contextvars.ContextVar[dict[int, int]]] = contextvars.ContextVar("numbers", default={})  # noqa: B039  # never changed


# What has been read for the owner being read, by number.
_NOTHING: Final[dict[int, object]] = {}


_DECODED: Final[contextvars.ContextVar[dict[int, object]]] = contextvars.ContextVar("decoded", default=_NOTHING)


def is_reading() -> bool:
    """Return whether something is being made from a config in this thread: by Keras, or by our own functions alone."""
    return _DECODED.get() is not _NOTHING or is_loading()


def mark_shared(activation: object, config: Config) -> Config:
    """Return *config* with the keys that make *activation* one object again after a load.

    That is Keras's own key where Keras is saving, and a number where its owner holds it in several places.
    """
    if is_saving():
        config = {**config, "shared_object_id": id(activation)}
    number = _NUMBERS.get().get(id(activation))
    return config if number is None else {**config, _NUMBER: number}


def mark_inner_shared(layers: Sequence[keras.Layer], config: Config) -> Config:
    """Return *config* with Keras's key on every one of *layers* in it, where Keras is saving.

    They are known again by class and name; of two that have both in common neither is marked, and each comes back.
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
    """Within it, those of an owner's *activations* that stand there twice are written with a number each."""
    ids = [id(activation) for activation in activations]
    repeated = dict.fromkeys(key for key in ids if ids.count(key) > 1)
    token = _NUMBERS.set({key: number for number, key in enumerate(repeated)})
    try:
        yield
    finally:
        _NUMBERS.reset(token)


def decoding() -> contextvars.Context:
    """Return a context in which one owner's activations are read: what has one number is one object.

    What is set in it is gone with it, however it is left: nothing need be put back.
    """
    context = contextvars.copy_context()
    context.run(_DECODED.set, {})
    return context


def decode_once(config: Config, decode: Callable[[Config], ObjectT]) -> ObjectT:
    """Return what *decode* makes of *config*, or what it made of the first config with the same number."""
    number = config.get(_NUMBER)
    if not isinstance(number, int):
        return decode(config)
    decoded = _DECODED.get()
    if decoded is _NOTHING:  # one config alone
        decoded = {}
    if number not in decoded:
        decoded[number] = decode({key: value for key, value in config.items() if key != _NUMBER})
    return cast("ObjectT", decoded[number])
