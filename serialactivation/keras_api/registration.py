"""Names in Keras's custom-object system: ``package>name``, one class each."""

from typing import Any, Final

import keras

from serialactivation import errors

__all__ = ["default_package", "identity", "register", "registered_name"]

DEFAULT_PACKAGE: Final = "Custom"
_REGISTRATION: Final = "__serialactivation_registration__"


def default_package(layer_class: type) -> str:
    """Return the class's top-level module, or Keras's own default for a script or a notebook."""
    package = layer_class.__module__.split(".")[0]
    return DEFAULT_PACKAGE if package == "__main__" else package


def registered_name(layer_class: type) -> str | None:
    """Return the name that *layer_class* is registered under, or None."""
    name = keras.saving.get_registered_name(layer_class)
    return name if keras.saving.get_custom_objects().get(name) is layer_class else None


def register(layer_class: type, *, package: str | None = None, name: str | None = None) -> None:
    """Register *layer_class* with Keras, unless it is registered already and no name is given.

    The same class defined again, as by running a notebook's cell twice, replaces the first.

    Args:
        layer_class: The class.
        package: Its package; by default :func:`default_package`.
        name: Its name; by default the class's name.

    Raises:
        RegistrationError: A different class has the registered name.
        ActivationFieldError: The package or the name is not a string.
    """
    for given in (package, name):
        if given is not None and not isinstance(given, str):
            raise errors.ActivationFieldError(
                layer_class.__name__, given, "package= and name= are strings", "Pass a name."
            )
    setattr(layer_class, _REGISTRATION, _Registration(layer_class))
    if package is None and name is None and registered_name(layer_class) is not None:
        return
    package = default_package(layer_class) if package is None else package
    full_name = f"{package}>{layer_class.__name__ if name is None else name}"
    holder = keras.saving.get_custom_objects().get(full_name)
    if isinstance(holder, type) and identity(holder) != identity(layer_class):
        raise errors.RegistrationError(full_name, identity(holder), identity(layer_class))
    keras.saving.register_keras_serializable(package=package, name=name)(layer_class)


class _Registration:
    """An attribute of a class that registers the class under the same name when it is unpickled by value.

    cloudpickle makes the class again from its bases, which registers it by its default name, then sets its attributes.
    """

    def __init__(self, layer_class: type) -> None:
        self._layer_class = layer_class

    def __reduce__(self) -> tuple[Any, ...]:
        return _register_again, (self._layer_class, keras.saving.get_registered_name(self._layer_class))


def _register_again(layer_class: type, full_name: str) -> _Registration:
    by_default = f"{default_package(layer_class)}>{layer_class.__name__}"
    holder = keras.saving.get_custom_objects().get(by_default)
    if isinstance(holder, type) and identity(holder) == identity(layer_class):
        del keras.saving.get_custom_objects()[by_default]
    package, _, name = full_name.partition(">")
    register(layer_class, package=package, name=name)
    return _Registration(layer_class)


def identity(layer_class: type) -> str:
    """Return the place of *layer_class*'s definition, as ``module.qualname``."""
    return f"{layer_class.__module__}.{layer_class.__qualname__}"
