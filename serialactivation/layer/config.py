"""A layer's config: its activations encoded into what its author wrote, and read back before the author's code runs."""

import contextlib
import contextvars
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, cast

import keras

from serialactivation import errors
from serialactivation.catalog.forms import without_names
from serialactivation.catalog.marks import POSITIONAL
from serialactivation.catalog.paths import read_path
from serialactivation.codec.objects import READS_OBJECTS
from serialactivation.codec.placed_errors import placed
from serialactivation.codec.sharing_ids import numbering
from serialactivation.codec.tracked import track
from serialactivation.keras_api.registry import find_class
from serialactivation.keras_api.scopes import keeping_scope, objects_in_scope
from serialactivation.layer.arguments import is_handed_on, read_argument, read_marks, read_objects, write_argument
from serialactivation.layer.field_values import check_depth, resolve_field
from serialactivation.layer.fields import fields_of
from serialactivation.layer.handed_on import fixed_arguments, given_by_position, received
from serialactivation.layer.hooks import ActivationHooks
from serialactivation.layer.newer_configs import prune
from serialactivation.layer.object_arguments import is_stored_object
from serialactivation.layer.reading import reading
from serialactivation.layer.record import ABSENT, current_value, given_activations, read_current, record_of
from serialactivation.layer.returned_objects import write_returned, write_with_members
from serialactivation.layer.stored_beside import is_held_apart
from serialactivation.spec.config_objects import find_member
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import BASE_KEYS, BESIDE, AutoConfig, LayerSpec, spec_of
from serialactivation.typing import JSON, Config

__all__ = ["read_config", "write_config"]

_GIVEN_TWICE: Final = re.compile(r"got multiple values for (?:keyword )?argument '(\w+)'$")

# What has been encoded for the get_config that is running, by layer and field: each class on the way up asks again.
_ENCODED: Final[contextvars.ContextVar[dict[tuple[int, str], JSON] | None]] = contextvars.ContextVar(
    "encoded", default=None
)


def write_config(layer_class: type[keras.Layer], layer: keras.Layer, original: Callable[[], Config]) -> Config:
    """Return the config of *layer* as *layer_class* sees it.

    Args:
        layer_class: The class whose ``get_config`` runs: the layer's own, or one above it.
        layer: The layer.
        original: The ``get_config`` that its author wrote, or inherited.
    """
    if _ENCODED.get() is not None:
        return _write(layer_class, layer, original)
    context = contextvars.copy_context()  # what is set in it is gone with it, however it is left
    context.run(_ENCODED.set, {})
    return context.run(_write, layer_class, layer, original)


def _write(layer_class: type[keras.Layer], layer: keras.Layer, original: Callable[[], Config]) -> Config:
    level = type(layer) if layer_class is _outermost(type(layer), "get_config") else layer_class
    activations = given_activations(layer, fields_of(layer))
    for activation in activations:
        if isinstance(activation, keras.Layer):
            track(activation).warn_of_copies(layer)
    held = [*activations, *_captured(level, layer).values()]
    if len(held) < 2:  # nothing can stand there twice
        return _write_level(level, layer, original)
    with numbering(held):
        return _write_level(level, layer, original)


def _write_level(level: type[keras.Layer], layer: keras.Layer, original: Callable[[], Config]) -> Config:
    spec, record = spec_of(level), record_of(layer)
    for field in spec.fields:
        if field.name in record.given:
            _encode(layer, field)  # first: the author's get_config may stumble over what was assigned since
    if record.members:
        with keeping_scope():
            config = _write_arguments(spec, level, layer, original)
    else:
        config = _write_arguments(spec, level, layer, original)
    fixed = fixed_arguments(level, layer)
    parents = config.pop(BESIDE, None)
    beside = _write_fields(spec, layer, config, fixed)
    if positional := given_by_position(level, layer):
        beside[POSITIONAL] = [write_argument(level, POSITIONAL, value) for value in positional]
    if record.members:
        beside |= _write_members(spec, layer, config, fixed, parents)
    if beside:
        config[BESIDE] = beside
    return {key: value for key, value in config.items() if key not in fixed} if fixed else config


def _write_fields(spec: LayerSpec, layer: keras.Layer, config: Config, fixed: Collection[str]) -> Config:
    """Put the fields of *layer* into its author's *config*, and return those that stand beside it."""
    record, beside = record_of(layer), Config()
    for field in spec.fields:
        if field.name in record.configured:
            continue
        if field.key in config or field.name in config:
            config.pop(field.name, None)
            config[field.key] = _encode(layer, field)
        elif field.name in record.given and spec.own_from_config and spec.auto_config is AutoConfig.NONE:
            beside[field.name] = _encode(layer, field)
        elif field.name in record.given and field.name not in fixed:
            config[field.key] = _encode(layer, field)
    return beside


