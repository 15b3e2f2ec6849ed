"""State that is more than weights: frozen activations, moving statistics, seeds, LoRA and quantized weights."""

import functools
import gc
import json

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.catalog.versions import is_newer
from tests.helpers.checking import check_file
from tests.helpers.processes import run_python

# Keras's own: Model.quantize warns of every layer that cannot be quantized, an Input's and an activation's included.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Layer \\w+ does not have a `quantize` method:UserWarning"),
    pytest.mark.filterwarnings("ignore:Invalid quantization mode:UserWarning"),
]


@pytest.fixture(autouse=True)
def look_past_other_tests():
    """Keras collects garbage for each variable that a quantization replaces: not through all that was there before."""
    gc.freeze()
    yield
    gc.unfreeze()


X = np.random.default_rng(5).normal(size=(8, 4)).astype("float32")
Y = np.random.default_rng(6).normal(size=(8, 3)).astype("float32")
ARGUMENTS = {"epochs": 2, "batch_size": 4, "shuffle": False, "verbose": 0}


def scatter(model):
    """Set every weight at random, in place, whatever its dtype allows."""
    generator = np.random.default_rng(2)
    for weight in model.weights:
        if "float" in weight.dtype and "float8" not in weight.dtype:
            weight.assign(generator.uniform(0.1, 1.0, weight.shape))


def trained(*layers, loss=None):
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(keras.optimizers.Adam(0.01), loss or keras.losses.MeanSquaredError())
    model.fit(X, Y, **ARGUMENTS)
    scatter(model)
    return model


_LOAD = """
import json, sys
import keras
from tests.layer.test_state import describe
print(json.dumps(describe(keras.saving.load_model(sys.argv[1]))))
"""


def describe(model):
    """Return what must be the same after a load, as JSON; training goes on at the end."""
    return {
        "weights": [keras.ops.convert_to_numpy(weight).astype("float32").tolist() for weight in model.weights],
        "dtypes": [weight.dtype for weight in model.weights],
        "trainable": [weight.trainable for weight in model.weights],
        "flags": [layer.trainable for layer in model._flatten_layers()],
        "optimizer": [keras.ops.convert_to_numpy(variable).tolist() for variable in model.optimizer.variables],
        "outputs": keras.ops.convert_to_numpy(model(X)).tolist(),
        "losses": model.fit(X, Y, **ARGUMENTS).history["loss"],
    }


def assert_comes_back(model, tmp_path):
    model.save(tmp_path / "model.keras")
    revived = json.loads(run_python(_LOAD, str(tmp_path / "model.keras")).splitlines()[-1])
    assert revived == describe(model)


# Trainable or not.


def frozen_in_life():
    """A flag that is set after construction."""
    activation = keras.layers.PReLU()
    activation.trainable = False
    return activation


FROZEN = {
    "trainable=False": lambda: keras.layers.PReLU(trainable=False),
    "set later": frozen_in_life,
    "inside a Sequential": lambda: keras.Sequential([keras.layers.PReLU(trainable=False), keras.layers.PReLU()]),
}


@pytest.mark.parametrize("make", FROZEN.values(), ids=FROZEN)
def test_a_frozen_activation_stays_frozen(make, tmp_path):
    """A frozen activation stays frozen: the weights to train, the optimizer's state and the losses are the same."""
    model = trained(sa.layers.Dense(3, activation=make()))
    frozen = [weight for weight in model.non_trainable_weights if weight.path.endswith("alpha")]
    before = [keras.ops.convert_to_numpy(weight) for weight in frozen]
    assert len(frozen) == 1
    assert_comes_back(model, tmp_path)
    assert all(np.array_equal(weight, value) for weight, value in zip(frozen, before, strict=True))


def test_an_activation_may_be_frozen_after_training(tmp_path):
    """The optimizer keeps its state when an activation is frozen after training, before and after a load."""
    model = trained(sa.layers.Dense(3, activation=keras.layers.PReLU()))
    model.layers[0].activation.trainable = False
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    model.fit(X, Y, **ARGUMENTS)
    assert_comes_back(model, tmp_path)


@pytest.mark.parametrize("late", [False, True])
def test_a_frozen_owner_is_what_it_is_in_keras(late, tmp_path):
    """An owner that is frozen after construction freezes its activation; in its constructor, it freezes only itself."""
    owner, stock = (
        library.Dense(3, activation=keras.layers.PReLU(), trainable=late) for library in (sa.layers, keras.layers)
    )
    if late:
        owner.trainable = stock.trainable = False
    model = trained(owner, sa.layers.Dense(3, activation=keras.layers.PReLU()))
    stock(X)

    assert owner.activation.trainable == stock.activation.trainable == (not late)
    assert_comes_back(model, tmp_path)


