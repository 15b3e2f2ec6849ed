"""Functions as activations: written in the first exact form and read again; and functions with bound keywords."""

import copy
from collections.abc import Callable, Mapping
from typing import Final, cast

import keras

from serialactivation import errors
from serialactivation.catalog import functions as catalog
from serialactivation.catalog.forms import (
    FunctionForm,
    Name,
    Notation,
    ObjectForm,
    OperationForm,
    PartialForm,
    parse,
    restore_tuples,
    write,
    write_catalogued,
)
from serialactivation.catalog.marks import PACKAGE, PARTIAL
from serialactivation.codec.known_functions.foreign_functions import is_foreign, stand_in
from serialactivation.codec.known_functions.keywords import function_label, read_keywords, write_keywords
from serialactivation.codec.known_functions.libraries import find_function, is_installed, load_function
from serialactivation.codec.known_functions.registered_names import find_given_name, find_registered_name
from serialactivation.typing import JSON, Activation, Config, Function, GivenT

__all__ = [
    "PartialActivation",
    "bare_function",
    "bind",
    "read_function",
    "read_object",
    "write_function",
]


@keras.saving.register_keras_serializable(package=PACKAGE, name=PARTIAL)
class PartialActivation:
    """A function with bound keywords, like ``functools.partial``, in a form that Keras can store.

    It replaces a ``functools.partial``, a function that Keras itself would store as another one (``keras.ops.gelu``,
    ``jax.nn.gelu``), and a function that Keras could not store at all (``keras.ops.sin``).

    Args:
        function: A function of Keras or of a backend, or a registered one.
        keywords: Its keywords, which are plain values.
    """

    __slots__ = ("__weakref__", "function", "keywords")

    def __init__(self, function: Function, keywords: Mapping[str, object] | None = None) -> None:
        self.function = function
        self.keywords: dict[str, object] = dict(keywords or {})

    def __call__(self, inputs: GivenT, /) -> GivenT:
        """Apply the function to a tensor of any shape."""
        function: Callable[..., GivenT] = self.function
        return function(inputs, **self.keywords)

    def __repr__(self) -> str:
        keywords = "".join(f", {key}={value!r}" for key, value in self.keywords.items())
        return f"PartialActivation({function_label(self.function)}{keywords})"

    def get_config(self) -> Config:
        """Return the function's config and the keywords, with the defaults of a function of the catalog filled in."""
        found = find_function(self.function)
        given = write_keywords(self.keywords)
        keywords = given if found is None else found.complete(given)
        known: JSON = {key: value for key, value in keywords.items() if value != catalog.REQUIRED}
        return {"function": write(_write_bare(self.function)), "keywords": known}

    @classmethod
    def from_config(cls, config: Config) -> "PartialActivation":
        """Return the activation whose config is *config*.

        Raises:
            ActivationConfigError: *config* is damaged, or names a function that cannot be found.
        """
        form = parse({"class_name": PARTIAL, "config": config, "registered_name": f"{PACKAGE}>{PARTIAL}"})
        activation = read_function(form)
        return activation if isinstance(activation, cls) else cls(activation)


def _write_bare(function: Activation) -> Notation:
    """Return the form of *function* inside a partial: a reference without keywords."""
    found = find_function(function)
    if found is not None and found.library == "keras.activations":
        return Name(found.name)
    if found is not None:
        return FunctionForm(found.library, found.name)
    name = find_given_name(function)
    if name is not None:
        return FunctionForm(getattr(function, "__module__", None), name)
    return ObjectForm(cast("Config", keras.saving.serialize_keras_object(function)))


def bare_function(activation: Activation) -> Activation:
    """Return the function of a :class:`PartialActivation`, and any other activation unchanged."""
    return activation.function if isinstance(activation, PartialActivation) else activation


def bind(function: Activation, keywords: Mapping[str, object]) -> PartialActivation:
    """Return *function* with *keywords*; a partial of a partial is one partial.

    Raises:
        UnserializableActivationError: *function* does not have a keyword, or a value is not plain.
    """
    if isinstance(function, PartialActivation):
        return bind(function.function, {**function.keywords, **keywords})
    return PartialActivation(function, read_keywords(function, keywords))


def write_function(activation: Activation, *, given: bool = False) -> Notation | None:
    """Return the first exact form of a function or a :class:`PartialActivation`; None for anything else.

    Args:
        activation: The activation.
        given: Whether a layer holds it already: its name at that time is then enough, with a warning.
    """
    function: Activation = activation
    keywords: Config = {}
    if isinstance(activation, PartialActivation):
        function, keywords = activation.function, write_keywords(activation.keywords)
    found = find_function(function)
    if found is not None:
        return write_catalogued(found, keywords, is_installed)
    if isinstance(activation, PartialActivation) and keywords:
        return PartialForm(_write_bare(function), keywords)
    name = find_given_name(function) if given else find_registered_name(function)
    return None if name is None else FunctionForm(getattr(function, "__module__", None), name)


def read_function(form: Notation, path: str = "$") -> Activation:
    """Return the callable that *form* describes; the reverse of :func:`write_function`.

    Raises:
        ActivationConfigError: The form names a function that cannot be found.
    """
    match form:
        case Name(name):
            return _read_name(name, path)
        case OperationForm(operation, keywords):
            return _read_operation(operation, keywords, path)
        case FunctionForm(module, name):
            return _read_reference(module, name, path)
        case PartialForm():
            return _read_partial(form, path)
        case ObjectForm(config):
            return read_object(config, path)


