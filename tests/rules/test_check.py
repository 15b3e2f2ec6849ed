"""``serialactivation check``: a saved model's activations, and what is to be said of them."""

import json
import os
import pathlib
import shlex
import subprocess
import sys

import keras
import pytest

import serialactivation as sa
from serialactivation.cli import main
from serialactivation.reports.formats import FORMATS
from serialactivation.tree.describe import describe
from serialactivation.tree.nodes import find_sites
from tests.helpers.checking import check, check_file, findings_of
from tests.helpers.configs import an_object, dense_model
from tests.helpers.findings import RULES, TAGGED, UNTAGGED
from tests.helpers.processes import ROOT
from tests.matrix.values import bent, leaky


@pytest.mark.parametrize(("stored", "target", "codes"), RULES.values(), ids=RULES)
def test_a_rule_finds_what_it_is_for(stored, target, codes):
    """Each activation has exactly its codes, with the place, the evidence and a cure."""
    findings = findings_of(dense_model(stored), target)
    assert [finding.code for finding in findings] == codes
    for finding in findings:
        assert finding.path == "$.config.layers[0].config.activation"
        assert finding.layer == "model/dense"
        assert finding.evidence
        assert finding.cure


def test_code_is_never_shown():
    """The bytecode of a lambda is not printed."""
    for stored in (TAGGED, UNTAGGED):
        (finding,) = findings_of(dense_model(stored))
        assert "4wEAAA" not in f"{finding} {describe(stored)}"
        assert describe(stored) == "<lambda>"


def test_every_activation_of_a_model_is_found():
    """Nested models, several fields, containers, activations inside activations, and layers without one."""

    @sa.serializable_activation(package="checked")
    class Several(keras.layers.Layer):
        def __init__(self, activations, gate_activation=None, use_activation=True, **kwargs):
            super().__init__(**kwargs)
            self.activations, self.gate_activation = activations, gate_activation

        def call(self, inputs):
            return inputs

    inner = keras.Sequential([keras.Input((5, 4)), sa.layers.LSTM(3, activation=keras.ops.gelu)], name="inner")
    model = keras.Sequential(
        [
            keras.Input((5, 4)),
            Several(("relu", keras.layers.ELU(0.5)), name="several"),
            sa.layers.Dense(4, activation=keras.Sequential([keras.layers.Activation("tanh", name="in")]), name="outer"),
            keras.layers.TimeDistributed(sa.layers.Dense(4, activation=leaky, name="step"), name="steps"),
            inner,
            keras.layers.Dropout(0.5),
            sa.layers.Dense(2, activation=bent, name="head"),
        ],
        name="model",
    )
    config = json.loads(sa.model_to_json(model))
    found = [(site.layer, site.field, describe(site.stored)) for site in find_sites(config)]

    assert found == [
        ("model/several", "activations", "relu"),
        ("model/several", "activations", "ELU(alpha=0.5)"),
        ("model/several", "gate_activation", "None"),
        ("model/outer", "activation", "Sequential()"),
        ("model/outer/sequential/in", "activation", "tanh"),
        ("model/steps/step", "activation", "LeakyRelu(negative_slope=0.4)"),
        ("model/inner/lstm", "activation", "Gelu(approximate=True)"),
        ("model/inner/lstm", "recurrent_activation", "sigmoid"),
        ("model/head", "activation", "matrix>bent"),
    ]
    for site in find_sites(config):
        assert site.path.startswith("$.config.layers[")


