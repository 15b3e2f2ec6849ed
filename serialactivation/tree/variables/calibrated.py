"""Layers that were calibrated with GPTQ or AWQ: packed weights, scales and zero points. Keras-free.

Source:
    ``_gptq_build``, ``_awq_build`` and ``variable_serialization_spec`` of ``keras/src/layers/core/dense.py`` and
    ``einsum_dense.py``, Keras 3.14 and 3.15.
"""

import re
from typing import Final

from serialactivation.catalog.versions import is_newer
from serialactivation.tree.variables.layer_arguments import Arguments, Built, make_variables
from serialactivation.tree.variables.shapes import NotKnownError

__all__ = ["CALIBRATED", "ZERO_POINTS", "is_calibrated", "pack"]

CALIBRATED: Final = ("Dense", "EinsumDense")
"""The layers whose kernel can be calibrated, and is known then."""

ZERO_POINTS: Final = "kernel_zero"
"""The name of the variable that Keras 3.14 and 3.15 leave out of the file."""

_SINCE: Final = "3.14"
_MODE: Final = re.compile(r"(?P<method>gptq|awq)/(?P<bits>[1-9]\d?)/(?P<group>-1|[1-9]\d{0,8})")
"""The mode of a dtype policy: the method, the bits of a weight, and how many inputs share a scale; -1 for all."""

_POLICIES: Final = ("GPTQDTypePolicy", "AWQDTypePolicy")
_HALF_A_BYTE: Final = 4
_MATRIX: Final = 2


def is_calibrated(given: Arguments) -> bool:
    """Return whether the dtype policy of a layer says that it was calibrated, for a Keras of which that is known."""
    return _find_mode(given) is not None and not given.config.get("lora_rank") and not is_newer(_SINCE, given.target)


def pack(built: Built, given: Arguments) -> Built:
    """Return a calibrated layer: *built* with its kernel packed.

    Raises:
        NotKnownError: The kernel has more than two axes, of which Keras makes two.
    """
    mode = _find_mode(given)
    kernel, *bias = built.variables or ()
    if mode is None or len(kernel.shape) != _MATRIX:
        raise NotKnownError
    rows, columns = kernel.shape
    bits, group = int(mode["bits"]), int(mode["group"])
    scales = (columns, 1 if group < 0 else -(-rows // group))
    packed = make_variables(
        ("kernel", (-(-columns // 2) if bits == _HALF_A_BYTE else columns, rows)),
        ("kernel_scale", scales),
        (ZERO_POINTS, scales),
        ("awq_scales", (rows,)) if mode["method"] == "awq" else None,
        ("g_idx", (rows,)),
        trainable=False,
    )
    return built._replace(variables=(*bias, *packed))


def _find_mode(given: Arguments) -> re.Match[str] | None:
    policy = given.config.get("dtype")
    if not isinstance(policy, dict) or policy.get("class_name") not in _POLICIES:
        return None
    config = policy.get("config")
    mode = config.get("mode") if isinstance(config, dict) else None
    return _MODE.fullmatch(mode) if isinstance(mode, str) else None
