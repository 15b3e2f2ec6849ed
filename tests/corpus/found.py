"""Files that can be read, and of which ``check`` has something to say: one or more for each of its codes.

Each has what writes it, options of the command, the codes that are found, and the exit status.
"""

import io
import json
import pathlib
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import h5py
import keras
import numpy as np

from tests.corpus import benign
from tests.corpus.benign import KERAS_1, hdf5, write_sharded_archive, zipped_again
from tests.corpus.texts import file
from tests.helpers.configs import old_gru
from tests.helpers.raw_zip import Entry, weights, write_zip

Config = dict[str, Any]
Found = tuple[Callable[[pathlib.Path], None], tuple[str, ...], tuple[str, ...], int]

CODE = {"class_name": "__lambda__", "config": {"value": ["4wEAAAAAAAAA", None, None]}}
RATE = np.float32(0.1)
KERNEL, BIAS = np.zeros((4, 3), "float32"), np.zeros((3,), "float32")
LAMBDA_2 = {"class_name": "Lambda", "config": {"name": "a", "function": ["4wEAAAAAAAAA", None, None]}}
GIVEN = {
    "module": "keras.layers",
    "class_name": "InputLayer",
    "config": {"name": "in", "batch_shape": [None, 4]},
    "registered_name": None,
}
SEQUENCE = {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [None, 3, 2]}}
OLD = ("--target-keras", "3.6")
KERAS_2 = {"keras_version": "2.15.0"}


def placed(module: str | None, class_name: str, registered: str | None = None, **inner: object) -> Config:
    """Return an object's config."""
    return {"module": module, "class_name": class_name, "config": inner, "registered_name": registered}


def function(module: str, name: str) -> Config:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def layer(class_name: str, **inner: object) -> Config:
    return placed("keras.layers", class_name, name="layer", **inner)


def unplaced(class_name: str, **inner: object) -> Config:
    """Return a layer's config as HDF5 files hold it."""
    return {"class_name": class_name, "config": {"name": "layer", **inner}}


DENSE = {**layer("Dense", units=3), "build_config": {"input_shape": [None, 4]}}


def active(activation: object, **more: object) -> Config:
    """Return a layer that has had its keywords from the start, with an activation."""
    return layer("Activation", activation=activation, **more)


def _number(stored: Config, index: int) -> Config:
    """Return a layer with a name of its own: two layers of a model have no name in common."""
    inner = stored["config"]
    return {**stored, "config": {**inner, "name": f"{inner['name']}_{index}"}} if "name" in inner else stored


def saying(*layers: Config, metadata: Mapping[str, object] | None = None, **beside: object) -> Callable:
    """Return what writes a ``.keras`` archive of a model with these layers, and more beside its config."""
    numbered = [one if index == 0 else _number(one, index) for index, one in enumerate(layers)]
    model = {"name": "model", "trainable": True, "layers": numbered}
    stored = {"module": "keras", "class_name": "Sequential", "config": model, "registered_name": None, **beside}

    def write(path: pathlib.Path) -> None:
        more = [] if metadata is None else [Entry(name=b"metadata.json", data=json.dumps(metadata).encode())]
        write_zip(path, Entry(data=json.dumps(stored).encode(), method=8), weights(), *more)

    return write


def weighing(one: Config, *, name: str = "model.weights.h5", **saved: Any) -> Callable:
    """Return what writes a ``.keras`` archive of a model with one layer, and with what is saved of its variables.

    Those of its optimizer have names with an ``s``.
    """
    stored = placed("keras", "Sequential", name="model", trainable=True, layers=[one])
    if any(number.startswith("s") for number in saved):
        stored["build_config"] = {"input_shape": [None, 4]}
        stored["compile_config"] = {"optimizer": placed("keras.optimizers", "SGD", learning_rate=0.1, momentum=0.5)}

    def write(path: pathlib.Path) -> None:
        buffer = io.BytesIO()
        with h5py.File(buffer, "w") as file:
            for number, value in saved.items():
                file[f"{'optimizer' if number[0] == 's' else 'layers/dense'}/vars/{number[1:]}"] = value
        write_zip(path, Entry(data=json.dumps(stored).encode()), Entry(name=name.encode(), data=buffer.getvalue()))

    return write


