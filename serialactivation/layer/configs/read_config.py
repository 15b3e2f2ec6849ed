"""A layer is made from its config: activations are decoded before the author's code reads the config."""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

import keras

from serialactivation import errors
from serialactivation.catalog.forms import without_names
from serialactivation.catalog.marks import SEPARATE
from serialactivation.codec.checks.objects import READS_OBJECTS
from serialactivation.codec.nesting_depth import check_depth
from serialactivation.codec.sharing_ids import decoding
from serialactivation.keras_api.registry import find_class
from serialactivation.keras_api.scopes import objects_in_scope
from serialactivation.layer.arguments.objects import holds_objects
from serialactivation.layer.arguments.other_arguments import read_argument, read_marks, read_objects
from serialactivation.layer.configs.encoded_fields import encode
from serialactivation.layer.configs.first_names import FINDS_OTHER_NAMES, use_first_names
from serialactivation.layer.configs.newer_configs import lacking, prune
from serialactivation.layer.reading import READING, join_pending
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import BASE_KEYS, AutoConfig, LayerSpec, find_defining_class, spec_of
from serialactivation.typing import JSON, Config

__all__ = ["read_config"]

_GIVEN_TWICE: Final = re.compile(r"got multiple values for (?:keyword )?argument '(\w+)'$")


def read_config(
    level: type[keras.Layer], cls: type[keras.Layer], config: Config, original: Callable[[Config], Any]
) -> keras.Layer:
    """Return the layer that *config* describes.

    Args:
        level: The class whose ``from_config`` runs: the layer's own, or one above it.
        cls: The layer's class.
        config: What ``get_config`` returned. It is not changed.
        original: The ``from_config`` that the class's author wrote, or inherited.

    Raises:
        ActivationError: An activation cannot be read, or could not be stored again; or a newer Keras wrote a keyword
            that the installed one lacks.
    """
    spec = spec_of(cls)
    if not isinstance(config, Mapping):
        raise errors.ActivationConfigError(
            "$", config, "it is not the config of a layer", "Pass what get_config() returned."
        )
    for field in spec.fields:
        check_depth(field, config.get(field.key), errors.DAMAGED)
    config = prune(cls, config) if lacking() else config
    config = config if FINDS_OTHER_NAMES else use_first_names(config)
    whole = config
    if level is not cls and level is not find_defining_class(cls, "from_config"):
        whole = join_pending(cls, config)
    layer, rest = decoding().run(_read, spec, cls, config, whole, original)
    if rest:
        _set_rest(spec, layer, rest)
    return layer


def _read(
    spec: LayerSpec, cls: type[keras.Layer], config: Config, whole: Config, original: Callable[[Config], Any]
) -> tuple[keras.Layer, Config]:
    """Return the layer, and the part of *config* that its constructor, which also reads the *whole*, does not take."""
    READING.set((cls, whole))
    with contextlib.nullcontext() if READS_OBJECTS else _named_classes(spec, config):
        taken, rest = _split(spec, _rename(spec, config))
        return _make(spec, original, taken, rest), rest


def _make(spec: LayerSpec, original: Callable[[Config], Any], config: Config, rest: Config) -> keras.Layer:
    """Return the layer; arguments that its constructor itself passes to its parent's are moved to *rest*."""
    while True:
        try:
            return cast("keras.Layer", original(dict(config)))
        except TypeError as error:
            if isinstance(error.__context__, errors.ActivationError):  # Operation.from_config wraps every error
                raise error.__context__ from None
            found = _GIVEN_TWICE.search(str(error))
            key = found[1] if found else ""
            if key not in config or key in spec.defaults or not (key in BASE_KEYS or key in spec.by_name):
                raise
            rest[key] = config[key]
            config = {name: value for name, value in config.items() if name != key}


@contextlib.contextmanager
def _named_classes(spec: LayerSpec, config: Config) -> Iterator[None]:
    """Let ``keras.activations.get`` read the configs of all activations, in an author's ``from_config`` too.

    Before 3.10 it read only names and registered objects: here the classes that *config* names are registered.
    """
    separate = config.get(SEPARATE)
    members = separate.values() if isinstance(separate, Mapping) else ()
    values = [*(config.get(field.key) for field in spec.fields), *members]
    stored = [value for value in values if isinstance(value, Mapping)]
    names = {str(value.get("class_name")): cls for value in stored if (cls := find_class(value)) is not None}
    with keras.saving.custom_object_scope({**names, **objects_in_scope()}):  # a scope hides the outer ones
        yield


def _rename(spec: LayerSpec, config: Config) -> dict[str, object]:
    """Return *config* by the names of the constructor's arguments, with the other objects that we wrote."""
    fields = spec.by_key
    renamed: dict[str, object] = {
        fields[key].name if key in fields else key: value for key, value in config.items() if key != SEPARATE
    }
    if spec.made_by_keras:
        return renamed
    containers = {key: value for key, value in renamed.items() if isinstance(value, dict | list)}
    renamed |= (objects := {key: read_objects(value) for key, value in containers.items() if holds_objects(value)})
    if not (spec.captured or spec.captures_rest):
        return renamed
    others = [key for key in renamed if key not in spec.by_name and key not in objects]
    read = {key: read_argument if _is_ours_to_read(spec, key) else read_marks for key in others}
    return {**renamed, **{key: read[key](renamed[key]) for key in others}}


def _is_ours_to_read(spec: LayerSpec, key: str) -> bool:
    """Return whether we wrote the argument *key*, and no parent's ``from_config`` reads it."""
    if key in BASE_KEYS or key in spec.read_by_parent or spec.auto_config is AutoConfig.NONE:
        return False
    return key in spec.defaults or spec.captures_rest


def _split(spec: LayerSpec, config: dict[str, object]) -> tuple[Config, Config]:
    """Split *config* into what the constructor takes, and Keras's own entries, which are set afterwards."""
    if spec.auto_config is not AutoConfig.WHOLE and spec.own_from_config:
        return cast("Config", config), {}
    if not spec.refused:
        return cast("Config", config), {}
    rest = {key: config[key] for key in spec.refused if key in config}
    taken = {key: value for key, value in config.items() if key not in rest}
    return cast("Config", taken), cast("Config", rest)


def _check_fixed(layer: keras.Layer, field: ActivationField, stored: JSON) -> None:
    """Refuse a stored activation that differs from the one that *layer*'s constructor passes to its parent's."""
    if without_names(encode(layer, LayerActivations.of(layer).slot(field))) != without_names(stored):
        raise errors.ActivationConfigError(
            f"$.{field.key}",
            stored,
            f"the constructor of {type(layer).__name__} sets {field.name!r} itself, and takes no other value",
            f"Let the constructor take {field.name}=..., and pass it to super().__init__().",
        )


def _set_rest(spec: LayerSpec, layer: keras.Layer, rest: Config) -> None:
    """Set what the constructor of *layer* does not take, or check that it has set the same itself."""
    for key, value in rest.items():
        if key in spec.by_name:
            _check_fixed(layer, spec.by_name[key], value)
        elif key == "dtype":
            layer.dtype_policy = keras.dtype_policies.get(cast("str | Config | None", value))
        elif key == "activity_regularizer":
            layer.activity_regularizer = keras.regularizers.get(cast("str | Config | None", value))
        elif getattr(layer, key) != value:  # setting trainable would also set it in the activations
            setattr(layer, key, value)
