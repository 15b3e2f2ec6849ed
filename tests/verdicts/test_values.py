"""What ``check`` says of values of the wrong type and of parts of the wrong form, held against the installed Keras."""

import copy
import itertools
import json

import keras
import pytest
from keras import layers

from serialactivation.catalog.values.argument_values import find_demands
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.rules.check import check_archive
from serialactivation.rules.rule import Verdict
from tests.helpers.processes import run_python

pytestmark = pytest.mark.together

FLAT, LINE, PLANE, SPACE = (6,), (8, 3), (8, 8, 3), (4, 4, 4, 3)

# A layer and the shape of its input; whole numbers are its input where the shape ends with them.
LAYERS = [
    (layers.Dense(2), FLAT), (layers.EinsumDense("ab,bc->ac", output_shape=2), FLAT), (layers.Embedding(5, 2), FLAT),
    (layers.Masking(), LINE), (layers.Dropout(0.5), FLAT), (layers.SpatialDropout1D(0.5), LINE),
    (layers.GaussianNoise(0.1), FLAT), (layers.AlphaDropout(0.1), FLAT), (layers.ActivityRegularization(0.1), FLAT),
    (layers.BatchNormalization(), FLAT), (layers.LayerNormalization(), FLAT), (layers.GroupNormalization(1), LINE),
    (layers.UnitNormalization(), FLAT), (layers.Conv1D(2, 3), LINE), (layers.Conv2D(2, 3), PLANE),
    (layers.Conv3D(2, 3), SPACE), (layers.Conv1DTranspose(2, 3), LINE), (layers.DepthwiseConv2D(3), PLANE),
    (layers.SeparableConv1D(2, 3), LINE), (layers.MaxPooling1D(2), LINE), (layers.AveragePooling2D(2), PLANE),
    (layers.GlobalMaxPooling1D(), LINE), (layers.LSTM(2), LINE), (layers.GRU(2), LINE), (layers.SimpleRNN(2), LINE),
    (layers.Reshape((3, 2)), FLAT), (layers.Permute((2, 1)), LINE), (layers.RepeatVector(2), FLAT),
    (layers.Cropping1D(1), LINE), (layers.ZeroPadding2D(1), PLANE), (layers.UpSampling1D(2), LINE),
    (layers.UpSampling2D(2), PLANE), (layers.ReLU(), FLAT), (layers.LeakyReLU(), FLAT), (layers.ELU(), FLAT),
    (layers.PReLU(), FLAT), (layers.Softmax(), FLAT), (layers.Rescaling(0.5), FLAT),
]  # fmt: skip

VALUES = [3, -1, 0, 1.5, 4.0, "4", "a/b", None, [], {}, [2, 2], [None, "x"], {"a": 1}]

# Parts of a config of which nothing is known, and those that depend on the input or on the backend.
UNKNOWN = (
    "build_config",
    "kernel_initializer",
    "bias_initializer",
    "ragged",
    "loss_weights",
    "gradient_accumulation_steps",
)
DEPENDS = ("batch_shape", "shape", "kwargs", "quantization_config", "sparse", "keepdims")

_LOAD = """
import json, signal, sys, warnings
warnings.simplefilter("ignore")
sys.modules["serialactivation"] = None
import keras, numpy as np

def stop(*_):
    raise TimeoutError("Keras 3.6 looks for a layer that is not there forever")

signal.signal(signal.SIGALRM, stop)

def load(config, shape):
    signal.alarm(3)
    try:
        model = keras.models.model_from_json(config)
    except Exception as error:
        return "does not load", f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    try:
        model(np.zeros((2, *shape), "float32"))
    except Exception as error:
        return "loads, but cannot be called", f"{type(error).__name__}: {error}"
    return "loads", ""

with open(sys.argv[1]) as file:
    print(json.dumps([load(json.dumps(config), shape) for config, shape in json.load(file)]))
"""


def stack(layer, shape):
    """Return the config of a Sequential model with one layer."""
    return json.loads(keras.Sequential([keras.Input(shape, name="in"), layer], name="stack").to_json())


def make_graph():
    """Return the config of a functional model with two layers."""
    inputs = keras.Input((3,), name="in")
    outputs = layers.Add(name="sum")([layers.Dense(2, name="dense")(inputs)] * 2)
    return json.loads(keras.Model(inputs, outputs, name="graph").to_json())


def make_compiled():
    model = keras.Sequential([keras.Input((3,), name="in"), layers.Dense(2, name="dense")], name="compiled")
    model.compile(optimizer=keras.optimizers.SGD(0.01, momentum=0.5), loss="mse", metrics=["mae"])
    return json.loads(model.to_json())


def change(config, steps, value):
    """Return a copy of *config* with another value."""
    changed = copy.deepcopy(config)
    part = changed
    for step in steps[:-1]:
        part = part[step]
    part[steps[-1]] = value
    return changed


