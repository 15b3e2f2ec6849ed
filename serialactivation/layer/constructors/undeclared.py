"""Functions in arguments that are no fields, of a layer whose author wrote its ``get_config``.

Keras stores a function by its bare name: ``keras.ops.gelu`` comes back as ``keras.activations.gelu``, and a user's
function ``relu`` as Keras's.
"""

from collections.abc import Iterator
from typing import TypeAlias

import keras

from serialactivation import errors
from serialactivation.codec.codec import encode, resolve
from serialactivation.codec.silence import looking, trying
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.spec.layer_spec import AutoConfig

__all__ = ["check_undeclared"]

Held: TypeAlias = dict[tuple[int, str, int], object]
"""The functions in the attributes of a layer and of its sublayers, by their places."""


def check_undeclared(state: LayerActivations) -> None:
    """Refuse a function in an argument that is no field, if the layer would come back with another one.

    A function that cannot be loaded without the user's ``custom_objects`` is left to Keras, whose load then fails. So
    is a layer that cannot yet write its config, and a function that the layer does not keep.

    Raises:
        LayerArgumentError: The layer would come back with another function.
    """
    spec, layer = state.spec, state.layer
    if spec.auto_config is not AutoConfig.NONE or spec.made_by_keras or state.reading is not None:
        return
    received, _ = state.captured.received_by(type(layer))
    others = {name: value for name, value in received.items() if name not in (*spec.by_name, *state.objects)}
    changed = [(name, function) for name, value in others.items() for function in _find_changed(value)]
    if not changed:
        return
    held, made = _hold(layer), _hold(_make_again(layer))
    for name, function in changed:
        places = [place for place, value in held.items() if value is function]
        if not all(_is_same(function, made.get(place)) for place in places):
            raise _refuse(state, name, function)


def _find_changed(value: object) -> list[object]:
    """Return the functions in an argument that Keras would load as other functions."""
    functions = [one for one in _flatten(value) if _is_function(one)]
    return [one for one in functions if not all(_is_same(one, loaded) for loaded in _load_by_keras(one))]


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


def _is_same(function: object, other: object) -> bool:
    """Return whether two functions are one, or have the same stored form."""
    if function is other:
        return True
    try:
        return encode(resolve(function)) == encode(resolve(other))
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
        if _is_function(value)
    }


def _refuse(state: LayerActivations, name: str, function: object) -> "errors.LayerArgumentError":
    kind = type(state.layer).__name__
    fields = [*state.spec.by_name, name]
    cure = (
        f"If it is an activation, declare its argument: fields={fields}. If not, pass a registered function that has a "
        "name of its own."
    )
    return errors.LayerArgumentError(
        kind,
        name,
        function,
        f"{kind}.get_config() stores it by its bare name, and a load would find another function of that name",
        cure,
    )
