"""What ``check`` says of odd values of arguments, held against what the installed Keras makes of them."""

import json
import warnings

import keras
import pytest

from serialactivation.rules.rule import Verdict
from tests.altered.compare import Case, compare
from tests.helpers.checking import check_file
from tests.helpers.target import RELEASE
from tests.verdicts.layer_models import LAYERS

pytestmark = pytest.mark.together

layers = keras.layers
IMAGE = (6, 6, 3)


def _stack(shape, layer):
    return keras.Sequential([keras.Input(shape), layer])


OTHERS = {
    "Discretization": lambda: _stack((4,), layers.Discretization([0.0, 1.0])),
    "RandomBrightness": lambda: _stack(IMAGE, layers.RandomBrightness(0.1)),
    "RandomContrast": lambda: _stack(IMAGE, layers.RandomContrast(0.1)),
    "RandomTranslation": lambda: _stack(IMAGE, layers.RandomTranslation(0.1, 0.1)),
    "RandomZoom": lambda: _stack(IMAGE, layers.RandomZoom(0.1)),
    "MelSpectrogram": lambda: _stack((300,), layers.MelSpectrogram(64, 32, num_mel_bins=8)),
}

VALUES = [
    ("AdditiveAttention", "dropout", "a"),
    ("Attention", "score_mode", "other"),
    ("Bidirectional", "merge_mode", "mean"),
    ("CategoryEncoding", "num_tokens", 0),
    ("CategoryEncoding", "output_mode", 3),
    ("Concatenate", "axis", [1]),
    ("Conv1D", "filters", False),
    ("Conv1D", "strides", [3]),
    ("Conv2D", "dilation_rate", 2),
    ("ConvLSTM1D", "padding", None),
    ("ConvLSTM1D", "stateful", True),
    ("Conv2DTranspose", "dilation_rate", [2, 2]),
    ("Conv2DTranspose", "output_padding", [1, 2, 3]),
    ("Cropping2D", "cropping", False),
    ("Discretization", "output_mode", "other"),
    ("Dot", "axes", 0),
    ("Dot", "axes", [1, 2, 3]),
    ("EinsumDense", "bias_axes", ""),
    ("GRU", "return_state", 1),
    ("LSTM", "stateful", True),
    ("LayerNormalization", "axis", [2, 2]),
    ("MelSpectrogram", "sequence_stride", 0),
    ("MultiHeadAttention", "dropout", 4.0),
    ("Normalization-given", "mean", 0.0),
    ("Normalization-given", "variance", []),
    ("RandomBrightness", "factor", []),
    ("RandomBrightness", "value_range", 3),
    ("RandomContrast", "factor", [-1, 0.5]),
    ("RandomTranslation", "height_factor", 3),
    ("RandomZoom", "fill_mode", "other"),
    ("Resizing", "interpolation", "other"),
    ("Rescaling", "scale", []),
]
"""A layer, and what one of its arguments is set to."""


def _find_layer(stored, name):
    """Return the first config of a layer of a class."""
    if isinstance(stored, dict) and stored.get("class_name") == name:
        return stored["config"]
    items = stored.values() if isinstance(stored, dict) else stored if isinstance(stored, list) else ()
    return next((found for item in items if (found := _find_layer(item, name)) is not None), None)


def _write(folder, number, name, argument, value):
    """Write a config with one odd value, and return the case, with what ``check`` says of it."""
    with warnings.catch_warnings(action="ignore"):
        config = json.loads({**LAYERS, **OTHERS}[name]().to_json())
    _find_layer(config, name.partition("-")[0])[argument] = value
    path = folder / f"{number}.json"
    path.write_text(json.dumps(config))
    said = check_file(str(path), RELEASE).verdicts.whole
    return Case(path.name, f"{name}({argument}={value!r})", said.value, ())


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("arguments")
    return compare(folder, [_write(folder, number, *row) for number, row in enumerate(VALUES)])


def test_the_verdict_on_an_odd_value_is_what_becomes_of_it(cases):
    """``check`` says "loads" of nothing that fails, and of nothing that loads that it does not."""
    assert [case for case in cases if case.is_missed or case.is_false_alarm] == []


def test_most_odd_values_are_known(cases):
    """Of most of them, ``check`` knows what Keras does, and most of them fail."""
    said = [case.said for case in cases]
    assert said.count(Verdict.NOT_KNOWN.value) < len(said) / 5
    assert said.count(Verdict.DOES_NOT_LOAD.value) > len(said) / 2
