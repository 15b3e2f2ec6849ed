"""A layer's config is written: activations are encoded into the config that its author, or Keras, writes."""

import contextlib
from collections.abc import Callable
from typing import cast

import keras

from serialactivation.catalog.marks import POSITIONAL, SEPARATE
from serialactivation.catalog.paths import read_path
from serialactivation.codec.sharing_ids import numbering
from serialactivation.codec.tracked import track
from serialactivation.keras_api.scopes import is_writing_hdf5, keeping_scope
from serialactivation.layer.arguments.objects import is_stored_object
from serialactivation.layer.arguments.other_arguments import is_passed_to_parent, write_argument
from serialactivation.layer.arguments.returned_objects import write_returned, write_with_members
from serialactivation.layer.arguments.stored_separately import is_stored_separately
from serialactivation.layer.configs.encoded_fields import encode, encode_once, is_encoding
from serialactivation.layer.configs.hdf5_names import check_weight_names
from serialactivation.layer.configs.unhashable_activations import run_with_hashable
from serialactivation.layer.hooks import ActivationHooks
from serialactivation.layer.object_layers import find_layers
from serialactivation.layer.state.layer_activations import ABSENT, LayerActivations
from serialactivation.spec.config_objects import find_member
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import BASE_KEYS, AutoConfig, find_defining_class, spec_of
from serialactivation.typing import JSON, Config

__all__ = ["write_config"]


def write_config(level: type[keras.Layer], layer: keras.Layer, original: Callable[[], Config]) -> Config:
    """Return the config of *layer* for the constructor of *level*.

    Args:
        level: The class whose ``get_config`` runs: the layer's own, or one above it.
        layer: The layer.
        original: The ``get_config`` that its author wrote, or inherited.

    Raises:
        ModelFileError: Keras is writing an ``.h5`` file, and two weights of *layer* have one name.
    """
    if is_encoding():
        return _write(level, layer, original)
    if is_writing_hdf5():
        check_weight_names(layer)
    return encode_once(_write, level, layer, original)


def _write(level: type[keras.Layer], layer: keras.Layer, original: Callable[[], Config]) -> Config:
    if level is not type(layer) and level is find_defining_class(type(layer), "get_config"):
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
            slot = state.slot(field)
            if slot.is_given:
                encode(state.layer, slot)  # first: an author's get_config may fail on a value assigned since
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
            elif (slot := state.slot(field)).is_given and is_apart:
                separate[field.name] = encode(state.layer, slot)
            elif slot.is_given and field.name not in self._fixed:
                config[field.key] = encode(state.layer, slot)
        return separate

    def _write_members(self, config: Config, parents: Config) -> Config:
        """Return the activations in the configuration objects by their paths; names stay inside the objects.

        Args:
            config: The author's config.
            parents: What a parent has stored separately: the names that its author leaves out, too.
        """
        is_authors = self._spec.auto_config is AutoConfig.NONE
        return {
            name: encode(self._state.layer, self._state.slot(field))
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


def _encode_written(state: LayerActivations, field: ActivationField, written: JSON | Callable[..., object]) -> JSON:
    """Return a field as JSON: as its author has *written* it if only a parent that is not ours knows its value.

    The parent's constructor then has a default for it, and keeps it under another attribute.
    """
    slot = state.slot(field)
    if slot.is_given or slot.value is not ABSENT:
        return encode(state.layer, slot)
    hooks = cast("ActivationHooks", state.layer)
    return hooks.encode_activation(field, written) if callable(written) else written
