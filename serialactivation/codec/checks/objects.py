"""Checks that a Keras object would come back from a saved model, when a layer is given it, not when it is saved."""

import contextvars
import inspect
import json
import weakref
from collections.abc import Mapping
from typing import Final, cast

import keras

from serialactivation import errors
from serialactivation.catalog.forms import FunctionForm, Name
from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer
from serialactivation.codec.checks.plain_layers import convert_numpy_numbers, has_plain_arguments
from serialactivation.codec.checks.refusals import write_get_config
from serialactivation.codec.definitions.by_value import explain_registration
from serialactivation.codec.definitions.same_definition import closed_over
from serialactivation.codec.definitions.suggested_code import MY_FUNCTION, above, define, define_replacement, free_name
from serialactivation.codec.functions import PartialActivation, write_function
from serialactivation.codec.known_functions.libraries import FUNCTION_TYPE
from serialactivation.codec.known_functions.registered_names import find_registered_name
from serialactivation.codec.nesting_depth import PLAIN, is_too_deep
from serialactivation.codec.silence import looking
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.spec.fields import ActivationField, find_fields
from serialactivation.spec.layer_spec import ATTRIBUTE, is_keras_class
from serialactivation.typing import Activation, Config, SupportsConfig

__all__ = ["READS_OBJECTS", "check_inside", "check_storable", "first_sentence", "stored_by_keras"]


# The class names in the stored forms of tensors, arrays, bytes and slices.
_MARKS: Final = frozenset({"__tensor__", "__numpy__", "__bytes__", "__slice__", "__ellipsis__", "__typespec__"})

# The modules in which Keras looks for a function that is not registered.
_KERAS_FUNCTIONS: Final = (
    keras.activations,
    keras.constraints,
    keras.initializers,
    keras.losses,
    keras.metrics,
    keras.regularizers,
)


def stored_by_keras(value: object) -> bool:
    """Return whether stock Keras stores *value* faithfully as a layer's activation."""
    if value is None or isinstance(value, str | PartialActivation) or hasattr(value, "get_config"):
        return True
    form = write_function(cast("Activation", value))
    if isinstance(form, Name):
        is_written = isinstance(value, FUNCTION_TYPE) or _is_written_by_keras(cast("Activation", value))
        return is_written and form.name == getattr(value, "__name__", None)
    is_registered = isinstance(form, FunctionForm) and isinstance(value, FUNCTION_TYPE)
    return is_registered and getattr(value, "__name__", None) != "<lambda>"


def _is_written_by_keras(function: Activation) -> bool:
    """Return whether Keras writes *function*: since 3.16, not what ``jax.jit`` returns, nor a function written in C."""
    try:
        keras.activations.serialize(function)
    except TypeError:
        return False
    return True


def check_storable(value: SupportsConfig) -> None:
    """Refuse an object whose config cannot be written or could not be read again.

    Raises:
        UnserializableActivationError: It, or something inside it, would be lost.
    """
    if has_plain_arguments(value) or (convert_numpy_numbers(value) and has_plain_arguments(value)):
        return
    _check_class(value, type(value))
    if not hasattr(type(value), "from_config"):
        raise errors.UnserializableActivationError(
            value, f"class {type(value).__name__} has no from_config()", write_get_config(value)
        )
    config = _trial_config(value)
    if is_too_deep(config):
        raise _refuse_depth(value)
    check_inside(value)
    parts = _parts(config)
    names = frozenset([part for _, part in parts if isinstance(part, str)])
    for holder in _holders(value):
        _check_functions(value, holder, names)
    for _, part in parts:
        if isinstance(part, dict) and "class_name" in part:
            _check_part(value, part)
    _check_arrays(value, config)


def check_inside(value: object) -> None:
    """Refuse an object if a layer in it has been changed since it was given, so that the change would be lost.

    Raises:
        UnserializableActivationError: Something inside it would be lost.
    """
    for holder in _holders(value):
        if isinstance(holder, keras.Layer):
            _check_inner_layer(value, holder)


def _holders(value: object) -> list[object]:
    return [*sublayers(value)] if isinstance(value, keras.Layer) else [value]


def _refuse_depth(value: object) -> "errors.UnserializableActivationError":
    cure = "the same with fewer models inside models"
    return errors.UnserializableActivationError(value, "it is nested too deeply to be loaded", cure)


