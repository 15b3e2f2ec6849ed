"""Compares the activations of a layer with those of the layer that was made from its config."""

import keras

from serialactivation import errors
from serialactivation.codec.codec import encode
from serialactivation.codec.definitions.suggested_code import MY_FUNCTION, define_replacement
from serialactivation.keras_api.scopes import Direction, moving, unshared_unless_saving
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.layer.fields import activation_fields
from serialactivation.spec.layer_spec import ATTRIBUTE, is_of_keras
from serialactivation.spec.nested import flatten

__all__ = ["check_cloned", "check_code", "check_same_activations", "is_ours"]


def is_ours(layer: keras.Layer) -> bool:
    """Return whether *layer*'s class keeps its activations through this package."""
    return hasattr(type(layer), ATTRIBUTE)


def check_code(layer: keras.Layer, path: str) -> None:
    """Refuse a ``Lambda`` with Python code, which Keras would not make again.

    Raises:
        UnserializableActivationError: *layer*, at *path*, is such a ``Lambda``.
    """
    if isinstance(layer, keras.layers.Lambda) and getattr(layer.function, "__name__", "") == "<lambda>":
        raise errors.UnserializableActivationError(
            layer,
            "it holds Python code, which Keras refuses to load",
            define_replacement(layer.function, MY_FUNCTION, "the Lambda", "keras.layers.Activation({})"),
            path,
        )


def check_same_activations(old: keras.Layer, new: keras.Layer, path: str) -> None:
    """Refuse a layer that holds another activation after it was made again.

    Args:
        old: The layer.
        new: The layer made from its config.
        path: The place of the layer in the model.

    Raises:
        UnserializableActivationError: An activation of *old*, or of a layer in it, has been lost.
    """
    for one, other in zip(sublayers(old), sublayers(new), strict=False):
        if type(one) is not type(other) or is_ours(one):
            continue
        for field in activation_fields(one):
            value, came_back = getattr(one, field.name, None), getattr(other, field.name, None)
            if not _are_equal(value, came_back):
                name = type(old).__name__
                raise errors.UnserializableActivationError(
                    value,
                    f"Keras restores it as {came_back!r}",
                    f"@serialactivation.serializable_activation  # above class {name}",
                    path,
                    field.name,
                )


def check_cloned(model: object, clone: object) -> None:
    """Refuse the clone of a model of an author's class that computes with another activation than *model* does.

    Raises:
        CloneError: Keras has made the clone without an activation that the class keeps outside its graph.
    """
    if not isinstance(model, keras.Model) or type(model).__module__.split(".")[0] == "keras":
        return
    for field in activation_fields(model):
        value, came_back = getattr(model, field.name, None), getattr(clone, field.name, None)
        if type(clone) is not type(model) and is_of_keras(type(model), "call"):
            continue  # everything that it computes is in its graph
        if not _are_alike(value, came_back):
            cure = (
                "Call serialactivation.clone_model() on the model alone, without functions and inputs."
                if is_ours(model)
                else f"Write @serialactivation.serializable_activation above class {type(model).__name__}."
            )
            raise errors.CloneError(model.name, field.name, value, came_back, cure)


def _are_alike(value: object, came_back: object) -> bool:
    return len(flatten(value)) == len(flatten(came_back)) and all(map(_are_equal, flatten(value), flatten(came_back)))


def _are_equal(one: object, other: object) -> bool:
    """Return whether two activations have the same stored form, or are equal if they cannot be stored."""
    if one is other:
        return True
    try:
        with moving(Direction.LOADING), unshared_unless_saving():  # else Keras would mark objects that it meets twice
            return encode(one) == encode(other)
    except errors.ActivationError:
        return type(one) is type(other) and one == other
