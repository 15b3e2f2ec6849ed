"""``layer.activation = x`` after construction: the constructor's rules apply, and no unused weights remain."""

from collections.abc import Callable
from typing import NoReturn, cast

import keras

from serialactivation import errors
from serialactivation.catalog.private_names import has_default_build
from serialactivation.codec.nesting_depth import check_depth
from serialactivation.codec.placed_errors import locate
from serialactivation.keras_api.internals import LAYERS, tracker_of
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.layer.constructors.constructor_trial import is_fixed, note_taken
from serialactivation.layer.hooks import as_callable, resolve_field
from serialactivation.layer.state.layer_activations import ABSENT, LayerActivations
from serialactivation.spec.fields import ActivationField, find_fields
from serialactivation.spec.nested import flatten, map_activations

__all__ = ["assign", "field_to_assign", "refuse_fixed"]

Setter = Callable[[str, object], None]


def field_to_assign(state: LayerActivations, name: str) -> ActivationField | None:
    """Return the field of the attribute *name*, or None before the layer's constructor is done."""
    slot = state.slots.get(name)
    return state.spec.by_name.get(name) if slot is not None and slot.is_constructed else None


def assign(state: LayerActivations, field: ActivationField, value: object, setter: Setter) -> None:
    """Assign *value* to the field's attribute as the constructor would have.

    Args:
        state: The layer's activations.
        field: Its field.
        value: What is assigned.
        setter: Keras's own ``__setattr__``, bound to the layer.

    Raises:
        UnserializableActivationError: *value* could not come back from a saved model.
        UnknownActivationError: No activation has this name.
        ActivationAssignmentError: Old weights would remain, or the assignment would have no effect.
    """
    layer, slot = state.layer, state.slot(field)
    before = getattr(layer, field.name, ABSENT)
    check_depth(field, value)
    try:
        resolved = resolve_field(type(layer), field, value)
    except errors.ActivationError as error:
        raise locate(error, type(layer), layer.name, field.name) from error.__cause__
    _check(state, field, before, resolved)
    keeps_callables = all(map(callable, flatten(before))) and not field.resolve
    _set(layer, field.name, map_activations(_callable_leaf, resolved) if keeps_callables else resolved, before, setter)
    state.restore_order()
    slot.give(resolved)
    note_taken(state, field, resolved)
    slot.note_attribute()
    state.note_definitions()
    state.own()


def refuse_fixed(state: LayerActivations, name: str, value: object) -> None:
    """Refuse to replace an activation that the layer's own constructor passes to a parent's constructor.

    Raises:
        ActivationAssignmentError: A load would silently make the layer with the activation of its constructor.
    """
    layer, spec = state.layer, state.spec
    if spec.own_from_config or spec.accepts(name):
        return
    parents = [base for base in type(layer).__mro__[1:] if issubclass(base, keras.Layer)]
    if value is getattr(layer, name, value) or not any(_takes(parent, name) for parent in parents):
        return
    _refuse(layer, name, value)


def _takes(layer_class: type[keras.Layer], name: str) -> bool:
    return any(field.name == name for field in find_fields(layer_class))


def _refuse(layer: keras.Layer, name: str, value: object) -> NoReturn:
    raise errors.ActivationAssignmentError(
        layer.name,
        name,
        value,
        f"the constructor of {type(layer).__name__} sets {name!r} itself, and takes no other value",
        f"Let the constructor take {name}=..., and pass it to super().__init__().",
    )


def _callable_leaf(activation: object, _: str) -> object:
    return as_callable(activation)


def _check(state: LayerActivations, field: ActivationField, before: object, resolved: object) -> None:
    layer = state.layer
    if before is ABSENT:
        raise errors.ActivationAssignmentError(
            layer.name,
            field.name,
            resolved,
            f"{type(layer).__name__} has no attribute of this name",
        )
    if is_fixed(state, field, resolved):
        _refuse(layer, field.name, resolved)
    stateful = next((a for a in (*flatten(before), *flatten(resolved)) if _is_stateful(a)), None)
    if layer.built and stateful is not None:
        raise errors.ActivationAssignmentError(
            layer.name, field.name, resolved, f"the layer is built, and {stateful!r} has weights or a state of its own"
        )


def _is_stateful(activation: object) -> bool:
    """Return whether *activation* has variables, or may get some when it is built."""
    if not isinstance(activation, keras.Layer):
        return False
    return any(inner.variables or _makes_variables(inner) for inner in sublayers(activation))


def _makes_variables(layer: keras.Layer) -> bool:
    if layer.built or isinstance(layer, keras.Sequential):  # a Sequential makes no variables but those of its layers
        return False
    return not has_default_build(type(layer))


def _set(layer: keras.Layer, name: str, value: object, before: object, setter: Setter) -> None:
    """Set the attribute, or the cell's where the layer's is a property, and make Keras track only the new value."""
    holder = layer
    attribute = getattr(type(layer), name, None)
    if isinstance(attribute, property) and attribute.fset is None and hasattr(layer, "cell"):
        holder = cast("keras.layers.RNN", layer).cell
        setter = holder.__setattr__
    tracker = tracker_of(holder)
    locked = tracker.locked
    tracker.unlock()
    try:
        if isinstance(before, keras.Layer):
            delattr(holder, name)  # PyTorch lets only a module replace a module
        setter(name, value)
        kept = [id(inner) for key, held in vars(holder).items() if key != LAYERS for inner in flatten(held)]
        for old in flatten(before):
            if isinstance(old, keras.Layer) and id(old) not in kept:
                tracker.untrack(old)
    finally:
        if locked:
            tracker.lock()