def find_steps(value, steps=()):
    """Yield the steps to every part of a config, except those of which nothing is known."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        if key not in UNKNOWN:
            yield (*steps, key)
            yield from find_steps(item, (*steps, key))


def make_arguments():
    """Yield each argument of which something is known, with a few values in turn."""
    turn = itertools.count()
    for layer, shape in LAYERS:
        config, class_name = stack(layer, shape), type(layer).__name__
        for name in config["config"]["layers"][1]["config"]:
            demands = find_demands(class_name, name)
            if demands and name not in ("name", "trainable", "dtype", *UNKNOWN):
                for _ in range(3):
                    value = VALUES[next(turn) % len(VALUES)]
                    if any(demand.refuses(value) for demand in demands):
                        steps = ("config", "layers", 1, "config", name)
                        yield f"{class_name}({name}={value!r})", (change(config, steps, value), shape)


def make_forms():
    """Yield each part of three models, with a few values in turn."""
    turn = itertools.count()
    for config in (stack(layers.Dense(2, name="dense"), (3,)), make_graph(), make_compiled()):
        for steps in find_steps(config):
            for _ in range(4):
                value = VALUES[next(turn) % len(VALUES)]
                if steps == ("config",) and not value:
                    continue  # a model without layers, which older Kerases make
                name = f"{config['config']['name']}.{'.'.join(map(str, steps))}={value!r}"
                yield name, (change(config, steps, value), (3,))


def make_others():
    """Yield models that are never built, whose layers look at no value, and one that Keras 3.6 does not build."""
    for layer, argument in ((layers.Dense(2), "units"), (layers.Embedding(5, 2), "output_dim")):
        config = json.loads(keras.Sequential([layer], name="bare").to_json())
        for value in (2, "4", -1):
            steps = ("config", "layers", 0, "config", argument)
            yield f"bare {type(layer).__name__}({argument}={value!r})", (change(config, steps, value), FLAT)
    bins = stack(layers.Discretization([0.0, 1.0]), FLAT)
    yield "Discretization(num_bins=7)", (change(bins, ("config", "layers", 1, "config", "num_bins"), 7), FLAT)
    dense = stack(layers.Dense(2), FLAT)
    for argument in ("dtype", "kernel_initializer"):  # Keras looks at the name of their class alone
        steps = ("config", "layers", 1, "config", argument, "module")
        yield f"Dense({argument}) of another module", (change(dense, steps, "keras.layers"), FLAT)
    inputs = keras.Input(LINE)
    attention = layers.MultiHeadAttention(2, 3, output_shape=(5,))
    yield "an output_shape", (json.loads(keras.Model(inputs, attention(inputs, inputs)).to_json()), LINE)


@pytest.fixture(scope="module")
def cases():
    return {**dict(make_arguments()), **dict(make_forms()), **dict(make_others())}


@pytest.fixture(scope="module")
def outcomes(cases, tmp_path_factory):
    file = tmp_path_factory.mktemp("values") / "cases.json"
    file.write_text(json.dumps(list(cases.values())))
    return dict(zip(cases, json.loads(run_python(_LOAD, str(file)).splitlines()[-1]), strict=True))


def find_verdict(config):
    if not isinstance(config.get("class_name"), str) or not isinstance(config.get("config"), dict | list):
        return Verdict.DOES_NOT_LOAD  # such a file is no saved model
    return check_archive(Archive("model.json", Kind.CONFIG, config=config), keras.__version__).verdicts.whole


def test_no_value_is_said_to_be_refused_that_is_taken(cases, outcomes):
    """``check`` says "does not load" or "cannot be called" only where Keras does so."""
    wrong = {}
    for name, (config, _) in cases.items():
        said, (outcome, reason) = find_verdict(config), outcomes[name]
        if said in (Verdict.DOES_NOT_LOAD, Verdict.UNCALLABLE) and outcome != said.value:
            wrong[name] = said.value, outcome, reason
    assert wrong == {}


def test_nothing_is_said_to_load_that_does_not(cases, outcomes):
    """``check`` says "loads" only where Keras loads, but for values that depend on the input or the backend."""
    wrong = {}
    for name, (config, _) in cases.items():
        is_compared = not any(f".{part}" in name or f"({part}" in name for part in DEPENDS)
        if is_compared and find_verdict(config) is Verdict.LOADS and outcomes[name][0] != Verdict.LOADS.value:
            wrong[name] = outcomes[name]
    assert wrong == {}


def test_there_is_enough_of_each(outcomes):
    """The cases have enough configs that load, that do not load, and that cannot be called."""
    counted = {
        verdict: sum(outcome == verdict for outcome, _ in outcomes.values()) for verdict in ("loads", "does not load")
    }
    assert min(counted.values()) >= 150
    assert sum(outcome == "loads, but cannot be called" for outcome, _ in outcomes.values()) >= 5
