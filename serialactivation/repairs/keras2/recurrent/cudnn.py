"""The repair ``cudnn``: ``CuDNNGRU`` and ``CuDNNLSTM`` as the ``GRU`` and ``LSTM`` that compute the same. Keras-free.

Their weights are converted with the file; ``recurrent_weights.py`` has the formulas.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from serialactivation.repairs.keras2.make_repair import edit_at, make_repair
from serialactivation.repairs.repair import IN_LAYERS, Edit
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import JSON

__all__ = ["CUDNN", "CUDNN_LAYERS"]

_COMMON: Final[Mapping[str, JSON]] = {"activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True}

CUDNN_LAYERS: Final[Mapping[str, tuple[str, Mapping[str, JSON]]]] = MappingProxyType(
    {"CuDNNGRU": ("GRU", {**_COMMON, "reset_after": True}), "CuDNNLSTM": ("LSTM", _COMMON)}
)
"""The class that computes the same as each, and its arguments that the config does not have."""


def _replace(config: StoredConfig) -> Iterator[Edit]:
    for steps, node in config.stock_objects:
        is_own = node.of is not None and node.of.name in CUDNN_LAYERS and "units" in node.config
        if is_own and node.of is not None and not node.config.get("time_major"):
            new = CUDNN_LAYERS[node.of.name][0]
            yield edit_at(steps, f"{node.of.name} replaced with {new}, and its weights converted", _make_layer)


def _make_layer(stored: Any) -> None:
    name, arguments = CUDNN_LAYERS[stored["class_name"]]
    stored["class_name"] = name
    stored["config"].pop("time_major", None)
    stored["config"].update(arguments)
    if "module" in stored:
        stored.update(IN_LAYERS)


CUDNN: Final = make_repair("cudnn", _replace)
"""The repair."""
