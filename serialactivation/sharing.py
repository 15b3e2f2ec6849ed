"""What Keras's scopes say: whether it is saving, which objects it knows; all that comes from private Keras is here.

Keras writes ``shared_object_id`` only where it meets an object for the second time, onto a dict that has been copied by
then, so that a layer's activation loses it. Writing the id at every sighting is enough for stock ``load_model``. The id
is Keras's own, ``id(object)``: an activation that is also a layer of the graph, or that a stock layer holds too, is then
one object for all of them, and no two live objects can share a key.

The id may be written while Keras saves and at no other time. A load opens the same scope, and a layer built during a
load may ask ours for its config (``Bidirectional`` copies its layer that way): with ids in it the copies would be joined.
Inside ``deserialize_keras_object`` safe mode is a bool; after ``enable_unsafe_deserialization`` it is False everywhere,
and then the scope of custom objects tells, because deserialization puts the whole registry into it.
"""

from typing import Final

from keras.src.backend.common import global_state
from keras.src.saving import serialization_lib

from serialactivation.notation import PACKAGE, PARTIAL
from serialactivation.typing import Config

__all__ = ["find_in_scope", "is_loading", "is_saving", "mark_shared", "objects_in_scope"]

_SENTINEL: Final = f"{PACKAGE}>{PARTIAL}"


def is_loading() -> bool:
    """Tell whether Keras is making objects from configs in this thread."""
    safe_mode = serialization_lib.in_safe_mode()
    if safe_mode is None or safe_mode:
        return safe_mode is not None
    return _SENTINEL in objects_in_scope()


def is_saving() -> bool:
    """Tell whether Keras is writing a whole model in this thread, and keeps track of shared objects."""
    return global_state.get_global_attribute("shared_objects/id_to_config_map") is not None and not is_loading()


def mark_shared(activation: object, config: Config) -> Config:
    """Return *config* with the key that makes *activation* one object again after a load, where Keras is saving."""
    if is_saving():
        return {**config, "shared_object_id": id(activation)}
    return config


def objects_in_scope() -> dict[str, object]:
    """Return the objects that a ``custom_object_scope`` in force holds, by name. An inner scope hides an outer one."""
    return dict(global_state.get_global_attribute("custom_objects_scope_dict", {}))


def find_in_scope(value: object) -> str | None:
    """Return the name under which a ``custom_object_scope`` in force holds *value*, or None."""
    return next((name for name, custom in objects_in_scope().items() if custom is value), None)
