"""Functions as activations: which catalogued or registered one a value is, and the callable that carries keywords."""

import functools
import importlib
import inspect
import sys
import warnings
import weakref
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Final, cast

import keras

from serialactivation import catalog
from serialactivation.errors import (
    READ_ERRORS,
    ActivationConfigError,
    ActivationError,
    RedefinedActivationWarning,
    UnserializableActivationError,
)
from serialactivation.foreign import is_foreign, stand_in
from serialactivation.notation import (
    PACKAGE,
    PARTIAL,
    FunctionForm,
    Name,
    Notation,
    ObjectForm,
    OperationForm,
    PartialForm,
    mark_tuples,
    parse,
    restore_tuples,
    write,
    write_catalogued,
)
from serialactivation.sharing import find_in_scope
from serialactivation.typing import JSON, Activation, Config, TensorT

__all__ = [
    "PartialActivation",
    "bind",
    "find_function",
    "find_registered_name",
    "is_installed",
    "keyword_names",
    "read_function",
    "read_keywords",
    "read_object",
    "remember_name",
    "write_function",
    "write_keywords",
]

# Where each library's public functions live, by the name of the module to import.
_MODULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "keras.activations": "keras.activations",
        "keras.ops": "keras.ops",
        "jax.nn": "jax.nn",
        "torch.nn.functional": "torch.nn.functional",
        "tf.nn": "tensorflow",
    }
)


def _library_module(library: str, *, load: bool) -> ModuleType | None:
    """Return the module that holds *library*; None where it is not loaded, unless it is to be loaded."""
    name = _MODULES[library]
    module = importlib.import_module(name) if load else sys.modules.get(name)
    if library == "tf.nn" and module is not None:
        return cast("ModuleType", module.nn)
    return module


def find_function(value: object) -> catalog.Function | None:
    """Return the catalogued function that *value* is, by identity, or None. Imports nothing."""
    known = _KERAS_FUNCTIONS.get(value) if isinstance(value, FUNCTION_TYPE) else None
    return known if known is not None else _find_foreign(value)


FUNCTION_TYPE: Final = type(lambda: None)

# Keras's functions by identity. Activations come last: what both libraries export under one object is an activation.
_KERAS_FUNCTIONS: Final[Mapping[object, catalog.Function]] = {
    getattr(module, name): function
    for library, module in (("keras.ops", keras.ops), ("keras.activations", keras.activations))
    for name, function in catalog.LIBRARIES[library].items()
    if hasattr(module, name)
}


def _find_foreign(value: object) -> catalog.Function | None:
    for library in ("jax.nn", "torch.nn.functional", "tf.nn"):
        module = _library_module(library, load=False)
        if module is None:
            continue
        for name, function in catalog.LIBRARIES[library].items():
            if getattr(module, name, None) is value:
                return function
    return None


def load_function(function: catalog.Function) -> Activation:
    """Return the function that the catalog's record stands for, importing its library.

    Raises:
        ImportError: The library is not installed, or its release has no such function.
    """
    module = _library_module(function.library, load=True)
    return cast("Activation", getattr(module, function.name))


def is_installed(function: catalog.Function) -> bool:
    """Tell whether the installed Keras has *function*, which is one of Keras's."""
    return hasattr(keras.ops if function.library == "keras.ops" else keras.activations, function.name)


def _load_stored(function: catalog.Function, path: str) -> Activation:
    """Return a *function* that a config names.

    Raises:
        ActivationConfigError: It is not installed; *path* says where it is named.
    """
    try:
        return load_function(function)
    except (ImportError, AttributeError) as error:
        reason, cure = f"{function.path} is not installed here", f"Install the package that has {function.path}."
        if function.since is not None:
            reason, cure = f"Keras {keras.__version__} has no {function.path}", f"Keras {function.since} has: upgrade."
        raise ActivationConfigError(path, function.name, reason, cure) from error


def find_registered_name(function: object) -> str | None:
    """Return the name that Keras's custom-object system finds *function* under: registered, or in a scope in force.

    A name that a built-in has is none: a file with it would load as the built-in.
    """
    if isinstance(function, type) or not callable(function) or not hasattr(function, "__name__"):
        return None
    name = keras.saving.get_registered_name(function)
    if not _is_same(keras.saving.get_registered_object(name), function):
        scoped = find_in_scope(function)
        if scoped is None:
            return None
        name = scoped
    return None if catalog_name(name) else name


# The names that functions had when a layer was given them: a notebook's cell may give the name to another since.
_REMEMBERED: Final[weakref.WeakKeyDictionary[Activation, str]] = weakref.WeakKeyDictionary()


def remember_name(function: Activation) -> None:
    """Remember the registered name of *function*, if it has one: a layer is being given it."""
    bare = function.function if isinstance(function, PartialActivation) else function
    name = find_registered_name(bare)
    if name is not None:
        _REMEMBERED[bare] = name


