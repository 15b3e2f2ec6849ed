"""Parses and writes the stored forms of activations. Keras-free.

There are five stored forms, each a class below; the first one that is exact is used.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias, cast

from serialactivation import errors
from serialactivation.catalog import functions as catalog
from serialactivation.catalog.marks import PACKAGE, PARTIAL, TUPLE, TUPLE_MARKS
from serialactivation.typing import JSON, Config

__all__ = [
    "KERAS_FUNCTIONS",
    "FunctionForm",
    "Name",
    "Notation",
    "ObjectForm",
    "OperationForm",
    "PartialForm",
    "is_ours",
    "mark_tuples",
    "parse",
    "restore_tuple",
    "restore_tuples",
    "without_names",
    "write",
    "write_catalogued",
    "write_portable",
    "write_reference",
]


class Name(NamedTuple):
    """A string: a built-in activation of Keras, aliases included.

    ``None`` is stored as ``null``. Stock Keras reads it.
    """

    name: str


class OperationForm(NamedTuple):
    """A Keras operation with all its keywords.

    Stock Keras 3.15.1 reads it, without ``serialactivation``.

    Keys:
        module: The private module of Keras that defines the operation's class.
        class_name: The name of the class.
        config: Its keywords.
        registered_name: The name of the class again.
    """

    operation: catalog.Operation
    keywords: Config


KERAS_FUNCTIONS: Final = "keras.activations"
"""The module of a :class:`FunctionForm` of one of Keras's functions."""


class FunctionForm(NamedTuple):
    """A function by its name: one that is registered with Keras, or that is in an active ``custom_object_scope``.

    One of Keras's own, too, where a user's constructor was given the function: a name would reach it as a string.

    Keys:
        module: The module that defines the function, as information for the reader: reading it imports nothing.
            For a function of a backend, its library.
        class_name: ``"function"``.
        config: The name.
        registered_name: The name again.
    """

    module: str | None
    name: str


class PartialForm(NamedTuple):
    """A function in one of the forms above, with keywords.

    It is used for a ``functools.partial`` of a function whose keywords no operation has, and for a function of a
    backend without an operation in the catalog. Only ``serialactivation`` reads it.

    Keys:
        module: ``"serialactivation"``.
        class_name: ``"PartialActivation"``.
        config: A dict of two: ``function``, the function in its stored form, and ``keywords``, which are plain values.
        registered_name: ``"serialactivation>PartialActivation"``.
    """

    function: "Notation"
    keywords: Config


class ObjectForm(NamedTuple):
    """Any other Keras object, as ``keras.saving.serialize_keras_object`` writes it.

    Such as a layer, a ``Sequential``, a Functional model, or a registered object with ``get_config``.

    Keys:
        module: The module of its class, or ``null`` for a registered class.
        class_name: The name of the class.
        config: What its ``get_config`` returns.
        registered_name: The registered name of the class, or ``null`` for a class of Keras.
    """

    config: Config


Notation: TypeAlias = Name | OperationForm | FunctionForm | PartialForm | ObjectForm


def write(notation: Notation) -> JSON:
    """Return the config of *notation*."""
    match notation:
        case Name(name):
            return name
        case OperationForm(operation, keywords):
            class_name = operation.class_name
            return _object(operation.module, class_name, dict(keywords), class_name)
        case FunctionForm(module, name):
            return _object(module, "function", name, name)
        case PartialForm(function, keywords):
            config: Config = {"function": write(function), "keywords": dict(keywords)}
            return _object(PACKAGE, PARTIAL, config, f"{PACKAGE}>{PARTIAL}")
        case ObjectForm(config):
            return config


def _object(module: str | None, class_name: str, config: JSON, registered_name: str) -> Config:
    return {"module": module, "class_name": class_name, "config": config, "registered_name": registered_name}


def parse(config: JSON, path: str = "$") -> Notation:
    """Return the form of *config*; the reverse of :func:`write`.

    The short form ``{"class_name": "relu", "config": {}}`` is also read.

    Raises:
        ActivationConfigError: *config* has none of the forms; *path* says where.
    """
    if isinstance(config, str):
        return Name(config)
    if not isinstance(config, Mapping) or not isinstance(config.get("class_name"), str):
        raise errors.ActivationConfigError(
            path, config, "it is neither a name nor an object with a class_name", errors.DAMAGED
        )
    return _parse_object(cast("Config", dict(config)), path)


def _parse_object(config: Config, path: str) -> Notation:
    class_name = cast("str", config["class_name"])
    inner = config.get("config")
    module = config.get("module")
    if class_name == "function":
        if not isinstance(inner, str):
            raise errors.ActivationConfigError(
                path, config, "the config of a function must be its name", errors.DAMAGED
            )
        return FunctionForm(module if isinstance(module, str) else None, inner)
    if config.get("registered_name") == f"{PACKAGE}>{PARTIAL}":
        return _parse_partial(inner, path)
    if isinstance(inner, dict) and isinstance(module, str):
        operation = catalog.ACTIVATION_OPERATIONS.get((module, class_name))
        if operation is not None:
            return OperationForm(operation, {key: value for key, value in inner.items() if key != "name"})
    if module is None and not inner and catalog.find_activation(class_name) is not None:
        return Name(class_name)
    return ObjectForm(config)


