"""A newer Keras's config made fit for the installed one: keywords that it lacks go if they hold their default."""

import inspect
import warnings
from collections.abc import Iterator, Mapping
from typing import Final

import keras

from serialactivation.errors import NewerArgumentError, PrunedArgumentWarning
from serialactivation.newer import NEWER, NewerKeyword
from serialactivation.typing import JSON, Config

__all__ = ["prune", "prune_object"]


def _find_lacking() -> Iterator[tuple[tuple[str, str], tuple[NewerKeyword, ...]]]:
    for module, classes in NEWER.items():
        for class_name, keywords in classes.items():
            found = getattr(getattr(keras, module), class_name, None)
            known = _parameters(found) if isinstance(found, type) else ()
            lacking = tuple(keyword for keyword in keywords if keyword.name not in known)
            if lacking and found is not None:
                yield (module, class_name), lacking


def _parameters(kind: type) -> frozenset[str]:
    return frozenset(inspect.signature(kind).parameters)


# What the installed Keras lacks, by module and class; nothing on the newest.
_LACKING: Final[Mapping[tuple[str, str], tuple[NewerKeyword, ...]]] = dict(_find_lacking())


def prune(layer_class: type[keras.Layer], config: Config) -> Config:
    """Return the *config* of a layer of *layer_class* without the keywords that the installed Keras lacks.

    The configs inside it are pruned as well: initializers, regularizers, constraints, layers.

    Raises:
        NewerArgumentError: Such a keyword does not hold its default.
    """
    if not _LACKING:
        return config
    base = next((base for base in layer_class.__mro__ if base.__module__.split(".")[0] == "keras"), keras.Layer)
    own = _parameters(layer_class) if "__init__" in layer_class.__dict__ else frozenset()
    inside = {key: prune_object(value) for key, value in config.items()}
    return _prune_keywords("layers", base.__name__, inside, own)


def prune_object(value: JSON) -> JSON:
    """Return *value*, an object's config or anything with some inside, pruned in every depth.

    Raises:
        NewerArgumentError: A keyword that the installed Keras lacks does not hold its default.
    """
    if isinstance(value, list | tuple):
        items = [prune_object(item) for item in value]
        changed = any(after is not before for after, before in zip(items, value, strict=True))
        return items if changed else value
    if not isinstance(value, Mapping):
        return value
    pruned = {key: prune_object(item) for key, item in value.items()}
    package, _, module = str(pruned.get("module")).partition(".")
    class_name, inner = pruned.get("class_name"), pruned.get("config")
    if package == "keras" and isinstance(class_name, str) and isinstance(inner, dict):
        pruned["config"] = _prune_keywords(module, class_name, inner)
    changed = any(pruned[key] is not item for key, item in value.items())
    return pruned if changed else value


def _prune_keywords(module: str, class_name: str, config: Config, own: frozenset[str] = frozenset()) -> Config:
    """Return *config* without what Keras's class lacks; *own* are the arguments that a subclass has itself."""
    lacking = _LACKING.get((module, class_name), ())
    dropped = [keyword for keyword in lacking if keyword.name in config and keyword.name not in own]
    for keyword in dropped:
        _see_default(f"{module}.{class_name}", keyword, config[keyword.name])
    names = {keyword.name for keyword in dropped}
    return {key: value for key, value in config.items() if key not in names} if names else config


def _see_default(owner: str, keyword: NewerKeyword, value: JSON) -> None:
    if value != keyword.default:
        raise NewerArgumentError(owner, keyword.name, value, keyword.since, keras.__version__)
    warnings.warn(PrunedArgumentWarning(owner, keyword.name, value, keras.__version__), stacklevel=2)
