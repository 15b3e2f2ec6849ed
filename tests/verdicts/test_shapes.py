"""What ``check`` says of the shapes that layers are given, held against what the installed Keras makes of them."""

import copy
import json
import warnings

import keras
import numpy as np
import pytest

from serialactivation.catalog.versions import is_newer
from serialactivation.rules.rule import Verdict
from tests.helpers.checking import check_file
from tests.helpers.target import RELEASE

pytestmark = pytest.mark.together

layers = keras.layers
WINDOWS = not is_newer("3.15", keras.__version__)  # before, Keras refuses few that do not fit


def _write(layer, name, built=None):
    stored = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
    stored["config"]["name"] = name
    if built is not None:
        stored["build_config"] = {"input_shape": [None, *built]}
    return stored


def _input(shape, name):
    config = {"name": name, "batch_shape": [None, *shape], "dtype": "float32", "sparse": False}
    return {"module": "keras.layers", "class_name": "InputLayer", "config": config, "registered_name": None}


def _stack(shape, *found, built=None):
    """A Sequential of layers, the last of which was *built* with a shape."""
    listed = [_write(one, f"l{number}", built if one is found[-1] else None) for number, one in enumerate(found)]
    config = {"name": "s", "trainable": True, "layers": [_input(shape, "i"), *listed]}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}


def _join(layer, *shapes, together=True):
    """A graph in which a layer is called with inputs of these shapes, *together* or one after the other."""
    names = "abcd"[: len(shapes)]
    tensors = [
        {
            "class_name": "__keras_tensor__",
            "config": {"shape": [None], "dtype": "float32", "keras_history": [one, 0, 0]},
        }
        for one in names
    ]
    calls = [[tensors]] if together else [[tensor] for tensor in tensors]
    nodes = [{"args": copy.deepcopy(call), "kwargs": {}} for call in calls]
    inputs = [
        {**_input(shape, one), "name": one, "inbound_nodes": []} for one, shape in zip(names, shapes, strict=True)
    ]
    config = {
        "name": "m",
        "trainable": True,
        "layers": [*inputs, {**_write(layer, "x"), "name": "x", "inbound_nodes": nodes}],
        "input_layers": [[one, 0, 0] for one in names],
        "output_layers": [["x", number, 0] for number in range(len(nodes))],
    }
    path = "keras.src.models.functional"
    return {"module": path, "class_name": "Functional", "config": config, "registered_name": "Functional"}


def _attend(layer, query, value):
    """A graph in which a layer is called with a query and a value beside it."""
    config = _join(layer, query, value)
    (node,) = config["config"]["layers"][-1]["inbound_nodes"]
    node["args"] = node["args"][0]
    return config


def _strip(config):
    """The same with an input that has no axes."""
    config["config"]["layers"][0]["config"]["batch_shape"] = []
    return config


