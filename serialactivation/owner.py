"""An owner's ``build``: its author's, and then that of the activations that it holds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import keras

from serialactivation.building import bound_shapes, build_activations, build_once, build_sublayers, is_unbuilt
from serialactivation.hooks import ActivationHooks
from serialactivation.record import ABSENT, held_activations, record_of
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
    held = held_activations(owner, spec.fields)
    if record.building or not (spec.fields or spec.default_build):
        original(*args, **kwargs)
        return
    built_before = [not is_unbuilt(activation) for _, activation in held]
    for _, activation in held:
        build_once(activation)
    shapes = bound_shapes(original, args, kwargs)
    before = {field.name: getattr(owner, field.name, ABSENT) for field in spec.fields}
    record.building = True
    try:
        if spec.default_build:  # Keras's own warns of sublayers without weights, so they get theirs first
            build_activations(owner, held, built_before, cast("ActivationHooks", owner).activation_shape, shapes)
            build_sublayers(owner, shapes)
        original(*args, **kwargs)
        if not spec.default_build:
            build_activations(owner, held, built_before, cast("ActivationHooks", owner).activation_shape, shapes)
    finally:
        record.building = False
    for field in spec.fields:
        if before[field.name] is record.settled.get(field.name, ABSENT):  # the author's own doing, as in a constructor
            record.settled[field.name] = getattr(owner, field.name, ABSENT)
