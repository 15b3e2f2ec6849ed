"""What ``check`` says of a config that would run, read or fetch something on load."""

import json
import subprocess
import sys
import zipfile

import keras
import pytest

from serialactivation.catalog.versions import is_newer
from serialactivation.rules.configs.unsafe import find_unsafe
from serialactivation.tree.nodes import walk
from tests.helpers.checking import check_file
from tests.helpers.configs import an_object
from tests.helpers.findings import OBJECTS
from tests.helpers.processes import ROOT


@pytest.mark.parametrize(("stored", "codes"), OBJECTS.values(), ids=OBJECTS)
def test_what_a_load_would_do_is_found(stored, codes):
    """What a load would run or read is found with its place, wherever it stands."""
    config = {"class_name": "Sequential", "config": {"name": "model", "layers": [{"inner": stored}]}}
    findings = [finding for node in walk(config) for finding in find_unsafe(node)]
    assert [finding.code for finding in findings if finding.path.startswith("$.config.layers[0].inner")] == codes
    assert len(findings) == len(codes)
    assert all("4wEAAA" not in str(finding) for finding in findings)


@pytest.mark.parametrize(("stored", "codes"), OBJECTS.values(), ids=OBJECTS)
def test_an_activation_is_told_of_once(stored, codes):
    """Code, and what is Python's, have codes of their own in an activation."""
    config = {"class_name": "Dense", "config": {"name": "dense", "activation": stored}}
    found = [finding.code for node in walk(config) for finding in find_unsafe(node)]
    assert found == ([] if codes == ["SA304"] else codes)


def found(path):
    """Return the codes for what a load would do, and where it stands."""
    findings = check_file(str(path)).findings
    return [(finding.code, finding.path) for finding in findings if finding.code.startswith("SA3")]


# Since 3.16, Keras refuses the first.
FUNCTIONS = {name: "keras.utils" for name in ["plot_model"] if is_newer("3.16", keras.__version__)}
FUNCTIONS |= {"load_data": "keras.datasets.mnist"}
RESOLVED = f"""
import keras
from keras.src.saving import serialization_lib
for name, module in {FUNCTIONS}.items():
    config = {{"module": module, "class_name": "function", "config": name, "registered_name": name}}
    print(serialization_lib.deserialize_keras_object(config).__name__)
"""


def test_keras_resolves_what_is_found():
    """Keras resolves the names that are found, also in safe mode."""
    done = subprocess.run([sys.executable, "-c", RESOLVED], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == list(FUNCTIONS)


def test_a_model_of_many_kinds_of_parts_gets_no_finding(tmp_path):
    """Layers, operations, initializers, regularizers, constraints, losses, metrics and optimizers of Keras."""
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(4, "gelu", kernel_regularizer="l2", kernel_constraint="max_norm")(inputs)
    hidden = keras.ops.relu6(keras.layers.Dense(4, dtype="mixed_float16")(hidden)) + hidden
    model = keras.Model(inputs, keras.layers.Activation("softmax")(hidden))
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 10)
    model.compile(keras.optimizers.SGD(schedule), keras.losses.CategoricalCrossentropy(), [keras.metrics.AUC()])
    for suffix in (".keras", ".h5"):
        model.save(tmp_path / f"model{suffix}")
        assert found(tmp_path / f"model{suffix}") == []


def test_how_a_model_was_compiled_is_looked_into(tmp_path):
    """A loss may name what a layer may not."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile("sgd", "mse")
    model.save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as old:
        config = json.loads(old.read("config.json"))
    config["compile_config"]["loss"] = an_object("keras.utils", "function", "get_file")
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert found(tmp_path / "config.json") == [("SA303", "$.compile_config.loss")]
