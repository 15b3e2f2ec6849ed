"""Changes a layer class completely or not at all: after an error, the class and the registry are unchanged."""

import contextlib
from collections.abc import Iterator, Mapping

import keras

__all__ = ["undo_on_error"]


@contextlib.contextmanager
def undo_on_error(layer_class: type) -> Iterator[None]:
    """Change and register *layer_class* within it; an error or an interrupt before the end undoes all changes."""
    attributes, registered = dict(vars(layer_class)), dict(keras.saving.get_custom_objects())
    try:
        yield
    except BaseException:
        if not _is_new(layer_class, registered):  # else the last step is done: Keras keeps a registered name
            _restore_attributes(layer_class, attributes)
            _restore(keras.saving.get_custom_objects(), registered)
        raise


def _is_new(layer_class: type, before: Mapping[str, object]) -> bool:
    """Return whether *layer_class* has been registered since."""
    name = keras.saving.get_registered_name(layer_class)
    return keras.saving.get_custom_objects().get(name) is layer_class and before.get(name) is not layer_class


def _restore_attributes(layer_class: type, before: Mapping[str, object]) -> None:
    for name, value in dict(vars(layer_class)).items():
        if name not in before:
            delattr(layer_class, name)
        elif value is not before[name]:
            setattr(layer_class, name, before[name])


def _restore(objects: dict[str, object], before: Mapping[str, object]) -> None:
    for name in [name for name, value in objects.items() if value is not before.get(name)]:
        del objects[name]
    objects.update(before)
