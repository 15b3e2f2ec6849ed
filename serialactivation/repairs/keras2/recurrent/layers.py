"""The recurrent layers whose weights change with a repair, and where their weights are. Keras-free."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from serialactivation.catalog.layer_kinds import MODELS
from serialactivation.repairs.keras2.recurrent.cudnn import CUDNN_LAYERS
from serialactivation.repairs.keras2.recurrent.weights import Conversion
from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.weight_groups import StoredObject, find_objects
from serialactivation.typing import JSON

__all__ = ["OLD_SIGMOID", "SCALED", "find_cudnn", "find_scaled", "has_old_gates"]

OLD_SIGMOID: Final = "hard_sigmoid"
SCALED: Final[JSON] = {
    "module": "builtins",
    "class_name": "function",
    "config": OLD_SIGMOID,
    "registered_name": OLD_SIGMOID,
}
"""The ``hard_sigmoid`` of Keras 3, in a form that only Keras 3 writes."""

_GATED: Final = {
    "GRU": "GRU",
    "GRUCell": "GRU",
    "LSTM": "LSTM",
    "LSTMCell": "LSTM",
    **{f"ConvLSTM{rank}D": "LSTM" for rank in (1, 2, 3)},
}

Kind = Callable[[StoredObject], str | None]


def has_old_gates(one: StoredObject) -> bool:
    """Return whether an object is a recurrent layer of Keras whose gates have the old ``hard_sigmoid``."""
    is_gated = one.is_keras and str(one.stored["class_name"]) in _GATED
    return is_gated and follow(one.stored, ("config",)).get("recurrent_activation") == OLD_SIGMOID


def find_scaled(config: JSON, *, is_hdf5: bool) -> tuple[Conversion, ...]:
    """Return how the weights change whose gates are scaled, so that they have the ``hard_sigmoid`` of Keras 3."""

    def find_kind(one: StoredObject) -> str | None:
        return f"scaled {_GATED[str(one.stored['class_name'])]}" if has_old_gates(one) else None

    return tuple(_find(config, find_kind, is_hdf5=is_hdf5))


def find_cudnn(config: JSON) -> tuple[Conversion, ...]:
    """Return how the weights of cuDNN's layers change, in an HDF5 file."""

    def find_kind(one: StoredObject) -> str | None:
        name = str(one.stored["class_name"])
        inner = follow(one.stored, ("config",))
        is_own = one.is_keras and name in CUDNN_LAYERS and "units" in inner and not inner.get("time_major")
        return name if is_own else None

    return tuple(_find(config, find_kind, is_hdf5=True))


def _find(config: JSON, find_kind: Kind, *, is_hdf5: bool) -> Iterator[Conversion]:
    for one in find_objects(config):
        kind = find_kind(one)
        if kind is None:
            continue
        inner = follow(one.stored, ("config",))
        has_bias = bool(inner.get("use_bias", True))
        if is_hdf5:
            names = (str(inner.get("name")), *(f"{way}_{inner.get('name')}" for way in ("forward", "backward")))
            owner, is_alone = _find_owner(config, one.steps)
            ways = 2 if _is_two_way(config, one.steps) else 1
            made = Conversion(kind, has_bias, owner=owner, names=() if is_alone else names)
            yield from [made] * ways
        else:
            for path in one.groups:
                cell = path if str(one.stored["class_name"]).endswith("Cell") else f"{path}/cell"
                yield Conversion(kind, has_bias, groups=(cell,))


def _find_owner(config: Any, steps: Steps) -> tuple[str, bool]:
    """Return the layer of the model that leads to an object, and whether the group of that has its weights alone."""
    owner = follow(config, steps[:3])
    inside = [follow(config, steps[:end]) for end in range(3, len(steps) + 1)]
    is_model = any(isinstance(one, dict) and one.get("class_name") in MODELS for one in inside)
    is_stacked = any(isinstance(one, dict) and one.get("class_name") == "StackedRNNCells" for one in inside)
    inner = owner.get("config") if isinstance(owner, dict) else None
    name = inner.get("name") if isinstance(inner, dict) else None
    return str(name), not (is_model or is_stacked)


def _is_two_way(config: Any, steps: Steps) -> bool:
    """Return whether an object is the layer of a Bidirectional that has no other layer for the way back."""
    holder = follow(config, steps[:-2])
    is_layer = steps[-1] == "layer" and isinstance(holder, dict) and holder.get("class_name") == "Bidirectional"
    return is_layer and not follow(holder, ("config",)).get("backward_layer")