def _check_functions(value: object, holder: object, names: frozenset[str]) -> None:
    """Refuse a function in *holder* if its config has a name for it that means another function in Keras."""
    for attribute, function in vars(holder).items() if hasattr(holder, "__dict__") else ():
        if type(function) in PLAIN or not callable(function) or isinstance(function, type):
            continue
        name = getattr(function, "__name__", None)
        if name not in names or not _is_mistaken(function, name):
            continue
        registered = find_registered_name(function)
        if registered in names:
            continue
        is_by_name = registered is not None  # registered, but its class stores only its __name__
        stored = f"keras.activations.serialize(self.{attribute})  # in get_config() of {type(holder).__name__}"
        raise errors.UnserializableActivationError(
            value,
            f"its {attribute}={function!r} is stored as {name!r}, which loads as another function",
            stored if is_by_name else above(f"def {name}"),
        )


def _is_mistaken(function: object, name: str) -> bool:
    """Return whether Keras finds functions by *name*, but not this one."""
    found = [getattr(module, name) for module in _KERAS_FUNCTIONS if hasattr(module, name)]
    return bool(found) and function not in found


def _parts(config: object) -> list[tuple[str, object]]:
    """Return all values in *config*, which is of JSON types, each with its key; outermost first."""
    parts: list[tuple[str, object]] = [("value", config)]
    for key, part in parts:  # the list grows in the loop
        if type(part) in PLAIN:
            continue
        if isinstance(part, dict):
            parts.extend(part.items())
        elif isinstance(part, list | tuple):
            parts.extend([(key, item) for item in part])
    return parts


def _check_class(value: object, kind: type) -> None:
    name = keras.saving.get_registered_name(kind)
    if is_keras_class(kind) or keras.saving.get_registered_object(name) is kind:
        return
    if ">" in name and keras.saving.get_registered_object(name) is not None:
        return  # it was registered: living_definitions compares it with the present holder of the name
    where, cure = explain_registration(kind, f"class {kind.__name__}")
    raise errors.UnserializableActivationError(
        value, f"class {kind.__name__} is not registered with Keras{where}", cure
    )


def _check_inner_layer(value: object, layer: keras.Layer) -> None:
    """Refuse *value* if stock Keras would store a layer inside it with another activation."""
    if isinstance(layer, keras.layers.Lambda):
        alone = define(layer.function, free_name(MY_FUNCTION))
        inside = define_replacement(layer.function, MY_FUNCTION, "the Lambda", "keras.layers.Activation({})")
        reason = f"layer {layer.name!r} holds Python code, which Keras refuses to load"
        raise errors.UnserializableActivationError(value, reason, alone if layer is value else inside)
    if hasattr(type(layer), ATTRIBUTE):
        return
    for field in _find_fields(type(layer)):
        inner = getattr(layer, field.name, None)
        if callable(inner) and not (stored_by_keras(inner) and _is_read_by_keras(inner)):
            twin = type(layer).__name__
            raise errors.UnserializableActivationError(
                value,
                f"its layer {layer.name!r} has {field.name}={inner!r}, which stock {twin} stores as another",
                f"serialactivation.layers.{twin}(...)  # in place of keras.layers.{twin}",
            )


_FIELDS: Final[weakref.WeakKeyDictionary[type, tuple[ActivationField, ...]]] = weakref.WeakKeyDictionary()


def _find_fields(kind: type) -> tuple[ActivationField, ...]:
    """Return the fields of a class. They are cached: every config needs those of all layers in it."""
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = find_fields(kind)
    return fields


# Before 3.10, Keras's layers could write an object as their activation, but not read it (Keras issue 21088).
READS_OBJECTS: Final = not is_newer(OBJECTS_SINCE, keras.__version__)
"""Whether the installed Keras reads an object as a layer's activation."""


def _is_read_by_keras(activation: object) -> bool:
    return READS_OBJECTS or isinstance(activation, str | type(_is_read_by_keras))


def _trial_config(value: SupportsConfig) -> object:
    """Return the config that Keras would write for *value*."""
    try:
        config = contextvars.copy_context().run(_write_silently, value)
        json.dumps(config)
    except RecursionError as error:
        raise _refuse_depth(value) from error
    except errors.READ_ERRORS as error:
        if _find_lambda(value) is not None:  # Keras needs its source for a warning
            raise _refuse_lambda(value) from error
        raise errors.UnserializableActivationError(
            value,
            f"its config cannot be written ({first_sentence(error)})",
            _write_plainly(value) if is_keras_class(type(value)) else write_get_config(value),
        ) from error
    return config


def _write_silently(value: SupportsConfig) -> object:
    with looking():
        config: object = keras.saving.serialize_keras_object(value)
    return config


