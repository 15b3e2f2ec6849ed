"""What Keras itself writes for arguments whose values it does not look at, or not at once. Keras-free.

What a load makes of anything else depends on the layer, the input and the backend: it is not known.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.catalog.values.value_kinds import FLAG, NULL, SIZE, TEXT, Kind, exactly, items, number, whole
from serialactivation.typing import JSON

__all__ = ["BACKENDS", "find_usual", "is_plain_shape", "is_shape"]

BACKENDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("BatchNormalization", "synchronized"): "TensorFlow",
        ("InputLayer", "ragged"): "TensorFlow",
        ("InputLayer", "sparse"): "TensorFlow or JAX",
    }
)
"""The arguments, by the class of the layer, that only some backends take if they are true."""

_FLAGS: Final = (
    "amsgrad center centered go_backwards invert keepdims mask_zero nesterov optional ragged renorm reset_after "
    "return_sequences return_state scale sparse stateful supports_masking synchronized trainable unroll use_bias "
    "use_ema use_scale zero_output_for_mask"
)
_NUMBERS: Final = (
    "clipnorm clipvalue ema_momentum ema_overwrite_frequency epsilon gain global_clipnorm gradient_accumulation_steps "
    "l1 l2 loss_scale_factor maxval minval momentum recurrent_dropout stddev weight_decay"
)

_FLAG: Final = FLAG._replace(has=lambda value: isinstance(value, int | float) and value in (0, 1))
"""True or false; old files have 0 and 1."""

_POSITIVE: Final = Kind("a number above 0", lambda value: number(0).has(value) and bool(value))
_ODD: Final = Kind("an odd number", lambda value: isinstance(value, int) and value % 2 == 1 and value > 1)
_WINDOW: Final = exactly("hann", "hamming")

_USUAL: Final[Mapping[str, tuple[Kind, ...]]] = MappingProxyType(
    {
        **dict.fromkeys(_FLAGS.split(), (_FLAG, NULL)),
        **dict.fromkeys(_NUMBERS.split(), (number(), NULL)),
        "axis": (whole(), items(of=whole()), NULL),
        "implementation": (whole(),),
        **dict.fromkeys(("input_axes", "output_axes"), (whole(), items(of=whole()), NULL)),
        "seed": (whole(0), NULL),
    }
)
_OTHERWISE: Final[Mapping[tuple[str, str], tuple[Kind, ...]]] = MappingProxyType(
    {
        ("Rescaling", "scale"): (number(), items(), TEXT),
        ("VarianceScaling", "scale"): (number(),),
        ("GaussianNoise", "stddev"): (number(),),
        ("Discretization", "epsilon"): (number(0, 1),),
        ("Reshape", "target_shape"): (items(of=whole()),),
        ("AugMix", "alpha"): (_POSITIVE,),
        ("AugMix", "chain_depth"): (whole(-1),),
        ("AugMix", "num_chains"): (whole(2),),
        ("MixUp", "alpha"): (_POSITIVE,),
        ("RandAugment", "num_ops"): (whole(2),),
        ("RandomGaussianBlur", "kernel_size"): (_ODD, items(2, of=_ODD)),
        ("RandomPosterization", "factor"): (whole(1), items(2)),
        ("MelSpectrogram", "fft_length"): (whole(16),),
        ("MelSpectrogram", "window"): (_WINDOW, NULL),
        ("STFTSpectrogram", "fft_length"): (whole(16), NULL),
        ("STFTSpectrogram", "frame_length"): (whole(16),),
        ("STFTSpectrogram", "window"): (_WINDOW, NULL),
    }
)
"""Arguments that have another meaning in a class."""


def find_usual(class_name: str, name: str) -> tuple[Kind, ...]:
    """Return what Keras writes for the argument *name* of a class, or nothing if that is not known."""
    return _OTHERWISE.get((class_name, name)) or _USUAL.get(name, ())


def is_shape(value: JSON) -> bool:
    """Return whether a value is a shape, or several of them in lists or dicts."""
    if isinstance(value, dict):
        return all(map(is_shape, value.values()))
    return is_plain_shape(value) or (isinstance(value, list) and all(map(is_shape, value)))


def is_plain_shape(value: JSON) -> bool:
    """Return whether a value is a shape."""
    return isinstance(value, list) and all(map(SIZE.has, value))
