"""The five hooks of a layer: how its activations are resolved, validated, encoded, decoded and built."""

from typing import Any, Final, cast

import keras

from serialactivation.codec.codec import decode_container, encode_container, resolve_container
from serialactivation.keras_api.activation_shape import infer_activation_shape
from serialactivation.keras_api.scopes import contained
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import spec_of
from serialactivation.typing import JSON, ActivationLike, Shape

__all__ = [
    "HOOK_NAMES",
    "ActivationHooks",
    "as_callable",
    "is_config",
    "is_resolved_by_default",
    "resolve_field",
    "resolve_in_scope",
]

HOOK_NAMES = (
    "resolve_activation",
    "validate_activation",
    "encode_activation",
    "decode_activation",
    "activation_shape",
)


class ActivationHooks:
    """What a layer does with its activations; each hook is called once per field, and each may be overridden.

    Override a hook in a layer for all its fields, or give one field its own hook with
    :class:`~serialactivation.ActivationField`. A field's value may be a list, tuple or dict of activations, which a
    hook gets as a whole. The values are annotated as ``Any``, so that an override may annotate what its fields hold.
    """

    @classmethod
    def resolve_activation(cls, field: ActivationField, value: Any) -> ActivationLike | Any:
        """Return what the constructor receives for *value*. Called before the constructor.

        Args:
            field: The constructor's argument.
            value: The value that the user gave, or the result of :meth:`decode_activation`.

        Returns:
            *value* itself where Keras stores it faithfully (a name stays a name), else an equal object that can be
            stored.

        Raises:
            UnserializableActivationError: *value* would not come back from a saved model.
            UnknownActivationError: No activation has this name.
        """
        if field.resolver is not None:
            return field.resolver(value)
        return resolve_container(value, field.names)

    @classmethod
    def validate_activation(cls, field: ActivationField, activation: Any) -> None:
        """Refuse an activation that this layer cannot use. Called after :meth:`resolve_activation`.

        Args:
            field: The constructor's argument.
            activation: The result of :meth:`resolve_activation`.

        Raises:
            ActivationError: The layer does not accept *activation*. By default, every resolved activation is accepted.
        """
        if field.validator is not None:
            field.validator(activation)

    def encode_activation(self, field: ActivationField, activation: Any) -> JSON:
        """Return *activation* as JSON types. Called by ``get_config``.

        Args:
            field: The constructor's argument.
            activation: The value that the constructor received, or the value assigned to the attribute since.

        Returns:
            The stored form, which :meth:`decode_activation` reads.
        """
        if field.encoder is not None:
            return field.encoder(activation)
        keeps = not field.resolve and spec_of(type(cast("keras.Layer", self))).keeps_functions
        spelled = field.is_member or keeps
        return encode_container(activation, spelled=spelled)

    @classmethod
    def decode_activation(cls, field: ActivationField, config: Any) -> ActivationLike | Any:
        """Return the activation whose stored form is *config*. Called before the constructor.

        Args:
            field: The constructor's argument.
            config: The result of :meth:`encode_activation`.

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
            input_shape: The shape that the layer is built with, batch axis included.

        Returns:
            The shape of the tensor that the activation is called with, batch axis included; or None to trace the
            layer's ``call`` on an abstract input instead. The default is the output shape for layers whose ``call`` is
            Keras's own, the shape of the state for recurrent layers, and None for all others.
        """
        if field.shape is not None:
            return field.shape(input_shape)
        return infer_activation_shape(cast("keras.Layer", self), input_shape)


_RESOLVE: Final = ActivationHooks.__dict__["resolve_activation"].__func__


def resolve_field(layer_class: type[keras.Layer], field: ActivationField, value: object) -> object:
    """Return what the constructor of *layer_class* receives for *value*, an activation or the stored form of one.

    The hooks of the class decode, resolve and validate it.

    Raises:
        ActivationError: It would not come back from a saved model, or cannot be read.
    """
    hooks = cast("type[ActivationHooks]", layer_class)
    if is_config(value):
        value = hooks.decode_activation(field, cast("JSON", value))
    resolved = hooks.resolve_activation(field, value)
    hooks.validate_activation(field, resolved)
    return as_callable(resolved) if field.resolve else resolved


@contained
def resolve_in_scope(name: str, layer_class: type[keras.Layer], field: ActivationField, value: object) -> object:
    """Return the result of :func:`resolve_field` in the name scope of a layer *name*, for the weights made now."""
    with keras.name_scope(name):
        return resolve_field(layer_class, field, value)


def is_resolved_by_default(layer_class: type[keras.Layer], field: ActivationField) -> bool:
    """Return whether no author's hook resolves a *field* of *layer_class*."""
    resolve = getattr(cast("Any", layer_class).resolve_activation, "__func__", None)
    return field.resolver is None and resolve is _RESOLVE


def is_config(value: object) -> bool:
    """Return whether *value* is a stored form: an object's config, or a container with one in it."""
    if isinstance(value, dict):
        return "class_name" in value or any(is_config(item) for item in value.values())
    return isinstance(value, list | tuple) and any(is_config(item) for item in value)


def as_callable(value: object) -> object:
    """Return the function for a name or None; any other value unchanged."""
    return keras.activations.get(value) if value is None or isinstance(value, str) else value
