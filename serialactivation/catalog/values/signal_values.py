"""What the arguments of the layers that make spectrograms take. Keras-free.

Source:
    ``mel_spectrogram.py`` and ``stft_spectrogram.py`` of ``keras/src/layers/preprocessing``, Keras 3.6.0 to 3.15.1.
"""

from typing import Final

from serialactivation.catalog.values.demand import Demand
from serialactivation.catalog.values.value_kinds import FLAG, NOTHING, NULL, TEXT, exactly, items, number, whole

__all__ = ["SIGNAL_ROWS"]

_STRICT_SINCE: Final = "3.15"
_NEW_COUNT: Final = Demand((whole(1),), since=_STRICT_SINCE)
_LENGTH: Final = Demand((number(), NOTHING), since=_STRICT_SINCE)
_COUNT: Final = Demand((whole(1),))
_COUNT_OR_NULL: Final = Demand((whole(1), NULL))
_CALLED_NUMBER: Final = Demand((number(),), is_made=True)
_MODES: Final = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")

SIGNAL_ROWS: Final = (
    ("MelSpectrogram", "fft_length", (_NEW_COUNT, _COUNT._replace(is_made=True))),
    ("MelSpectrogram", "sequence_stride", (_COUNT,)),
    ("MelSpectrogram", "num_mel_bins", (Demand((whole(0), NULL)), Demand((whole(1),), is_made=True))),
    ("MelSpectrogram", "sequence_length", (_LENGTH, Demand((whole(1), NOTHING), is_made=True))),
    ("MelSpectrogram", "mag_exp min_power ref_power", (Demand((number(), items(1)), is_made=True),)),
    ("MelSpectrogram", "min_freq", (_CALLED_NUMBER,)),
    ("MelSpectrogram", "sampling_rate top_db", (_CALLED_NUMBER._replace(since=_STRICT_SINCE),)),
    ("MelSpectrogram", "max_freq", (Demand((number(), NOTHING), is_made=True),)),
    ("MelSpectrogram", "window", (Demand((TEXT, NULL), is_made=True),)),
    ("STFTSpectrogram", "frame_length", (_COUNT,)),
    ("STFTSpectrogram", "frame_step", (Demand((number(), NULL)), _COUNT_OR_NULL._replace(is_made=True))),
    ("STFTSpectrogram", "fft_length", (_COUNT_OR_NULL,)),
    ("STFTSpectrogram", "mode", (Demand((exactly(*_MODES),)),)),
    ("STFTSpectrogram", "padding", (Demand((exactly("valid", "same"),)),)),
    ("STFTSpectrogram", "scaling", (Demand((exactly("density", "spectrum"), NULL)),)),
    ("STFTSpectrogram", "periodic", (Demand((FLAG,)),)),
    ("STFTSpectrogram", "window", (Demand((TEXT, NULL)),)),
)
"""Rows: the classes, the arguments, and what these take."""
