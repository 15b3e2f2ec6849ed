"""Whether the layers of a model hang together, by ``check``, held against what the installed Keras makes of them."""

import json

import h5py
import numpy as np
import pytest

from serialactivation.rules.rule import Verdict
from tests.helpers.checking import check_file
from tests.helpers.processes import run_python
from tests.helpers.target import RELEASE
from tests.verdicts.graphs import GRAPHS

pytestmark = pytest.mark.together

_LOAD = """
import json, pathlib, signal, sys, warnings
warnings.simplefilter("ignore")
sys.modules["serialactivation"] = None
import keras, numpy as np

def stop(*_):
    raise TimeoutError("Keras 3.6 looks for the way out of a circle forever")

signal.signal(signal.SIGALRM, stop)

def find_shape(config):
    '''The shape that the model was made for: the first that is stored, with 2 for the batch.'''
    for layer in config["config"]["layers"]:
        for key in ("batch_shape", "batch_input_shape"):
            if key in layer["config"]:
                return [size or 2 for size in layer["config"][key]]

def load(path):
    signal.alarm(5)
    try:
        model = keras.models.load_model(path)
    except Exception as error:
        return "does not load", str(error)
    finally:
        signal.alarm(0)
    shape = find_shape(json.loads(path.with_suffix(".json").read_text())) or [2, 4]
    inputs = [np.zeros(shape, "float32") for _ in getattr(model, "inputs", None) or [None]]
    try:
        model(inputs if len(inputs) > 1 else inputs[0])
    except Exception as error:
        return "loads, but cannot be called", str(error)
    return "loads", ""

print(json.dumps({path.stem: load(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.h5"))}))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graphs")
    for name, config in GRAPHS.items():
        (folder / f"{name}.json").write_text(json.dumps(config))
        with h5py.File(folder / f"{name}.h5", "w") as file:
            file.attrs["model_config"] = json.dumps(config)
            file.create_group("model_weights").attrs["layer_names"] = np.array([], "S1")
    return folder


@pytest.fixture(scope="module")
def outcomes(files):
    return json.loads(run_python(_LOAD, str(files)).splitlines()[-1])


@pytest.mark.parametrize("name", GRAPHS)
def test_the_verdict_is_what_becomes_of_the_graph(name, files, outcomes):
    """A graph that Keras cannot follow does not load, and one that it can loads, called or not."""
    verdict = check_file(str(files / f"{name}.h5"), RELEASE).verdicts.whole
    outcome, reason = outcomes[name]
    assert verdict.value == outcome, reason


def test_both_outcomes_are_there(outcomes):
    """Most of the graphs are broken, and enough of them are not."""
    loaded = [name for name, (outcome, _) in outcomes.items() if outcome == Verdict.LOADS.value]
    assert 15 <= len(loaded) <= len(GRAPHS) - 30
