"""An owner's ``build``: its author's, and then that of the activations that it holds."""

import functools
import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import keras

from serialactivation import errors
from serialactivation.keras_api.call_arguments import CALL, Arguments, abstract, is_one_tensor, read_call, write_call
from serialactivation.keras_api.internals import own_layers
from serialactivation.keras_api.sublayers import build_once, is_unbuilt, sublayers
from serialactivation.layer.adopted_activations import adopt_called, is_own
from serialactivation.layer.build_activations import (
    Held,
    bound_shapes,
    build_activations,
    build_sublayers,
    check_called_shapes,
)
from serialactivation.layer.cell_states import keep_dtype_in_stack
from serialactivation.layer.hooks import ActivationHooks
from serialactivation.layer.layer_activations import LayerActivations
from serialactivation.typing import Config

__all__ = ["build_from_config", "build_on_inputs", "build_owner", "run_called", "write_build_config"]


def build_owner(
    owner: keras.Layer, original: Callable[..., Any], args: Sequence[object], kwargs: Mapping[str, object]
) -> None:
    """Build *owner* and its activations.

    Args:
        owner: The layer.
        original: The ``build`` that its author wrote, or inherited.
        args: What ``build`` was called with: shapes.
        kwargs: The same, by name.

    Raises:
        ActivationBuildError: An activation cannot get its weights.
    """
    state = LayerActivations.of(owner)
    fields, spec = state.fields, state.spec
    if state.building or not (fields or spec.default_build):
        original(*args, **kwargs)
        return
    # What is both an argument and in an object may be where Keras does not find it: its place in the object decides.
    held = state.layers((*state.members.values(), *fields))
    settled = [slot for slot in map(state.slot, fields) if not slot.is_assigned]
    try:
        try:
            state.building = True
            _build_with_activations(state, held, original, args, kwargs)
        finally:
            state.building = False
    finally:  # an interrupt may have come as it was put back
        state.building = False
    if len(settled) < len(spec.fields) and own_layers(owner):  # a list may have been changed in place
        state.restore_order()
    for slot in settled:  # what has changed by now is the author's own doing, as in a constructor
        slot.settle()


def build_on_inputs(owner: keras.Model) -> None:
    """Build the activations of a Functional or Sequential *owner* that its constructor has built: ``build`` never runs.

    Raises:
        ActivationBuildError: An activation cannot get its weights.
    """
    held = LayerActivations.of(owner).layers()
    inputs = owner.inputs[0] if isinstance(owner, keras.Sequential) else owner.input
    shapes = {"": keras.tree.map_structure(lambda tensor: tensor.shape, inputs)}
    call = abstract({next(iter(inspect.signature(owner.call).parameters)): inputs})
    shape_hook = cast("ActivationHooks", owner).activation_shape
    with keras.name_scope(owner.name, caller=owner):
        adopt_called(owner, held, lambda: shapes, call)
        held = tuple(pair for pair in held if is_own(owner, *pair))
        build_activations(owner, held, [not is_unbuilt(one) for _, one in held], shape_hook, lambda: shapes, call)
    _require_tracked(owner, held)


def _build_with_activations(
    state: LayerActivations,
    held: Held,
    original: Callable[..., Any],
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> None:
    owner, call, default_build = state.layer, state.call, state.spec.default_build
    if call and (held or own_layers(owner)):
        state.called = write_call(call)
    activations = [activation for _, activation in held]
    keep_dtype_in_stack(owner, activations)
    built_before = [not is_unbuilt(activation) for _, activation in held]
    for activation in activations:
        build_once(activation)
    shapes = functools.partial(bound_shapes, original, args, kwargs)
    shape_hook = cast("ActivationHooks", owner).activation_shape

    def build_held() -> None:
        adopt_called(owner, held, shapes, call)
        own = [is_own(owner, *pair) for pair in held]
        built = itertools.compress(built_before, own)
        build_activations(owner, list(itertools.compress(held, own)), list(built), shape_hook, shapes, call)

    if default_build:  # Keras's own warns of sublayers without weights, so they get theirs first
        build_held()
        build_sublayers(owner, shapes, call)
    original(*args, **kwargs)
    if not default_build:
        build_held()
    if held:
        _require_tracked(owner, [pair for pair in held if is_own(owner, *pair)])


def run_called(owner: keras.Layer, arguments: Arguments, build: Callable[[], object]) -> None:
    """Build *owner* by a call.

    Args:
        owner: The layer.
        arguments: The arguments of the call by name, tensors abstract.
        build: What builds it.

    Raises:
        ActivationBuildError: An activation cannot get its weights, or those that the whole call needs.
    """
    state = LayerActivations.of(owner)
    try:
        try:
            state.call = arguments
            build()
        finally:
            state.call = None
    finally:  # as above
        state.call = None
    if not owner.built:  # Keras could not trace the call, and leaves it to run
        check_called_shapes(owner, state.layers(), arguments)


def write_build_config(owner: keras.Layer, config: Config | None) -> Config | None:
    """Return the build *config* of *owner* with the arguments of the call that it was built by, if shapes say less."""
    called = LayerActivations.of(owner).called
    return {**config, CALL: called} if config and called and not is_one_tensor(called) else config


def build_from_config(owner: keras.Layer, config: Config | None, original: Callable[[Config | None], object]) -> None:
    """Build *owner* as the call did that it was built by."""
    called, shape = (config.get(key) if config else None for key in (CALL, "input_shape"))
    state = LayerActivations.of(owner)
    default_build = state.spec.default_build
    if isinstance(called, dict):
        arguments = read_call(called)
        build: Callable[[], object] = functools.partial(original, config)
        if default_build:
            first = next(iter(arguments.values()))
            build = functools.partial(owner.build, keras.tree.map_structure(lambda tensor: tensor.shape, first))
        run_called(owner, arguments, build)
    elif default_build and shape and state.members:
        owner.build(shape)  # a model's own only runs its call, which tells Keras of nothing in an object
    else:
        original(config)


def _require_tracked(owner: keras.Layer, held: Held) -> None:
    """Refuse an activation whose weights Keras cannot see: they would be neither counted nor saved."""
    weighted = [(field, activation) for field, activation in held if activation.weights]
    tracked = {id(layer) for layer in sublayers(owner)} if weighted else set()
    for field, activation in weighted:
        if id(activation) not in tracked:
            raise errors.ActivationBuildError(
                owner.name,
                field.name,
                activation.name,
                [activation.get_build_config()],
                f"{type(owner).__name__} keeps it where Keras does not find its weights, and they would not be saved",
                "Make it a layer of the model: a Functional or Sequential one trains the weights of its layers alone."
                if getattr(owner, field.name, None) is activation
                else f"Keep it in an attribute: self.{field.name} = ...",
            )
