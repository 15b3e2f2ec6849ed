"""What Keras has gained since 3.6: keywords of its classes, with their defaults, and classes. Keras-free data.

A config that a newer Keras wrote holds them, and an older one cannot take them: one that holds its default says nothing
that the older one does not do, and may be left out.

Source:
    Signatures and names of the public classes of Keras 3.6.0 to 3.15.1, compared release by release.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from serialactivation.typing import JSON

__all__ = [
    "NEWER",
    "NEWER_CLASSES",
    "OBJECTS_SINCE",
    "OLDEST",
    "NewerKeyword",
    "is_newer",
    "is_version",
    "reads_activation",
]

OLDEST: Final = "3.6"
"""The oldest Keras that this package works with; what has been gained is counted from it."""


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
        "losses": {
            "SparseCategoricalCrossentropy": (NewerKeyword("axis", -1, "3.10"),),
            "Tversky": (NewerKeyword("axis", None, "3.8"),),
        },
        "metrics": {
            "SparseCategoricalCrossentropy": (NewerKeyword("ignore_class", None, "3.14"),),
            "SparseTopKCategoricalAccuracy": (NewerKeyword("from_sorted_ids", False, "3.7"),),
        },
        "optimizers": {"LossScaleOptimizer": (NewerKeyword("name", None, "3.12"),)},
    }
)
"""The keywords by the module of ``keras`` and the class. A layer of Keras stands for its subclasses of ours."""

_CLASSES: Final[Mapping[str, str]] = {
    "3.7": "layers: MaxNumBoundingBoxes STFTSpectrogram; initializers: STFT; losses: Circle; "
    "metrics: ConcordanceCorrelation PearsonCorrelation",
    "3.8": "layers: Equalization MixUp RandAugment RandomColorDegeneration RandomColorJitter RandomGrayscale RandomHue "
    "RandomPosterization RandomSaturation RandomSharpness RandomShear",
    "3.9": "layers: AugMix CutMix RMSNormalization RandomErasing RandomGaussianBlur RandomInvert RandomPerspective",
    "3.10": "layers: RandomElasticTransform; losses: CategoricalGeneralizedCrossEntropy; optimizers: Muon",
    "3.12": "layers: ReversibleEmbedding; quantizers: GPTQConfig; dtype_policies: GPTQDTypePolicy",
    "3.13": "layers: AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D "
    "AdaptiveMaxPooling2D AdaptiveMaxPooling3D; quantizers: Float8QuantizationConfig Int4QuantizationConfig "
    "Int8QuantizationConfig QuantizationConfig",
    "3.14": "layers: ContrastLimitedAdaptiveHistogramEqualization; optimizers: ScheduleFreeAdamW; "
    "quantizers: AWQConfig; dtype_policies: AWQDTypePolicy Int4DTypePolicy",
    "3.15": "optimizers: MultiOptimizer OptimizerMap",
}


def _read_classes() -> Iterator[tuple[tuple[str, str], str]]:
    for since, modules in _CLASSES.items():
        for part in modules.split("; "):
            module, names = part.split(": ")
            yield from (((module, name), since) for name in names.split())


NEWER_CLASSES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(dict(_read_classes()))
"""The first Keras that has a class, by its module of ``keras`` and its name."""


OBJECTS_SINCE: Final = "3.10"
"""The first Keras whose layers read an operation or a layer as their activation."""

_VERSION: Final = re.compile(r"\d+\.\d+(\.\d+)?")


def is_version(text: str) -> bool:
    """Tell whether *text* is a version, such as ``3.10`` or ``3.12.4``."""
    return _VERSION.fullmatch(text) is not None


def reads_activation(stored: JSON, version: str) -> bool:
    """Tell whether a layer of Keras *version* reads what is *stored* as its activation.

    Names and functions it does; objects since :data:`OBJECTS_SINCE`, and before that those of other people.
    """
    if not isinstance(stored, Mapping) or not is_newer(OBJECTS_SINCE, version):
        return True
    return stored.get("class_name") == "function" or ">" in str(stored.get("registered_name"))


def is_newer(since: str, version: str) -> bool:
    """Tell whether Keras *version* has not yet what Keras *since* brought."""
    return _release(version) < _release(since)


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