def _write_members(
    spec: LayerSpec, layer: keras.Layer, config: Config, fixed: Collection[str], parents: JSON
) -> Config:
    """Return the activations in the configuration objects of *layer* by their paths; names stay where they are.

    Args:
        spec: What is known of its class.
        layer: The layer.
        config: What its author wrote.
        fixed: The arguments that its constructor gives its parent's of itself.
        parents: What a parent wrote beside its own: it knows of the names that its author leaves out.
    """
    known = parents if isinstance(parents, dict) else {}
    return {
        name: _encode(layer, field)
        for name, field in record_of(layer).members.items()
        if field.argument not in fixed
        and (
            name in known
            or is_held_apart(value := current_value(layer, field))
            or (spec.auto_config is AutoConfig.NONE and not _has_names(config, name, value))
        )
    }


def _has_names(config: Config, path: str, value: object) -> bool:
    """Tell whether an author's *config* has the names in *value*, that of a member, where its *path* leads to."""
    argument, *steps = read_path(path)
    written: object = config.get(str(argument))
    found = find_member(written, tuple(steps))
    return is_stored_object(written) or (type(found) is type(value) and found == value)


def _outermost(layer_class: type, method: str) -> type:
    """Return the nearest class to *layer_class* that defines *method*."""
    return next(base for base in layer_class.__mro__ if method in base.__dict__)


def _write_arguments(
    spec: LayerSpec, layer_class: type[keras.Layer], layer: keras.Layer, original: Callable[[], Config]
) -> Config:
    if spec.auto_config is AutoConfig.NONE:
        return write_returned(spec, layer_class, layer, dict(original()))
    if spec.auto_config is AutoConfig.MISSING:
        config = dict(original())
    else:
        config = {key: value for key, value in keras.Layer.get_config(layer).items() if key in BASE_KEYS}
    _, parent = received(layer_class, layer)
    changed = record_of(layer).changed
    for name, value in _captured(layer_class, layer).items():
        kept = name in config and name not in changed and (not parent or is_handed_on(value, parent.get(name, ABSENT)))
        if not kept:
            config[name] = write_with_members(spec, layer, name, value)
    return config


def _captured(layer_class: type, layer: keras.Layer) -> dict[str, object]:
    """Return the arguments of the constructor that *layer_class*'s config is for."""
    arguments = record_of(layer).arguments
    return next((arguments[base] for base in layer_class.__mro__ if base in arguments), {}) if arguments else {}


def _encode(layer: keras.Layer, field: ActivationField) -> JSON:
    known = _ENCODED.get()
    known = {} if known is None else known
    key = (id(layer), field.name)
    if key not in known:
        record, hooks = record_of(layer), cast("ActivationHooks", layer)
        with placed(type(layer), layer.name, field.name):
            value, assigned = read_current(layer, record, field)
            if assigned and value is not ABSENT:
                check_depth(field, value)
                value = resolve_field(type(layer), field, value)
            known[key] = None if value is ABSENT else hooks.encode_activation(field, value)
    return known[key]


def read_config(
    level: type[keras.Layer], cls: type[keras.Layer], config: Config, original: Callable[[Config], Any]
) -> keras.Layer:
    """Return the layer that *config* was made from.

    Args:
        level: The class whose ``from_config`` runs: the layer's own, or one above it.
        cls: The layer's class.
        config: What ``get_config`` returned. It is not changed.
        original: The ``from_config`` that the class's author wrote, or inherited.

    Raises:
        ActivationError: An activation cannot be read, or would not come back again, or a newer Keras wrote what the
            installed one cannot do.
    """
    spec = spec_of(cls)
    if not isinstance(config, Mapping):
        raise errors.ActivationConfigError("$", config, "it is no layer's config", "Pass what get_config() returned.")
    for field in spec.fields:
        check_depth(field, config.get(field.key), "The file is damaged.")
    config = prune(cls, config)
    inherited = level is not cls and level is not _outermost(cls, "from_config")
    layer, left = reading(cls, config, inherited=inherited).run(_read, spec, config, original)
    for field in spec.fields:
        if field.name in left:
            _check_fixed(layer, field, left.pop(field.name))
    _set_base(layer, left)
    return layer


