"""The keywords that Keras 2 and tf_keras stored and Keras 3 refuses, and the edits that take them out. Keras-free."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.catalog.keras2 import leaves_out_reset_after
from serialactivation.catalog.layer_kinds import RECURRENT
from serialactivation.repairs.repair import Edit, remove, replace
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import JSON

__all__ = [
    "complete_grus",
    "drop_build_shapes",
    "drop_initializer_dtypes",
    "drop_keywords",
    "drop_trainable",
    "unpack_axes",
    "unpack_policies",
]

_ASSUMED: Final = "which Keras 3 always assumes"
_DEAD: Final = "which has no effect"

_RANKS: Final = (1, 2, 3)
_TRANSPOSED: Final = tuple(f"Conv{rank}DTranspose" for rank in _RANKS)
_SEPARABLE: Final = ("SeparableConv1D", "SeparableConv2D")
_DEPTHWISE: Final = ("DepthwiseConv1D", "DepthwiseConv2D")
_ATTENTION: Final = ("AdditiveAttention", "Attention")
_KERNEL: Final = ("kernel_constraint", "kernel_initializer", "kernel_regularizer")


# Keywords with the values that Keras 3 assumes.
_GONE: Final[tuple[tuple[Iterable[str], Mapping[str, tuple[JSON, ...]]], ...]] = (
    (RECURRENT, {"time_major": (False,)}),
    ((*_TRANSPOSED, *_DEPTHWISE, *_SEPARABLE), {"groups": (1,)}),
    (_ATTENTION, {"causal": (False,)}),
    (("AdditiveAttention",), {"score_mode": ("dot",)}),
    (("MultiHeadAttention",), {"softmax_robust_masking": (False,)}),
    (("BatchNormalization",), {"adjustment": (None,), "fused": (None, True, False), "virtual_batch_size": (None,)}),
)

# Keywords that have no effect, with any value: how random numbers are made, shapes that Keras finds by itself, and
# what a layer has from the class above it.
_WITHOUT_EFFECT: Final[tuple[tuple[Iterable[str], tuple[str, ...]], ...]] = (
    (_SEPARABLE, _KERNEL),
    (tuple(f"SpatialDropout{rank}D" for rank in _RANKS), ("noise_shape",)),
    (("MultiHeadAttention",), ("key_shape", "query_shape", "value_shape")),
    (RECURRENT, ("input_dim", "input_length")),
)
_RANDOM: Final = "Random"


def _make_table() -> Mapping[str, Mapping[str, tuple[JSON, ...] | None]]:
    table: dict[str, dict[str, tuple[JSON, ...] | None]] = {}
    for classes, keywords in _GONE:
        for name in classes:
            table.setdefault(name, {}).update(keywords)
    for classes, dead in _WITHOUT_EFFECT:
        for name in classes:
            table.setdefault(name, {}).update(dict.fromkeys(dead))
    return MappingProxyType(table)


_TABLE: Final = _make_table()


def drop_keywords(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that remove the keywords of the tables, if Keras 3 refuses them."""
    for steps, node in config.stock_objects:
        if node.of is None or node.of.signature is None:
            continue
        keywords = node.of.signature.keywords
        for key in [key for key in node.config if key not in keywords]:
            reason = _find_reason(node.of.name, key, node.config[key])
            if reason is not None:
                yield remove((*steps, "config", key), f"{key!r} removed: it is {node.config[key]!r}, {reason}")


def _find_reason(class_name: str, key: str, value: JSON) -> str | None:
    """Return why a keyword can be left out, or None if it cannot."""
    if class_name.startswith(_RANDOM) and key == "rng_type":
        return _DEAD
    values = _TABLE.get(class_name, {}).get(key, ())
    if values is None:
        return _DEAD
    return _ASSUMED if value in values else None


def drop_trainable(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that remove ``trainable`` from layers without trainable weights that do not take it."""
    for steps, node in config.stock_objects:
        of = node.of
        if of is None or of.signature is None or not of.signature.owner.startswith("keras.layers."):
            continue
        if "trainable" in node.config and "trainable" not in of.signature.keywords and not of.signature.swallows:
            yield remove((*steps, "config", "trainable"), f"'trainable' removed: {of.name} has no weights to train")


def drop_initializer_dtypes(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that remove the dtype of initializers, which make values of the dtype that the layer asks for."""
    for steps, node in config.stock_objects:
        of = node.of
        if of is None or of.signature is None or not of.signature.owner.startswith("keras.initializers."):
            continue
        if "dtype" in node.config and "dtype" not in of.signature.keywords:
            yield remove((*steps, "config", "dtype"), "'dtype' removed: an initializer gets it from its layer")


def drop_build_shapes(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that remove the shapes with which layers of several inputs were built: a call has them all."""
    for steps, node in config.stock_objects:
        stored = node.stored.get("build_config") if isinstance(node.stored, dict) else None
        shape = stored.get("input_shape") if isinstance(stored, dict) else None
        if isinstance(shape, list) and node.of is not None and _is_misread(node.of.name, shape):
            yield remove((*steps, "build_config"), "'build_config' removed: it does not tell the inputs apart")


def _is_misread(class_name: str, shape: list[JSON]) -> bool:
    """Return whether a layer takes its inputs one by one: attention, and a recurrent layer with its states."""
    is_list = any(isinstance(one, list) for one in shape)
    return class_name == "MultiHeadAttention" or (is_list and class_name in {*RECURRENT, "Bidirectional"})


def unpack_axes(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that write the axis of a BatchNormalization, which was a list of one, as a number."""
    for steps, node in config.stock_objects:
        axis = node.config.get("axis")
        if node.of is not None and node.of.name == "BatchNormalization" and isinstance(axis, list) and len(axis) == 1:
            yield replace((*steps, "config", "axis"), axis[0], f"'axis' is {axis[0]!r}, and no list")


def unpack_policies(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that write a dtype policy of tf_keras by its name."""
    for steps, node in config.stock_objects:
        dtype = node.config.get("dtype")
        name = _find_policy(dtype)
        if name is not None:
            yield replace((*steps, "config", "dtype"), name, f"the policy {name!r} written by its name")


def _find_policy(dtype: JSON) -> str | None:
    if not isinstance(dtype, dict) or dtype.get("class_name") not in ("Policy", "PolicyV1"):
        return None
    inner = dtype.get("config")
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else None


def complete_grus(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that write what a GRU without ``reset_after`` did: Keras 3 assumes the other."""
    for steps, node in config.stock_objects:
        if node.of is not None and leaves_out_reset_after(node.of.name, node.config):
            yield replace((*steps, "config", "reset_after"), value=False, what="'reset_after' is False, as in Keras 2")