# Statistics and seeds.


def test_moving_statistics_come_back(tmp_path):
    """A BatchNormalization goes on after a load with the same mean, variance and losses."""
    activation = keras.layers.BatchNormalization(momentum=0.7)
    model = trained(sa.layers.Dense(3, activation=activation))
    before = keras.ops.convert_to_numpy(activation.moving_mean)
    model.fit(X, Y, **ARGUMENTS)
    assert not np.array_equal(before, keras.ops.convert_to_numpy(activation.moving_mean))
    assert_comes_back(model, tmp_path)


def seed_states(model):
    return [
        keras.ops.convert_to_numpy(variable).tolist()
        for variable in model.variables
        if "seed_generator" in variable.path
    ]


def with_dropout(seed, *, as_activation):
    dropout = keras.layers.Dropout(0.5, seed=seed)
    return trained(*([sa.layers.Dense(3, activation=dropout)] if as_activation else [keras.layers.Dense(3), dropout]))


@pytest.mark.parametrize("as_activation", [False, True])
def test_a_seeded_dropout_starts_again(as_activation, tmp_path):
    """A seeded Dropout starts again after a load, as a layer and as an activation, as in Keras."""
    model = with_dropout(9, as_activation=as_activation)
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")

    assert seed_states(model) == [[9, 4]]
    assert seed_states(revived) == [[9, 0]]
    assert np.array_equal(keras.ops.convert_to_numpy(model(X)), keras.ops.convert_to_numpy(revived(X)))


@pytest.mark.parametrize("as_activation", [False, True])
def test_two_loads_of_a_seeded_dropout_train_alike(as_activation, tmp_path):
    """Two loads of a file with a seeded Dropout train alike."""
    with_dropout(9, as_activation=as_activation).save(tmp_path / "model.keras")
    losses = [
        keras.saving.load_model(tmp_path / "model.keras").fit(X, Y, **ARGUMENTS).history["loss"] for _ in range(2)
    ]
    assert losses[0] == losses[1]


@pytest.mark.parametrize("as_activation", [False, True])
def test_a_dropout_without_a_seed_draws_one_at_each_load(as_activation, tmp_path):
    """A Dropout without a seed draws a new one at each load, as Keras's layer does."""
    with_dropout(None, as_activation=as_activation).save(tmp_path / "model.keras")
    states = [seed_states(keras.saving.load_model(tmp_path / "model.keras"))[0] for _ in range(2)]
    assert states[0][0] != states[1][0]
    assert states[0][1] == states[1][1] == 0


# LoRA and quantization.

PRELU = functools.partial(keras.layers.PReLU, shared_axes=[1])
TANH_GELU = functools.partial(keras.activations.gelu, approximate=True)

OWNERS = {
    "Dense": (lambda library, **given: library.Dense(4, **given), (6, 4)),
    "EinsumDense": (
        lambda library, **given: library.EinsumDense("abc,cd->abd", (None, 4), bias_axes="d", **given),
        (6, 4),
    ),
    "EinsumDense, heads": (
        lambda library, **given: library.EinsumDense("abc,cde->abde", (None, 2, 2), bias_axes="de", **given),
        (6, 4),
    ),
    "Conv1D": (lambda library, **given: library.Conv1D(4, 2, **given), (6, 4)),
    "Conv2D": (lambda library, **given: library.Conv2D(4, 2, **given), (6, 6, 4)),
    "Conv3D": (lambda library, **given: library.Conv3D(4, 2, **given), (4, 4, 4, 4)),
}
DENSE = [name for name in OWNERS if "Dense" in name]
ACTIVATIONS = {"PReLU": PRELU, "partial": lambda: TANH_GELU}

parametrize_activations = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)


def owner_model(name, library, activation):
    """Return a model of one built layer, its weights at random."""
    make, shape = OWNERS[name]
    model = keras.Sequential([keras.Input(shape), make(library, activation=activation, name="owner")])
    scatter(model)
    return model


def inputs_of(model):
    return np.random.default_rng(3).normal(size=(2, *model.input_shape[1:])).astype("float32")


def summarize(model):
    """Return what is in *model*, by path: Keras reorders a float8 layer's weights in a load."""
    weights = {weight.path.removeprefix(f"{model.name}/"): weight for weight in model.weights}
    return {
        "weights": {
            path: keras.ops.convert_to_numpy(weight).astype("float32").tolist() for path, weight in weights.items()
        },
        "dtypes": {path: weight.dtype for path, weight in weights.items()},
        "policies": [layer.dtype_policy.name for layer in model._flatten_layers()],
        "outputs": keras.ops.convert_to_numpy(model(inputs_of(model))).tolist(),
    }


