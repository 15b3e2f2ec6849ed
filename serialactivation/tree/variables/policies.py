"""What the dtype policy of a layer says of its weights: plain, or quantized in some way. Keras-free.

Source:
    ``keras/src/dtype_policies/dtype_policy.py`` and ``get_block_size_for_layer`` of
    ``keras/src/quantizers/quantization_config.py``, Keras 3.6 to 3.15.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from serialactivation.catalog.versions import is_newer
from serialactivation.tree.variables.layer_arguments import Arguments
from serialactivation.tree.variables.shapes import NotKnownError
from serialactivation.typing import JSON

__all__ = ["CALIBRATED", "PLAIN", "Mode", "find_mode"]

CALIBRATED: Final = ("gptq", "awq")
"""The methods that look at what a model computes, and need data."""


class Mode(NamedTuple):
    """How the weights of a layer are quantized.

    Attributes:
        method: The method, or an empty text if they are not.
        bits: The bits of a weight, where the policy says so.
        group: How many inputs share a scale; -1 for all.
        history: How many values a history of ``float8`` has.
    """

    method: str = ""
    bits: int = 0
    group: int = -1
    history: int = 1024


PLAIN: Final = Mode()
"""Weights that are not quantized."""

_SINCE: Final[Mapping[str, str]] = {"int4": "3.11", "gptq": "3.14", "awq": "3.14"}
"""The first Keras of which the variables are known, by the method."""

_PLAIN_POLICIES: Final = ("DTypePolicy", "Policy")
_POLICIES: Final = (
    *("AWQDTypePolicy", "GPTQDTypePolicy", "Int4DTypePolicy"),
    *("QuantizedDTypePolicy", "QuantizedFloat8DTypePolicy"),
)
_GROUP: Final = r"(?P<group>-1|[1-9]\d{0,8})"
_MODES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<method>int4)/{_GROUP}",
        rf"(?P<method>gptq|awq)/(?P<bits>[1-9]\d?)/{_GROUP}",
        r"(?P<method>int8|int4|float8)",
    )
)


def find_mode(given: Arguments) -> Mode:
    """Return how the weights of a layer are quantized.

    Raises:
        NotKnownError: The policy is none that is known, or not for the Keras that reads it.
    """
    mode = _read_policy(given.config.get("dtype"))
    if is_newer(_SINCE.get(mode.method, "3.0"), given.target):
        raise NotKnownError
    block = _find_block(given.config.get("quantization_config")) if mode.method == "int4" else None
    return mode if block is None else mode._replace(group=block)


def _read_policy(policy: JSON) -> Mode:
    if policy is None or isinstance(policy, str):
        return _read_name(policy or "")
    inner = policy.get("config") if isinstance(policy, dict) else None
    if not isinstance(policy, dict) or not isinstance(inner, dict):
        raise NotKnownError
    if policy.get("class_name") in _PLAIN_POLICIES:
        name = inner.get("name")
        return _read_name(name if isinstance(name, str) else "")
    if policy.get("class_name") not in _POLICIES:
        raise NotKnownError
    history = inner.get("amax_history_length", PLAIN.history)
    return _read_mode(inner.get("mode"))._replace(history=history if isinstance(history, int) else 0)


def _read_name(name: str) -> Mode:
    """Return the mode in the name of a policy, such as ``int8_from_float32``."""
    mode, is_quantized, _ = name.partition("_from_")
    return _read_mode(mode) if is_quantized else PLAIN


def _read_mode(mode: JSON) -> Mode:
    for pattern in _MODES:
        found = pattern.fullmatch(mode) if isinstance(mode, str) else None
        if found is not None:
            read = found.groupdict()
            return Mode(read["method"], int(read.get("bits", 0)), int(read.get("group", PLAIN.group)))
    raise NotKnownError


def _find_block(stored: JSON) -> int | None:
    """Return how many inputs share a scale if a config of the quantization says so, which Keras reads first."""
    inner = stored.get("config") if isinstance(stored, dict) else None
    block = inner.get("block_size") if isinstance(inner, dict) else None
    return block if isinstance(block, int) and not isinstance(block, bool) else None