SGD = {"class_name": "SGD", "config": {"name": "SGD", "learning_rate": 0.1}}


def attributed(*layers: Config, **training: object) -> Callable:
    """Return what writes an HDF5 file of a model with these layers, and how it was compiled."""
    model = {"class_name": "Sequential", "config": {"name": "model", "layers": list(layers)}}

    def write(path: pathlib.Path) -> None:
        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = json.dumps(model)
            file.create_group("model_weights")
            if training:
                file.attrs["training_config"] = json.dumps(training)

    return write


def _stock(path: pathlib.Path, *, called: bool) -> None:
    """Save a stock model with a PReLU that two layers share, after a call or before any."""
    shared = keras.layers.PReLU(name="shared")
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(4, activation=shared, name="first")(inputs)
    outputs = keras.layers.Dense(4, activation=shared, name="second")(hidden) if called else hidden
    model = keras.Model(inputs, outputs)
    if called:
        model(np.zeros((1, 4), "float32"))
    model.save(path)


def shared(path: pathlib.Path) -> None:
    _stock(path, called=True)


def uncalled(path: pathlib.Path) -> None:
    _stock(path, called=False)


def node(source: str) -> Config:
    """Return a call of a layer on what the first call of another returned."""
    tensor = {"shape": [None, 4], "dtype": "float32", "keras_history": [source, 0, 0]}
    return {"args": [{"class_name": "__keras_tensor__", "config": tensor}], "kwargs": {}}


def called(class_name: str, name: str, *sources: str, **inner: object) -> Config:
    """Return a layer of a graph."""
    stored = placed("keras.layers", class_name, name=name, **inner)
    return {**stored, "name": name, "inbound_nodes": list(map(node, sources))}


TWICE = {
    "name": "graph",
    "trainable": True,
    "layers": [
        called("InputLayer", "in", batch_shape=[None, 4]),
        called("ReLU", "twice", "in", "between"),
        called("ELU", "between", "twice"),
    ],
    "input_layers": [["in", 0, 0]],
    "output_layers": [["twice", 1, 0]],
}
RELU = {"class_name": "ReLU", "config": {"name": "relu"}}
CELL = {"class_name": "GRUCell", "config": {"name": "cell", "units": 2}}
STACK = {"name": "model", "layers": []}
SHAPED = {"name": "relu", "batch_input_shape": [None, 4, 3]}
POOL = {"class_name": "MaxPooling1D", "config": {"name": "pool"}}


def graphed(*sources: list[object]) -> Callable:
    """Return what writes an HDF5 file of a graph with a layer that is called with these tensors."""
    inputs = {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [None, 4]}}
    layers = [{**inputs, "name": "in", "inbound_nodes": []}, {**RELU, "name": "relu", "inbound_nodes": [list(sources)]}]
    ends = {"input_layers": [["in", 0, 0]], "output_layers": [["relu", 0, 0]]}
    return hdf5(json.dumps({"class_name": "Functional", "config": {"name": "graph", "layers": layers, **ends}}))


def without_weights(path: pathlib.Path) -> None:
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = benign.KERAS_2


ADAM = {"class_name": "Custom>Adam", "config": {"name": "Adam", "learning_rate": 0.5}}
TORCH = placed("keras.src.backend.torch.optimizers.torch_adam", "Adam", "Adam")
POLICY = placed("keras", "DTypePolicy", name="mixed_bfloat16")