_SUMMARIZE = """
import json, sys
import keras
from tests.layer.test_state import summarize
print(json.dumps([summarize(keras.saving.load_model(path)) for path in sys.argv[1:]]))
"""


def assert_files_are_equal(models, folder):
    """Each model is what a load of its file gives, in another process that reads them all."""
    paths = {name: str(folder / f"{number}.keras") for number, name in enumerate(models)}
    for name, model in models.items():
        model.save(paths[name])
    loaded = json.loads(run_python(_SUMMARIZE, *paths.values()).splitlines()[-1])
    for name, revived in zip(models, loaded, strict=True):
        assert revived == summarize(models[name]), name


def set_lora(model):
    """Put adapters beside the kernel that do something: Keras starts one of the two at zero."""
    owner = model.layers[0]
    owner.enable_lora(2)
    for adapter in (owner.lora_kernel_a, owner.lora_kernel_b):
        adapter.assign(np.random.default_rng(4).normal(size=adapter.shape))
    return model


@pytest.mark.slow
@parametrize_activations
def test_an_owner_with_lora_comes_back_merged(activation, tmp_path):
    """An owner with LoRA comes back with merged adapters, with the outputs and weights of stock Keras."""
    paths = {}
    for name in OWNERS:
        model = set_lora(owner_model(name, sa.layers, activation()))
        path = tmp_path / f"{len(paths)}.keras"
        model.save(path)
        paths[name] = (model, str(path))
    loaded = json.loads(run_python(_SUMMARIZE, *(path for _, path in paths.values())).splitlines()[-1])
    for (name, (model, _)), revived in zip(paths.items(), loaded, strict=True):
        here = summarize(model)
        assert np.allclose(revived["outputs"], here["outputs"], rtol=1e-5, atol=1e-5), name
        assert revived["weights"].keys() == here["weights"].keys()


def is_mode(name):
    """Return whether the installed Keras quantizes in this mode."""
    try:
        return keras.dtype_policies.get(f"{name}_from_float32").quantization_mode == name
    except ValueError:
        return False


# Those that a layer can be quantized in alone, without examples of what it is called with.
MODES = [mode for mode in ("int8", "float8", "int4") if is_mode(mode)]


@pytest.mark.slow
@parametrize_activations
@pytest.mark.parametrize("mode", MODES)
def test_a_quantized_owner_comes_back(mode, activation, tmp_path):
    """A quantized owner comes back to the bit, in every mode that Keras has for a layer."""
    models = {}
    for name in DENSE:
        models[name] = owner_model(name, sa.layers, activation())
        models[name].layers[0].quantize(mode)
        assert models[name].layers[0].quantization_mode == mode
    assert_files_are_equal(models, tmp_path)


def own_weights(model):
    """Return the owner's weights without its activation's."""
    return [
        keras.ops.convert_to_numpy(weight).astype("float32") for weight in model.weights if "alpha" not in weight.path
    ]


def assert_same_as_stock(ours, stock, activation):
    """The owner's weights are the stock layer's, and the output is the activation of the stock layer's."""
    for one, other in zip(own_weights(ours), own_weights(stock), strict=True):
        assert np.array_equal(one, other)
    expected = activation(stock(inputs_of(stock)))
    assert np.allclose(
        keras.ops.convert_to_numpy(ours(inputs_of(ours))), keras.ops.convert_to_numpy(expected), rtol=1e-5, atol=1e-5
    )


ORDERS = {
    "quantized": ["quantize"],
    "LoRA, then quantized": ["lora", "quantize"],
    "quantized, then LoRA": ["quantize", "lora"],
}


@parametrize_activations
@pytest.mark.parametrize(
    ("mode", "order"),
    [(mode, order) for mode in MODES for order in ORDERS if mode in ("int8", "int4") or order == "quantized"],
)
def test_quantizing_ours_is_quantizing_keras(mode, order, activation, tmp_path):
    """Quantizing a layer gives the weights of the quantized stock layer, with adapters or without, and after a load."""
    for name in DENSE:
        given = activation()
        pair = [owner_model(name, sa.layers, given), owner_model(name, keras.layers, None)]
        pair[1].set_weights(own_weights(pair[0]))
        for model in pair:
            for step in ORDERS[order]:
                model.layers[0].quantize(mode) if step == "quantize" else set_lora(model)
        assert_same_as_stock(*pair, given)
        for number, model in enumerate(pair):
            model.save(tmp_path / f"{number}.keras")
        revived = [keras.saving.load_model(tmp_path / f"{number}.keras") for number in range(2)]
        assert_same_as_stock(*revived, revived[0].layers[0].activation)


