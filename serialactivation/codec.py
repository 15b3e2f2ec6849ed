"""Activations to plain data and back: ``get``, ``serialize`` and ``deserialize``, shaped like ``keras.activations``.

Four steps, each over a single activation; containers of them are walked by the callers' :func:`map_activations`:

- :func:`resolve` turns what a user gave into what a layer is handed, or refuses it;
- :func:`encode` writes that as JSON;
- :func:`decode` reads it back;
- :func:`get` makes a callable of anything.
"""

import difflib
import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

import keras

from serialactivation import catalog
from serialactivation.errors import ActivationConfigError, UnknownActivationError, UnserializableActivationError
from serialactivation.fields import is_plain
from serialactivation.functions import (
    FUNCTION_TYPE,
    PartialActivation,
    bind,
    catalog_name,
    read_function,
    shadowed,
    write_function,
)
from serialactivation.notation import Name, ObjectForm, parse, write
from serialactivation.partial_layer import PartialLayer
from serialactivation.policies import follows
from serialactivation.shapes import without_shapes
from serialactivation.sharing import decode_once, mark_shared, objects_in_scope, unshared_unless_saving
from serialactivation.storable import REGISTER, check_storable, stored_by_keras
from serialactivation.typing import JSON, Activation, ActivationLike, Config, SupportsConfig

__all__ = ["decode", "deserialize", "encode", "get", "map_activations", "resolve", "serialize"]

TUPLE: Final = "__tuple__"


def get(identifier: ActivationLike) -> Activation:
    """Return the activation that *identifier* means, ready to call.

    Like ``keras.activations.get``, with registered names (``"package>name"``), ``functools.partial`` and the functions
    of ``keras.ops`` and the backends, each of which comes back from a saved model as it was.

    Args:
        identifier: A name, a config, a callable, or None for the identity.

    Returns:
        A callable that takes one tensor and returns one.

    Raises:
        UnknownActivationError: No activation has this name.
        UnserializableActivationError: It could not come back from a saved model.
        ActivationConfigError: It is a config that cannot be read.
    """
    resolved = resolve(identifier)
    if resolved is None or isinstance(resolved, str):
        return cast("Activation", keras.activations.get(resolved))
    return resolved


def serialize(activation: ActivationLike) -> JSON:
    """Return *activation* as JSON types: a name, a config, or None for None.

    Raises:
        UnknownActivationError: No activation has this name.
        UnserializableActivationError: It could not come back from a saved model.
    """
    return encode(resolve(activation))


def deserialize(config: JSON, custom_objects: Mapping[str, object] | None = None) -> Activation | None:
    """Return the activation that *config* was made from; the reverse of :func:`serialize`.

    Args:
        config: What :func:`serialize` or ``keras.activations.serialize`` returned.
        custom_objects: Functions and classes by the names that *config* calls them.

    Raises:
        ActivationConfigError: *config* is damaged, or names something that cannot be found.
        UnknownActivationError: No activation has this name.
    """
    if config is None:
        return None
    with keras.saving.custom_object_scope({**objects_in_scope(), **(custom_objects or {})}):
        return get(decode(config))


# Resolve: what a user gave -> what a layer is handed.