def _find_name(function: object) -> str | None:
    """Return the registered name of *function*, or the one that it had, with a warning."""
    name = find_registered_name(function)
    if name is None and isinstance(function, FUNCTION_TYPE) and function in _REMEMBERED:
        name = _REMEMBERED[function]
        warnings.warn(RedefinedActivationWarning(name, function), stacklevel=2)
    return name


def _is_same(holder: object, function: object) -> bool:
    """Tell whether *holder* is *function*, or *function* defined again: the cell of a notebook was run twice."""
    if holder is function:
        return True
    if not isinstance(holder, FUNCTION_TYPE) or not isinstance(function, FUNCTION_TYPE):
        return False
    return (
        (holder.__module__, holder.__qualname__) == (function.__module__, function.__qualname__)
        and holder.__code__ == function.__code__
        and _are_same_values(_bound_values(holder), _bound_values(function))
    )


def _bound_values(function: object) -> list[object]:
    """Return what a function holds besides its code: its defaults, and the variables that it closes over."""
    closure = getattr(function, "__closure__", None) or ()
    keyword_defaults = getattr(function, "__kwdefaults__", None) or {}
    defaults = (*(getattr(function, "__defaults__", None) or ()), *keyword_defaults, *keyword_defaults.values())
    return [*defaults, *(cell.cell_contents for cell in closure)]


def _are_same_values(first: list[object], second: list[object]) -> bool:
    """Compare plain values by value, and anything else, such as an array, by identity."""
    return len(first) == len(second) and all(
        a is b or (type(a) is type(b) and isinstance(a, _PLAIN) and a == b) for a, b in zip(first, second, strict=True)
    )


_PLAIN: Final = (bool, int, float, str, bytes)


def catalog_name(name: str) -> bool:
    """Tell whether *name* is a built-in activation's, aliases included."""
    return name in catalog.LIBRARIES["keras.activations"] or name in catalog.ALIASES


def write_keywords(keywords: Mapping[str, object]) -> Config:
    """Return what :func:`read_keywords` returned as JSON, its tuples marked."""
    return {key: mark_tuples(value) for key, value in keywords.items()}


def read_keywords(function: Activation, keywords: Mapping[str, object]) -> dict[str, object]:
    """Return *keywords* as plain values; NumPy's scalars become Python's.

    Raises:
        UnserializableActivationError: A keyword is none of *function*'s, or its value is not plain.
    """
    known = keyword_names(function)
    read: dict[str, object] = {}
    for key, value in keywords.items():
        if known is not None and key not in known:
            raise UnserializableActivationError(
                functools.partial(function, **keywords),
                f"{_label(function)} has no keyword {key!r}",
                f"one of its keywords: {', '.join(known) or 'it has none'}",
            )
        read[key] = _read_value(function, key, value)
    return read


def keyword_names(function: Activation) -> list[str] | None:
    """Return the keywords after the tensor, or None where the function does not tell or takes any."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        found = find_function(function)  # PyTorch's built-in functions do not tell; the catalog does
        return None if found is None else list(found.defaults)
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return None
    return [parameter.name for parameter in parameters[1:]]


def _read_value(function: Activation, key: str, value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if type(value) is list or type(value) is tuple:
        return type(value)(_read_value(function, key, item) for item in value)
    item = getattr(value, "item", None)
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0 and item is not None:
        return _read_value(function, key, item())
    raise UnserializableActivationError(
        functools.partial(function, **{key: value}),
        f"keyword {key!r} is not a plain value",
        f"functools.partial({_label(function)}, {key}=<a number, string, bool, None or list of these>)",
    )


def _label(function: object) -> str:
    found = find_function(function)
    return found.path if found is not None else getattr(function, "__name__", type(function).__name__)


@keras.saving.register_keras_serializable(package=PACKAGE, name=PARTIAL)
class PartialActivation:
    """A function with keywords bound: what ``functools.partial`` is, in a form that Keras can store.

    It stands for a ``functools.partial``, and for a function that Keras alone would store as another one
    (``keras.ops.gelu``, ``jax.nn.gelu``) or not at all (``keras.ops.sin``).

    Args:
        function: The function: Keras's, a backend's, or a registered one.
        keywords: Its keywords, plain values.
    """

    __slots__ = ("__weakref__", "function", "keywords")

    def __init__(self, function: Activation, keywords: Mapping[str, object] | None = None) -> None:
        self.function = function
        self.keywords: dict[str, object] = dict(keywords or {})

    def __call__(self, inputs: TensorT, /) -> TensorT:
        """Apply the function to a tensor of any shape."""
        return cast("TensorT", self.function(inputs, **self.keywords))

    def __repr__(self) -> str:
        keywords = "".join(f", {key}={value!r}" for key, value in self.keywords.items())
        return f"PartialActivation({_label(self.function)}{keywords})"

    def get_config(self) -> Config:
        """Return the function's config and the keywords, a listed function's defaults filled in."""
        found = find_function(self.function)
        given = write_keywords(self.keywords)
        keywords = given if found is None else found.complete(given)
        known: JSON = {key: value for key, value in keywords.items() if value != catalog.REQUIRED}
        return {"function": write(_write_bare(self.function)), "keywords": known}

    @classmethod
    def from_config(cls, config: Config) -> "PartialActivation":
        """Return the activation that *config* was made from.

        Raises:
            ActivationConfigError: *config* is damaged, or names a function that cannot be found.
        """
        form = parse({"class_name": PARTIAL, "config": config, "registered_name": f"{PACKAGE}>{PARTIAL}"})
        activation = read_function(form)
        return activation if isinstance(activation, cls) else cls(activation)


def _write_bare(function: Activation) -> Notation:
    """Return the reference to *function* inside a partial: by name, never with its keywords folded in."""
    found = find_function(function)
    if found is not None and found.library == "keras.activations":
        return Name(found.name)
    if found is not None:
        return FunctionForm(found.library, found.name)
    name = _find_name(function)
    if name is not None:
        return FunctionForm(getattr(function, "__module__", None), name)
    return ObjectForm(cast("Config", keras.saving.serialize_keras_object(function)))


def bind(function: Activation, keywords: Mapping[str, object]) -> PartialActivation:
    """Return *function* with *keywords*; a partial of a partial is one partial.

    Raises:
        UnserializableActivationError: A keyword is none of *function*'s, or its value is not plain.
    """
    if isinstance(function, PartialActivation):
        return bind(function.function, {**function.keywords, **keywords})
    return PartialActivation(function, read_keywords(function, keywords))


def write_function(activation: Activation, *, given: bool = False) -> Notation | None:
    """Return the first exact form of a function or a :class:`PartialActivation`; None for anything else.

    Args:
        activation: The activation.
        given: Whether a layer holds it already: a name that it had then is enough, with a warning.
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
    name = _find_name(function) if given else find_registered_name(function)
    return None if name is None else FunctionForm(getattr(function, "__module__", None), name)


