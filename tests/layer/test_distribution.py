"""Models spread over several devices: the weights of an activation lie where the layout says, after a load too."""

import json

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.helpers.processes import run_bare
from tests.matrix.layers import DecoratedGated

pytestmark = [
    pytest.mark.skipif(keras.backend.backend() != "jax", reason="simulated devices are JAX's"),
    pytest.mark.slow,
]

DEVICES = 8
X = np.random.default_rng(5).normal(size=(16, 6, 6, 2)).astype("float32")
Y = np.random.default_rng(6).normal(size=(16, 4)).astype("float32")
ARGUMENTS = {"epochs": 2, "batch_size": 8, "shuffle": False, "verbose": 0}

# The weights of the activations, and the axes of the mesh that their layout names.
AXES = {
    "conv/p_re_lu/alpha": [None, None, "model"],
    "lstm/lstm_cell/p_re_lu_1/alpha": ["model"],
    "gated/p_re_lu_2/alpha": ["model"],
    "gated/shared/alpha": ["model"],
}


def make_model():
    """Return a model in which every owner has an activation with weights; the last two share one.

    A functional one: in a Sequential, Keras's paths start with its name before a save, and not after a load.
    """
    shared = keras.layers.PReLU(name="shared")
    inputs = keras.Input((6, 6, 2))
    hidden = sa.layers.Conv2D(4, 3, activation=keras.layers.PReLU(shared_axes=[1, 2]), name="conv")(inputs)
    hidden = keras.layers.Reshape((16, 4))(hidden)
    hidden = sa.layers.LSTM(4, activation=keras.layers.PReLU(), name="lstm")(hidden)
    hidden = DecoratedGated(4, activation=keras.layers.PReLU(), gate_activation=shared, name="gated")(hidden)
    return keras.Model(inputs, sa.layers.Dense(4, activation=shared, name="dense")(hidden))


def data_parallel():
    return keras.distribution.DataParallel(devices=[f"cpu:{number}" for number in range(DEVICES)])


def model_parallel():
    devices = [f"cpu:{number}" for number in range(DEVICES)]
    layout = keras.distribution.LayoutMap(keras.distribution.DeviceMesh((4, 2), ("batch", "model"), devices))
    layout["conv/.*p_re_lu.*/alpha"] = (None, None, "model")
    layout["(lstm|gated)/.*alpha"] = ("model",)
    layout["(gated|dense)/kernel"] = (None, "model")
    return keras.distribution.ModelParallel(layout_map=layout, batch_dim_name="batch")


DISTRIBUTIONS = {"data": data_parallel, "model": model_parallel, "none": lambda: None}
PAIRS = ["data data", "model model", "none none", "model none", "none model", "data model"]


def placements(model):
    """Return for every weight of an activation the axes that it is split over, and on how many devices it lies."""
    return {
        variable.path: (list(variable.value.sharding.spec), len(variable.value.sharding.device_set))
        for variable in model.weights
        if variable.path.endswith("alpha")
    }


def report(model):
    """Return what must be equal before and after, weights as text: JSON keeps every bit of a float."""
    return {
        "weights": {weight.path: keras.ops.convert_to_numpy(weight).tolist() for weight in model.weights},
        "outputs": keras.ops.convert_to_numpy(model.predict(X, verbose=0)).tolist(),
        "losses": model.fit(X, Y, **ARGUMENTS).history["loss"],
        "placements": placements(model) if keras.distribution.distribution() is not None else {},
    }


def train(name, folder):
    """Train and save under a distribution."""
    keras.utils.clear_session()  # it forgets the distribution too
    keras.distribution.set_distribution(DISTRIBUTIONS[name]())
    keras.utils.set_random_seed(0)
    model = make_model()
    model.compile(keras.optimizers.Adam(0.01), keras.losses.MeanSquaredError())
    model.fit(X, Y, **ARGUMENTS)
    generator = np.random.default_rng(2)
    for weight in model.weights:
        weight.assign(generator.normal(size=weight.shape) / 4)
    model.save(f"{folder}/{name}.keras")
    return report(model)


def load(pair, folder):
    """Load what :func:`train` saved under a distribution, under another or the same."""
    before, after = pair.split()
    keras.distribution.set_distribution(DISTRIBUTIONS[after]())
    return report(keras.models.load_model(f"{folder}/{before}.keras"))


_RUN = """
import json, sys
import tests.layer.test_distribution as module
folder, function, *names = sys.argv[1:]
print(json.dumps({name: getattr(module, function)(name, folder) for name in names}))
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Return what was trained and what was loaded, in two other processes that have several devices."""
    folder = str(tmp_path_factory.mktemp("distribution"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLA_FLAGS", f"--xla_force_host_platform_device_count={DEVICES}")
        printed = [run_bare(_RUN, folder, "train", *DISTRIBUTIONS), run_bare(_RUN, folder, "load", *PAIRS)]
    trained, loaded = (json.loads(text.splitlines()[-1]) for text in printed)
    return trained | loaded


@pytest.mark.parametrize("name", ["data", "model"])
def test_training_under_a_distribution_is_training(name, reports):
    """The losses are those of one device, but for the order of sums."""
    here, alone = reports[name], reports["none"]
    assert np.allclose(here["losses"], alone["losses"], rtol=1e-4)
    assert np.allclose(here["outputs"], alone["outputs"], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["data", "model"])
def test_weights_of_activations_follow_the_layout(name, reports):
    """Weights of activations are split as the layout says, and copied to every device elsewhere, also after a load."""
    expected = {path: [axes if name == "model" else [None] * len(axes), DEVICES] for path, axes in AXES.items()}
    assert reports[name]["placements"] == expected
    assert reports[f"{name} {name}"]["placements"] == expected


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_a_model_comes_back_under_its_distribution(name, reports):
    """Weights to the bit; training goes on with the same losses, so the optimizer's state is back too.

    Outputs and losses but for the order of sums, which XLA chooses again at each compilation.
    """
    trained, loaded = reports[name], reports[f"{name} {name}"]
    assert loaded["weights"] == trained["weights"]
    assert np.allclose(loaded["outputs"], trained["outputs"], rtol=1e-5, atol=1e-7)
    assert np.allclose(loaded["losses"], trained["losses"], rtol=1e-5)


@pytest.mark.parametrize("pair", ["model none", "none model", "data model"])
def test_a_model_comes_back_under_another_distribution(pair, reports):
    """A file knows nothing of devices: the weights are the same, and lie where the new layout says."""
    before, after = pair.split()
    trained, loaded = reports[before], reports[pair]
    assert loaded["weights"] == trained["weights"]
    assert np.allclose(loaded["losses"], trained["losses"], rtol=1e-4)
    expected = {path: [axes, DEVICES] for path, axes in AXES.items()} if after == "model" else {}
    assert loaded["placements"] == expected
