"""What ``check`` says of what HDF5 files lose, held against what the installed Keras makes of them, mended or not."""

import json
import warnings

import keras
import numpy as np
import pytest

from serialactivation.catalog.versions import is_newer
from serialactivation.cli import main
from serialactivation.rules.rule import Verdict
from tests.helpers.checking import check_file
from tests.helpers.processes import run_python
from tests.helpers.target import RELEASE

pytestmark = pytest.mark.together

layers = keras.layers

TARGET = ("--target-keras", RELEASE)


def _join(inputs):
    return layers.Concatenate(axis=1)([inputs, inputs])


# A layer, or what is made of the input.
AXES = {
    "layer normalization": layers.LayerNormalization(axis=[1, 2]),
    "layer normalization without weights": layers.LayerNormalization(axis=[1, 2], center=False, scale=False),
    "unit normalization": layers.UnitNormalization(axis=[1, 2]),
    "softmax": layers.Softmax(axis=(1, 2)),
    "softmax over one": layers.Softmax(axis=1),
    "softmax over the last": layers.Softmax(),
    "normalization": layers.Normalization(axis=(1, 2)),
    "normalization over none": layers.Normalization(axis=None),
    "normalization with a mean": layers.Normalization(axis=None, mean=1.0, variance=2.0),
    "batch normalization": layers.BatchNormalization(axis=1),
    "concatenation": _join,
}
if keras.config.backend() != "torch":  # which normalizes over the last axes alone
    AXES["layer normalization over one"] = layers.LayerNormalization(axis=[1])

OWN = """
class Descent(keras.optimizers.SGD):
    def __init__(self, learning_rate=0.1, **more):
        super().__init__(learning_rate, **{"name": "SGD", **more})

class Own(keras.optimizers.SGD):
    def __init__(self, learning_rate=0.1, **more):
        super().__init__(learning_rate, **{"name": "own", **more})

class Squares(keras.losses.MeanSquaredError):
    def __init__(self, **more):
        super().__init__(**{"name": "mean_squared_error", **more})

class OtherLoss(keras.losses.MeanSquaredError):
    def __init__(self, **more):
        super().__init__(**{"name": "other", **more})

class Mine(keras.metrics.Mean):
    pass
"""
SPACE = {"keras": keras, "__name__": "theirs"}
exec(OWN, SPACE)

COMPILED = {
    "optimizer": {"optimizer": SPACE["Descent"](0.5)},
    "optimizer of another name": {"optimizer": SPACE["Own"]()},
    "loss": {"loss": SPACE["Squares"]()},
    "loss of another name": {"loss": SPACE["OtherLoss"]()},
    "loss in a list": {"loss": [SPACE["Squares"]()]},
    "loss by output": {"loss": {"dense": SPACE["OtherLoss"]()}},
    "metric": {"metrics": [SPACE["Mine"]()]},
    "metric by output": {"metrics": {"dense": [SPACE["Mine"]()]}},
    "weighted metric": {"weighted_metrics": [SPACE["Mine"]()]},
}

_LOAD = """
import json, pathlib, sys, warnings
warnings.simplefilter("ignore")
sys.modules["serialactivation"] = None
import keras, numpy as np

def load(path):
    try:
        model = keras.models.load_model(path)
    except Exception as error:
        return "does not load", f"{type(error).__name__}: {error}"
    try:
        found = model(np.load(path.with_suffix(".x.npy")))
    except Exception as error:
        return "loads, but cannot be called", f"{type(error).__name__}: {error}"
    same = np.allclose(keras.ops.convert_to_numpy(found), np.load(path.with_suffix(".y.npy")), atol=1e-4)
    return "loads" if same else "loads, but computes something else", "it computes something else"

print(json.dumps({path.stem: load(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.h5"))}))
"""


def make(layer):
    inputs = keras.Input((3, 4))
    model = keras.Model(inputs, layer(inputs))
    for weight in model.weights:
        weight.assign(np.linspace(1, 2, int(np.prod(weight.shape)), dtype="float32").reshape(weight.shape))
    if isinstance(layer, layers.Normalization):
        layer.finalize_state()
    return model


def compile_one(arguments):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="dense")])
    model.compile(**arguments)
    return model


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder with the files, and one with the copies that ``repair`` wrote."""
    written, mended = tmp_path_factory.mktemp("hdf5"), tmp_path_factory.mktemp("mended")
    models = {name: make(layer) for name, layer in AXES.items()}
    for name, model in (models | {name: compile_one(arguments) for name, arguments in COMPILED.items()}).items():
        given = np.random.default_rng(1).normal(size=(2, *model.inputs[0].shape[1:])).astype("float32")
        with warnings.catch_warnings(action="ignore"):
            model.save(written / f"{name}.h5")
        if name in AXES:
            assert main(["repair", str(written / f"{name}.h5"), *TARGET, "-o", str(mended / f"{name}.h5")]) == 0
        for folder in (written, mended):
            np.save(folder / f"{name}.x.npy", given)
            np.save(folder / f"{name}.y.npy", keras.ops.convert_to_numpy(model(given)))
    return written, mended


@pytest.fixture(scope="module")
def outcomes(folders):
    return tuple(json.loads(run_python(_LOAD, str(folder)).splitlines()[-1]) for folder in folders)


@pytest.mark.parametrize("name", AXES)
def test_the_verdict_on_an_axis_is_what_comes_of_it(name, folders, outcomes):
    """The verdict is what Keras does, or "not known" where the number of axes decides; the repaired copy loads."""
    verdict = check_file(str(folders[0] / f"{name}.h5"), RELEASE).verdicts.whole
    outcome, reason = outcomes[0][name]
    assert verdict.value == outcome or verdict is Verdict.NOT_KNOWN, reason
    assert outcomes[1][name][0] == "loads", outcomes[1][name][1]
    assert check_file(str(folders[1] / f"{name}.h5"), RELEASE).verdicts.whole is Verdict.LOADS


@pytest.mark.parametrize("name", COMPILED)
def test_the_verdict_on_what_a_program_provides_is_what_comes_of_it(name, folders, outcomes):
    """The verdict is what Keras does without the class: it makes another, looks it up in training, or refuses."""
    report = check_file(str(folders[0] / f"{name}.h5"), RELEASE)
    outcome, reason = outcomes[0][name]
    if not is_newer("3.16", keras.__version__):  # which refuses each of them
        assert outcome == "does not load", reason
        return
    expected = Verdict.LOADS if outcome == "loads" else Verdict.NOT_KNOWN
    assert report.verdicts.whole is expected, reason
    (finding,) = report.findings
    assert finding.code == ("SA204" if outcome != "loads" else "SA250" if name in ("optimizer", "loss") else "SA233")
