"""A layer whose constructor is done: what it made of the activations is noted."""

import keras

from serialactivation.catalog.marks import BESIDE, POSITIONAL
from serialactivation.codec.living_definitions import check_owner_class, note_owner_class
from serialactivation.keras_api.sublayers import has_weights, is_unbuilt
from serialactivation.layer.arguments import check_argument, is_handed_on
from serialactivation.layer.build import build_on_inputs
from serialactivation.layer.layer_activations import LayerActivations
from serialactivation.layer.object_layers import find_loose
from serialactivation.layer.object_members import check_placed
from serialactivation.layer.returned_objects import check_returned

__all__ = ["finish"]


def finish(state: LayerActivations) -> None:
    """Note what the constructor made of the activations, and bring those that are layers into line with their owner.

    Raises:
        LayerArgumentError: Arguments have no names to be stored by.
        RegistrationError: The class of the layer is one of several of one name.
        ActivationError: No config can hold a configuration object that an author's ``get_config`` returns.
    """
    _settle(state)
    layer = state.layer
    if "<locals>" in type(layer).__qualname__:  # a function made it, and may make others of its name
        check_owner_class(layer)
        note_owner_class(layer)
    state.note_definitions()
    unbuilt = any(map(is_unbuilt, state.own()))
    if layer.built and (unbuilt or _has_loose_weights(state)):
        _build(state, unbuilt=unbuilt)
    if state.objects:
        check_returned(state)


def _settle(state: LayerActivations) -> None:
    captured = state.captured
    captured.close()
    for value in captured.by_position(type(state.layer)):
        check_argument(type(state.layer), POSITIONAL, value)
    captured.changed = _find_changed(state)
    if state.reading is not None and BESIDE in state.reading:
        check_placed(state)
    state.settle()


def _has_loose_weights(state: LayerActivations) -> bool:
    return bool(state.holders) and any(has_weights(one) for _, one in find_loose(state.layer, state.holders))


def _build(state: LayerActivations, *, unbuilt: bool) -> None:
    layer = state.layer
    if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
        build_on_inputs(state)
    elif unbuilt or state.spec.default_build:  # a build of its own has looked for loose ones
        layer.built = False  # Keras takes a layer without weights of its own for built


def _find_changed(state: LayerActivations) -> frozenset[str]:
    """Return the arguments of the outermost constructor that an inherited ``get_config`` would tell otherwise."""
    arguments = next(iter(state.captured.others.values()), {})
    plain = {name: value for name, value in arguments.items() if isinstance(value, bool | int | float | str)}
    return frozenset(
        name
        for name, value in plain.items()
        if type(kept := getattr(state.layer, name, value)) is type(value) and not is_handed_on(value, kept)
    )
