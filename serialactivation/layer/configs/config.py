"""A layer's config: activations are encoded into the author's config, and decoded before the author's code reads it."""

import contextlib
import contextvars
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

import keras

from serialactivation import errors
from serialactivation.catalog.forms import without_names
from serialactivation.catalog.marks import POSITIONAL
from serialactivation.catalog.paths import read_path
from serialactivation.codec.nesting_depth import check_depth
from serialactivation.codec.objects import READS_OBJECTS
from serialactivation.codec.placed_errors import locate
from serialactivation.codec.sharing_ids import decoding, numbering
from serialactivation.codec.tracked import track
from serialactivation.keras_api.registry import find_class
from serialactivation.keras_api.scopes import is_writing_hdf5, keeping_scope, objects_in_scope
from serialactivation.layer.arguments.objects import holds_objects, is_stored_object
from serialactivation.layer.arguments.other_arguments import (
    is_passed_to_parent,
    read_argument,
    read_marks,
    read_objects,
    write_argument,
)
from serialactivation.layer.arguments.returned_objects import write_returned, write_with_members
from serialactivation.layer.arguments.stored_separately import is_stored_separately
from serialactivation.layer.configs.first_names import FINDS_OTHER_NAMES, use_first_names
from serialactivation.layer.configs.hdf5_names import check_weight_names
from serialactivation.layer.configs.newer_configs import lacking, prune
from serialactivation.layer.configs.unhashable_activations import run_with_hashable
from serialactivation.layer.hooks import ActivationHooks, resolve_field
from serialactivation.layer.object_layers import find_layers
from serialactivation.layer.reading import READING, join_pending
from serialactivation.layer.state.layer_activations import ABSENT, LayerActivations
from serialactivation.spec.config_objects import find_member
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import BASE_KEYS, SEPARATE, AutoConfig, LayerSpec, spec_of
from serialactivation.typing import JSON, Config

__all__ = ["read_config", "write_config"]

_GIVEN_TWICE: Final = re.compile(r"got multiple values for (?:keyword )?argument '(\w+)'$")

# The stored forms made in the running get_config, by layer and field: each class on the way up needs them again.
_ENCODED: Final[contextvars.ContextVar[dict[tuple[int, str], JSON] | None]] = contextvars.ContextVar(
    "encoded", default=None
)


def write_config(level: type[keras.Layer], layer: keras.Layer, original: Callable[[], Config]) -> Config:
    """Return the config of *layer* for the constructor of *level*.

    Args:
        level: The class whose ``get_config`` runs: the layer's own, or one above it.
        layer: The layer.
        original: The ``get_config`` that its author wrote, or inherited.

    Raises:
        ModelFileError: Keras is writing an ``.h5`` file, and two weights of *layer* have one name.
    """
    if _ENCODED.get() is not None:
        return _write(level, layer, original)
    if is_writing_hdf5():
        check_weight_names(layer)
    context = contextvars.copy_context()  # its variables end with it, even after an interrupt
    context.run(_ENCODED.set, {})
    return context.run(_write, level, layer, original)


def _write(level: type[keras.Layer], layer: keras.Layer, original: Callable[[], Config]) -> Config:
    if level is not type(layer) and level is _outermost(type(layer), "get_config"):
        level = type(layer)
    state = LayerActivations.of(layer)
    activations = state.activations()
    for activation in activations:
        if isinstance(activation, keras.Layer):
            track(activation).warn_of_copies(layer)
    writer = _ConfigWriter(state, level, lambda: run_with_hashable(layer, activations, original))
    held = [*activations, *state.captured.others_of(level).values()]
    held += find_layers(state.holders) if state.holders else []
    if len(held) < 2:  # none can be shared
        return writer.write()
    with numbering(held):
        return writer.write()