LOADS = {
    "a number": _strip(_stack((3,), layers.ReLU())),
    "an unknown size, built before": _stack(
        (4, 3), layers.EinsumDense("abc,cd->abd", (None, 3)), layers.PReLU(), built=(4, 3)
    ),
    "concatenate, another size": _join(layers.Concatenate(axis=1), (3, 4), (5, 4)),
    "add, broadcast": _join(layers.Add(), (2, 3), (1,)),
    "dot": _join(layers.Dot(axes=(1, 2)), (3, 4), (5, 3)),
    "reshape": _stack((4, 3), layers.Reshape((2, -1))),
    "reshape of an unknown size": _stack((None, 3), layers.Reshape((-1,))),
    "same": _stack((4, 4, 3), layers.Conv2D(2, 5, padding="same")),
    "built for another size": _stack((8, 8, 3), layers.Conv2D(2, 3), built=(9, 9, 3)),
    "called with two sizes": _join(layers.Conv1D(2, 2), (8, 2), (9, 2), together=False),
    "an axis": _stack((5, 3), layers.BatchNormalization(axis=-1), layers.LayerNormalization(axis=[1, 2])),
    "a slope that is shared": _stack((4, 3), layers.PReLU(shared_axes=[1]), built=(5, 3)),
    "a slope of one": _stack((4, 3), layers.PReLU(), built=(1, 3)),
    "mean and variance that are given": _stack((4, 3), layers.Normalization(mean=[1.0] * 3, variance=[2.0] * 3)),
    "a scale for each": _stack((4, 3), layers.Rescaling([1.0, 2.0, 3.0])),
    "attention, another length": _join(layers.Attention(), (5, 4), (6, 4)),
    "attention over an image": _attend(layers.MultiHeadAttention(2, 3), (2, 5, 4), (2, 6, 4)),
    "attention over an axis": _attend(layers.MultiHeadAttention(2, 3, attention_axes=(2,)), (2, 5, 4), (2, 6, 4)),
    "dense, built with more axes": _stack((3,), layers.Dense(2), built=(2, 3)),
    "transposed convolution, built with more axes": _stack((4, 2), layers.Conv1DTranspose(3, 2), built=(4, 2, 2)),
    "recurrent, built with more axes": _stack((5, 3), layers.LSTM(2), built=(5, 3, 3)),
    "one image": _stack((6, 3), layers.RandomFlip()),
    "of an unknown size": _stack((None, None, 3), layers.Conv2D(2, 2), layers.GlobalMaxPooling2D(), layers.Dense(2)),
}
REFUSED = {
    "dense, another size": _stack((4,), layers.Dense(2), built=(3,)),
    "convolution, other channels": _stack((8, 8, 3), layers.Conv2D(2, 3), built=(8, 8, 4)),
    "normalization, another size": _stack((5, 3), layers.BatchNormalization(), built=(5, 4)),
    "called with two shapes": _join(layers.Dense(2), (3,), (4,), together=False),
    "dense of a number": _stack((), layers.Dense(2)),
    "concatenate": _join(layers.Concatenate(), (3, 4), (5, 4)),
    "concatenate, ranks": _join(layers.Concatenate(), (3, 4), (4,)),
    "add": _join(layers.Add(), (3,), (4,)),
    "subtract": _join(layers.Subtract(), (3,), (3,), (3,)),
    "dot": _join(layers.Dot(axes=1), (3,), (4,)),
    "reshape": _stack((4, 3), layers.Reshape((5,))),
    "permute": _stack((5, 3), layers.Permute((1, 2, 3))),
    "convolution, rank": _stack((4, 4), layers.Conv2D(2, 2)),
    "convolution, groups": _stack((4, 3), layers.Conv1D(4, 2, groups=2)),
    "pooling, rank": _stack((4, 3), layers.MaxPooling2D(2)),
    "cropping": _stack((4, 4, 3), layers.Cropping2D(2)),
    "recurrent, rank": _stack((5,), layers.LSTM(2)),
    "two ways, rank": _stack((5,), layers.Bidirectional(layers.LSTM(2))),
    "each step, rank": _stack((5,), layers.TimeDistributed(layers.Dense(2))),
    "flattened": _stack((None, 3), layers.Flatten(), layers.Dense(2)),
    "recurrent, unknown size": _stack((5, None), layers.GRU(2)),
    "normalization, axis": _stack((5, 3), layers.BatchNormalization(axis=3)),
    "normalization, axes": _stack((5, 3), layers.LayerNormalization(axis=[1, 3])),
    "normalization of features, axis": _stack((5, 3), layers.Normalization(axis=3)),
    "normalization, groups": _stack((5, 3), layers.GroupNormalization(2)),
    "dropout, rank": _stack((4,), layers.SpatialDropout1D(0.5)),
    "equation": _stack((5, 3), layers.EinsumDense("abc,cd->abd", (4, 2))),
    "attention": _join(layers.Attention(), (5, 4)),
    "slope, another rank": _stack((4, 3), layers.PReLU(), built=(3,)),
    "slope that is shared, another size": _stack((4, 3), layers.PReLU(shared_axes=[1]), built=(4, 2)),
    "mean and variance that are given, another size": _stack(
        (3,), layers.Normalization(mean=[1.0, 2.0], variance=[1.0, 2.0])
    ),
    "spectral normalization, other channels": _stack(
        (4, 4, 3), layers.SpectralNormalization(layers.Conv2D(2, 2)), built=(4, 4, 2)
    ),
    "grouped attention, sizes": _attend(layers.GroupQueryAttention(2, 4, 2), (5, 4), (6, 3)),
    "dense of an input without axes": _strip(_stack((3,), layers.Dense(2))),
    "flattened input without axes": _strip(_stack((3,), layers.Flatten())),
    "normalization of an input without axes": _strip(_stack((3,), layers.BatchNormalization())),
    "dense, built without axes": _stack((3,), layers.Dense(2), built=()),
    "convolution, built with other axes": _stack((8, 8, 3), layers.Conv2D(2, 3), built=(8, 3)),
    "transposed convolution, built with fewer axes": _stack((4, 2), layers.Conv1DTranspose(3, 2), built=(4,)),
    "equation, built with more axes": _stack((4, 3), layers.EinsumDense("abc,cd->abd", (None, 2)), built=(4, 3, 3)),
    "equation, built without axes": _stack((4, 3), layers.EinsumDense("abc,cd->abd", (None, 2)), built=()),
    "recurrent, built without features": _stack((5, 3), layers.LSTM(2), built=(5,)),
    "normalization, built with more axes": _stack((5, 3), layers.BatchNormalization(), built=(2, 5, 3)),
    "normalization, built with other groups": _stack((5, 4), layers.GroupNormalization(2), built=(5, 3)),
}
_of_features = REFUSED if keras.__version__.startswith("3.6.") else LOADS
_of_features["attention of heads, features"] = _attend(layers.MultiHeadAttention(2, 3), (5, 4), (6, 3))
if is_newer("3.8", keras.__version__):
    REFUSED["one mean for several features"] = _stack((4,), layers.Normalization(mean=1.0, variance=2.0))
