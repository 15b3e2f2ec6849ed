"""Activations to plain data and back: ``get``, ``serialize`` and ``deserialize``, shaped like ``keras.activations``.

Four steps, each for a single activation (:mod:`serialactivation.spec.nested` is for containers of activations):

- :func:`resolve` turns the value that a user gave into the one that the constructor receives, or refuses it;
- :func:`encode` writes that value as its stored form;
- :func:`decode` makes the value again from its stored form;
- :func:`get` returns a callable.
"""

import functools
from collections.abc import Collection, Mapping
from typing import Any, cast

import keras

from serialactivation import errors
from serialactivation.catalog import functions as catalog
from serialactivation.catalog.forms import (
    KERAS_FUNCTIONS,
    FunctionForm,
    Name,
    ObjectForm,
    mark_tuples,
    parse,
    restore_tuples,
    write,
)
from serialactivation.catalog.marks import TUPLE, TUPLE_MARKS
from serialactivation.catalog.near_names import find_activations, find_near_names
from serialactivation.codec.build_shapes import without_shapes
from serialactivation.codec.checks.backend_check import adapt_to_backend
from serialactivation.codec.checks.living_definitions import check_versions, warn_of_others
from serialactivation.codec.checks.objects import check_inside, check_storable, stored_by_keras
from serialactivation.codec.checks.plain_layers import has_plain_arguments
from serialactivation.codec.checks.refusals import ANY_ACTIVATION, diagnose, write_by_keyword, write_instance
from serialactivation.codec.functions import (
    PartialActivation,
    bare_function,
    bind,
    read_function,
    read_object,
    write_function,
)
from serialactivation.codec.known_functions.keywords import suggest_keywords
from serialactivation.codec.known_functions.libraries import find_function, is_installed
from serialactivation.codec.known_functions.registered_names import remember_name, shadowed
from serialactivation.codec.nesting_depth import is_endless
from serialactivation.codec.partial_layer import PartialLayer
from serialactivation.codec.placed_errors import shorten
from serialactivation.codec.sharing_ids import NUMBER, decode_once, decoding, is_reading, mark_inner_shared, mark_shared
from serialactivation.codec.tracked import TrackedActivation, find_tracked
from serialactivation.keras_api.scopes import contained, objects_in_scope, unshared_unless_saving
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.spec.nested import Container, is_single, map_activations
from serialactivation.typing import JSON, Activation, ActivationLike, Config, Function, SupportsConfig

__all__ = [
    "decode",
    "decode_container",
    "deserialize",
    "encode",
    "encode_container",
    "get",
    "resolve",
    "resolve_container",
    "serialize",
]


def get(identifier: ActivationLike) -> Activation:
    """Return the activation that *identifier* means, ready to call.

    Like ``keras.activations.get``, but also accepts registered names (``"package>name"``), ``functools.partial`` and
    the functions of ``keras.ops`` and of the backends. A saved model restores each of them exactly.

    Args:
        identifier: A name, a config, a callable, or None for the identity.

    Returns:
        A callable that takes one tensor and returns one.

    Raises:
        UnknownActivationError: No activation has this name.
        UnserializableActivationError: It would not come back from a saved model.
        ActivationConfigError: It is a config that cannot be read.
    """
    try:
        resolved = resolve(identifier)
    except errors.ActivationError as error:
        raise shorten(error) from error.__cause__
    if resolved is None or isinstance(resolved, str):
        return cast("Activation", keras.activations.get(resolved))
    return resolved


def serialize(activation: ActivationLike) -> JSON:
    """Return *activation* as JSON types: a name, a config, or None for None.

    A layer is stored with its own dtype policy.

    Raises:
        UnknownActivationError: No activation has this name.
        UnserializableActivationError: It would not come back from a saved model.
    """
    try:
        return encode(resolve(activation))
    except errors.ActivationError as error:
        raise shorten(error) from error.__cause__


