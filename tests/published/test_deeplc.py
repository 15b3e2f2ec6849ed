"""Models that a published package carries: repaired, they load in stock Keras and predict what they predicted.

``deeplc`` 2.2.38 saved its models with ``activation=lambda x: relu(x, alpha=0.1, max_value=20.0)``, so that its files
say ``<lambda>`` and Keras 3 does not load them. Collected where ``tf_keras``, which still does, is installed; the
nox session ``published`` fetches the files, and names their folder in ``PUBLISHED_MODELS``.
"""

import json
import os
import pathlib

import keras
import numpy as np
import pytest

from serialactivation.cli import main
from serialactivation.rules.check import check_file
from serialactivation.rules.rule import Verdict
from tests.helpers.processes import run_python

MODELS = sorted(pathlib.Path(os.environ["PUBLISHED_MODELS"]).rglob("*.hdf5"))
NEW = "keras.activations.relu(negative_slope=0.1, max_value=20.0)"

_BEFORE = """
import json, sys
import numpy as np, tf_keras
from tf_keras.activations import relu
lambdas = {"<lambda>": lambda x: relu(x, alpha=0.1, max_value=20.0)}
model = tf_keras.models.load_model(sys.argv[1], compile=False, custom_objects=lambdas)
inputs = np.load(sys.argv[2])
outputs = []
for number in range(int(sys.argv[3])):
    outputs.append(model([inputs[f"{number}_{place}"] for place in range(len(model.inputs))]).numpy().tolist())
print(json.dumps(outputs))
"""

_AFTER = """
import json, sys
sys.modules["serialactivation"] = None
import keras, numpy as np
model = keras.models.load_model(sys.argv[1], compile=False)
inputs = np.load(sys.argv[2])
outputs = []
for number in range(int(sys.argv[3])):
    given = [inputs[f"{number}_{place}"] for place in range(len(model.inputs))]
    outputs.append(keras.ops.convert_to_numpy(model(given)).tolist())
print(json.dumps(outputs))
"""

DRAWS = 4


def test_there_are_models():
    """The package has three."""
    assert len(MODELS) == 3


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem[-8:])
def test_a_mended_model_predicts_what_it_predicted(path, tmp_path, capsys):
    """To 1e-5 of the largest output, on several random inputs; stock Keras does not load it as it is."""
    with pytest.raises(TypeError, match="<lambda>"):
        keras.models.load_model(path, compile=False)
    assert {finding.code for finding in check_file(str(path)).findings} == {"SA102"}
    fixed = tmp_path / "fixed.hdf5"
    assert main(["repair", str(path), "--replace", f"<lambda>={NEW}", "-o", str(fixed)]) == 0
    assert "18 replaced" in capsys.readouterr().out
    report = check_file(str(fixed))
    assert (report.findings, report.verdicts.rest) == ((), Verdict.LOADS)

    model = keras.models.load_model(fixed, compile=False)
    generator = np.random.default_rng(0)
    inputs = {
        f"{number}_{place}": generator.normal(size=(3, *tensor.shape[1:])).astype("float32")
        for number in range(DRAWS)
        for place, tensor in enumerate(model.inputs)
    }
    np.savez(tmp_path / "inputs.npz", **inputs)
    before, after = (
        np.array(json.loads(run_python(code, str(file), str(tmp_path / "inputs.npz"), str(DRAWS)).splitlines()[-1]))
        for code, file in ((_BEFORE, path), (_AFTER, fixed))
    )
    assert before.std() > 0
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-5 * np.abs(before).max())
