"""Activations in arguments that are no fields, of a layer whose author wrote its ``get_config``.

Keras stores a function by its bare name: ``keras.ops.gelu`` comes back as ``keras.activations.gelu``, and a user's
function ``relu`` as Keras's. It stores a layer, such as ``PReLU``, as a dict, which the constructor gets in its place.
"""

import inspect
from collections.abc import Iterator
from typing import Final, TypeAlias

import keras

from serialactivation import errors
from serialactivation.catalog.forms import without_names
from serialactivation.codec.codec import encode, resolve
from serialactivation.codec.silence import looking, trying
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.spec.layer_spec import AutoConfig, is_keras_class, spec_of

__all__ = ["check_undeclared"]

Held: TypeAlias = dict[tuple[int, str, int], object]
"""What can be called in the attributes of a layer and of its sublayers, by its places."""

_WITHOUT_WEIGHTS: Final = (
    keras.layers.Activation,
    keras.layers.ELU,
    keras.layers.LeakyReLU,
    keras.layers.ReLU,
    keras.layers.Softmax,
)
_ACTIVATIONS: Final = (*_WITHOUT_WEIGHTS, keras.layers.PReLU)
_CONTAINERS: Final = (keras.Sequential, keras.layers.InputLayer)

_READERS: Final = frozenset(["deserialize", "get"])
_READING: Final = frozenset(["activations", "sa", "serialactivation"])
"""Names in a ``call`` that makes activations of their configs, as with ``keras.activations.get``: one of each."""


def check_undeclared(state: LayerActivations) -> None:
    """Refuse an activation in an argument that is no field, if the layer would come back with another one or with none.

    A function that cannot be loaded without the user's ``custom_objects`` is left to Keras, whose load then fails. So
    is a layer that cannot yet write its config, and an activation that the layer does not keep.

    Raises:
        LayerArgumentError: The layer would come back with another activation, or with none, or could not be saved.
    """
    if state.reading is not None or state.spec.made_by_keras:
        return
    others = [(name, one) for name, value in _find_others(state) for one in _flatten(value)]
    _check_written(state, [(name, one) for name, one in others if _is_function(one)])
    changed = [(name, one) for name, one in others if _may_change(type(state.layer), one)]
    if not changed:
        return
    held, made = _hold(state.layer), _hold(_make_again(state.layer))
    for name, activation in changed:
        places = [place for place, value in held.items() if value is activation]
        if not all(_is_same(activation, made.get(place)) for place in places):
            raise _refuse(state, name, activation)


def _find_others(state: LayerActivations) -> Iterator[tuple[str, object]]:
    """Yield the arguments that are no fields, of each constructor whose author wrote a ``get_config``."""
    known = (*state.spec.by_name, *state.objects)
    for level in state.captured.received:
        spec = spec_of(level)
        if spec.auto_config is AutoConfig.NONE and not spec.made_by_keras:
            received, _ = state.captured.received_by(level)
            yield from ((name, value) for name, value in received.items() if name not in known)


def _check_written(state: LayerActivations, functions: list[tuple[str, object]]) -> None:
    """Refuse a function, such as a partial, for which the author's ``get_config`` leaves Keras to fail in a save."""
    failing = [(name, one, why) for name, one in functions if (why := _why_unwritten(one)) is not None]
    if failing and (whole := _why_unwritten(state.layer)) is not None:
        for name, function, why in failing:
            if why == whole:
                raise _refuse(state, name, function, "Keras cannot write it to a config")


def _why_unwritten(value: object) -> str | None:
    """Return what Keras says where it cannot write *value* to a config, or None."""
    try:
        with looking():
            keras.saving.serialize_keras_object(value)
    except errors.ActivationError:
        raise
    except errors.READ_ERRORS as error:
        return str(error)
    return None


def _may_change(owner: type[keras.Layer], value: object) -> bool:
    """Return whether *value* is an activation that may come back changed, or as its config, which is a dict.

    An *owner* whose ``call`` makes activations of configs loses only their weights; any other can call none.
    """
    if not isinstance(value, keras.Layer):
        return _is_changed_function(value)
    if _reads_configs(owner):
        return not all(isinstance(one, (*_WITHOUT_WEIGHTS, *_CONTAINERS)) for one in sublayers(value))
    return isinstance(value, _ACTIVATIONS)


def _reads_configs(owner: type[keras.Layer]) -> bool:
    calls = [vars(base).get("call") for base in owner.__mro__ if not is_keras_class(base)]
    codes = [getattr(inspect.unwrap(call), "__code__", None) for call in calls if call is not None]
    names = [frozenset(code.co_names) for code in codes if code is not None]
    return any(one & _READERS and one & _READING for one in names)


def _is_changed_function(value: object) -> bool:
    return _is_function(value) and not all(_is_same(value, loaded) for loaded in _load_by_keras(value))


def _flatten(value: object, above: tuple[int, ...] = ()) -> Iterator[object]:
    """Yield what is in lists, tuples and dicts, in order; one that is in itself has nothing more in it."""
    if not isinstance(value, list | tuple | dict):
        yield value
    elif id(value) not in above:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _flatten(item, (*above, id(value)))


def _is_function(value: object) -> bool:
    return callable(value) and not isinstance(value, type) and not hasattr(value, "get_config")


def _load_by_keras(function: object) -> Iterator[object]:
    """Yield the function that Keras loads for *function*, if it can store and load it."""
    try:
        with looking():
            stored = keras.saving.serialize_keras_object(function)
            loaded: object = keras.saving.deserialize_keras_object(stored)
    except errors.READ_ERRORS:
        return
    if _is_function(loaded):
        yield loaded


def _is_same(activation: object, other: object) -> bool:
    """Return whether two activations are one, or have the same stored form; names of layers may differ.

    What an author puts in the place of a layer may compute the same, if it can be called.
    """
    if activation is other:
        return True
    if isinstance(activation, keras.Layer) and type(activation) is not type(other):
        return callable(other)
    try:
        return without_names(encode(resolve(activation))) == without_names(encode(resolve(other)))
    except errors.ActivationError:
        return False


def _make_again(layer: keras.Layer) -> keras.Layer:
    """Return the layer that a load would make; the same layer, if none can be made."""
    try:
        with trying():
            made: keras.Layer = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    except errors.READ_ERRORS:
        return layer
    return made


def _hold(layer: keras.Layer) -> Held:
    return {
        (index, name, place): value
        for index, one in enumerate(sublayers(layer))
        for name, attribute in vars(one).items()
        for place, value in enumerate(_flatten(attribute))
        if callable(value)
    }


def _refuse(
    state: LayerActivations, name: str, activation: object, reason: str | None = None
) -> "errors.LayerArgumentError":
    kind = type(state.layer).__name__
    declare = f"declare its argument: fields={[*state.spec.by_name, name]}."
    if isinstance(activation, keras.Layer):
        reason = f"{kind} would come back from {kind}.get_config() without this layer"
        return errors.LayerArgumentError(kind, name, activation, reason, f"{declare[0].upper()}{declare[1:]}")
    if reason is None:
        reason = f"{kind}.get_config() stores it by its bare name, and a load would find another function of that name"
    cure = f"If it is an activation, {declare} If not, pass a registered function that has a name of its own."
    return errors.LayerArgumentError(kind, name, activation, reason, cure)
