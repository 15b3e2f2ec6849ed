"""Activations with weights are built when their owner is built, for counts, ``load_weights`` and ``quantize``.

Keras itself builds a layer's activation at the first real call. A Functional model calls ``compute_output_shape``
instead of the layers, so the weights are made too late, or never.
"""

import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence

import keras

from serialactivation import errors
from serialactivation.codec.tracked import track
from serialactivation.keras_api.call_arguments import Arguments
from serialactivation.keras_api.internals import INPUT_SPEC
from serialactivation.keras_api.sublayers import holder_of, is_unbuilt, makes_nothing, sublayers
from serialactivation.keras_api.temporary_attributes import run_with
from serialactivation.keras_api.tracing import TRACE_ERRORS, trace_arguments, trace_call
from serialactivation.layer.building.held_activation import HeldActivation, first_line, is_shape
from serialactivation.spec.fields import ActivationField
from serialactivation.typing import Shape

__all__ = [
    "Held",
    "build_activations",
    "build_sublayers",
    "check_called_shapes",
    "run_abstractly",
]

Held = Sequence[tuple[ActivationField, keras.Layer]]
Shapes = Callable[[], Mapping[str, object]]
ShapeHook = Callable[[ActivationField, Shape], Shape | None]


def build_activations(
    owner: keras.Layer,
    held: Held,
    built_before: Sequence[bool],
    shape_hook: ShapeHook,
    shapes: Shapes,
    call: Arguments | None = None,
) -> None:
    """Build every activation that *owner* holds, and check that those built before fit the owner.

    Args:
        owner: The layer that is being built.
        held: Its activations that are layers, with their fields.
        built_before: For each of them, whether it was built before the owner's own ``build`` began.
        shape_hook: The owner's ``activation_shape``.
        shapes: Returns the arguments of the owner's ``build``: shapes by name.
        call: The arguments of the call that builds the owner, or None where no call does.

    Raises:
        ActivationBuildError: One of them cannot get its weights, or has weights that do not fit the owner.
    """
    traced: list[HeldActivation] = []
    were_built = True
    if all(map(_needs_nothing, held, built_before)):
        return
    named = shapes()
    input_shape = next(iter(named.values()), None)
    for (field, activation), was_built in zip(held, built_before, strict=True):
        if _needs_nothing((field, activation), was_built):
            continue
        one = HeldActivation(owner, field, activation)
        shape = shape_hook(field, tuple(input_shape)) if is_shape(input_shape) else None
        if shape is None:
            traced.append(one)
            were_built &= was_built
        elif was_built:
            _check_fit(one, (None, *shape[1:]))
        else:
            _build(one, (None, *shape[1:]))
    if traced and (call or any(is_shape(shape) or shape for shape in named.values())):
        _trace(owner, traced, named, call, were_built=were_built)
    for one in traced:
        one.require_built(input_shape)


def _needs_nothing(pair: tuple[ActivationField, keras.Layer], was_built: bool) -> bool:
    """Return whether an activation needs no build, or, where it was built before its owner, no check of its shape."""
    return not pair[1].weights if was_built else not is_unbuilt(pair[1])


def build_sublayers(owner: keras.Layer, shapes: Shapes, call: Arguments | None = None) -> None:
    """Build the sublayers of an *owner* without a ``build`` of its own, as its first call would.

    If the ``call`` cannot be traced on the shapes alone, the first real call builds them: Keras warns of it.

    Raises:
        ActivationError: An inner layer refuses the arguments of a real call; arguments made from shapes may be wrong.
    """
    if any(is_unbuilt(layer) for layer in sublayers(owner)[1:]) and (call or shapes()):
        try:
            run_abstractly(owner, shapes(), call)
        except TRACE_ERRORS as error:
            if call and isinstance(error, errors.ActivationError):
                raise


def run_abstractly(owner: keras.Layer, shapes: Mapping[str, object], call: Arguments | None) -> None:
    """Run *owner*'s ``call`` on abstract tensors: on the arguments of a real call, where they are known."""
    if call:
        trace_arguments(owner, call)
    else:
        trace_call(owner, shapes)