@pytest.fixture
def models(tmp_path):
    """A folder with a model that is whole, in three formats, and one with a lambda, in two."""
    whole = keras.Sequential([keras.Input((4,)), sa.layers.Dense(3, activation=keras.layers.PReLU(), name="head")])
    lost = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=lambda x: x * 2, name="head")])
    for suffix in (".keras", ".h5"):
        whole.save(tmp_path / f"whole{suffix}")
        lost.save(tmp_path / f"lost{suffix}")
    whole.save_weights(tmp_path / "whole.weights.h5")
    return tmp_path


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning")
@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("whole.keras", 0, "head  activation = PReLU("),
        ("whole.h5", 0, "head  activation = PReLU("),
        ("whole.weights.h5", 0, "weights only"),
        ("lost.keras", 1, "SA101 error"),
        ("lost.h5", 1, "SA101 error"),
        ("missing.keras", 4, ""),
    ],
)
def test_a_file_is_checked(name, status, said, models, capsys):
    """The output has the activations of the file, its findings, and the status."""
    ended, out, err = check(models / name, capsys=capsys)
    assert ended == status
    assert said in out
    assert (err != "") == (status == 4)


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning")
def test_a_folder_is_checked_as_json(models, capsys):
    """Every model in it, once; a broken one is reported too, and wins."""
    (models / "broken.keras").write_bytes(b"PK\x03\x04")
    status, out, _ = check(models, "--format", "json", capsys=capsys)
    report = json.loads(out)

    assert status == 2
    assert report["version"] == 1
    assert [pathlib.Path(file["path"]).name for file in report["files"]] == [
        "lost.h5", "lost.keras", "whole.h5", "whole.keras", "whole.weights.h5",
    ]  # fmt: skip
    assert [[finding["code"] for finding in file["findings"]] for file in report["files"]] == [
        ["SA101"], ["SA101"], [], [], [],
    ]  # fmt: skip
    assert [error["code"] for error in report["unreadable"]] == ["SA002"]
    assert (report["summary"]["failing"], report["summary"]["unreadable"]) == (2, 1)
    assert report["files"][3]["activations"][0]["activation"].startswith("PReLU(")


@pytest.mark.parametrize(("level", "status"), [("note", 1), ("warning", 0), ("error", 0)])
def test_the_level_decides_the_status(level, status, tmp_path, capsys):
    """A note alone does not fail, unless it is asked for."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps(dense_model(an_object("keras.layers", "LeakyReLU", {"alpha": 0.1}))))
    assert check(path, "--fail-on", level, capsys=capsys)[0] == status


@pytest.mark.parametrize("arguments", [[], ["--target-keras", "3.5", "x"], ["--format", "xml", "x"]])
def test_a_wrong_call_has_a_status_of_its_own(arguments, capsys):
    """The status of a wrong call is not that of a file that cannot be read."""
    with pytest.raises(SystemExit) as caught:
        main(["check", *arguments])
    assert caught.value.code == 4
    assert "usage: " in capsys.readouterr().err


@pytest.mark.parametrize("style", FORMATS)
def test_neither_keras_nor_a_backend_is_imported(style, tmp_path):
    """A check imports no h5py for a .keras file either, and no reader of settings where there are none."""
    model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(3, activation=keras.layers.PReLU())])
    model.save(tmp_path / "model.keras")
    code = (
        "import sys; from serialactivation.cli import main\n"
        "status = main(['check', '--format', *sys.argv[1:]])\n"
        "print(status, *({'keras', 'jax', 'torch', 'tensorflow', 'numpy', 'h5py', 'tomllib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, style, str(tmp_path / "model.keras")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0"


def test_a_report_has_the_activations_and_the_findings(tmp_path):
    """The report in Python has the same activations and findings as the output."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps(dense_model("reluu")))
    report = check_file(str(path))

    assert [site.label for site in report.sites] == ["reluu"]
    assert [finding.code for finding in report.findings] == ["SA104"]
    assert "relu" in report.findings[0].cure
    assert report.findings[0].severity.name == "ERROR"


def test_a_shared_activation_is_told(tmp_path, capsys):
    """A shared activation is shown with the number that Keras has for it."""
    shared = keras.layers.PReLU()
    layers = [sa.layers.Dense(4, activation=one, name=name) for one, name in ((shared, "a"), (shared, "b"))]
    own = sa.layers.Dense(4, activation=keras.layers.PReLU(), name="c")
    keras.Sequential([keras.Input((4,)), *layers, own], name="model").save(tmp_path / "model.keras")
    lines = check(tmp_path / "model.keras", capsys=capsys)[1].splitlines()

    assert lines[2:5] == [
        "  model/a  activation = PReLU(), shared by 2, weights in the file",
        "  model/b  activation = PReLU(), shared by 2, weights in the file",
        "  model/c  activation = PReLU(), weights in the file",
    ]


@pytest.mark.parametrize("stored", [TAGGED, "relu'", "<lambda>"])
def test_a_command_to_type_runs_nothing_else(stored):
    """A name in a file may end a quotation; it is one word of the command all the same."""
    config = dense_model("relu")
    config["config"]["layers"][0]["config"]["activations"] = {"a'; id; '": stored}
    findings = [finding for finding in findings_of(config) if finding.cure.startswith("serialact")]
    assert findings
    for finding in findings:
        words = shlex.split(finding.cure)
        assert words[3] == "--replace"
        assert "=" in words[4]
        assert words[5:] == ["-o", "OUT"]
