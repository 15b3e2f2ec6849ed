"""The five hooks of a layer: how its activations are resolved, validated, encoded, decoded and built."""

import functools
from typing import Any, cast

import keras

from serialactivation import errors
from serialactivation.codec import codec
from serialactivation.codec.codec import decode_container, encode_container
from serialactivation.codec.nesting_depth import is_too_deep
from serialactivation.keras_api.activation_shape import infer_activation_shape
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.nested import map_activations
from serialactivation.typing import JSON, ActivationLike, Shape

__all__ = ["HOOK_NAMES", "ActivationHooks", "as_callable", "check_depth", "is_config", "resolve_field"]

HOOK_NAMES = (
    "resolve_activation",
    "validate_activation",
    "encode_activation",
    "decode_activation",
    "activation_shape",
)


class ActivationHooks:
    """What a layer does with its activations; each hook is called once per field, and each may be overridden.

    Override one in a layer for all its fields, or give one field its own with
    :class:`~serialactivation.ActivationField`. A field's value may be a list, tuple or dict of activations: a hook gets
    the whole of it. So an override says what its fields hold: any annotation of a value is one that it may have.
    """

    @classmethod
    def resolve_activation(cls, field: ActivationField, value: Any) -> ActivationLike | Any:
        """Return what the constructor is handed for *value*. Called before the constructor.

        Args:
            field: The constructor's argument.
            value: What the user gave, or what :meth:`decode_activation` returned.

        Returns:
            *value* itself where Keras stores it faithfully (a name stays a name), else an equal that can be stored.

        Raises:
            UnserializableActivationError: *value* could not come back from a saved model.
            UnknownActivationError: No activation has this name.
        """
        if field.resolver is not None:
            return field.resolver(value)
        return map_activations(
            lambda activation, _: activation if _is_own_name(field, activation) else codec.resolve(activation), value
        )

    @classmethod
    def validate_activation(cls, field: ActivationField, activation: Any) -> None:
        """Refuse what this layer cannot work with. Called before the constructor, after :meth:`resolve_activation`.

        Args:
            field: The constructor's argument.
            activation: What :meth:`resolve_activation` returned.

        Raises:
            ActivationError: Whatever the layer does not accept; by default nothing more than the resolver refused.
        """
        if field.validator is not None:
            field.validator(activation)

    def encode_activation(self, field: ActivationField, activation: Any) -> JSON:
        """Return *activation* as JSON types. Called by ``get_config``.

        Args:
            field: The constructor's argument.
            activation: What the constructor was handed, or what was assigned to the attribute since.

        Returns:
            What :meth:`decode_activation` reads back.
        """
        if field.encoder is not None:
            return field.encoder(activation)
        return encode_container(activation, spelled=field.is_member)

    @classmethod
    def decode_activation(cls, field: ActivationField, config: Any) -> ActivationLike | Any:
        """Return what *config* was encoded from. Called before the constructor, for an argument that is a config.

        Args:
            field: The constructor's argument.
            config: What :meth:`encode_activation` returned.

        Raises:
            ActivationConfigError: *config* is damaged, or names something that cannot be found.
        """
        if field.decoder is not None:
            return field.decoder(config)
        return decode_container(config, f"$.{field.key}")

    def activation_shape(self, field: ActivationField, input_shape: Shape) -> Shape | None:
        """Return the shape that an activation with weights is built with. Called by ``build``.

        Args:
            field: The constructor's argument.
            input_shape: What the layer is built with, batch axis included.

        Returns:
            The shape of the tensor that the activation is called with, batch axis included; or None, and then the
            layer's ``call`` is traced on an abstract input to find it. By default that is the output shape for layers
            whose ``call`` is Keras's own, the state's for recurrent ones, and None for any other.
        """
        if field.shape is not None:
            return field.shape(input_shape)
        return infer_activation_shape(cast("keras.Layer", self), input_shape)


def _is_own_name(field: ActivationField, value: object) -> bool:
    return isinstance(value, str) and value in field.names


def resolve_field(layer_class: type[keras.Layer], field: ActivationField, value: object) -> object:
    """Return what *layer_class* is handed for *value*, be it given or stored: resolved and validated by its hooks.

    Raises:
        ActivationError: It could not come back from a saved model, or cannot be read.
    """
    hooks = cast("type[ActivationHooks]", layer_class)
    if is_config(value):
        value = hooks.decode_activation(field, cast("JSON", value))
    resolved = hooks.resolve_activation(field, value)
    hooks.validate_activation(field, resolved)
    return as_callable(resolved) if field.resolve else resolved


def check_depth(field: ActivationField, value: object, cure: str = "Give fewer levels.") -> None:
    """Refuse a config, or a container, that is nested deeper than any layer's is, and say what to do.

    Raises:
        ActivationConfigError: It is.
    """
    if isinstance(value, list | tuple | dict | functools.partial) and is_too_deep(value):
        raise errors.ActivationConfigError(f"$.{field.key}", "...", "it is nested too deep", cure)


def is_config(value: object) -> bool:
    """Return whether *value* is stored, not given: an object's config, or a container with one in it."""
    if isinstance(value, dict):
        return "class_name" in value or any(is_config(item) for item in value.values())
    return isinstance(value, list | tuple) and any(is_config(item) for item in value)


def as_callable(value: object) -> object:
    """Return the function that a name, or None, stands for; anything else as it is."""
    return keras.activations.get(value) if value is None or isinstance(value, str) else value
