"""What the arguments of the layers that change images take. Keras-free.

Source:
    ``keras/src/layers/preprocessing/image_preprocessing``, Keras 3.6.0 to 3.15.1.
"""

from typing import Final

from serialactivation.catalog.values.demand import Demand
from serialactivation.catalog.values.value_kinds import NOTHING, NULL, Kind, exactly, items, number, one_of, whole
from serialactivation.typing import JSON

__all__ = ["IMAGE_ROWS"]


def _pair(least: float, most: float) -> Kind:
    """Return the kind of two numbers, the first of which is not above a range, and the second not below."""

    def has(value: JSON) -> bool:
        if not isinstance(value, list) or len(value) != 2:
            return False
        return number().has(value[0]) and number(least).has(value[1]) and number(None, most).has(value[0])

    return Kind(f"two numbers from {least} to {most}", has)


def _make_factor(least: float, most: float, *others: Kind) -> Demand:
    """Return what is taken for a factor: a number, or two numbers between which it lies."""
    return Demand((number(least, most), _pair(least, most), *others))


_ABOVE: Final = Kind("a number above -1, up to 1", lambda value: number(-1, 1).has(value) and value != -1)
_ABOVE_OR_TWO: Final = Demand((_ABOVE, items(2, of=_ABOVE), NULL), since="3.15")
_SIGNED: Final = Demand((number(-1, 1), items(2, of=number(-1, 1))))
_UNIT: Final = Demand((number(0, 1), items(2, of=number(0, 1))))
_TWO: Final = Demand((items(2),))
_CALLED_TWO: Final = Demand((items(2),), is_made=True)
_CALLED_NUMBER: Final = Demand((number(),), is_made=True)
_MOVING: Final = "RandomRotation RandomShear RandomTranslation RandomZoom"
_INTERPOLATIONS: Final = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area")

IMAGE_ROWS: Final = (
    ("RandomShear", "x_factor y_factor", (_UNIT,)),
    ("RandAugment", "factor", (_UNIT,)),
    ("Solarization", "addition_factor threshold_factor", (_UNIT,)),
    ("AugMix CutMix RandomContrast RandomErasing", "factor", (_make_factor(0, 1),)),
    ("RandomGaussianBlur RandomGrayscale RandomHue RandomInvert", "factor", (_make_factor(0, 1),)),
    ("RandomElasticTransform RandomPerspective RandomSharpness", "factor", (_make_factor(0, 1),)),
    ("RandomGaussianBlur", "sigma", (_make_factor(0, 1),)),
    ("RandomColorDegeneration RandomSaturation", "factor", (_make_factor(-1, 1),)),
    ("RandomBrightness RandomRotation", "factor", (_make_factor(-1, 1, NOTHING),)),
    ("RandomColorJitter", "brightness_factor", (_make_factor(-1, 1, NOTHING),)),
    ("RandomColorJitter", "contrast_factor hue_factor", (_make_factor(0, 1, NULL),)),
    ("RandomColorJitter", "saturation_factor", (_make_factor(-1, 1, NULL),)),
    ("RandomPosterization", "factor", (_make_factor(1, 8),)),
    ("RandomElasticTransform RandomErasing", "scale", (_make_factor(0, 1),)),
    ("RandomPerspective", "scale", (Demand((number(), items())),)),
    ("RandomPerspective", "fill_value", (_CALLED_NUMBER,)),
    ("RandomTranslation", "height_factor width_factor", (_SIGNED,)),
    ("RandomZoom", "height_factor", (_SIGNED, _ABOVE_OR_TWO)),
    ("RandomZoom", "width_factor", (_SIGNED._replace(kinds=(*_SIGNED.kinds, NULL)), _ABOVE_OR_TWO)),
    (_MOVING, "fill_mode", (Demand((exactly("reflect", "wrap", "constant", "nearest"),)),)),
    (f"{_MOVING} AugMix RandAugment RandomPerspective", "interpolation", (Demand((exactly("nearest", "bilinear"),)),)),
    ("AugMix AutoContrast RandAugment RandomBrightness RandomColorDegeneration", "value_range", (_TWO,)),
    ("RandomPosterization RandomSaturation RandomSharpness Solarization", "value_range", (_TWO,)),
    ("RandomContrast RandomGaussianBlur RandomHue RandomInvert", "value_range", (_CALLED_TWO,)),
    ("ContrastLimitedAdaptiveHistogramEqualization", "value_range tile_grid_size", (_CALLED_TWO,)),
    ("ContrastLimitedAdaptiveHistogramEqualization", "clip_limit", (_CALLED_NUMBER,)),
    ("RandomGaussianBlur", "kernel_size", (Demand((number(), items(2))), Demand((whole(), items(2)), is_made=True))),
    (
        "CenterCrop RandomCrop Resizing",
        "height width",
        (Demand((whole(0), NULL)), Demand((whole(0),), is_made=True)),
    ),
    ("Resizing", "fill_mode", (Demand((exactly("constant"),), is_made=True),)),
    ("Resizing", "interpolation", (Demand((one_of(*_INTERPOLATIONS),), is_made=True),)),
)
"""Rows: the classes, the arguments, and what these take."""
