"""Layers and variables in configuration objects that a layer calls or reads: Keras is made to track them.

Keras does not look into configuration objects. One object is often given to many layers, and each layer calls only some
of its contents. What a layer does not call is not tracked as its own, and keeps its own dtype policy.
"""

import functools
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import keras

from serialactivation import errors
from serialactivation.codec.tracked import track
from serialactivation.keras_api.internals import VARIABLE_USES, tracker_of
from serialactivation.keras_api.sublayers import Weighted, find_untracked, has_weights, is_tracked
from serialactivation.keras_api.temporary_attributes import run_with_each
from serialactivation.keras_api.tracing import TRACE_ERRORS
from serialactivation.layer.building.build_activations import Held, run_abstractly
from serialactivation.spec.fields import ActivationField

__all__ = ["Loose", "adopt_called", "is_own"]

# Keras visits attributes with such names where it saves weights; they are the same in every process.
_ACTIVATIONS: Final = "_configured_activations"
_LAYERS: Final = "_configured_layers"
_VARIABLES: Final = "_configured_variables"
_METHODS: Final = ("build", "call", "quantized_call")

Loose = Sequence[tuple[str, Weighted]]
"""Layers and variables that Keras does not track, each with its path in an argument."""
Changes = list[tuple[object, Mapping[str, object]]]


def is_own(owner: keras.Layer, field: ActivationField, activation: keras.Layer) -> bool:
    """Return whether *owner* has to build *activation*: one in a configuration object may belong to another layer."""
    return not field.is_member or is_tracked(owner, activation)


def adopt_called(
    owner: keras.Layer,
    held: Held,
    others: Loose,
    shapes: Callable[[], Mapping[str, object]],
    call: Mapping[str, object] | None,
) -> None:
    """Make Keras track the layers and variables that *owner*'s ``call`` uses and that Keras does not track yet.

    Args:
        owner: The layer that is being built.
        held: Its activations that are layers, with their fields.
        others: The other layers, and the variables, that its arguments hold and Keras does not track.
        shapes: Returns the arguments of its ``build``: shapes by name.
        call: The arguments of the call that builds it, with abstract tensors, or None where no call does.

    Raises:
        ActivationBuildError: Its ``call`` cannot be traced, and an activation, a layer or a variable may have weights.
        ActivationDTypeError: One of the activations follows another owner, whose policy is different.
    """
    activations = [pair for pair in held if not is_own(owner, *pair)]
    if not (activations or others) or not (call or shapes()):
        return
    called = _Called(owner)
    watched = [_watch(one, functools.partial(called.note, one, field)) for field, one in activations]
    watched += [_watch_uses(one, functools.partial(called.note, one)) for _, one in others]
    try:
        run_with_each(list(itertools.chain(*watched)), lambda: run_abstractly(owner, shapes(), call))
    except TRACE_ERRORS as error:
        _refuse_untraceable(owner, activations, others, list(shapes().values()), error)
        return
    if called.refusals:
        raise called.refusals[0]
    _track(owner, _ACTIVATIONS, [one for _, one in activations], called.ids)
    _track(owner, _LAYERS, [one for _, one in others if isinstance(one, keras.Layer)], called.ids)
    _track(owner, _VARIABLES, [one for _, one in others if isinstance(one, keras.Variable)], called.ids)


class _Called:
    """The layers and variables that a call of *owner* uses."""

    def __init__(self, owner: keras.Layer) -> None:
        self._owner = owner
        self.ids: set[int] = set()
        self.refusals: list[errors.ActivationDTypeError] = []

    def note(self, layer: Weighted, field: ActivationField | None = None) -> None:
        if id(layer) in self.ids:
            return
        self.ids.add(id(layer))
        if field is None or not isinstance(layer, keras.Layer):  # only activations follow their owner's policy
            return
        try:
            track(layer).follow(self._owner, field)
        except errors.ActivationDTypeError as error:
            self.refusals.append(error)  # raised later: a trace that fails is repeated with other inputs


def _watch(layer: keras.Layer, note: Callable[[], None]) -> Changes:
    """Return replacements of *layer*'s methods that call *note* before the layer is built or called."""
    return [(layer, {name: _noting(getattr(layer, name), note) for name in _METHODS if hasattr(layer, name)})]


def _watch_uses(value: Weighted, note: Callable[[], None]) -> Changes:
    """Return replacements of the methods of *value*, and of its weights, that call *note* before they are used."""
    if isinstance(value, keras.Layer):
        return [*_watch(value, note), *(change for weight in value.variables for change in _watch_uses(weight, note))]
    return [(value, {name: _noting(getattr(value, name), note) for name in VARIABLE_USES})]


def _noting(method: Callable[..., Any], note: Callable[[], None]) -> Callable[..., Any]:
    @functools.wraps(method)
    def noting(*args: Any, **kwargs: Any) -> Any:
        note()
        return method(*args, **kwargs)

    return noting


def _refuse_untraceable(
    owner: keras.Layer, activations: Held, others: Loose, shapes: list[object], error: Exception
) -> None:
    """Refuse a layer or variable that may have weights, where it is not known whether *owner* uses it."""
    held: list[tuple[str, Weighted, str]] = [(field.name, one, "activation") for field, one in activations]
    held += [(path, one, "layer" if isinstance(one, keras.Layer) else "variable") for path, one in others]
    weighted = [found for found in held if has_weights(found[1])]
    if not weighted:
        return
    if isinstance(error, errors.ActivationError):  # an inner layer's, with its own cure
        raise error
    path, one, kind = weighted[0]
    reason = (
        f"{type(owner).__name__}.call() cannot be traced ({type(error).__name__}), so whether it applies it is unknown"
    )
    cure = f"Assign it to an attribute: self.{kind} = {path}"
    raise errors.ActivationBuildError(owner.name, path, one.name, shapes, reason, cure, kind) from error


def _track(owner: keras.Layer, attribute: str, values: Sequence[Weighted], called: Collection[int]) -> None:
    """Make Keras track those of *values* that are *called*; a layer that Keras has built already is unlocked first."""
    found = find_untracked(owner, (one for one in values if id(one) in called))
    if not found:
        return
    tracker = tracker_of(owner)
    locked = tracker.locked
    tracker.unlock()
    try:
        setattr(owner, attribute, [*getattr(owner, attribute, ()), *found])
    finally:
        tracker.locked = locked
