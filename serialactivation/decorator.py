"""The second way in: decorate."""

from collections.abc import Callable, Sequence
from typing import TypeVar, overload

import keras

from serialactivation import errors
from serialactivation.layer.install import adopt
from serialactivation.spec.fields import FieldLike

__all__ = ["serializable_activation"]

LayerT = TypeVar("LayerT", bound=keras.Layer)


@overload
def serializable_activation(cls: type[LayerT], /) -> type[LayerT]: ...
@overload
def serializable_activation(
    *, package: str | None = None, name: str | None = None, fields: Sequence[FieldLike] | None = None
) -> Callable[[type[LayerT]], type[LayerT]]: ...
def serializable_activation(
    cls: type[LayerT] | None = None,
    /,
    *,
    package: str | None = None,
    name: str | None = None,
    fields: Sequence[FieldLike] | None = None,
) -> type[LayerT] | Callable[[type[LayerT]], type[LayerT]]:
    """Make a layer class keep its activations, register it with Keras, and return the same class.

    Use it bare (``@serializable_activation``) or called (``@serializable_activation(package="my_package")``), on layers
    and models, with and without a ``get_config`` of their own.

    Args:
        cls: The class, in the bare form.
        package: The package to register it in; by default the class's top-level module (``Custom`` for ``__main__``).
        name: Its registered name; by default the class's name.
        fields: Its activation fields, by name or as :class:`~serialactivation.ActivationField`; by default, they are
            found in the constructor.

    Returns:
        The class itself, or the decorator in the called form.

    Raises:
        ActivationFieldError: *cls* is not a layer class, or is one of Keras's own; or *fields* has a name that is not
            an argument of its constructor.
        RegistrationError: A different class has the registered name.
    """

    def decorate(layer_class: type[LayerT]) -> type[LayerT]:
        if not isinstance(layer_class, type) or not issubclass(layer_class, keras.Layer):
            raise errors.ActivationFieldError(
                "serializable_activation",
                layer_class,
                "only a subclass of keras.Layer can be decorated",
                "Options are given by keyword, such as package='my_package'.",
            )
        if layer_class.__module__.split(".")[0] == "keras":
            raise errors.ActivationFieldError(
                "serializable_activation",
                layer_class,
                "it is a class of Keras, and decorating it would change it for all code",
                f"Use serialactivation.layers.{layer_class.__name__}, or decorate a subclass.",
            )
        adopt(layer_class, fields, package=package, name=name)
        return layer_class

    return decorate if cls is None else decorate(cls)
