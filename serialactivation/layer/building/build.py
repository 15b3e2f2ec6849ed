"""A layer's ``build``: the author's ``build``, then the build of the activations that the layer holds."""

import functools
import inspect
import itertools
from collections.abc import Callable, Sequence
from typing import cast

import keras

from serialactivation import errors
from serialactivation.codec.tracked import track
from serialactivation.keras_api.call_arguments import CALL, Arguments, abstract, is_one_tensor, read_call, write_call
from serialactivation.keras_api.internals import own_layers
from serialactivation.keras_api.sublayers import build_once, find_untracked, is_unbuilt, makes_nothing
from serialactivation.keras_api.tracing import TRACE_ERRORS
from serialactivation.layer.building.adopted_layers import Loose, adopt_called, is_own
from serialactivation.layer.building.build_activations import (
    Held,
    build_activations,
    build_sublayers,
    check_called_shapes,
)
from serialactivation.layer.building.cell_states import keep_dtype_in_stack
from serialactivation.layer.building.held_activation import HeldActivation
from serialactivation.layer.building.own_build import OwnBuild
from serialactivation.layer.hooks import ActivationHooks
from serialactivation.layer.object_layers import find_loose
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.typing import Config

__all__ = ["build_from_config", "build_on_inputs", "build_owner", "run_called", "write_build_config"]


def build_owner(state: LayerActivations, own: OwnBuild) -> None:
    """Build a layer and its activations.

    Args:
        state: The layer's activations.
        own: The ``build`` that its author wrote, or inherited, with the shapes that it is called with.

    Raises:
        ActivationBuildError: An activation cannot get its weights.
    """
    fields, spec, progress = state.fields, state.spec, state.build
    if progress.is_running:
        own.run()
        return
    if not (fields or spec.default_build or state.holders):
        _build_or_refuse(state, lambda: _run_own_build(state, own))
        return
    # An activation that is an argument, and in a configuration object too, may be untracked: the object comes first.
    held = state.layers((*state.members.values(), *fields))
    unassigned = [slot for slot in map(state.slot, fields) if not slot.is_assigned]
    try:
        try:
            progress.is_running = True
            _build_or_refuse(state, lambda: _build_with_activations(state, held, own))
        finally:
            progress.is_running = False
    finally:  # an interrupt may have come in the first finally
        progress.is_running = False
    if len(unassigned) < len(spec.fields) and own_layers(state.layer):  # a list may have been changed in place
        state.restore_order()
    for slot in unassigned:  # what build() has assigned counts as set by the author, as in a constructor
        slot.note_attribute()


def _build_or_refuse(state: LayerActivations, build: Callable[[], None]) -> None:
    """Build a layer; if that is refused, leave the layer unbuilt, so that its next call is refused as well.

    Keras drops errors while it runs a model on abstract tensors, or builds a model that it loads. It then goes on with
    a layer whose ``built`` is true, which many a ``build`` sets at its end.
    """
    owner, progress = state.layer, state.build
    was_built = owner.built
    try:
        build()
    except errors.ActivationError as error:
        owner.built = was_built
        progress.refused = error
        if progress.refusals is not None:
            progress.refusals.append(error)
        raise
    progress.is_own_done, progress.refused = False, None


def _run_own_build(state: LayerActivations, own: OwnBuild) -> None:
    """Run the ``build`` that an author wrote, or inherited, unless it ran to its end before a refusal."""
    progress = state.build
    if progress.is_own_done:
        return
    try:
        own.run()
    except TRACE_ERRORS as error:  # an inner layer that was built before the refusal cannot be built again
        if progress.refused is None or isinstance(error, errors.ActivationError):
            raise
        raise progress.refused from error
    progress.is_own_done = True


def build_on_inputs(state: LayerActivations) -> None:
    """Build the activations of a Functional or Sequential model, which its constructor builds without ``build``.

    Raises:
        ActivationBuildError: An activation cannot get its weights.
    """
    owner, held = cast("keras.Model", state.layer), state.layers()
    inputs = owner.inputs[0] if isinstance(owner, keras.Sequential) else owner.input
    shapes = {"": keras.tree.map_structure(lambda tensor: tensor.shape, inputs)}
    call = abstract({next(iter(inspect.signature(owner.call).parameters)): inputs})
    shape_hook = cast("ActivationHooks", owner).activation_shape
    with keras.name_scope(owner.name, caller=owner):
        adopt_called(owner, held, _find_others(state, held), lambda: shapes, call)
        held = tuple(pair for pair in held if is_own(owner, *pair))
        build_activations(owner, held, [not is_unbuilt(one) for _, one in held], shape_hook, lambda: shapes, call)
    _refuse_untracked(owner, [pair for pair in held if pair[1].weights])


