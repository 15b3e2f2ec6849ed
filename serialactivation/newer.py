"""The keywords that Keras's classes have gained since 3.6, with their defaults. Keras-free data.

A config that a newer Keras wrote holds them, and an older one cannot take them: one that holds its default says nothing
that the older one does not do, and may be left out.

Source:
    Signatures of the public classes of Keras 3.6.0 to 3.15.1, compared release by release.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from serialactivation.typing import JSON

__all__ = ["NEWER", "NewerKeyword"]


@attrs.frozen
class NewerKeyword:
    """A keyword that a class has gained.

    Attributes:
        name: Its name.
        default: Its default: what the class did before.
        since: The first Keras that has it.
    """

    name: str
    default: JSON
    since: str


_LORA: Final = NewerKeyword("lora_alpha", None, "3.10")
_PADDING: Final = NewerKeyword("output_padding", None, "3.11")
_QUANTIZED: Final = NewerKeyword("quantization_config", None, "3.13")
_SLIDING: Final = (
    NewerKeyword("flash_attention", None, "3.7"),
    NewerKeyword("use_gate", False, "3.14"),
    NewerKeyword("sliding_window", None, "3.15"),
)
_AXES: Final = (NewerKeyword("input_axes", None, "3.15"), NewerKeyword("output_axes", None, "3.15"))
_RENORM: Final = (
    NewerKeyword("renorm", False, "3.14"),
    NewerKeyword("renorm_clipping", None, "3.14"),
    NewerKeyword("renorm_momentum", 0.99, "3.14"),
)

NEWER: Final[Mapping[str, Mapping[str, tuple[NewerKeyword, ...]]]] = MappingProxyType(
    {
        "layers": {
            "BatchNormalization": _RENORM,
            "Conv1DTranspose": (_PADDING,),
            "Conv2DTranspose": (_PADDING,),
            "Conv3DTranspose": (_PADDING,),
            "Dense": (_LORA, _QUANTIZED),
            "EinsumDense": (_LORA, NewerKeyword("gptq_unpacked_column_size", None, "3.12"), _QUANTIZED),
            "Embedding": (_LORA, _QUANTIZED),
            "GroupQueryAttention": (NewerKeyword("seed", None, "3.7"), *_SLIDING),
            "InputLayer": (NewerKeyword("ragged", False, "3.9"),),
            "IntegerLookup": (
                NewerKeyword("oov_method", "floormod", "3.14"),
                NewerKeyword("salt", None, "3.14"),
            ),
            "JaxLayer": (NewerKeyword("native_serialization_platforms", None, "3.14"),),
            "MultiHeadAttention": _SLIDING,
            "RandomContrast": (NewerKeyword("value_range", [0, 255], "3.8"),),
            "Resizing": (NewerKeyword("antialias", False, "3.9"),),
            "StringLookup": (NewerKeyword("salt", None, "3.14"),),
            "TorchModuleWrapper": (NewerKeyword("output_shape", None, "3.10"),),
        },
        "initializers": dict.fromkeys(
            (
                "GlorotNormal",
                "GlorotUniform",
                "HeNormal",
                "HeUniform",
                "LecunNormal",
                "LecunUniform",
                "VarianceScaling",
            ),
            _AXES,
        ),
        "regularizers": {},
        "constraints": {},
    }
)
"""The keywords by the module of ``keras`` and the class. A layer of Keras stands for its subclasses of ours."""