@contained
def deserialize(
    config: "JSON | Mapping[str, JSON]", custom_objects: Mapping[str, object] | None = None
) -> Activation | None:
    """Return the activation whose stored form is *config*; the reverse of :func:`serialize`.

    Args:
        config: The result of :func:`serialize` or ``keras.activations.serialize``.
        custom_objects: Functions and classes by their names in *config*. The name of a built-in always means the
            built-in, as in Keras's own layers.

    Raises:
        ActivationConfigError: *config* is damaged, or names something that cannot be found.
        UnknownActivationError: No activation has this name.
    """
    if config is None:
        return None
    with keras.saving.custom_object_scope({**objects_in_scope(), **(custom_objects or {})}):
        return decoding().run(_deserialize, config)


def _deserialize(config: "JSON | Mapping[str, JSON]") -> Activation:
    return get(decode(dict(config) if isinstance(config, Mapping) else config))


# Resolve: the value that a user gave -> the value that the constructor receives.


def resolve(value: object) -> Activation | str | None:
    """Return *value* itself where Keras stores it faithfully, else an equal object that can be stored.

    Raises:
        UnknownActivationError: No activation has this name.
        UnserializableActivationError: It would not come back from a saved model.
        ActivationConfigError: It is a config that cannot be read.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _resolve_name(value)
    if isinstance(value, Mapping):
        return resolve(decode(cast("JSON", value)))
    if isinstance(value, functools.partial):
        return _resolve_partial(value)
    if not callable(value):
        raise errors.UnserializableActivationError(value, "it cannot be called", ANY_ACTIVATION)
    return _resolve_callable(value)


def _resolve_name(name: str) -> Activation | str:
    custom = shadowed(name)
    builtin = catalog.find_activation(name)
    if builtin is not None:
        if custom is not None and not is_reading():  # in a load, a stored name or a default always means the built-in
            raise errors.UnserializableActivationError(
                name,
                f"the custom object {custom!r} hides the built-in activation of this name",
                f"{builtin.path}  # the built-in",
            )
        if not is_installed(builtin):
            raise errors.UnknownActivationError(name, since=builtin.since)
        return name
    if custom is None:
        raise errors.UnknownActivationError(
            name, find_near_names(name, find_activations(keras.saving.get_custom_objects()))
        )
    return _resolve_callable(custom)


def _resolve_partial(partial: "functools.partial[Any]") -> Activation:
    if partial.args:
        raise errors.UnserializableActivationError(
            partial, "its first positional argument is passed in place of the tensor", write_by_keyword(partial)
        )
    if is_endless(partial):
        cure = suggest_keywords(partial.func, partial.keywords)
        raise errors.UnserializableActivationError(
            partial, "the value of a keyword contains itself, or is nested too deeply", cure
        )
    function = get(partial.func) if find_function(partial.func) is None else partial.func
    if isinstance(function, keras.Layer):
        return PartialLayer(function, partial.keywords)
    bound = adapt_to_backend(bind(function, partial.keywords))
    _note_meaning(bare_function(bound), partial)
    return bound


def _note_meaning(function: Activation, given: object) -> None:
    """Refuse a *function* whose registered name means something else, and note its name."""
    if find_function(function) is None:
        check_versions(function, given)
        remember_name(function)


def _resolve_callable(value: Function) -> Activation:
    if isinstance(value, PartialActivation) or has_plain_arguments(value):  # nothing in it can be lost
        return value
    if isinstance(value, type):
        raise errors.UnserializableActivationError(value, "it is a class, not an activation", write_instance(value))
    if write_function(value) is not None:
        _note_meaning(value, value)
        function = adapt_to_backend(value)
        return function if stored_by_keras(function) else PartialActivation(function)
    if hasattr(value, "get_config"):
        check_storable(cast("SupportsConfig", value))
        check_versions(value, value)
        return value
    reason, cure = diagnose(value)
    raise errors.UnserializableActivationError(value, reason, cure)


# Encode and decode: the value that the constructor receives <-> its stored form.


def encode(value: object) -> JSON:
    """Return the stored form of a value that :func:`resolve` returned. While Keras saves, shared objects get ids.

    Raises:
        UnserializableActivationError: It would not come back from a saved model.
    """
    if value is None or isinstance(value, str):
        return value
    form = write_function(cast("Activation", value), given=True)
    if form is not None:
        return write(form)
    if not hasattr(value, "get_config"):
        reason, cure = diagnose(cast("Activation", value))
        raise errors.UnserializableActivationError(value, reason, cure)
    return _encode_object(cast("SupportsConfig", value))


def _encode_object(value: SupportsConfig) -> Config:
    if not has_plain_arguments(value):
        check_inside(value)
        warn_of_others(value)
    with unshared_unless_saving():
        config = cast("Config", keras.saving.serialize_keras_object(value))
    if isinstance(value, keras.Operation) and not isinstance(value, keras.Layer):
        return _encode_operation(config)
    tracked = find_tracked(value) if isinstance(value, keras.Layer) else None
    stripped = without_shapes(value, config, tracked)
    if isinstance(value, keras.Layer):
        layers = [layer for layer in sublayers(value)[1:] if not isinstance(layer, keras.layers.InputLayer)]
        return mark_shared(value, mark_inner_shared(layers, _without_followed_policy(tracked, stripped)))
    return stripped


def _without_followed_policy(tracked: TrackedActivation | None, config: Config) -> Config:
    """Drop a dtype that came from the owner, so that the loaded activation follows its owner again."""
    inner = config.get("config")
    if tracked is None or tracked.policy is None or tracked.is_built_by_calls or not isinstance(inner, dict):
        return config
    return {**config, "config": {key: value for key, value in inner.items() if key != "dtype"}}


def _encode_operation(config: Config) -> Config:
    """Drop the automatic name, which counts the operations made so far."""
    inner = cast("Config", config["config"])
    return {**config, "config": {key: value for key, value in inner.items() if key != "name"}}


def decode(config: JSON, path: str = "$") -> Activation | str | None:
    """Return the value whose stored form is *config*. Names stay names.

    Raises:
        ActivationConfigError: *config* is damaged, or names something that cannot be found; *path* says where.
    """
    if config is None or isinstance(config, str):
        return config
    form = parse(config, path)
    if isinstance(form, Name):
        return form.name
    if not isinstance(form, ObjectForm):
        return read_function(form, path)
    if NUMBER in form.config:  # its owner holds it several times
        return decode_once(form.config, functools.partial(read_object, path=path))
    return read_object(form.config, path)


# The same for the whole value of a field, which may be a container.


def resolve_container(value: Container, own_names: Collection[str] = ()) -> Container:
    """Return a field's value as the constructor receives it.

    Args:
        value: The value of the field.
        own_names: The strings that the layer itself accepts.

    Raises:
        UnknownActivationError: No activation has this name.
        UnserializableActivationError: It would not come back from a saved model.
        ActivationConfigError: It is a config that cannot be read.
    """
    if callable(value):  # a single activation, the most frequent case
        return resolve(value)
    return map_activations(lambda one, _: one if isinstance(one, str) and one in own_names else resolve(one), value)


def encode_container(value: Container, *, spelled: bool = False) -> JSON:
    """Return the stored form of a field's value; a tuple is marked, so that it comes back as a tuple.

    Args:
        value: The value of the field.
        spelled: Whether one of Keras's functions is written with its module: its name alone would load as a string.
    """
    encode_one = _spell if spelled else encode
    if is_single(value):
        return encode_one(value)
    return mark_tuples(map_activations(lambda activation, _: encode_one(activation), value))


def _spell(activation: object) -> JSON:
    config = encode(activation)
    return write(FunctionForm(KERAS_FUNCTIONS, config)) if isinstance(config, str) and callable(activation) else config


def decode_container(config: JSON, path: str = "$") -> Container:
    """Return the field's value whose stored form is *config*.

    Raises:
        ActivationConfigError: *config* is damaged, or names something that cannot be found.
    """
    try:
        if isinstance(config, Mapping) and config.get("class_name", TUPLE) not in TUPLE_MARKS:
            return decode(config, path)  # a single activation, the most frequent case
        return map_activations(_decode_item, restore_tuples(config), path)
    except RecursionError as error:
        raise errors.ActivationConfigError(path, "...", "it is nested too deeply", errors.DAMAGED) from error


def _decode_item(item: object, path: str) -> object:
    """Return the activation whose stored form is *item*; an author's ``from_config`` may have read it already."""
    return item if callable(item) else decode(cast("JSON", item), path)
