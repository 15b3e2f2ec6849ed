"""The cures of errors about files, settings and command lines, followed to the letter; see test_layer_cures."""

import json
import shlex

import keras
import numpy as np
import pytest

from serialactivation.cli import main
from tests.errors.test_layer_cures import change
from tests.helpers.processes import run_python

pytestmark = pytest.mark.once

X = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)

# How the errors that a command prints begin.
STARTS = {
    "ArchiveError": "SA00",
    "ExpressionError": "cannot read the activation",
    "RepairError": "cannot repair",
    "SettingsError": "cannot use the settings",
    "SourceError": "SA0",
}

REPAIR = "$ repair lambda.keras -o mended.keras --replace '<lambda>=keras.activations.relu'"


def replace(new, more=""):
    """Return the command that writes *new* for the lambda of a model; what it computes is a relu."""
    return f"$ repair lambda.keras -o mended.keras{more} --replace '<lambda>={new}'"


# A file of settings and, after the $, a command that ends in an error; and, by what that says, what is changed in them.
CASES = {
    "a replacement without sides": (
        "ExpressionError",
        "$ repair lambda.keras -o mended.keras --replace relu",
        {r"Write ('<lambda>=[\w.]+')": (" relu", r" \1")},
    ),
    "no expression": (
        "ExpressionError",
        replace("relu("),
        {
            r"Write a name \(gelu\)": ("relu(", "relu"),
            r"or a call \((.*)\)\.": ("relu(", r"\1"),
        },
    ),
    "arguments by position": (
        "ExpressionError",
        replace("keras.activations.relu(0.0)"),
        {r"must all be given by keyword": ("(0.0)", "(negative_slope=0.0)")},
    ),
    "no literal": (
        "ExpressionError",
        replace("keras.activations.relu(max_value=most)"),
        {"Keywords are numbers": ("most", "1000.0"), "strings, bools and (None)": ("most", r"\1")},
    ),
    "keywords that stock Keras does not store": (
        "ExpressionError",
        replace("keras.activations.relu(max_value=1000.0)", " --target-keras 3.9.2"),
        {
            r"Aim at Keras (3\.10[.0-9]*) or newer": ("3.9.2", r"\1"),
            "give a name without keywords": ("(max_value=1000.0)", ""),
            "or a function and (--with-serialactivation)": (" --replace", r" \1 --replace"),
        },
    ),
    "no activation": (
        "ExpressionError",
        replace("keras.activations.reluu"),
        {r"Name one of (keras\.activations)": ("keras.activations.reluu", r"\1.relu")},
    ),
    "an activation of a newer Keras": (
        "ExpressionError",
        replace("keras.activations.sparse_plus", " --target-keras 3.6"),
        {r"Aim at Keras ([.0-9]+) or newer": ("3.6", r"\1")},
    ),
    "a keyword that is needed": (
        "ExpressionError",
        replace("keras.activations.threshold", " --with-serialactivation"),
        {r"needs (\w+), (\w+)\. Give it by keyword": ("threshold'", r"threshold(\1=0.0, \2=0.0)'")},
    ),
    "a negative value": (
        "ExpressionError",
        replace("keras.layers.ReLU(max_value=-1000.0)"),
        {"None of them may be negative": ("-1000.0", "1000.0")},
    ),
    "a keyword of Keras 2": (
        "ExpressionError",
        replace("keras.activations.leaky_relu(alpha=0.0)"),
        {r"Keras 3 calls it (\w+)": ("alpha", r"\1")},
    ),
    "a value of another type": (
        "ExpressionError",
        replace("keras.activations.relu(negative_slope=[])"),
        {r"It is ([.0-9]+)\.": ("[]", r"\1")},
    ),
    "a file that is there": (
        "RepairError",
        REPAIR.replace("mended.keras", "stands.keras"),
        {"Give another path": ("stands.keras", "mended.keras")},
    ),
    "nothing that matches": (
        "RepairError",
        REPAIR.replace("<lambda>", "gelu"),
        {r"It holds: (<lambda>)": ("gelu", r"\1")},
    ),
    "two lambdas": (
        "RepairError",
        REPAIR.replace("lambda.keras", "lambdas.keras"),
        {
            r"Name each by its path: (\S+), (\S+)\.\n": (
                "'<lambda>=keras.activations.relu'",
                r"'\1=keras.activations.relu' --replace '\2=keras.activations.relu'",
            )
        },
    ),
    "no whole model": (
        "RepairError",
        REPAIR.replace("lambda.keras", "lambda.weights.h5"),
        {
            r"Give a (\.keras)": (".weights.h5", r"\1"),
            "or an HDF5 file with a whole model": (".weights.h5 -o mended.keras", ".h5 -o mended.h5"),
        },
    ),
    "a name of the other format": (
        "RepairError",
        REPAIR.replace("lambda.keras", "lambda.h5"),
        {r"Give a path that ends in (\.h5)": ("mended.keras", r"mended\1")},
    ),
    "no folder": (
        "RepairError",
        REPAIR.replace("mended.keras", "nowhere/mended.keras"),
        {"Give a path in a folder of yours": ("nowhere/", "")},
    ),
    "no table": (
        "SettingsError",
        "[tool.serialactivation]\ncheck = 'all'\n$ check good.keras",
        {r"write (\[tool\.serialactivation\.check\])": ("[tool.serialactivation]\ncheck = 'all'", r"\1")},
    ),
    "a key that is not there": (
        "SettingsError",
        "[tool.serialactivation.check]\nfail_on = 'note'\n$ check good.keras",
        {r"its keys are .*(fail-on)": ("fail_on", r"\1")},
    ),
    "a value that is not there": (
        "SettingsError",
        "[tool.serialactivation.check]\nfail-on = 'notes'\n$ check good.keras",
        {r"it is one of (note)": ("notes", r"\1")},
    ),
    "a source that is too long": (
        "SourceError",
        "$ lint --limit source_bytes=5 good.py",
        {r"raise that limit with (--limit source_bytes=)NUMBER": ("--limit source_bytes=5", r"\g<1>5000")},
    ),
    "no Python": (
        "SourceError",
        "$ lint .",
        {r"or pass over it with (--exclude)": ("lint .", r"lint . \1 bad.py")},
    ),
    "a file that is too large": (
        "ArchiveError",
        "$ check --limit config_bytes=20 good.keras",
        {r"raise that limit with (--limit config_bytes=)NUMBER": ("--limit config_bytes=20", r"\g<1>200000")},
    ),
    "no model": (
        "ArchiveError",
        "$ check good.py",
        {r"Pass a (\.keras)": (".py", r"\1"), r"(\.h5)": (".py", r"\1"), r"or (\.weights\.h5)": (".py", r"\1")},
    ),
}

# What a mended model computes with, where it is no relu.
COMPUTED = {"an activation of a newer Keras": ["sparse_plus"], "two lambdas": ["relu", "relu"]}


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


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning")
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
                (path,) = folder.glob("mended.*")
                path = path.rename(folder / f"mended_{len(expected)}{path.suffix}")
                expected[str(path)] = make_model(*COMPUTED.get(case, ["relu"]))(X)
            capsys.readouterr()
    loaded = run_python(LOAD, json.dumps(list(expected))).splitlines()
    for line, value in zip(loaded, expected.values(), strict=True):
        assert np.array_equal(np.array(json.loads(line), "float32"), keras.ops.convert_to_numpy(value))
