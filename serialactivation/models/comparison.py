"""A layer that was made again from its config: whether the activations in it are still those that it had."""

import keras

from serialactivation import errors
from serialactivation.codec.codec import encode
from serialactivation.codec.suggested_code import MY_FUNCTION, define_in_place
from serialactivation.keras_api.scopes import Direction, moving, unshared_unless_saving
from serialactivation.keras_api.sublayers import sublayers
from serialactivation.layer.fields import activation_fields
from serialactivation.spec.layer_spec import ATTRIBUTE, is_of_keras
from serialactivation.spec.nested import flatten

__all__ = ["check_cloned", "check_code", "check_kept", "is_ours"]


def is_ours(layer: keras.Layer) -> bool:
    """Return whether *layer*'s class keeps its activations by this package."""
    return hasattr(type(layer), ATTRIBUTE)


def check_code(layer: keras.Layer, path: str) -> None:
    """Refuse a ``Lambda`` with Python code in it: Keras would not make it again.

    Raises:
        UnserializableActivationError: *layer*, which stands at *path*, is one.
    """
    if isinstance(layer, keras.layers.Lambda) and getattr(layer.function, "__name__", "") == "<lambda>":
        raise errors.UnserializableActivationError(
            layer,
            "it holds Python code, which Keras refuses to load",
            define_in_place(layer.function, MY_FUNCTION, "the Lambda", "keras.layers.Activation({})"),
            path,
        )


def check_kept(old: keras.Layer, new: keras.Layer, path: str) -> None:
    """Refuse a layer that holds another activation after it was made again.

    Args:
        old: The layer.
        new: What was made of its config.
        path: Where it stands.

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
                    f"its config came back as {came_back!r}",
                    f"@serialactivation.serializable_activation  # above class {name}",
                    path,
                    field.name,
                )


def check_cloned(model: object, clone: object) -> None:
    """Refuse the clone of a model of an author's class that computes with another activation than *model* does.

    Raises:
        CloneError: Keras has made it without what the class keeps beside its graph.
    """
    if not isinstance(model, keras.Model) or type(model).__module__.split(".")[0] == "keras":
        return
    for field in activation_fields(model):
        value, came_back = getattr(model, field.name, None), getattr(clone, field.name, None)
        if type(clone) is not type(model) and is_of_keras(type(model), "call"):
            continue  # all that it computes is in its graph
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
    """Return whether two activations are stored as the same; what cannot be stored has to be equal."""
    if one is other:
        return True
    try:
        with moving(Direction.LOADING), unshared_unless_saving():  # else Keras would mark what it meets twice
            return encode(one) == encode(other)
    except errors.ActivationError:
        return type(one) is type(other) and one == other