class _ConfigWriter:
    """Writes the config of a layer for the constructor of a class: the layer's own class, or one above it.

    Args:
        state: The layer's activations.
        level: The class.
        original: Calls the ``get_config`` that its author wrote, or inherited.
    """

    def __init__(self, state: LayerActivations, level: type[keras.Layer], original: Callable[[], Config]) -> None:
        self._state = state
        self._level = level
        self._spec = spec_of(level)
        self._original = original
        self._fixed = state.captured.fixed(level)

    def write(self) -> Config:
        """Return the config."""
        state, spec, level = self._state, self._spec, self._level
        for field in spec.fields:
            if state.slot(field).is_given:
                _encode(state, field)  # first: an author's get_config may fail on a value assigned since
        with keeping_scope() if state.members else contextlib.nullcontext():
            config = self._write_arguments()
        parents = config.pop(SEPARATE, None)
        separate = self._write_fields(config)
        if positional := state.captured.by_position(level):
            separate[POSITIONAL] = [write_argument(level, POSITIONAL, value) for value in positional]
        separate |= self._write_members(config, parents if isinstance(parents, dict) else {})
        if separate:
            config[SEPARATE] = separate
        return {key: value for key, value in config.items() if key not in self._fixed}

    def _write_arguments(self) -> Config:
        """Return the author's config, and the arguments that the author's ``get_config`` does not write."""
        state, spec, level = self._state, self._spec, self._level
        if spec.auto_config is AutoConfig.NONE:
            return write_returned(spec, level, state, dict(self._original()))
        if spec.auto_config is AutoConfig.MISSING:
            config = dict(self._original())
        else:
            config = {key: value for key, value in keras.Layer.get_config(state.layer).items() if key in BASE_KEYS}
        _, parent = state.captured.received_by(level)
        for name, value in state.captured.others_of(level).items():
            is_written = name in config and name not in state.captured.changed
            if not (is_written and (not parent or is_passed_to_parent(value, parent.get(name, ABSENT)))):
                config[name] = write_with_members(spec, state, name, value)
        return config

    def _write_fields(self, config: Config) -> Config:
        """Put the fields into an author's *config*, and return those to be stored separately."""
        state, spec, separate = self._state, self._spec, Config()
        is_apart = spec.own_from_config and spec.auto_config is AutoConfig.NONE
        for field in spec.fields:
            if field.name in state.configured:
                continue
            if field.key in config or field.name in config:
                written = config.pop(field.name, config.get(field.key))
                config[field.key] = _encode_written(state, field, written)
            elif state.slot(field).is_given and is_apart:
                separate[field.name] = _encode(state, field)
            elif state.slot(field).is_given and field.name not in self._fixed:
                config[field.key] = _encode(state, field)
        return separate

    def _write_members(self, config: Config, parents: Config) -> Config:
        """Return the activations in the configuration objects by their paths; names stay inside the objects.

        Args:
            config: The author's config.
            parents: What a parent has stored separately: the names that its author leaves out, too.
        """
        is_authors = self._spec.auto_config is AutoConfig.NONE
        return {
            name: _encode(self._state, field)
            for name, field in self._state.members.items()
            if field.argument not in self._fixed
            and (
                name in parents
                or is_stored_separately(value := self._state.slot(field).value)
                or (is_authors and not _has_names(config, name, value))
            )
        }


def _has_names(config: Config, path: str, value: object) -> bool:
    """Return whether an author's *config* has the names in *value*, the value of a member, at the member's *path*."""
    argument, *steps = read_path(path)
    written: object = config.get(str(argument))
    found = find_member(written, tuple(steps))
    return is_stored_object(written) or (type(found) is type(value) and found == value)


def _outermost(layer_class: type, method: str) -> type:
    """Return the first class in the MRO of *layer_class* that defines *method*."""
    return next(base for base in layer_class.__mro__ if method in base.__dict__)


def _encode_written(state: LayerActivations, field: ActivationField, written: JSON | Callable[..., object]) -> JSON:
    """Return a field as JSON: as its author has *written* it if only a parent that is not ours knows its value.

    The parent's constructor then has a default for it, and keeps it under another attribute.
    """
    slot = state.slot(field)
    if slot.is_given or slot.value is not ABSENT:
        return _encode(state, field)
    hooks = cast("ActivationHooks", state.layer)
    return hooks.encode_activation(field, written) if callable(written) else written


def _encode(state: LayerActivations, field: ActivationField) -> JSON:
    """Return the stored form of the layer's *field*; it is encoded once in a whole ``get_config``."""
    known = _ENCODED.get()
    known = {} if known is None else known
    layer, key = state.layer, (id(state.layer), field.name)
    if key not in known:
        try:
            value, assigned = state.slot(field).read()
            if assigned and value is not ABSENT:
                check_depth(field, value)
                value = resolve_field(type(layer), field, value)
            known[key] = None if value is ABSENT else cast("ActivationHooks", layer).encode_activation(field, value)
        except errors.ActivationError as error:
            raise locate(error, type(layer), layer.name, field.name) from error.__cause__
    return known[key]


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
    if level is not cls and level is not _outermost(cls, "from_config"):
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
    if without_names(_encode(LayerActivations.of(layer), field)) != without_names(stored):
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
        else:
            setattr(layer, key, value)