else:
    LOADS["one mean for several features"] = _stack((4,), layers.Normalization(mean=1.0, variance=2.0))
if hasattr(layers, "RandomShear"):  # since Keras 3.9
    LOADS["shear in one way"] = _stack((4, 4, 3), layers.RandomShear([0.0, 0.1], 0.0))
    REFUSED["shear, whose config has what it refuses"] = _stack((4, 4, 3), layers.RandomShear(0.1, 0.1))
if hasattr(layers, "RandomGrayscale"):  # since Keras 3.10
    cases = REFUSED if keras.__version__.startswith("3.10.") else LOADS
    cases["gray"] = _stack((4, 4, 3), layers.RandomGrayscale())
if WINDOWS:
    REFUSED |= {
        "convolution, kernel": _stack((4, 4, 3), layers.Conv2D(2, 5)),
        "pooling, window": _stack((1, 3), layers.MaxPooling1D(2)),
    }
UNCALLABLE = {
    "recurrent, another size": _stack((5, 3), layers.LSTM(2), built=(5, 4)),
    "normalization, another size": _stack((5, 3), layers.LayerNormalization(), built=(5, 4)),
    "equation, another size": _stack((3,), layers.EinsumDense("ab,bc->ac", 2), built=(4,)),
    "images in a sequence, built with another size": _stack((3, 6, 6, 2), layers.ConvLSTM2D(2, 2), built=(3, 7, 7, 2)),
    "image, rank": _stack((6,), layers.RandomRotation(0.1)),
    "images, rank": _stack((2, 6, 6, 3), layers.RandomFlip()),
    "softmax, axis": _stack((5, 3), layers.Softmax(axis=3)),
    "slope, another size": _stack((4, 3), layers.PReLU(), built=(5, 3)),
    "normalization of features, another size": _stack((3,), layers.Normalization(), built=(4,)),
    "cell, another size": _stack((5, 3), layers.RNN(layers.LSTMCell(2)), built=(5, 4)),
    "cells, another size": _stack((5, 3), layers.RNN([layers.LSTMCell(2), layers.GRUCell(3)]), built=(5, 4)),
    "cell, rank": _stack((2, 5, 3), layers.RNN(layers.LSTMCell(2))),
    "two ways, another size": _stack((5, 3), layers.Bidirectional(layers.GRU(2)), built=(5, 4)),
    "each step, another size": _stack((2, 4), layers.TimeDistributed(layers.Dense(2)), built=(2, 5)),
    "scale, another size": _stack((3,), layers.Rescaling([1.0, 2.0])),
    "offset, another size": _stack((3,), layers.Rescaling(1.0, [1.0, 2.0])),
    "attention, sizes": _join(layers.Attention(), (5, 4), (6, 3)),
    "attention, key": _join(layers.Attention(), (5, 4), (6, 4), (7, 4)),
    "attention, scores that are added": _join(layers.AdditiveAttention(use_scale=False), (5, 4), (6, 3)),
    "attention of heads, rank": _attend(layers.MultiHeadAttention(2, 3), (4,), (4,)),
    "attention of heads, ranks": _attend(layers.MultiHeadAttention(2, 3), (2, 5, 4), (6, 4)),
    "attention of heads, axes": _attend(layers.MultiHeadAttention(2, 3, attention_axes=(1,)), (2, 5, 4), (3, 6, 4)),
}
if is_newer("3.16", keras.__version__):  # which refuses it as it loads; what is known of shapes ends with 3.15
    UNCALLABLE["grouped attention, rank"] = _attend(layers.GroupQueryAttention(2, 4, 2), (2, 5, 4), (2, 6, 4))
