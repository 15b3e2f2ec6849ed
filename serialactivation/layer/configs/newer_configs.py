"""Configs of a newer Keras for the installed one: keywords that it lacks are dropped if they hold their defaults."""

import functools
import inspect
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import keras

from serialactivation import errors
from serialactivation.catalog.versions import is_newer
from serialactivation.layer.configs.stored_objects import map_objects
from serialactivation.typing import JSON, Config

if TYPE_CHECKING:
    from serialactivation.catalog.classes import NewerKeyword

__all__ = ["drop_keywords", "lacking", "own_arguments", "prune", "prune_object", "stock_class"]


@functools.cache
def lacking() -> Mapping[tuple[str, str], tuple["NewerKeyword", ...]]:
    """Return the keywords that the installed Keras lacks, by module and class; none on the newest release.

    Those of a pre-release may still change, and do not count: each load would look for them.
    """
    from serialactivation.catalog.classes import NEWER, NEWEST  # slow to import, and not needed to make a layer

    return {
        (module, class_name): lacking
        for module, classes in NEWER.items()
        for class_name, keywords in classes.items()
        if (
            lacking := tuple(
                keyword
                for keyword in keywords
                if is_newer(keyword.since, keras.__version__) and not is_newer(keyword.since, NEWEST)
            )
        )
    }


def prune(layer_class: type[keras.Layer], config: Config) -> Config:
    """Return the *config* of a layer of *layer_class* without the keywords that the installed Keras lacks.

    The configs inside it are pruned as well: initializers, regularizers, constraints, layers.

    Raises:
        NewerArgumentError: A keyword that the installed Keras lacks does not hold its default.
    """
    inside = {key: prune_object(value) for key, value in config.items()}
    class_name = stock_class(layer_class).__name__
    if ("layers", class_name) not in lacking():
        return inside
    return _prune_keywords("layers", class_name, inside, own_arguments(layer_class))


def stock_class(cls: type) -> type:
    """Return *cls* if it is a class of Keras, else the first such class in its MRO."""
    return next(base for base in cls.__mro__ if base.__module__.partition(".")[0] in ("keras", "builtins"))


def own_arguments(cls: type) -> frozenset[str]:
    """Return the names of the arguments of a class's own constructor; none if it is inherited."""
    return frozenset(inspect.signature(cls).parameters) if "__init__" in cls.__dict__ else frozenset()


def prune_object(value: JSON) -> JSON:
    """Return *value* with all configs of objects in it pruned, at every level.

    Raises:
        NewerArgumentError: A keyword that the installed Keras lacks does not hold its default.
    """
    return map_objects(_prune, value)


def _prune(stored: Config, module: str, class_name: str) -> Config:
    inner = stored["config"]
    return {**stored, "config": _prune_keywords(module, class_name, inner)} if isinstance(inner, dict) else stored


def _prune_keywords(module: str, class_name: str, config: Config, own: frozenset[str] = frozenset()) -> Config:
    """Return *config* without keywords that Keras's class lacks; those that a subclass has as its *own* stay."""
    owner = f"{module}.{class_name}"
    pruned, dropped = drop_keywords(config, lacking().get((module, class_name), ()), own)
    for keyword in dropped:
        value = config[keyword.name]
        if not keyword.says_nothing(value):
            raise errors.NewerArgumentError(owner, keyword.name, value, keyword.since, keras.__version__)
        warnings.warn(errors.PrunedArgumentWarning(owner, keyword.name, value, keras.__version__), stacklevel=2)
    return pruned


def drop_keywords(
    config: Config, lacking: Iterable["NewerKeyword"], own: frozenset[str]
) -> tuple[Config, list["NewerKeyword"]]:
    """Return *config* without the *lacking* keywords, and those dropped; a class's *own* arguments stay."""
    dropped = [keyword for keyword in lacking if keyword.name in config and keyword.name not in own]
    names = {keyword.name for keyword in dropped}
    return {key: value for key, value in config.items() if key not in names} if names else config, dropped