def _parse_partial(inner: JSON, path: str) -> PartialForm:
    if not isinstance(inner, dict) or set(inner) != {"function", "keywords"} or not isinstance(inner["keywords"], dict):
        raise errors.ActivationConfigError(
            path, inner, "a partial must have a function and its keywords", errors.DAMAGED
        )
    function = inner["function"]
    if isinstance(function, dict) and function.get("registered_name") == f"{PACKAGE}>{PARTIAL}":
        raise errors.ActivationConfigError(
            path, inner, "a nested partial must be stored as one partial", errors.DAMAGED
        )
    return PartialForm(parse(function, f"{path}.config.function"), inner["keywords"])


def is_ours(config: JSON) -> bool:
    """Return whether *config* can be read only if this package is imported."""
    return isinstance(config, Mapping) and str(config.get("registered_name")).startswith(f"{PACKAGE}>")


def write_catalogued(
    function: catalog.Function,
    keywords: Mapping[str, JSON],
    is_there: Callable[[catalog.Function], object] = bool,
) -> Notation:
    """Return the first exact form of a *function* of the catalog with *keywords*.

    Args:
        function: The function.
        keywords: Its keywords.
        is_there: Returns whether the Keras that will read the form has a function.
    """
    if function.library == "keras.activations" and function.complete(keywords) == dict(function.defaults):
        return Name(function.name)
    portable = write_portable(function, keywords, is_there) if function.exact else None
    return write_reference(function, keywords) if portable is None else portable


def write_portable(
    function: catalog.Function,
    keywords: Mapping[str, JSON],
    is_there: Callable[[catalog.Function], object] = bool,
) -> Notation | None:
    """Return the form of a *function* of the catalog that every backend reads, or None if there is none.

    It computes exactly the same if the catalog marks the function as exact, else within 1e-5 in float32.
    The arguments are those of :func:`write_catalogued`.
    """
    if function.builtin is not None:
        return Name(function.builtin)
    translated = function.translate(keywords)
    if function.operation is None or translated is None or _has_tuple(translated):
        return None
    stands_for = catalog.find_operation(function.operation)
    if stands_for is not None:
        translated = stands_for.complete(translated)  # tf.nn.elu lacks a keyword of Keras's elu
    name = catalog.find_name(function.operation, translated)
    if name is not None and is_there(catalog.LIBRARIES["keras.activations"][name]):
        return Name(name)
    return OperationForm(function.operation, translated) if stands_for is not None and is_there(stands_for) else None


def _has_tuple(keywords: Mapping[str, JSON]) -> bool:
    """Return whether a keyword is a tuple: from an operation's config, stock Keras reads a tuple as a list."""
    return any(isinstance(value, dict) for value in keywords.values())


def write_reference(function: catalog.Function, keywords: Mapping[str, JSON]) -> Notation:
    """Return the form of a *function* of the catalog with *keywords* that only this package reads."""
    if function.library == "keras.activations":
        reference: Notation = Name(function.name)
    else:
        reference = FunctionForm(function.library, function.name)
    return PartialForm(reference, dict(keywords))


def mark_tuples(value: object) -> JSON:
    """Return *value* with every tuple in it marked as a tuple; configs of objects stay unchanged."""
    if isinstance(value, tuple):
        return {"class_name": TUPLE, "items": [mark_tuples(item) for item in value]}
    if isinstance(value, list):
        return [mark_tuples(item) for item in value]
    if isinstance(value, Mapping) and "class_name" not in value:
        return {key: mark_tuples(item) for key, item in value.items()}
    return cast("JSON", value)


def restore_tuple(config: object) -> object:
    """Return a marked tuple as a tuple, and any other value unchanged."""
    if isinstance(config, dict) and config.get("class_name") in TUPLE_MARKS and isinstance(config.get("items"), list):
        return tuple(config["items"])
    return config


def restore_tuples(config: object) -> object:
    """Return the value that :func:`mark_tuples` has marked."""
    config = restore_tuple(config)
    if isinstance(config, Mapping) and "class_name" not in config:
        return {key: restore_tuples(item) for key, item in config.items()}
    if isinstance(config, list | tuple):
        return type(config)(restore_tuples(item) for item in config)
    return config


def without_names(config: JSON) -> JSON:
    """Return an activation's *config* without that in which equal activations differ.

    That is names and ids, and whether one of Keras's functions is written as one or by its name alone.
    """
    if isinstance(config, list):
        return [without_names(item) for item in config]
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "function" and config.get("module") == KERAS_FUNCTIONS:
        return config.get("config")
    return {key: without_names(item) for key, item in config.items() if key not in ("name", "shared_object_id")}