# Since 3.16, Keras warns of the activation, which it cannot quantize.
@pytest.mark.filterwarnings("ignore:.*1 layer.s. were skipped because they do not support quantization:UserWarning")
@parametrize_activations
def test_a_whole_model_is_quantized_as_far_as_keras_goes(activation):
    """Before 3.16, ``Model.quantize`` leaves out the owner of an activation that is a layer, as in stock Keras."""
    leaves_out = activation is PRELU and is_newer("3.16", keras.__version__)
    modes = []
    for library in (keras.layers, sa.layers):
        model = owner_model("Dense", library, activation())
        model(inputs_of(model))
        model.quantize("int8")
        modes.append(model.layers[0].quantization_mode)
    assert modes[0] == modes[1] == (None if leaves_out else "int8")


def token_model(library, activation):
    """Return a model that GPTQ and AWQ can calibrate: tokens, an embedding, and one block of layers."""
    owners = [make(library, activation=activation()) for make, _ in (OWNERS["Dense"], OWNERS["EinsumDense"])]
    inputs = keras.Input((6,), dtype="int32")
    embedding, block = keras.layers.Embedding(9, 4), keras.Sequential(owners, name="block")
    model = keras.Model(inputs, block(embedding(inputs)))
    scatter(model)
    return model, {"pre_block_layers": [embedding], "sequential_blocks": [block]}


CALIBRATED = {
    "gptq": lambda **given: keras.quantizers.GPTQConfig(**given),
    "awq": lambda **given: keras.quantizers.AWQConfig(**given, num_grid_points=3),
}


def calibrate(mode, library, activation):
    model, structure = token_model(library, activation)
    config = CALIBRATED[mode](
        dataset=[np.arange(60)[None] % 9],
        tokenizer=lambda tokens: tokens,
        num_samples=2,
        sequence_length=6,
        group_size=-1,
    )
    model.get_quantization_layer_structure = lambda mode: structure  # in the config, Keras could not save it
    for owner in structure["sequential_blocks"][0].layers:
        if len(list(owner._flatten_layers())) > 1:
            owner.quantize(mode, config=config)  # Model.quantize leaves it out
    model.quantize(mode, config=config)
    return model, structure["sequential_blocks"][0].layers


@pytest.mark.slow
@pytest.mark.parametrize("mode", CALIBRATED)
def test_calibrating_ours_is_calibrating_keras(mode, tmp_path):
    """GPTQ and AWQ give the weights of the calibrated stock layer, and all of them are in the file."""
    models = {
        library: calibrate(mode, library, activation)
        for library, activation in ((keras.layers, lambda: None), (sa.layers, lambda: TANH_GELU))
    }
    for library, (model, owners) in models.items():
        assert [owner.quantization_mode for owner in owners] == [mode, mode]
        model.save(tmp_path / f"{library.__name__}.keras")
        report = check_file(str(tmp_path / f"{library.__name__}.keras"))
        assert [finding.code for finding in report.findings] == ["SA240"] * (2 if library is keras.layers else 0)
    with pytest.raises(ValueError, match="could not be loaded"):
        keras.saving.load_model(tmp_path / f"{keras.layers.__name__}.keras")
    tokens, (ours, _) = np.arange(6)[None], models[sa.layers]
    revived = keras.saving.load_model(tmp_path / f"{sa.layers.__name__}.keras")
    assert np.array_equal(*(keras.ops.convert_to_numpy(model(tokens)) for model in (ours, revived)))
    firsts = [owners[0] for _, owners in models.values()]
    for stock, ours in zip(*(first.weights for first in firsts), strict=True):
        assert np.array_equal(
            keras.ops.convert_to_numpy(stock).astype("float32"), keras.ops.convert_to_numpy(ours).astype("float32")
        )


@pytest.mark.slow
@pytest.mark.parametrize("mode", CALIBRATED)
def test_a_calibrated_owner_calls_its_activation(mode):
    """A calibrated owner calls its activation, also one with weights."""
    model, owners = calibrate(mode, sa.layers, PRELU)
    outputs = keras.ops.convert_to_numpy(model(np.arange(6)[None]))
    assert [owner.quantization_mode for owner in owners] == [mode, mode]
    assert not np.isnan(outputs).any()