if hasattr(layers, "RMSNormalization"):  # since Keras 3.9
    UNCALLABLE |= {
        "square normalization, another size": _stack((4, 3), layers.RMSNormalization(), built=(4, 2)),
        "square normalization, axis": _stack((4, 3), layers.RMSNormalization(axis=1)),
    }
if hasattr(layers, "AdaptiveAveragePooling1D"):  # since Keras 3.13
    UNCALLABLE["adaptive pooling, rank"] = _stack((4,), layers.AdaptiveAveragePooling1D(2))
CASES = {
    (verdict, name): config
    for verdict, cases in (
        (Verdict.LOADS, LOADS),
        (Verdict.DOES_NOT_LOAD, REFUSED),
        (Verdict.UNCALLABLE, UNCALLABLE),
    )
    for name, config in cases.items()
}


def find_outcome(text):
    """Return what Keras makes of a config."""
    try:
        model = keras.models.model_from_json(text)
    except Exception as error:  # whatever a shape makes of Keras
        return Verdict.DOES_NOT_LOAD, repr(error)
    inputs = [np.zeros([size or 2 for size in one.shape], "float32") for one in model.inputs]
    try:
        model(inputs if len(inputs) > 1 else inputs[0])
    except Exception as error:  # likewise
        return Verdict.UNCALLABLE, repr(error)
    return Verdict.LOADS, ""


@pytest.mark.parametrize(("verdict", "name"), CASES)
def test_what_is_said_of_shapes_is_true(verdict, name, tmp_path):
    """The verdict is what Keras does with layers that fit, that it refuses at once, and that it refuses in a call."""
    path = tmp_path / "model.json"
    path.write_text(json.dumps(CASES[verdict, name]))
    with warnings.catch_warnings(action="ignore"):
        outcome, reason = find_outcome(path.read_text())
    assert outcome is verdict, reason
    assert check_file(str(path), RELEASE).verdicts.whole is verdict