def _find_lambda(value: object) -> object | None:
    held = [one for holder in _holders(value) if hasattr(holder, "__dict__") for one in vars(holder).values()]
    return next((one for one in held if getattr(one, "__name__", None) == "<lambda>"), None)


def _refuse_lambda(value: object) -> "errors.UnserializableActivationError":
    cure = define_replacement(_find_lambda(value), "my_function", "the lambda")
    return errors.UnserializableActivationError(value, "it holds a lambda, which Keras refuses to load", cure)


def first_sentence(error: Exception) -> str:
    """Return the first sentence of the message of *error*, without its full stop."""
    return " ".join(str(error).split()).split(". ")[0].rstrip(".")


def _check_part(value: object, part: Config) -> None:
    """Refuse *value* if a load would not find the class or function of *part*, an object in its config."""
    class_name, inner = part["class_name"], part.get("config")
    if class_name == "__lambda__":
        raise _refuse_lambda(value)
    if class_name == "function":
        found = isinstance(inner, str) and _finds_function(inner)
        name = inner
    else:
        name = part.get("registered_name") or class_name
        found = "module" not in part or _finds_class(part.get("module"), name)
    if not found:
        raise errors.UnserializableActivationError(
            value, f"{name!r} inside it is not registered with Keras", _write_registered(value, class_name, name)
        )


def _write_registered(value: object, class_name: object, name: object) -> str:
    """Return the code that makes the function or class *name* inside *value* loadable."""
    for attribute, held in vars(value).items() if name == "initialize_fn" else ():
        if getattr(held, "__name__", None) == name:  # Keras has wrapped a number or an array
            number = keras.ops.convert_to_numpy(closed_over(held)["identifier"]).tolist()
            label = "keras.layers." if is_keras_class(type(value)) else ""
            return f"{label}{type(value).__name__}({attribute}=keras.initializers.Constant({number!r}))"
    return above(f"{'def' if class_name == 'function' else 'class'} {name}")


def _write_plainly(value: object) -> str:
    """Return the code that makes a layer of Keras again from the plain values that it holds."""
    kind = type(value)
    given = {name: getattr(value, name) for name in inspect.signature(kind).parameters if hasattr(value, name)}
    shown = [f"{name}={held!r}" for name, held in given.items()]
    if isinstance(value, keras.Layer) and value.dtype_policy != keras.config.dtype_policy():
        shown.append(f"dtype={value.dtype_policy.name!r}")
    if isinstance(value, keras.Layer) and value.activity_regularizer is not None:
        config = keras.regularizers.serialize(value.activity_regularizer)
        shown.append(f"activity_regularizer={config!r}")
    return f"keras.layers.{kind.__name__}({', '.join(shown)})"


def _check_arrays(value: SupportsConfig, config: object) -> None:
    """Refuse an object whose class does not decode a tensor or an array in its config.

    Keras's own ``from_config`` passes the stored form to the constructor: only a trial shows whether that works.
    """
    kind, inner = type(value), config.get("config") if isinstance(config, Mapping) else None
    if not isinstance(inner, dict) or not any(
        held.get("class_name") in _MARKS for held in inner.values() if isinstance(held, dict)
    ):
        return
    try:
        again = _trial_config(cast("SupportsConfig", keras.saving.deserialize_keras_object(config)))
    except (*errors.READ_ERRORS, errors.ActivationError) as error:
        raise _refuse_array(value, kind, inner) from error
    if json.dumps(again) != json.dumps(config):
        raise _refuse_array(value, kind, inner)


def _refuse_array(value: object, kind: type, inner: Mapping[str, object]) -> "errors.UnserializableActivationError":
    name = next(key for key, held in inner.items() if isinstance(held, Mapping) and held.get("class_name") in _MARKS)
    label = f"keras.layers.{kind.__name__}" if is_keras_class(kind) else kind.__name__
    plain = cast("Mapping[str, object]", cast("Mapping[str, object]", inner[name])["config"]).get("value")
    return errors.UnserializableActivationError(
        value,
        f"{name} is not a plain value, and {kind.__name__}.from_config() receives it as a dict",
        f"{label}({name}={plain!r})",
    )


def _finds_function(name: str) -> bool:
    """Return whether Keras finds a function by *name*: a registered one or one of its own."""
    if keras.saving.get_registered_object(name) is not None:
        return True
    return any(hasattr(module, name) for module in _KERAS_FUNCTIONS)


def _finds_class(module: object, name: object) -> bool:
    if isinstance(module, str) and module.split(".")[0] in ("keras", "builtins"):
        return True
    return isinstance(name, str) and keras.saving.get_registered_object(name) is not None
