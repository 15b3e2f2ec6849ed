"""An owner's ``build``: its author's, and then that of the activations that it holds."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import keras

from serialactivation import errors
from serialactivation.building import (
    Held,
    bound_shapes,
    build_activations,
    build_once,
    build_sublayers,
    is_unbuilt,
    makes_nothing,
    sublayers,
)
from serialactivation.hooks import ActivationHooks
from serialactivation.record import held_activations, is_assigned, record_of, settle_field
from serialactivation.spec import spec_of

__all__ = ["build_owner"]


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
    record, spec = record_of(owner), spec_of(type(owner))
    if record.alone or record.building or not (spec.fields or spec.default_build):
        original(*args, **kwargs)
        return
    held = held_activations(owner, spec.fields)
    settled = [field for field in spec.fields if not is_assigned(owner, field)]
    record.building = True
    try:
        if spec.default_build or not all(makes_nothing(activation) for _, activation in held):
            _build_with_activations(owner, held, original, args, kwargs)
        else:
            original(*args, **kwargs)
    finally:
        record.building = False
    for field in settled:  # what has changed by now is the author's own doing, as in a constructor
        settle_field(owner, field)


def _build_with_activations(
    owner: keras.Layer,
    held: Held,
    original: Callable[..., Any],
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> None:
    default_build = spec_of(type(owner)).default_build
    built_before = [not is_unbuilt(activation) for _, activation in held]
    for _, activation in held:
        build_once(activation)
    shapes = functools.partial(bound_shapes, original, args, kwargs)
    shape_hook = cast("ActivationHooks", owner).activation_shape
    build_held = functools.partial(build_activations, owner, held, built_before, shape_hook, shapes)
    if default_build:  # Keras's own warns of sublayers without weights, so they get theirs first
        build_held()
        build_sublayers(owner, shapes)
    original(*args, **kwargs)
    if not default_build:
        build_held()
    if held:
        _require_tracked(owner, held)


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
                f"Keep it in an attribute: self.{field.name} = ...",
            )