def _build_with_activations(state: LayerActivations, held: Held, own: OwnBuild) -> None:
    owner, call, default_build = state.layer, state.build.call, state.spec.default_build
    activations, others = [activation for _, activation in held], _find_others(state, held)
    if call and (held or others or own_layers(owner)):
        state.build.called = write_call(call)
    keep_dtype_in_stack(owner, activations)
    for _, other in others:
        if isinstance(other, keras.Layer):
            build_once(other)
    built_before = [not is_unbuilt(activation) for activation in activations]
    for activation in activations:
        build_once(activation)
    shape_hook = cast("ActivationHooks", owner).activation_shape

    def build_own_activations() -> None:
        adopt_called(owner, held, _find_others(state, held), own.shapes, call)
        owned = [is_own(owner, *pair) for pair in held]
        built = itertools.compress(built_before, owned)
        build_activations(owner, list(itertools.compress(held, owned)), list(built), shape_hook, own.shapes, call)

    if default_build:  # Keras's own build() warns of sublayers without weights, so they are built first
        build_own_activations()
        build_sublayers(owner, own.shapes, call)
    _run_own_build(state, own)
    if not default_build:
        build_own_activations()
    if held:
        _refuse_untracked(owner, [pair for pair in held if is_own(owner, *pair) and pair[1].weights])


def _find_others(state: LayerActivations, held: Held) -> Loose:
    """Return the untracked layers and variables in configuration objects, without the activations *held*."""
    is_half_made = state.constructing and isinstance(state.layer, keras.Model) and state.spec.built_by_keras
    if not state.holders or is_half_made:
        return []  # its call may need attributes that its constructor has not set yet; a later call looks
    activations = {id(activation) for _, activation in held}
    return [pair for pair in find_loose(state.layer, state.holders) if id(pair[1]) not in activations]


def run_called(state: LayerActivations, arguments: Arguments, build: Callable[[], object]) -> None:
    """Build a layer by a call.

    Args:
        state: The layer's activations.
        arguments: The arguments of the call by name, with abstract tensors.
        build: Builds it.

    Raises:
        ActivationBuildError: An activation cannot get the weights that the call needs.
    """
    progress = state.build
    try:
        try:
            progress.call = arguments
            build()
        finally:
            progress.call = None
    finally:  # an interrupt, as above
        progress.call = None
    if not state.layer.built:  # Keras could not trace the call: the layer is built as the call runs
        _check_before_call(state, arguments)


def _check_before_call(state: LayerActivations, arguments: Arguments) -> None:
    """Refuse a layer that its call will build, if the call would make weights that Keras does not track."""
    owner, held = state.layer, state.layers()
    check_called_shapes(owner, held, arguments)
    shapes = {name: tensor.shape for name, tensor in arguments.items() if isinstance(tensor, keras.KerasTensor)}
    adopt_called(owner, held, _find_others(state, held), lambda: shapes, arguments)
    own = [pair for pair in held if is_own(owner, *pair) and not makes_nothing(pair[1])]
    _refuse_untracked(owner, own, list(shapes.values()))
    for _, activation in own:
        track(activation).is_built_by_calls = True


def write_build_config(state: LayerActivations, config: Config | None) -> Config | None:
    """Return a layer's build *config*, with the arguments of the call that built it if one shape is not enough."""
    called = state.build.called
    return {**config, CALL: called} if config and called and not is_one_tensor(called) else config


def build_from_config(
    state: LayerActivations, config: Config | None, original: Callable[[Config | None], object]
) -> None:
    """Build a layer as the stored call built it.

    Raises:
        ActivationError: A build was refused. Keras itself only warns that it cannot build a model.
    """
    refusals: list[Exception] = []
    try:
        state.build.refusals = refusals
        _build_from_config(state, config, original)
    finally:
        state.build.refusals = None
    if refusals:
        raise refusals[0]


def _build_from_config(
    state: LayerActivations, config: Config | None, original: Callable[[Config | None], object]
) -> None:
    called, shape = (config.get(key) if config else None for key in (CALL, "input_shape"))
    owner, default_build = state.layer, state.spec.default_build
    if isinstance(called, dict):
        arguments = read_call(called)
        build: Callable[[], object] = functools.partial(original, config)
        if default_build:
            first = next(iter(arguments.values()))
            build = functools.partial(owner.build, keras.tree.map_structure(lambda tensor: tensor.shape, first))
        run_called(state, arguments, build)
    elif default_build and shape and (state.members or find_loose(state.layer, state.holders)):
        owner.build(shape)  # a model's own build_from_config() only runs its call, and tracks nothing in an object
    else:
        original(config)


def _refuse_untracked(owner: keras.Layer, held: Held, shapes: Sequence[object] | None = None) -> None:
    """Refuse an activation whose weights Keras does not track: they would be neither counted nor saved.

    Args:
        owner: The layer that holds it.
        held: The activations that have weights, or will have some.
        shapes: The shapes that the owner is built on, where the weights do not exist yet.
    """
    untracked = find_untracked(owner, (activation for _, activation in held)) if held else []
    for activation in untracked:
        field = next(field for field, one in held if one is activation)
        cure = f"Assign it to an attribute: self.{field.name} = ..."
        if getattr(owner, field.name, None) is activation:
            cure = (
                "Make it a layer of the model: a Functional or Sequential model trains only the weights of its layers."
            )
        reason = f"Keras does not track it in {type(owner).__name__}, so its weights would not be saved"
        raise HeldActivation(owner, field, activation).refuse(shapes or [activation.get_build_config()], reason, cure)
