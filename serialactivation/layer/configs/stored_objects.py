"""The stored forms of Keras's objects in a config, changed at every level."""

from collections.abc import Callable, Mapping

from serialactivation.typing import JSON, Config

__all__ = ["map_objects"]


def map_objects(change: Callable[[Config, str, str], Config], value: JSON) -> JSON:
    """Return *value* with *change* applied to the stored form of each object of Keras in it, the inner ones first.

    Args:
        change: Receives a stored form, its module without ``keras.``, and its class name; returns the same stored form,
            or another one.
        value: The value, which is not changed. It is returned itself if nothing in it changes.
    """
    if isinstance(value, list | tuple):
        items = [map_objects(change, item) for item in value]
        changed = any(after is not before for after, before in zip(items, value, strict=True))
        return items if changed else value
    if not isinstance(value, Mapping):
        return value
    mapped: Config = {key: map_objects(change, item) for key, item in value.items()}
    if all(mapped[key] is item for key, item in value.items()):
        mapped = value
    package, _, module = str(mapped.get("module")).partition(".")
    class_name = mapped.get("class_name")
    is_object = package == "keras" and isinstance(class_name, str) and "config" in mapped
    return change(mapped, module, str(class_name)) if is_object else mapped
