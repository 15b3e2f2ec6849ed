"""The end of a layer's construction: note what the constructor made of the activations."""

import keras

from serialactivation import errors
from serialactivation.catalog.marks import POSITIONAL, SEPARATE
from serialactivation.codec.checks.living_definitions import check_owner_class, note_owner_class
from serialactivation.codec.silence import looking
from serialactivation.keras_api.sublayers import has_weights, is_unbuilt
from serialactivation.layer.arguments.object_members import check_placed
from serialactivation.layer.arguments.other_arguments import check_argument, is_passed_to_parent
from serialactivation.layer.arguments.returned_objects import check_returned
from serialactivation.layer.building.build import build_on_inputs
from serialactivation.layer.constructors.undeclared import check_undeclared
from serialactivation.layer.object_layers import find_loose
from serialactivation.layer.state.layer_activations import LayerActivations

__all__ = ["finish"]


def finish(state: LayerActivations) -> None:
    """Note what the constructor made of the activations, and make those that are layers follow their owner.

    Raises:
        LayerArgumentError: Arguments cannot be stored, because they have no names; or a function in an argument that is
            no field would come back as another.
        RegistrationError: Several classes have the name of the layer's class.
        ActivationError: An author's ``get_config`` returns a configuration object that no config can hold.
    """
    layer = state.layer
    if state.spec.notes_arguments:
        _note_arguments(state)
    state.note_constructed()
    if "<locals>" in type(layer).__qualname__:  # a function defines the class, and may define others of the same name
        check_owner_class(layer)
        note_owner_class(layer)
    state.note_definitions()
    held = state.own()
    if layer.built:
        _build(state, unbuilt=any(is_unbuilt(activation) for _, activation in held))
    if state.objects:
        check_returned(state)
    if state.spec.notes_arguments and state.captured.is_doubtful:
        _try_config(layer)
    check_undeclared(state)


def _note_arguments(state: LayerActivations) -> None:
    captured = state.captured
    captured.close()
    for value in captured.by_position(type(state.layer)):
        check_argument(type(state.layer), POSITIONAL, value)
    captured.changed = _find_changed(state)
    if state.reading is not None and SEPARATE in state.reading:
        check_placed(state)


def _try_config(layer: keras.Layer) -> None:
    """Have the config written, which refuses an argument that a parent's ``get_config`` leaves out.

    Raises:
        LayerArgumentError: No config can hold an argument.
    """
    with looking():
        try:
            layer.get_config()
        except errors.ActivationError:
            raise
        except errors.READ_ERRORS:  # it may need what build() makes
            return


def _build(state: LayerActivations, *, unbuilt: bool) -> None:
    """Build the *unbuilt* activations of a layer that Keras takes for built, and the weights in its arguments."""
    layer = state.layer
    is_loose = bool(state.holders) and any(has_weights(one) for _, one in find_loose(layer, state.holders))
    if not (unbuilt or is_loose):
        return
    if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
        build_on_inputs(state)
    elif unbuilt or state.spec.default_build:  # an author's build() has handled untracked ones
        layer.built = False  # Keras marks a layer without weights of its own as built


def _find_changed(state: LayerActivations) -> frozenset[str]:
    """Return the arguments of the outermost constructor whose attributes now hold other plain values."""
    arguments = next(iter(state.captured.others.values()), {})
    plain = {name: value for name, value in arguments.items() if isinstance(value, bool | int | float | str)}
    return frozenset(
        name
        for name, value in plain.items()
        if type(current := getattr(state.layer, name, value)) is type(value) and not is_passed_to_parent(value, current)
    )