def _build(held: HeldActivation, shape: Shape) -> None:
    activation, holder = held.activation, holder_of(held.owner, held.activation)
    try:
        with keras.name_scope(holder.name, caller=holder):  # its weights get the names that Keras would give them
            if not activation.built:
                activation.build(shape)
            if is_unbuilt(activation):
                trace_call(activation, {"": shape})
    except (LookupError, TypeError, ValueError) as error:
        raise held.refuse([shape], first_line(error).rstrip("."), held.cure_misfit(shape)) from error
    held.require_built(shape)


def _check_fit(held: HeldActivation, shape: Shape) -> None:
    """Refuse an activation that has been built for another shape, if it does not work on *shape*."""
    before = _built_shape(held.activation)
    if before is None or before[1:] == shape[1:]:
        return
    try:
        trace_call(held.activation, {"": shape})
    except TRACE_ERRORS as error:
        reason = "its weights fit only one of the two shapes"
        cure = "Give each layer its own activation, or use one whose weights fit both shapes (PReLU's shared_axes)."
        raise held.refuse([before, shape], reason, cure) from error


def _built_shape(activation: keras.Layer) -> Shape | None:
    config = activation.get_build_config() or {}
    shape = config.get("input_shape")
    # On PyTorch and in older Keras, a trace has real sizes, 83 for an unknown one: the batch size means nothing.
    return (None, *shape[1:]) if is_shape(shape) and shape else None


def _trace(
    owner: keras.Layer,
    traced: Sequence[HeldActivation],
    shapes: Mapping[str, object],
    call: Arguments | None,
    *,
    were_built: bool,
) -> None:
    """Build what *owner*'s ``call`` applies, by tracing it on an abstract input.

    If the call cannot be traced, it is left to run if all were built before, and fit the shapes that they meet.
    """
    shown = next(iter(shapes.values()), None) if len(shapes) == 1 else dict(shapes)
    try:
        run_abstractly(owner, shapes, call)
    except TRACE_ERRORS as error:
        first, trace = traced[0], functools.partial(run_abstractly, owner, shapes, call)
        _check_shapes(first, trace, error)
        if were_built and not any(_watch(one.activation, trace)[1] for one in traced):
            for one in traced:
                track(one.activation).is_built_by_calls = True
            return
        before = [shape for shape in (_built_shape(first.activation),) if shape not in (None, shown)]
        reason = f"tracing {type(owner).__name__}.call() failed ({first_line(error)})"
        raise first.refuse([*before, shown], reason, first.cure_trace(shown)) from error


def check_called_shapes(owner: keras.Layer, held: Held, call: Arguments) -> None:
    """Refuse an activation with weights if *owner*'s ``call``, which could not be traced, applies it to two shapes.

    Raises:
        ActivationBuildError: The activation fits only one of the shapes.
    """
    for field, activation in held:
        if not makes_nothing(activation):
            one = HeldActivation(owner, field, activation)
            _check_shapes(one, functools.partial(trace_arguments, owner, call))


def _check_shapes(held: HeldActivation, trace: Callable[[], None], cause: Exception | None = None) -> None:
    seen, _ = _watch(held.activation, trace)
    if len(seen) > 1:
        reason = f"{type(held.owner).__name__}.call() applies it to both, and its weights fit only one of them"
        raise held.refuse(seen, reason, held.cure_shapes(seen)) from cause


def _watch(activation: keras.Layer, trace: Callable[[], None]) -> tuple[list[Shape], bool]:
    """Return the shapes that *activation* is applied to, up to the first that does not fit, and whether none fits.

    There are no shapes if all fit. A trace tries a call with one kind of inputs after another.
    """
    seen: dict[Shape, None] = {}
    failed: list[bool] = []
    fits = False
    original = activation.call

    @functools.wraps(original)
    def call(inputs: object, *args: object, **kwargs: object) -> object:
        nonlocal fits
        shape = getattr(inputs, "shape", None)
        if shape is not None:
            seen[(None, *tuple(shape)[1:])] = None
        failed.append(True)
        result: object = original(inputs, *args, **kwargs)
        fits = True
        failed.pop()
        return result

    with contextlib.suppress(*TRACE_ERRORS):
        run_with(activation, {"call": call, INPUT_SPEC: None}, trace)  # an input spec would refuse the call
    return list(seen) if failed else [], bool(failed) and not fits
