"""What ``check`` says of the files of the corpus, held against what the installed Keras makes of them."""

import json

import keras
import pytest

from serialactivation.rules.rule import Verdict
from tests import corpus
from tests.helpers.checking import check_file
from tests.helpers.processes import run_python

pytestmark = pytest.mark.together

_LOAD = """
import json, pathlib, signal, sys, warnings
warnings.simplefilter("ignore")
sys.modules["serialactivation"] = None
import keras, numpy as np

def give_up(*_):
    raise TimeoutError("the load does not end")

signal.signal(signal.SIGALRM, give_up)

def load(path):
    signal.alarm(10)  # Keras 3.6 looks for ever for a call that is not there
    try:
        is_text = path.suffix == ".json"
        model = keras.models.model_from_json(path.read_text()) if is_text else keras.models.load_model(path)
    except Exception as error:
        return "does not load", f"{type(error).__name__}: {error}"
    try:
        shapes = [(one.shape, one.dtype) for one in getattr(model, "inputs", None) or ()]
        inputs = [np.zeros([size or 2 for size in shape], dtype) for shape, dtype in shapes]
        if inputs:
            model(inputs if len(inputs) > 1 else inputs[0])
    except Exception as error:
        return "loads, but cannot be called", f"{type(error).__name__}: {error}"
    return "loads", ""

print(json.dumps({path.name: load(path) for path in sorted(pathlib.Path(sys.argv[1]).iterdir())}))
"""

# Files whose models hold this package's layers or a user's own, which stock Keras does not know.
_OWN = ("sharing.keras", "sharing.h5")
_WEIGHTS = ("small.weights.h5", "shards.weights.json", "lone.weights.json", "unusual.h5")
_BIG = ("zeros.keras", "deep_model.json", "brackets_in_text.keras")

NAMES = [
    name
    for name in (*corpus.BENIGN, *(name for name, found in corpus.FOUND.items() if not found[1]))
    if name not in (*_OWN, *_BIG, *_WEIGHTS) and not name.startswith("3.")
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    for name in NAMES:
        corpus.write(name, folder)
    return folder


@pytest.fixture(scope="module")
def outcomes(files):
    return json.loads(run_python(_LOAD, str(files)).splitlines()[-1])


@pytest.mark.parametrize("name", NAMES)
def test_no_file_that_does_not_load_is_said_to(name, files, outcomes):
    """``check`` says "loads" of no file that Keras refuses, and "does not load" of none that it loads."""
    outcome, reason = outcomes[name]
    said = check_file(str(files / name), keras.__version__).verdicts.whole
    if said in (Verdict.LOADS, Verdict.OTHERWISE):
        assert outcome == Verdict.LOADS.value, reason
    elif said is Verdict.DOES_NOT_LOAD:
        assert outcome == Verdict.DOES_NOT_LOAD.value
    elif said is Verdict.UNCALLABLE:  # with what the model was made for, which test_graphs.py calls such models with
        assert outcome != Verdict.DOES_NOT_LOAD.value, reason