def resolve(value: object) -> Activation | str | None:
    """Return what a layer is handed for *value*: itself where Keras stores it faithfully, else what can be stored.

    Raises:
        UnknownActivationError: No activation has this name.
        UnserializableActivationError: It could not come back from a saved model.
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
        raise UnserializableActivationError(value, "it cannot be called", "a name, a function or a layer")
    return _resolve_callable(value)


def _resolve_name(name: str) -> Activation | str:
    custom = shadowed(name)
    if catalog_name(name):
        if custom is not None:
            raise UnserializableActivationError(
                name,
                f"the built-in of this name is shadowed by the custom object {custom!r}",
                f"another name for the custom object, or the function: keras.activations.{name}",
            )
        return name
    if custom is None:
        raise UnknownActivationError(name, find_near_names(name))
    return _resolve_callable(custom)


def find_near_names(name: str) -> tuple[str, ...]:
    """Return the names most like *name*: built-in and registered ones, and layers' in the case of a layer's name."""
    known = [*catalog.LIBRARIES["keras.activations"], *catalog.ALIASES, *keras.saving.get_custom_objects()]
    return tuple(difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.6))


def _resolve_partial(partial: "functools.partial[object]") -> Activation:
    if partial.args:
        raise UnserializableActivationError(
            partial,
            "it binds the tensor's place: its values are given by position",
            "functools.partial with keywords only, such as functools.partial(leaky_relu, negative_slope=0.4)",
        )
    function = get(partial.func)
    if isinstance(function, keras.Layer):
        return PartialLayer(function, partial.keywords)
    return bind(function, partial.keywords)


def _resolve_callable(value: Activation) -> Activation:
    if isinstance(value, type):
        raise UnserializableActivationError(value, "it is a class, not an activation", f"{value.__name__}(...)")
    if isinstance(value, PartialActivation):
        return value
    if write_function(value) is not None:
        return value if stored_by_keras(value) else PartialActivation(value)
    if hasattr(value, "get_config"):
        check_storable(cast("SupportsConfig", value))
        return value
    reason, cure = _diagnose(value)
    raise UnserializableActivationError(value, reason, cure)


def _diagnose(value: Activation) -> tuple[str, str]:
    """Return why Keras would lose *value*, and the line to write instead."""
    name = getattr(value, "__name__", type(value).__name__)
    if name == "<lambda>":
        return "a lambda has no name to be stored by", f"def my_activation(x): ..., with {REGISTER} above it"
    if type(value).__module__ == "numpy":
        return "a NumPy function leaves the backend", _keras_equal(name)
    if inspect.ismethod(value):
        return "a bound method belongs to one object", f"a function, with {REGISTER} above it"
    if not isinstance(value, FUNCTION_TYPE) and not hasattr(value, "__name__"):
        return (
            f"{type(value).__name__} has no get_config()",
            f"a get_config() in class {name} that returns its arguments, and {REGISTER} above the class",
        )
    if catalog_name(name):
        return (
            f"it is not Keras's {name!r}, but would load as Keras's",
            f"{REGISTER} above your function, or the built-in {name!r}",
        )
    return "no name is registered for it", f"{REGISTER} above def {name}"


def _keras_equal(name: str) -> str:
    return f"keras.ops.{name}" if name in catalog.LIBRARIES["keras.ops"] else "a function of keras.ops"


# Encode and decode: what a layer was handed <-> JSON.


def encode(value: object) -> JSON:
    """Return what :func:`resolve` returned as JSON types. A shared object is marked where Keras is saving.

    Raises:
        UnserializableActivationError: It could not come back from a saved model.
    """
    if value is None or isinstance(value, str):
        return value
    form = write_function(cast("Activation", value))
    if form is not None:
        return write(form)
    if not hasattr(value, "get_config"):
        reason, cure = _diagnose(cast("Activation", value))
        raise UnserializableActivationError(value, reason, cure)
    return _encode_object(cast("SupportsConfig", value))


def _encode_object(value: SupportsConfig) -> Config:
    with unshared_unless_saving():
        config = cast("Config", keras.saving.serialize_keras_object(value))
    if isinstance(value, keras.Operation) and not isinstance(value, keras.Layer):
        return _encode_operation(config)
    stripped = without_shapes(value, config)
    if isinstance(value, keras.Layer):
        return mark_shared(value, _without_followed_policy(value, stripped))
    return stripped


def _without_followed_policy(activation: keras.Layer, config: Config) -> Config:
    """Drop the dtype that came from the owner: without one, the activation follows its owner again."""
    inner = config.get("config")
    if not follows(activation) or not isinstance(inner, dict):
        return config
    return {**config, "config": {key: value for key, value in inner.items() if key != "dtype"}}


def _encode_operation(config: Config) -> Config:
    """Drop the automatic name, which counts the operations made so far."""
    inner = cast("Config", config["config"])
    return {**config, "config": {key: value for key, value in inner.items() if key != "name"}}


def decode(config: JSON, path: str = "$") -> Activation | str | None:
    """Return what *config* was encoded from. Names stay names.

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
    return decode_once(form.config, lambda config: _decode_object(config, path))


def _decode_object(config: Config, path: str) -> Activation:
    try:
        decoded = keras.saving.deserialize_keras_object(config)
    except (TypeError, ValueError) as error:
        raise ActivationConfigError(
            path,
            config,
            str(error).strip().splitlines()[0],
            "Import the module that registers the class before loading, or pass it in custom_objects.",
        ) from error
    if not callable(decoded):
        raise ActivationConfigError(path, config, "it is no activation", "The file is damaged.")
    return cast("Activation", decoded)


# Containers: a field may hold lists, tuples and dicts of activations, nested.

Container: TypeAlias = object


def map_activations(function: Callable[[object, str], object], value: Container, path: str = "$") -> Container:
    """Return *value* with *function* applied to every activation in it; bools and numbers are left as they are."""
    if is_plain(value):
        return value
    if isinstance(value, list | tuple):
        mapped = [map_activations(function, item, f"{path}[{index}]") for index, item in enumerate(value)]
        return tuple(mapped) if isinstance(value, tuple) else mapped
    if isinstance(value, Mapping) and "class_name" not in value:
        return {key: map_activations(function, item, f"{path}.{key}") for key, item in value.items()}
    return function(value, path)


def flatten(value: Container) -> list[object]:
    """Return the activations in *value*, one level, in order."""
    found: list[object] = []
    map_activations(lambda activation, _: found.append(activation), value)
    return found


def encode_container(value: Container) -> JSON:
    """Return a field's value as JSON; a tuple is marked, so that it comes back as a tuple."""
    return _mark_tuples(map_activations(lambda activation, _: encode(activation), value))


def _mark_tuples(value: object) -> JSON:
    if isinstance(value, tuple):
        return {"class_name": TUPLE, "config": [_mark_tuples(item) for item in value]}
    if isinstance(value, list):
        return [_mark_tuples(item) for item in value]
    if isinstance(value, Mapping) and "class_name" not in value:
        return {key: _mark_tuples(item) for key, item in value.items()}
    return cast("JSON", value)


def decode_container(config: JSON, path: str = "$") -> Container:
    """Return the field's value that *config* was encoded from.

    Raises:
        ActivationConfigError: *config* is damaged, or names something that cannot be found.
    """
    try:
        return map_activations(lambda item, where: decode(cast("JSON", item), where), _restore_tuples(config), path)
    except RecursionError as error:
        raise ActivationConfigError(path, "...", "it is nested too deep", "The file is damaged.") from error


def _restore_tuples(config: object) -> object:
    if isinstance(config, Mapping) and config.get("class_name") == TUPLE:
        return tuple(_restore_tuples(item) for item in cast("list[object]", config["config"]))
    if isinstance(config, Mapping) and "class_name" not in config:
        return {key: _restore_tuples(item) for key, item in config.items()}
    if isinstance(config, list | tuple):
        return type(config)(_restore_tuples(item) for item in config)
    return config
