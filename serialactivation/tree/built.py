"""Whether a load builds a layer, whose variables Keras makes then. Keras-free.

Source:
    ``deserialize_keras_object`` of ``keras/src/saving/serialization_lib.py``, which builds what has a ``build_config``,
    and ``_maybe_rebuild`` of ``keras/src/models/sequential.py``, Keras 3.6 to 3.15.
"""

from typing import Final

from serialactivation.tree.classes import STACK
from serialactivation.tree.nodes import Node
from serialactivation.typing import JSON, Config

__all__ = ["is_built", "is_built_model"]

_GRAPHS: Final = ("keras.models.Functional", "keras.models.Model")
_SHAPES: Final = ("batch_input_shape", "batch_shape", "input_layers", "input_shape", "shape")
"""Keys of the first layer of a Sequential from which Keras knows the shape of the input."""


def is_built(node: Node) -> bool:
    """Return whether a load builds a layer: itself, or with a model that it is in."""
    return any(map(_is_builder, node.climb()))


def is_built_model(stored: Config) -> bool:
    """Return whether a load builds a model of Keras, before it compiles it."""
    config = stored.get("config")
    if stored.get("build_config") or not isinstance(config, dict):
        return bool(stored.get("build_config"))
    return "input_layers" in config or bool(config.get("build_input_shape")) or _has_shape(config.get("layers"))


def _is_builder(node: Node) -> bool:
    """Return whether Keras builds an object, with all that is in it, when it loads it."""
    if not node.is_object or not isinstance(node.stored, dict) or node.of is None:
        return False
    if node.stored.get("build_config") or node.config.get("build_input_shape"):
        return True
    return node.of.owner in _GRAPHS or (node.of.owner == STACK and _has_shape(node.config.get("layers")))


def _has_shape(layers: JSON) -> bool:
    first = layers[0] if isinstance(layers, list) and layers else None
    inner = first.get("config") if isinstance(first, dict) else None
    return isinstance(inner, dict) and any(inner.get(key) is not None for key in _SHAPES)