def read_object(config: Config, path: str) -> Activation:
    """Return the Keras object whose config is *config*.

    Raises:
        ActivationConfigError: *config* is damaged, or its class cannot be found.
    """
    try:
        decoded = keras.saving.deserialize_keras_object(_copy_for_keras(config))
    except errors.ActivationError:
        raise
    except errors.READ_ERRORS as error:
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise errors.ActivationConfigError(path, config, reason, _cure_object(config)) from error
    if not callable(decoded):
        raise errors.ActivationConfigError(path, config, "it is not an activation", errors.DAMAGED)
    return cast("Activation", decoded)


def _copy_for_keras(config: Config) -> Config:
    """Return a copy of the config of a Functional model, which Keras empties; any other unchanged."""
    inner = config.get("config")
    return copy.deepcopy(config) if isinstance(inner, dict) and "layers" in inner else config


_CURE_HDF5: Final = (
    "Save the model with serialactivation.save_model(), or to a file that ends in .keras: Keras's own .h5 files name "
    "the layers and operations in a model by their bare names."
)


def _is_of_hdf5(inner: Config) -> bool:
    """Return whether the config of a model is as Keras writes it to ``.h5``."""
    layers = inner.get("layers")
    return isinstance(layers, list) and any(isinstance(one, dict) and "module" not in one for one in layers)


def _cure_object(config: Config) -> str:
    """Return the cure for a *config* that cannot be read, such as one without the module of its class."""
    class_name, inner = str(config.get("class_name")), config.get("config")
    if class_name == "Functional" and isinstance(inner, dict) and _is_of_hdf5(inner):
        return _CURE_HDF5
    function = catalog.find_activation(class_name)
    complete: Config | None = None
    if config.get("module") is None and isinstance(inner, dict):
        registered = [name for name in keras.saving.get_custom_objects() if name.endswith(f">{class_name}")]
        if function is not None:
            keywords = "".join(f", {key}={value!r}" for key, value in inner.items())
            return f"Write instead:\n    functools.partial({function.path}{keywords})"
        if hasattr(keras.layers, class_name):
            complete = {"module": "keras.layers", **config}
        elif registered and config.get("registered_name") not in registered:
            complete = {**config, "registered_name": registered[0]}
    if complete is not None:
        return f"Write instead:\n    {complete!r}"
    return "Import the module that registers the class before loading, or pass it in custom_objects."


def _read_name(name: str, path: str) -> Activation:
    function = catalog.find_activation(name)
    if function is None:
        raise errors.ActivationConfigError(path, name, "no activation has this name", errors.DAMAGED)
    return _load_stored(function, path)


def _read_operation(operation: catalog.Operation, keywords: Config, path: str) -> PartialActivation:
    found = catalog.find_operation(operation)
    assert found is not None, operation
    return _bind_stored(_load_stored(found, path), found.complete(keywords), path)


def _read_partial(form: PartialForm, path: str) -> Activation:
    function, keywords = form.function, form.keywords
    if isinstance(function, FunctionForm):
        listed = catalog.LIBRARIES.get(function.module or "", {}).get(function.name)
        if listed is not None and is_foreign(listed):
            return read_function(stand_in(listed, keywords, path), path)
    return _bind_stored(read_function(function, f"{path}.config.function"), keywords, path)


def _bind_stored(function: Activation, keywords: Config, path: str) -> PartialActivation:
    """Return *function* with stored *keywords*, which must be its own."""
    restored = {key: restore_tuples(value) for key, value in keywords.items()}
    try:
        return PartialActivation(function, read_keywords(function, restored))
    except errors.UnserializableActivationError as error:
        raise errors.ActivationConfigError(path, dict(keywords), error.reason, f"Pass {error.cure}.") from error


def _read_reference(module: str | None, name: str, path: str) -> Activation:
    listed = catalog.LIBRARIES.get(module or "", {}).get(
        name
    )  # the catalog first: a custom object may have the same name
    if listed is not None:
        return read_function(stand_in(listed, {}, path), path) if is_foreign(listed) else _load_stored(listed, path)
    registered = keras.saving.get_registered_object(name)
    if registered is not None and not isinstance(registered, type):
        return cast("Activation", registered)
    reason = "no function is registered under this name" if registered is None else "it names a class, not a function"
    cure = "Import the module that registers it before loading, or pass it in custom_objects."
    if registered is not None:
        cure = "Give the class another name, and import the module that registers the function before loading."
    raise errors.ActivationConfigError(path, name, reason, cure)


def _load_stored(function: catalog.Function, path: str) -> Activation:
    """Return a *function* that a config names.

    Raises:
        ActivationConfigError: It is not installed; *path* says where the config names it.
    """
    try:
        return load_function(function)
    except (ImportError, AttributeError) as error:
        reason, cure = f"{function.path} is not installed here", f"Install the package that has {function.path}."
        if function.since is not None:
            reason = f"Keras {keras.__version__} has no {function.path}"
            cure = f"Upgrade Keras to {function.since} or newer."
        raise errors.ActivationConfigError(path, function.name, reason, cure) from error