FOUND: dict[str, Found] = {
    "lambda.keras": (saying(active(CODE)), (), ("SA101",), 1),
    "lambda.h5": (attributed(active(CODE)), (), ("SA101",), 1),
    "lambda_name.keras": (saying(active("<lambda>")), (), ("SA102",), 1),
    "lambda_name.h5": (attributed(active("<lambda>")), (), ("SA102",), 1),
    "unknown_name.keras": (saying(active("my_activation")), (), ("SA103",), 1),
    "registered_string.keras": (saying(active("my_package>wide")), (), ("SA103",), 1),
    "registered_name.keras": (saying(active(function("builtins", "my_package>wide"))), (), ("SA229",), 0),
    "of_a_script.keras": (saying(active(placed(None, "Bent", "Bent"))), (), ("SA230",), 1),
    "of_a_script_known.keras": (saying(active(placed(None, "Bent", "Bent"))), ("--known", "Bent"), (), 0),
    "mistyped.keras": (saying(active("reluu")), (), ("SA104",), 1),
    "mistyped_allowed.keras": (saying(active("reluu")), ("--exit-zero",), ("SA104",), 0),
    "newer_name.keras": (saying(active("celu")), OLD, ("SA105",), 1),
    "object_too_new.keras": (saying(active(layer("ReLU", max_value=6.0))), OLD, ("SA106",), 1),
    "old_argument.keras": (saying(active(layer("LeakyReLU", alpha=0.1))), (), ("SA107",), 0),
    "old_argument_strict.keras": (
        saying(active(layer("LeakyReLU", alpha=0.1))),
        ("--fail-on", "note"),
        ("SA107",),
        1,
    ),
    "their_object.keras": (saying(active(placed("theirs", "Gate"))), (), ("SA108",), 1),
    "command_as_activation.keras": (saying(active(function("os", "system"))), (), ("SA103", "SA109"), 1),
    "shared_twice.keras": (shared, (), ("SA110",), 1),
    "shared_twice.h5": (shared, (), ("SA110",), 1),
    "never_called.keras": (uncalled, (), ("SA111",), 1),
    "never_called.h5": (uncalled, (), ("SA111",), 1),
    "other_policy.keras": (
        saying(active(layer("ReLU", dtype="float32"), dtype=POLICY)),
        (),
        ("SA112",),
        1,
    ),
    "old_formula.keras": (saying(active("hard_sigmoid"), metadata=KERAS_2), (), ("SA113",), 1),
    "without_module.keras": (saying(active({"class_name": "ReLU", "config": {}})), (), ("SA114",), 1),
    "newer_keyword.keras": (saying(layer("Dense", units=3, lora_alpha=None)), OLD, ("SA201",), 1),
    "newer_value.keras": (saying(layer("Dense", units=3, lora_alpha=2)), OLD, ("SA202",), 1),
    "newer_class.keras": (saying(layer("RMSNormalization")), OLD, ("SA203",), 1),
    "their_layer.keras": (saying(placed("theirs", "Gate", "theirs>Gate")), (), ("SA204",), 0),
    "early_call.keras": (
        saying({**placed("keras", "Functional"), "config": TWICE, "name": "graph"}),
        OLD,
        ("SA205",),
        1,
    ),
    "gone.keras": (saying(placed("keras.src.ops.numpy", "Bartlett", "Bartlett")), (), ("SA206",), 1),
    "short_loss.h5": (attributed(optimizer_config=SGD, loss="mse", metrics=None), (), ("SA207",), 1),
    "of_pytorch.keras": (saying(compile_config={"optimizer": TORCH}), (), ("SA208",), 0),
    "operation.h5": (
        attributed({"class_name": "Tanh", "config": {"name": "tanh"}, "inbound_nodes": []}),
        (),
        ("SA209",),
        1,
    ),
    "unknown_keyword.keras": (saying(layer("Dense", units=3, time_major=True)), (), ("SA210",), 1),
    "keyword_asked_for.keras": (saying(layer("Dense")), (), ("SA211",), 1),
    "unknown_initializer.keras": (saying(layer("Dense", units=3, kernel_initializer="mine")), (), ("SA212",), 0),
    "newer_effect.keras": (saying(layer("InputLayer", batch_shape=[None, 4], ragged=True)), OLD, ("SA213",), 0),
    "newer_loss.keras": (saying(compile_config={"loss": "circle"}), OLD, ("SA214",), 0),
    "bare_list.keras": (saying({"class_name": "Sequential", "config": []}), (), ("SA216",), 1),
    "called_as_a_function.h5": (
        attributed({"class_name": "Attention", "config": {"name": "layer", "score_mode": "dot"}}),
        (),
        ("SA217",),
        1,
    ),
    "old_gru.h5": (attributed(SEQUENCE, old_gru()), (), ("SA237", "SA240"), 1),
    "old_gru_without_a_bias.h5": (attributed(old_gru(use_bias=False)), (), ("SA238",), 1),
    "newer_than_known.keras": (saying(), ("--target-keras", "3.99"), ("SA218",), 0),
    "null_keyword.keras": (
        saying(layer("Rescaling", scale=placed("keras.quantizers", "AbsMaxQuantizer", axis=None))),
        ("--target-keras", "3.12"),
        ("SA219",),
        0,
    ),
    "no_such_call.h5": (graphed(["in", 1, 0]), (), ("SA221",), 1),
    "two_of_one_name.h5": (attributed(RELU, RELU), (), ("SA222",), 1),
    "shape_of_keras_2.h5": (attributed({**RELU, "config": SHAPED}, POOL), (), ("SA223",), 1),
    "only_a_shape_of_keras_2.h5": (attributed({**RELU, "config": SHAPED}), (), ("SA224",), 1),
    "late_input.keras": (
        saying(layer("ReLU"), placed("keras.layers", "InputLayer", batch_shape=[None, 4])),
        (),
        ("SA225",),
        1,
    ),
    "hdf5_in_keras_2.keras": (hdf5(benign.KERAS_2, keras_version=b"2.12.0"), (), ("SA226",), 1),
    "zip_without_ending": (zipped_again(zipfile.ZIP_STORED), (), ("SA226",), 1),
    "upper.KERAS": (zipped_again(zipfile.ZIP_STORED), (), ("SA226",), 1),
    "no_weights.keras": (zipped_again(zipfile.ZIP_STORED, "model.weights.h5"), (), ("SA227",), 1),
    "no_weights.h5": (without_weights, (), ("SA227",), 1),
    "no_bias_saved.keras": (weighing(DENSE, _0=KERNEL), (), ("SA240",), 1),
    "another_kernel.keras": (weighing(DENSE, _0=KERNEL[1:], _1=BIAS), (), ("SA241",), 1),
    "two_biases.keras": (weighing(DENSE, _0=KERNEL, _1=BIAS, _2=BIAS), (), ("SA242",), 1),
    "texts.keras": (weighing(DENSE, _0=np.full((4, 3), b"one"), _1=BIAS), (), ("SA243",), 1),
    "another_momentum.keras": (
        weighing(DENSE, _0=KERNEL, _1=BIAS, s0=np.int32(1), s1=RATE, s2=KERNEL[1:], s3=BIAS),
        (),
        ("SA257",),
        1,
    ),
    "one_momentum.keras": (
        weighing(DENSE, _0=KERNEL, _1=BIAS, s0=np.int32(1), s1=RATE, s2=KERNEL),
        (),
        ("SA258",),
        1,
    ),
    "pickled.keras": (weighing(DENSE, name="model.weights.npz", _0=KERNEL), (), ("SA244",), 1),
    "sharded.keras": (write_sharded_archive, (), ("SA227",), 1),
    "class_of_no_keras.keras": (saying(layer("Maxout")), (), ("SA220",), 1),
    "class_of_keras_2.h5": (attributed({"class_name": "CuDNNGRU", "config": {"name": "gru"}}), (), ("SA206",), 1),
    "bare_cell.h5": (attributed({"class_name": "RNN", "config": {"name": "rnn", "cell": CELL}}), (), ("SA228",), 1),
    "bare_model.json": (file(json.dumps({"class_name": "Sequential", "config": STACK}).encode()), (), ("SA228",), 1),
    "keras_1.json": (file(KERAS_1), (), ("SA216", "SA228", "SA256"), 1),
    "keras_1.h5": (hdf5(KERAS_1.decode(), keras_version="1.2.2"), (), ("SA216", "SA256"), 1),
    "optimizer_of_keras_2.h5": (attributed(optimizer_config=ADAM, loss_weights=None), (), ("SA231",), 1),
    "optimizer_of_keras_2.keras": (
        saying(compile_config={"optimizer": {"module": "keras.optimizers", **ADAM}}),
        (),
        ("SA232",),
        1,
    ),
    "metric_for_training.keras": (saying(compile_config={"optimizer": "sgd", "metrics": ["mine"]}), (), ("SA233",), 0),
    "flag_that_is_a_text.keras": (saying(GIVEN, layer("Dense", units=4, use_bias="yes")), (), ("SA254",), 0),
    "ragged_input.keras": (saying(layer("InputLayer", batch_shape=[None, 4], ragged=True)), (), ("SA255",), 0),
    "loss_of_a_program.h5": (
        attributed(
            optimizer_config={"class_name": "Adam", "config": {}},
            loss={"class_name": "Mine", "config": {"name": "mean_squared_error"}},
            loss_weights=None,
        ),
        (),
        ("SA250",),
        1,
    ),
    "several_axes.h5": (attributed(SEQUENCE, unplaced("LayerNormalization", axis=[1, 2])), (), ("SA240", "SA251"), 1),
    "other_axes.h5": (attributed(unplaced("Softmax", axis=[1, 2])), (), ("SA252",), 1),
    "lost_axis.h5": (attributed(unplaced("Concatenate", axis=1)), ("--target-keras", "3.8"), ("SA253",), 1),
    "value_of_another_type.keras": (saying(GIVEN, layer("Dense", units="4")), (), ("SA234",), 1),
    "value_for_no_call.keras": (saying(layer("ELU", alpha="big")), (), ("SA235",), 1),
    "number_for_a_layer.keras": (saying({**layer("ReLU"), "class_name": 3}), (), ("SA236",), 1),
    "shape_that_is_refused.keras": (saying(GIVEN, layer("Permute", dims=[2, 1])), (), ("SA245",), 1),
    "shape_for_no_call.keras": (saying(GIVEN, layer("Softmax", axis=3)), (), ("SA246",), 1),
    "code_in_lambda.keras": (saying(layer("Lambda", function=CODE)), (), ("SA215", "SA301"), 1),
    "setting.keras": (saying(loss=function("keras.config", "enable_unsafe_deserialization")), (), ("SA303",), 1),
    "pickle_of_pytorch.keras": (
        saying({**layer("TorchModuleWrapper"), "config": {"name": "layer", "module": {}}}),
        (),
        ("SA302",),
        1,
    ),
    "vocabulary.keras": (saying(layer("StringLookup", vocabulary="/etc/hostname")), (), ("SA302",), 1),
    "code_in_lambda.h5": (attributed(LAMBDA_2), (), ("SA301",), 1),
    "climbing_name.keras": (saying(placed("keras.layers", "ReLU", name="../../a")), (), ("SA234", "SA305"), 1),
    "program.keras": (saying(layer("TFSMLayer", filepath="/x")), (), ("SA302",), 1),
    "download.keras": (saying(loss=function("keras.utils", "get_file")), (), ("SA303",), 1),
    "command.keras": (saying(scale=function("os", "system")), (), ("SA304",), 1),
}
