"""The cures of errors about files, settings and command lines, followed to the letter; see test_layer_cures."""

import json
import re
import shlex
import shutil

import keras
import numpy as np
import pytest

from serialactivation.cli import main
from tests.corpus import KEPT
from tests.helpers.command_cures import CASES
from tests.helpers.pasted import change
from tests.helpers.processes import run_python

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning"),
]

X = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)

# How the errors that a command prints begin.
STARTS = {
    "ArchiveError": "SA00",
    "ExpressionError": "cannot read the activation",
    "RepairError": "cannot repair",
    "SettingsError": "cannot use the settings",
    "SourceError": "SA0",
}


# What a repaired model computes with, where it is no relu.
COMPUTED = {
    "a file that is damaged where its groups are listed": ["tanh"],
    "an activation of a newer Keras": ["sparse_plus"],
    "two lambdas": ["relu", "relu"],
}


def make_model(*activations):
    """Return a model that computes the same with any of the activations that the replacements are."""
    layers = [keras.layers.Dense(4, activation=activation) for activation in activations]
    model = keras.Sequential([keras.Input((4,)), *layers])
    weights = np.random.default_rng(0)
    model.set_weights([weights.normal(size=value.shape) for value in model.get_weights()])
    return model


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of models and modules, which is the current one."""
    monkeypatch.chdir(tmp_path)
    lost = make_model(lambda x: keras.ops.relu(x))
    for name in ("lambda.keras", "lambda.h5", "stands.keras"):
        lost.save(name)
    lost.save_weights("lambda.weights.h5")
    make_model(lambda x: keras.ops.relu(x), lambda x: keras.ops.maximum(x, 0.0)).save("lambdas.keras")
    good = make_model("tanh")
    good.save("good.keras")
    good.save("good.h5")
    good.save_weights("good.weights.h5")
    shutil.copy(KEPT / "damaged_root.h5", "damaged.h5")
    (tmp_path / "good.py").write_text("import keras\n")
    (tmp_path / "bad.py").write_text("def (\n")
    return tmp_path


def call(folder, case):
    """Return the status of the command of a *case*, with its settings, and what it printed in any way."""
    settings, _, command = case.rpartition("$ ")
    (folder / "pyproject.toml").write_text(settings)
    return main(shlex.split(command))


LOAD = """
import json, sys, keras, numpy as np
import serialactivation as sa
x = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
for path in json.loads(sys.argv[1]):
    print(json.dumps(keras.ops.convert_to_numpy(keras.models.load_model(path)(x)).tolist()))
"""


def test_every_cure_of_a_command_works(folder, capsys):
    """The command ends well, and what a repair wrote computes what the function did that was lost."""
    expected = {}
    for case, (error, line, cures) in CASES.items():
        assert call(folder, line) in (2, 4), case
        printed = capsys.readouterr()
        message = printed.out + printed.err
        assert f": {STARTS[error]}" in message, (case, message)
        for said, (old, new) in cures.items():
            assert call(folder, change(line, message, said, old, new)) == 0, (case, said, capsys.readouterr())
            if line.startswith("$ repair"):
                (path,) = folder.glob("repaired.*")
                path = path.rename(folder / f"mended_{len(expected)}{path.suffix}")
                expected[str(path)] = make_model(*COMPUTED.get(case, ["relu"]))(X)
            capsys.readouterr()
    loaded = run_python(LOAD, json.dumps(list(expected))).splitlines()
    for line, value in zip(loaded, expected.values(), strict=True):
        assert np.array_equal(np.array(json.loads(line), "float32"), keras.ops.convert_to_numpy(value))


MISSING = (
    ("check god.keras", r"Did you mean '(good\.keras)'", None),
    ("lint goood.py", r"Did you mean '(good\.py)'", None),
    ("check nowhere", "Pass the path of one", "good.keras"),
    ("check nowhere", "or of a folder with some in it", "models"),
    ("lint models", "Pass the path of one", "good.py"),
)


def test_the_cure_for_a_path_with_nothing_works(folder, capsys):
    """A similar path is proposed, or else a path is asked for; the command with either ends well."""
    (folder / "models").mkdir()
    shutil.copy("good.keras", "models")
    for command, said, given in MISSING:
        assert call(folder, f"$ {command}") == 4
        found = re.search(said, capsys.readouterr().err)
        assert found, (command, said)
        assert call(folder, f"$ {command.split()[0]} {given or found[1]}") == 0
        capsys.readouterr()
