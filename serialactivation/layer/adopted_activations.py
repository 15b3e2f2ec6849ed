"""Activations that a layer calls out of a configuration object: Keras looks into none, so the layer is told of them.

A configuration object is often given to many layers, of which each calls what it needs: what a layer does not call is
no part of it, and neither its weights nor its dtype policy are the layer's business.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import keras

from serialactivation import errors
from serialactivation.codec.tracked import track
from serialactivation.keras_api.sublayers import is_tracked, makes_nothing
from serialactivation.keras_api.temporary_attributes import run_with
from serialactivation.keras_api.tracing import TRACE_ERRORS
from serialactivation.layer.build_activations import Held, run_abstractly
from serialactivation.spec.fields import ActivationField

__all__ = ["adopt_called", "is_own"]

# Keras visits an attribute with such a name where it saves weights; it is the same in every process.
_ATTRIBUTE: Final = "_configured_activations"


def is_own(owner: keras.Layer, field: ActivationField, activation: keras.Layer) -> bool:
    """Tell whether *activation* is *owner*'s to build: one in a configuration object may be another layer's."""
    return not field.is_member or is_tracked(owner, activation)


def adopt_called(
    owner: keras.Layer, held: Held, shapes: Callable[[], Mapping[str, object]], call: Mapping[str, object] | None
) -> None:
    """Let Keras track the activations that *owner*'s ``call`` applies and that it does not know of.

    Args:
        owner: The layer that is being built.
        held: Its activations that are layers, with their fields.
        shapes: What returns the arguments of its ``build``: shapes by name.
        call: The arguments of the call that builds it, tensors abstract, where one does.

    Raises:
        ActivationBuildError: Its ``call`` cannot be traced, and one of them may have weights.
        ActivationDTypeError: One of them follows another owner, whose policy is different.
    """
    loose = [pair for pair in held if not is_own(owner, *pair)]
    if not loose or not (call or shapes()):
        return
    called: list[int] = []
    refusals: list[errors.ActivationDTypeError] = []

    def note(field: ActivationField, activation: keras.Layer) -> None:
        if id(activation) in called:
            return
        called.append(id(activation))
        try:
            track(activation).follow(owner, field)
        except errors.ActivationDTypeError as error:
            refusals.append(error)  # raised below: a call that cannot be traced is tried with other inputs

    run: Callable[[], None] = functools.partial(_run, owner, shapes, call)
    for field, activation in loose:
        run = functools.partial(_watched, activation, functools.partial(note, field, activation), run)
    try:
        run()
    except TRACE_ERRORS as error:
        weighted = [pair for pair in loose if not makes_nothing(pair[1])]
        if not weighted:
            return
        field, activation = weighted[0]
        raise errors.ActivationBuildError(
            owner.name,
            field.name,
            activation.name,
            list(shapes().values()),
            f"{type(owner).__name__}.call() cannot be traced to tell whether it applies it ({type(error).__name__})",
            f"Keep it in an attribute: self.activation = {field.name}",
        ) from error
    if refusals:
        raise refusals[0]
    found = [activation for _, activation in loose if id(activation) in called and not is_tracked(owner, activation)]
    if found:
        setattr(owner, _ATTRIBUTE, [*getattr(owner, _ATTRIBUTE, ()), *found])


def _run(owner: keras.Layer, shapes: Callable[[], Mapping[str, object]], call: Mapping[str, object] | None) -> None:
    run_abstractly(owner, shapes(), call)


def _watched(activation: keras.Layer, note: Callable[[], None], run: Callable[[], object]) -> None:
    """Run *run*, and *note* before *activation* is built or called."""
    methods = {name: _noting(getattr(activation, name), note) for name in ("build", "call")}
    run_with(activation, methods, run)


def _noting(method: Callable[..., Any], note: Callable[[], None]) -> Callable[..., Any]:
    @functools.wraps(method)
    def noting(*args: Any, **kwargs: Any) -> Any:
        note()
        return method(*args, **kwargs)

    return noting
