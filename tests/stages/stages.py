"""The stages: what a model lives through, from its training to what it is exported to."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import keras
import numpy as np

from tests.stages.activations import LENGTH, WIDTH, X, Y
from tests.stages.cell import Called, Place, Stage

LIMIT: Final = 7e-8  # of a shard, in GB: a kernel
WEIGHTS: Final = "model.weights.h5"
DEVICES: Final = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
NNX: Final = {"KERAS_NNX_ENABLED": "true"}


def fit(model: keras.Model, epochs: int = 2, *callbacks: keras.callbacks.Callback, first: int = 0) -> None:
    targets = [Y] * len(model.outputs)
    given = {"initial_epoch": first, "epochs": epochs, "shuffle": False, "verbose": 0, "batch_size": len(X)}
    model.fit(X, targets if len(targets) > 1 else Y, callbacks=list(callbacks), **given)


def train(model: keras.Model, *callbacks: keras.callbacks.Callback, **optimizer: object) -> None:
    model.compile(keras.optimizers.Adam(0.05, **optimizer), "mse")
    fit(model, 2, *callbacks)


def layers_of(model: keras.Model) -> list[keras.layers.Dense]:
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]


# ----------------------------------------------------------------------------------------------------- training


def _fit_on(model: keras.Model, place: Place) -> None:
    """The model is saved, and trained further, as the loaded one is."""
    train(model)
    model.save(place.path)
    fit(model)


def _fit_on_loaded(place: Place) -> keras.Model:
    model = place.load()
    fit(model)
    return model


def _trained(model: keras.Model, place: Place) -> None:
    train(model)
    model.save(place.path)


def _averaged(model: keras.Model, place: Place) -> None:
    train(model, use_ema=True, ema_momentum=0.5)
    model.save(place.path)
    _take_averages(model)


def _take_averages(model: keras.Model) -> None:
    model.optimizer.finalize_variable_values(model.trainable_variables)


def _averaged_loaded(place: Place) -> keras.Model:
    model = place.load()
    _take_averages(model)
    return model


def _adapted(model: keras.Model, place: Place) -> None:
    for layer in layers_of(model):
        layer.enable_lora(2, b_initializer="ones")
    _trained(model, place)


# ----------------------------------------------------------------------------------------------------- checkpoints


def _checkpointed(name: str, *, whole: bool) -> Stage:
    def live(model: keras.Model, place: Place) -> None:
        path = place.path if whole else place.folder / WEIGHTS
        train(model, keras.callbacks.ModelCheckpoint(path, save_weights_only=not whole))

    return Stage(id=name, live=live, back=Place.load if whole else _with_weights(WEIGHTS))


def _with_weights(name: str) -> Callable[[Place], keras.Model]:
    def back(place: Place) -> keras.Model:
        model = place.make_model()
        model.set_weights([weight * 0 for weight in model.get_weights()])
        model.load_weights(place.folder / name)
        return model

    return back


def _backed_up(model: keras.Model, place: Place) -> None:
    """The training ends after two epochs; a third is what the other process goes on with."""
    backup = keras.callbacks.BackupAndRestore(place.folder / "backup", delete_checkpoint=False)
    train(model, backup)
    fit(model, 3, first=2)


def _restored(place: Place) -> keras.Model:
    model = place.make_model()
    model.compile(keras.optimizers.Adam(0.05), "mse")
    fit(model, 3, keras.callbacks.BackupAndRestore(place.folder / "backup"))
    return model


def _orbax(model: keras.Model, place: Place) -> None:
    train(model, keras.callbacks.OrbaxCheckpoint(str(place.folder / "orbax"), save_on_background=False))


def _from_orbax(place: Place) -> keras.Model:
    return keras.models.load_model(place.folder / "orbax")


def _sharded(model: keras.Model, place: Place) -> None:
    model.save_weights(place.folder / "model.weights.json", max_shard_size=LIMIT)
    if len(list(place.folder.glob("*.h5"))) < 2:
        raise ValueError("The weights are in one file.")


# ----------------------------------------------------------------------------------------------------- quantization


def _quantized(mode: str, **given: object) -> Callable[[keras.Model, Place], None]:
    def live(model: keras.Model, place: Place) -> None:
        model.quantize(mode)
        for layer in layers_of(model):
            if layer.quantization_mode is None:  # before 3.16, Keras passes over what holds another layer
                layer.quantize(mode)
        if mode == "float8":
            train(model)
        model.save(place.path)

    return live


def _calibrated(mode: str) -> Callable[[keras.Model, Place], None]:
    def live(model: keras.Model, place: Place) -> None:
        embedding = keras.layers.Embedding(8, WIDTH)
        structure = {"pre_block_layers": [embedding], "sequential_blocks": layers_of(model)}
        model.get_quantization_layer_structure = lambda mode: structure
        given = {"dataset": [np.arange(8)], "tokenizer": object(), "num_samples": 16, "sequence_length": LENGTH}
        config = {"gptq": keras.quantizers.GPTQConfig, "awq": keras.quantizers.AWQConfig}[mode]
        model.quantize(mode, config=config(**given, group_size=-1))
        model.save(place.path)

    return live


# ----------------------------------------------------------------------------------------------------- elsewhere


def _saved(model: keras.Model, place: Place) -> None:
    model.save(place.path)


def _distributed() -> AbstractContextManager[object]:
    """Half of each kernel, and of each weight of an activation, is on each of two devices."""
    mesh = keras.distribution.DeviceMesh((1, 2), ("batch", "model"), ["cpu:0", "cpu:1"])
    layout = keras.distribution.LayoutMap(mesh)
    layout[".*(kernel|alpha)"] = (None, "model")
    return keras.distribution.ModelParallel(layout_map=layout, batch_dim_name="batch").scope()


def _exported(suffix: str, format_: str) -> Callable[[keras.Model, Place], None]:
    def live(model: keras.Model, place: Place) -> None:
        model.export(str(place.folder / f"model{suffix}"), format=format_, verbose=False)

    return live


def _serve_saved_model(place: Place) -> Called:
    import tensorflow

    model = tensorflow.saved_model.load(str(place.folder / "model"))
    return lambda inputs: model.serve(inputs)


def _run_onnx(place: Place) -> Called:
    import onnxruntime

    session = onnxruntime.InferenceSession(place.folder / "model.onnx")
    return lambda inputs: session.run(None, {session.get_inputs()[0].name: inputs})


def _run_litert(place: Place) -> Called:
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(place.folder / "model.tflite")).get_signature_runner()
    (name,) = runner.get_input_details()
    return lambda inputs: [output for _, output in sorted(runner(**{name: inputs}).items())]


def _run_openvino(place: Place) -> Called:
    import openvino

    precisely = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(place.folder / "model.xml", "CPU", precisely)
    return lambda inputs: [compiled(inputs)[output] for output in compiled.outputs]


def _run_torch(place: Place) -> Called:
    import torch

    program = torch.export.load(place.folder / "model.pt2").module()

    def run(inputs: np.ndarray) -> list[object]:
        rows = [keras.tree.flatten(program(row)) for row in torch.from_numpy(inputs).split(1)]  # exported for one
        return [torch.cat(parts).detach() for parts in zip(*rows, strict=True)]

    return run


STAGES: Final = [
    Stage(id="fit, save, load, fit on", live=_fit_on, back=_fit_on_loaded),
    Stage(id="RematScope", live=_trained, scope=lambda: keras.RematScope(mode="activations"), since="3.9"),
    Stage(id="EMA", live=_averaged, back=_averaged_loaded),
    Stage(id="LoRA", live=_adapted),
    _checkpointed("ModelCheckpoint", whole=True),
    _checkpointed("ModelCheckpoint of weights", whole=False),
    Stage(id="BackupAndRestore", live=_backed_up, back=_restored),
    Stage(id="OrbaxCheckpoint", live=_orbax, back=_from_orbax, since="3.14", needs=("orbax",)),
    # Keras 3.10 does not find the weights of a layer in two files.
    Stage(id="sharded weights", live=_sharded, back=_with_weights("model.weights.json"), since="3.12"),
    Stage(id="quantize int8", live=_quantized("int8")),
    Stage(id="quantize int4", live=_quantized("int4"), since="3.11"),
    # Before, Keras does not load the optimizer of such a model.
    Stage(id="quantize float8", live=_quantized("float8"), since="3.10"),
    Stage(id="quantize gptq", live=_calibrated("gptq"), since="3.14"),
    Stage(id="quantize awq", live=_calibrated("awq"), since="3.14"),
    Stage(id="ModelParallel", live=_trained, scope=_distributed, backends=("jax",), before=DEVICES, after=DEVICES),
    Stage(id="NNX", live=_trained, backends=("jax",), needs=("flax",), since="3.11", before=NNX, after=NNX),
    Stage(id="read by NumPy", live=_saved, needs=("jax",), after={"KERAS_BACKEND": "numpy"}),
    Stage(id="read by OpenVINO", live=_saved, needs=("openvino",), since="3.10", after={"KERAS_BACKEND": "openvino"}),
    Stage(
        id="export to SavedModel",
        live=_exported("", "tf_saved_model"),
        back=_serve_saved_model,
        backends=("jax", "tensorflow"),
        needs=("tensorflow",),
    ),
    Stage(id="export to ONNX", live=_exported(".onnx", "onnx"), back=_run_onnx, since="3.9", needs=("onnxruntime",)),
    Stage(
        id="export to LiteRT",
        live=_exported(".tflite", "litert"),
        back=_run_litert,
        since="3.13",
        backends=("tensorflow",),
        needs=("ai_edge_litert",),
    ),
    Stage(
        id="export to OpenVINO",
        live=_exported(".xml", "openvino"),
        back=_run_openvino,
        since="3.12",
        backends=("tensorflow", "torch"),  # OpenVINO converts nothing that JAX has exported
        needs=("openvino",),
    ),
    Stage(id="export to torch", live=_exported(".pt2", "torch"), back=_run_torch, since="3.15", backends=("torch",)),
]