def read_function(form: Notation, path: str = "$") -> Activation:
    """Return the callable that *form* says; the reverse of :func:`write_function`.

    Raises:
        ActivationConfigError: It names a function that cannot be found.
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
    """Return the Keras object that *config* was made from.

    Raises:
        ActivationConfigError: *config* is damaged, or its class cannot be found.
    """
    try:
        decoded = keras.saving.deserialize_keras_object(config)
    except ActivationError:
        raise
    except READ_ERRORS as error:
        raise ActivationConfigError(
            path,
            config,
            next(iter(str(error).strip().splitlines()), type(error).__name__),
            "Import the module that registers the class before loading, or pass it in custom_objects.",
        ) from error
    if not callable(decoded):
        raise ActivationConfigError(path, config, "it is no activation", "The file is damaged.")
    return cast("Activation", decoded)


def _read_name(name: str, path: str) -> Activation:
    if not catalog_name(name):
        raise ActivationConfigError(path, name, "no activation has this name", "Register the function that it means.")
    return _load_stored(catalog.LIBRARIES["keras.activations"][catalog.ALIASES.get(name, name)], path)


def _read_operation(operation: catalog.Operation, keywords: Config, path: str) -> PartialActivation:
    found = catalog.find_operation(operation)
    assert found is not None, operation
    return _bind_stored(_load_stored(found, path), found.complete(keywords), path)


def _read_partial(form: PartialForm, path: str) -> Activation:
    function, keywords = form.function, form.keywords
    if isinstance(function, FunctionForm) and keras.saving.get_registered_object(function.name) is None:
        listed = catalog.LIBRARIES.get(function.module or "", {}).get(function.name)
        if listed is not None and is_foreign(listed):
            return read_function(stand_in(listed, keywords, path), path)
    return _bind_stored(read_function(function, f"{path}.config.function"), keywords, path)


def _bind_stored(function: Activation, keywords: Config, path: str) -> PartialActivation:
    """Return *function* with stored *keywords*, which must be its own."""
    restored = {key: restore_tuples(value) for key, value in keywords.items()}
    try:
        return PartialActivation(function, read_keywords(function, restored))
    except UnserializableActivationError as error:
        raise ActivationConfigError(path, dict(keywords), error.reason, f"Pass {error.cure}.") from error


def _read_reference(module: str | None, name: str, path: str) -> Activation:
    registered = keras.saving.get_registered_object(name)
    if isinstance(registered, type):
        raise ActivationConfigError(path, name, "it names a class, not a function", "The file is damaged.")
    if registered is not None:
        return cast("Activation", registered)
    listed = catalog.LIBRARIES.get(module or "", {}).get(name)
    if listed is not None and is_foreign(listed):
        return read_function(stand_in(listed, {}, path), path)
    if listed is None:
        raise ActivationConfigError(
            path,
            name,
            "no function is registered under this name",
            "Import the module that registers it before loading, or pass it in custom_objects.",
        )
    return _load_stored(listed, path)


def shadowed(name: str) -> Callable[..., object] | None:
    """Return the custom object that would be loaded in place of the built-in *name*, or None."""
    custom = keras.saving.get_registered_object(name)
    builtin = getattr(keras.activations, catalog.ALIASES.get(name, name), None)
    return None if custom is builtin else cast("Callable[..., object] | None", custom)
