"""``serialactivation repair --replace`` of an activation with weights: they are removed with it, or it is refused."""

import json

import keras
import numpy as np
import pytest

from tests.helpers.checking import repair
from tests.helpers.processes import run_python

pytestmark = pytest.mark.once

X = np.linspace(-2, 2, 32, dtype="float32").reshape(8, 4)

# What a process that cannot import this package makes of each file: what it computes, and that it can be trained.
LOAD = """
import json, pathlib, sys, warnings
sys.modules["serialactivation"] = None
warnings.simplefilter("error")
warnings.filterwarnings("ignore", "Skipping variable loading for optimizer")
import keras, numpy as np
x = np.linspace(-2, 2, 32, dtype="float32").reshape(8, 4)
found = {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    model = keras.models.load_model(path)
    found[path.name] = keras.ops.convert_to_numpy(model(x)).tolist()
    model.fit(x, x, verbose=0)
print(json.dumps(found))
"""


def nest(*activations):
    """Return a model with another one in it, whose layers have the activations."""
    inner = keras.Sequential([keras.Input((4,)), *(keras.layers.Dense(4, activation=one) for one in activations)])
    return keras.Sequential([keras.Input((4,)), inner, keras.layers.Dense(4)])


def stack(*activations):
    return keras.Sequential([keras.Input((4,)), *(keras.layers.Dense(4, activation=one) for one in activations)])


def share(make):
    activation = make()
    return stack(activation, activation)


def bend(name="bend"):
    return keras.layers.PReLU(alpha_initializer="ones", name=name)


# Models by what makes their activations: PReLU or, with the same weights of the layers, relu.
MODELS = {
    "one": lambda make: stack(make(), "tanh"),
    "two": lambda make: stack(make(), make()),
    "shared": share,
    "nested": lambda make: nest("tanh", make()),
}


def save(path, make_model):
    """Train a model, save it, and return what it computes with relu for PReLU."""
    keras.utils.set_random_seed(3)
    model = make_model(bend)
    model(X)
    model.compile("adam", "mean_squared_error")
    model.fit(X, X, verbose=0)
    model.save(path)
    plain = make_model(lambda: "relu")
    weights = [weight for weight in model.weights if not weight.path.endswith("alpha")]
    plain.set_weights([keras.ops.convert_to_numpy(weight) for weight in weights])
    return keras.ops.convert_to_numpy(plain(X))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_weights_are_removed_and_the_copy_loads(tmp_path, capsys):
    """The copy can be trained; the output lists the removed weights, and what becomes of the optimizer's state."""
    (tmp_path / "out").mkdir()
    expected = {}
    for name, make_model in MODELS.items():
        for suffix in (".keras", ".h5"):
            source, target = tmp_path / f"{name}{suffix}", tmp_path / "out" / f"{name}{suffix}"
            expected[target.name] = save(source, make_model)
            status, out, err = repair(source, "--replace", "PReLU=relu", "-o", target, capsys=capsys)
            lines = [line for line in out.splitlines() if line.startswith("weights")]
            number = 2 if name == "two" or (name == "shared" and suffix == ".h5") else 1
            assert (status, err) == (0, ""), (target.name, err)
            assert [line.endswith("removed") for line in lines] == [True] * number + [False], (target.name, lines)
            assert lines[-1].startswith("weights  the optimizer's state is left out")
    found = json.loads(run_python(LOAD, str(tmp_path / "out")).splitlines()[-1])
    assert found.keys() == expected.keys()
    for name, outputs in expected.items():
        assert np.array_equal(np.asarray(found[name], "float32"), outputs), name


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_another_layer_keeps_is_not_removed(tmp_path, capsys):
    """A shared activation is replaced in all layers or in none, as is one of two of one name in an HDF5 file."""
    save(tmp_path / "shared.keras", share)
    save(tmp_path / "nested.h5", lambda make: nest(make(), make()))
    paths = {
        "shared.keras": "$.config.layers[1].config.activation",
        "nested.h5": "$.config.layers[1].config.layers[1].config.activation",
    }
    for name, path in paths.items():
        output = tmp_path / f"out-{name}"
        status, _, err = repair(tmp_path / name, "--replace", f"{path}=relu", "-o", output, capsys=capsys)
        assert (status, output.exists()) == (2, False), (name, err)
        assert "it has weights, and " in err