def _read(spec: LayerSpec, config: Config, original: Callable[[Config], Any]) -> tuple[keras.Layer, Config]:
    """Return the layer, and what of *config* its constructor does not take."""
    with contextlib.nullcontext() if READS_OBJECTS else _named_classes(spec, config):
        read, left = _split(spec, _rename(spec, config))
        return _make(spec, original, read, left), left


def _make(spec: LayerSpec, original: Callable[[Config], Any], config: Config, left: Config) -> keras.Layer:
    """Return the layer, made but for what its constructor turns out to give its parent's itself: *left* gets that."""
    while True:
        try:
            return cast("keras.Layer", original(dict(config)))
        except TypeError as error:
            if isinstance(error.__context__, errors.ActivationError):  # Operation.from_config makes one of everything
                raise error.__context__ from None
            key = _find_given_twice(error)
            if key not in config or key in spec.defaults or not (key in BASE_KEYS or key in spec.by_name):
                raise
            left[key] = config[key]
            config = {name: value for name, value in config.items() if name != key}


def _find_given_twice(error: TypeError) -> str:
    """Return the argument that a constructor gave its parent's and was handed too, as Python says it; or nothing."""
    found = _GIVEN_TWICE.search(str(error))
    return found[1] if found else ""


@contextlib.contextmanager
def _named_classes(spec: LayerSpec, config: Config) -> Iterator[None]:
    """Within it, ``keras.activations.get`` reads every activation's config, in an author's ``from_config`` too.

    Before 3.10 it read names and registered objects only: here the classes that *config* names have their names.
    """
    beside = config.get(BESIDE)
    members = beside.values() if isinstance(beside, Mapping) else ()
    values = [*(config.get(field.key) for field in spec.fields), *members]
    stored = [value for value in values if isinstance(value, Mapping)]
    names = {str(value.get("class_name")): cls for value in stored if (cls := find_class(value)) is not None}
    with keras.saving.custom_object_scope({**names, **objects_in_scope()}):  # a scope hides what was in force
        yield


def _rename(spec: LayerSpec, config: Config) -> dict[str, object]:
    """Return *config* by the constructor's arguments, with the other objects made again where we wrote them."""
    fields = spec.by_key
    renamed: dict[str, object] = {
        fields[key].name if key in fields else key: value for key, value in config.items() if key != BESIDE
    }
    objects = {key: read for key, value in renamed.items() if (read := read_objects(value)) is not value}
    renamed |= objects
    if not (spec.captured or spec.captures_rest):
        return renamed
    others = [key for key in renamed if key not in spec.by_name and key not in objects]
    read = {key: read_argument if _is_ours_to_read(spec, key) else read_marks for key in others}
    return {**renamed, **{key: read[key](renamed[key]) for key in others}}


def _is_ours_to_read(spec: LayerSpec, key: str) -> bool:
    """Tell whether we wrote the argument *key*, and no ``from_config`` further up will read it."""
    if key in BASE_KEYS or key in spec.read_by_parent or spec.auto_config is AutoConfig.NONE:
        return False
    return key in spec.defaults or spec.captures_rest


def _split(spec: LayerSpec, config: dict[str, object]) -> tuple[Config, Config]:
    """Take out what Keras puts into every config and this constructor does not take; it is set afterwards."""
    if spec.auto_config is not AutoConfig.WHOLE and spec.own_from_config:
        return cast("Config", config), {}
    if not spec.refused:
        return cast("Config", config), {}
    left = {key: config[key] for key in spec.refused if key in config}
    kept = {key: value for key, value in config.items() if key not in left}
    return cast("Config", kept), cast("Config", left)


def _check_fixed(layer: keras.Layer, field: ActivationField, stored: JSON) -> None:
    """Refuse a stored activation that is another than the one that the constructor of *layer* gives its parent's."""
    if without_names(_encode(layer, field)) != without_names(stored):
        raise errors.ActivationConfigError(
            f"$.{field.key}",
            stored,
            f"the constructor of {type(layer).__name__} gives it a fixed one",
            f"Let the constructor take {field.name}=.",
        )


def _set_base(layer: keras.Layer, left: Config) -> None:
    for key, value in left.items():
        if key == "dtype":
            layer.dtype_policy = keras.dtype_policies.get(cast("str | Config | None", value))
        elif key == "activity_regularizer":
            layer.activity_regularizer = keras.regularizers.get(cast("str | Config | None", value))
        else:
            setattr(layer, key, value)
