"""A model's config for an older Keras: keywords that it lacks are dropped, or refused if they are not defaults."""

from collections.abc import Mapping
from typing import Final

import keras

from serialactivation import errors
from serialactivation.catalog import functions as catalog
from serialactivation.catalog.classes import NEWER, NEWER_CLASSES, find_signature
from serialactivation.catalog.graphs import ANY_ORDER, find_early_call
from serialactivation.catalog.marks import PACKAGE, PARTIAL
from serialactivation.catalog.versions import OBJECTS_SINCE, OLDEST, is_newer, is_version, reads_activation
from serialactivation.keras_api.registry import find_class
from serialactivation.layer.configs.newer_configs import drop_keywords, own_arguments, stock_class
from serialactivation.layer.fields import activation_fields
from serialactivation.models.convert import TWINS
from serialactivation.typing import JSON, Config

__all__ = ["check_target", "fit"]

_TWINS: Final = frozenset(TWINS.values())

# The modules of Keras whose classes may occur in a config.
_MODULES: Final = tuple(NEWER)

# The compile arguments in an ``.h5`` file, with the modules of their classes.
_COMPILED: Final = {
    "loss": "keras.losses",
    "metrics": "keras.metrics",
    "optimizer_config": "keras.optimizers",
    "weighted_metrics": "keras.metrics",
}


def check_target(target: object) -> str:
    """Return *target* if it is a version of Keras that a model can be saved for.

    Raises:
        TargetKerasError: It is not such a version.
    """
    if not isinstance(target, str) or not is_version(target):
        raise errors.TargetKerasError(
            target, "it is not a version of Keras", "Pass one as a string, such as '3.10' or '3.12.4'."
        )
    if is_newer(OLDEST, target):
        reason = f"{OLDEST} is the oldest supported version"
        raise errors.TargetKerasError(target, reason, f"Save for '{OLDEST}' or newer.")
    return target


def fit(value: JSON, target: str, module: str | None = None) -> JSON:
    """Return *value*, a config or a structure with configs, in a form that Keras *target* reads.

    Args:
        value: The config. It is not changed.
        target: A version that :func:`check_target` has returned.
        module: The module of Keras for configs that name none, as in ``.h5`` files.

    Raises:
        TargetKerasError: It holds a class, a function or a keyword's value that Keras *target* lacks.
    """
    if isinstance(value, list | tuple):
        return [fit(item, target, module) for item in value]
    if not isinstance(value, Mapping):
        return value
    fitted: Config = {key: fit(item, target, _COMPILED.get(key, module)) for key, item in value.items()}
    class_name, inner = fitted.get("class_name"), fitted.get("config")
    if not isinstance(class_name, str):
        return fitted
    _check_function(fitted, class_name, target)
    cls = find_class({"module": module, **fitted})
    if cls is not None and isinstance(inner, dict):
        fitted["config"] = _fit_object(cls, inner, target)
    return fitted


def _fit_object(cls: type, config: Config, target: str) -> Config:
    stock = stock_class(cls)
    module = next((name for name in _MODULES if _is_public(stock, name)), stock.__module__.removeprefix("keras."))
    owner = f"keras.{module}.{stock.__name__}"
    _check_since(owner, NEWER_CLASSES.get((module, stock.__name__)), target)
    if issubclass(cls, keras.Layer):
        for field in activation_fields(cls):
            _check_names(config.get(field.key), target)
            if cls is stock:
                _check_readable(f"{owner}({field.name}=...)", config.get(field.key), target)
    called_early = find_early_call(config) if issubclass(cls, keras.Model) else None
    if called_early is not None and is_newer(ANY_ORDER, target):
        reason = f"the layer {called_early!r} is called on the output of a later layer, which that Keras cannot read"
        raise errors.TargetKerasError(target, reason, f"Save for '{ANY_ORDER}' or newer.")
    signature = find_signature(module, stock.__name__)
    known = () if signature is None else signature.newer.values()
    lacking = [keyword for keyword in known if is_newer(keyword.since, target)]
    own = frozenset() if cls is stock or cls in _TWINS else own_arguments(cls)
    pruned, dropped = drop_keywords(config, lacking, own)
    for keyword in dropped:
        if not keyword.says_nothing(config[keyword.name]):
            _check_since(f"{owner}({keyword.name}={config[keyword.name]!r})", keyword.since, target)
    return pruned


def _is_public(stock: type, module: str) -> bool:
    return getattr(getattr(keras, module, None), stock.__name__, None) is stock


def _check_function(config: Config, class_name: str, target: str) -> None:
    """Refuse an operation, or a function in a config, that *target* lacks."""
    module, inner = config.get("module"), config.get("config")
    if config.get("registered_name") == f"{PACKAGE}>{PARTIAL}" and isinstance(inner, dict):
        _check_names(inner.get("function"), target)
    if not isinstance(module, str):
        return
    if class_name == "function":
        function = catalog.LIBRARIES.get(module, {}).get(str(inner))
    else:
        function = catalog.find_operation(catalog.Operation(module, class_name))
    if function is not None:
        _check_since(function.path, function.since, target)


def _check_names(value: JSON, target: str) -> None:
    """Refuse the name of a built-in activation that *target* lacks, in a field's value."""
    if isinstance(value, str):
        function = catalog.find_activation(value)
        if function is not None:
            _check_since(function.path, function.since, target)
    elif isinstance(value, Mapping) and "class_name" not in value:
        for item in value.values():
            _check_names(item, target)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_names(item, target)


def _check_readable(what: str, value: JSON, target: str) -> None:
    """Refuse an object as the activation of a stock layer, if the stock layer of *target* cannot read it."""
    if isinstance(value, Mapping) and not reads_activation(value, target):
        reason = f"{what} is {value.get('class_name')}, which a stock layer reads only since Keras {OBJECTS_SINCE}"
        cure = f"Save for '{OBJECTS_SINCE}' or newer, or save serialactivation.convert(model), whose layers read it."
        raise errors.TargetKerasError(target, reason, cure)


def _check_since(what: str, since: str | None, target: str) -> None:
    if since is not None and is_newer(since, target):
        reason = f"the model holds {what}, which Keras has since {since}"
        raise errors.TargetKerasError(target, reason, f"Save for '{since}' or newer, or make the model without it.")
