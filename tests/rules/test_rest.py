"""The findings and verdicts on the rest of a config: what a Keras does not take, and what is not known of it."""

import json
import zipfile

import keras
import pytest

import serialactivation as sa
from serialactivation.catalog.classes import NEWEST, find_signature
from serialactivation.catalog.versions import is_newer
from serialactivation.rules.files.containers import CONTAINERS
from serialactivation.rules.files.optimizer_states import STATES
from serialactivation.rules.files.shapes import SHAPES
from serialactivation.rules.files.variables import VARIABLES
from serialactivation.rules.registry import CODES
from serialactivation.rules.rule import Severity, Verdict
from serialactivation.rules.verdicts import find_worst
from tests.archives import DATA
from tests.helpers.checking import check, check_file, write
from tests.helpers.configs import an_object, dense, model, theirs
from tests.helpers.findings import CASES, RULES
from tests.verdicts.files import unpack


@pytest.mark.parametrize(("config", "target", "expected"), CASES.values(), ids=CASES)
def test_a_rule_finds_what_it_is_for(config, target, expected, tmp_path):
    """Each config has exactly its codes with their places, and the verdict on the rest; activations do not matter."""
    report = check_file(str(write(tmp_path / "config.json", config)), target)
    findings = [finding for finding in report.findings if not finding.code.startswith("SA3")]
    found = {finding.code: finding.path for finding in findings}
    places = {code: path if path.startswith("$") else f"$.config.layers{path}" for code, path in expected.items()}

    assert found == places
    assert len(findings) == len(expected)
    verdict = find_worst(CODES[code].verdict for code in found)
    verdicts = report.verdicts
    assert (verdicts.target, verdicts.asked) == (target or NEWEST, target is not None)
    assert (verdicts.activations, verdicts.rest) == (Verdict.LOADS, verdict)
    for finding in findings:
        assert finding.evidence
        assert finding.cure
        assert (finding.severity is Severity.ERROR) == (
            finding.rule.verdict in (Verdict.OTHERWISE, Verdict.UNCALLABLE, Verdict.DOES_NOT_LOAD)
        )


def test_every_code_is_tested():
    """But for the names in HDF5 files, and what files and weights lack, which are tested with files."""
    tested = {code for _, _, expected in (*CASES.values(), *RULES.values()) for code in expected}
    codes = {code for code in CODES if code.startswith("SA2")}
    with_files = {"SA207", "SA231", "SA250", *(rule.code for rule in (*CONTAINERS, *VARIABLES, *STATES, *SHAPES))}
    left = codes - tested - with_files
    assert not left, "add a row to RULES or CASES of tests/helpers/findings.py"
    assert tested <= set(CODES)


def test_a_plain_model_loads_on_no_older_keras(tmp_path):
    """Keras 3.15 writes keywords that no Keras before takes."""
    unpack(tmp_path)
    rest = {minor: check_file(str(tmp_path / "dense.keras"), f"3.{minor}").verdicts.rest for minor in range(6, 16)}
    assert rest == {minor: Verdict.LOADS if minor == 15 else Verdict.DOES_NOT_LOAD for minor in range(6, 16)}


def test_a_short_name_in_an_hdf5_file_is_told(tmp_path):
    """Keras does not find the loss when it compiles the model; of a .keras file it keeps the name."""
    unpack(tmp_path)
    (finding,) = check_file(str(tmp_path / "scaled.h5")).findings
    assert (finding.code, finding.path) == ("SA207", "$.training_config.loss")
    assert "compile=False" in finding.whole_cure
    assert check_file(str(tmp_path / "scaled.keras")).findings == ()
    assert isinstance(keras.models.load_model(tmp_path / "scaled.h5", compile=False), keras.Model)
    if is_newer("3.16", keras.__version__):
        with pytest.raises((TypeError, ValueError), match="mse"):
            keras.models.load_model(tmp_path / "scaled.h5")
    else:
        assert keras.models.load_model(tmp_path / "scaled.h5").compiled


VERSIONS = sorted(path.name for path in DATA.iterdir())


@pytest.mark.filterwarnings("ignore::serialactivation.errors.PrunedArgumentWarning")
@pytest.mark.filterwarnings("ignore:The structure of `inputs` doesn't match:UserWarning")  # see test_archives.py
@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("version", VERSIONS)
def test_files_of_this_package_load_where_it_is(version, suffix, tmp_path):
    """Its layers leave out what the installed Keras lacks; a user's own class is not known."""
    with zipfile.ZipFile(DATA / version / "models.zip") as archive:
        known, unknown = (archive.extract(f"{name}{suffix}", tmp_path) for name in ("recurrent", "feedforward"))
    verdicts = check_file(known, keras.__version__).verdicts
    rest = Verdict.NOT_KNOWN if is_newer(keras.__version__, NEWEST) else Verdict.LOADS
    assert (verdicts.activations, verdicts.rest) == (Verdict.LOADS, rest)
    assert isinstance(sa.load_model(known), keras.Model)
    report = check_file(unknown, keras.__version__)
    assert report.verdicts.rest is Verdict.NOT_KNOWN
    assert any("'archived'" in finding.evidence for finding in report.findings)


def test_weights_alone_have_no_verdict(tmp_path):
    """A file of weights has no config, and so no verdict."""
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save_weights(tmp_path / "a.weights.h5")
    assert check_file(str(tmp_path / "a.weights.h5")).verdicts is None


# How it is shown


def many(tmp_path, number):
    """Return a model of stock layers that no Keras before 3.13 takes."""
    layers = [dense(name=f"layer_{index}", quantization_config=None) for index in range(number)]
    return write(tmp_path / "many" / "config.json", model(*layers))


def test_what_many_layers_have_is_shown_once(tmp_path, capsys):
    """Text shows a finding of many layers once, with their number; JSON lists all of them."""
    path = many(tmp_path, 60)
    status, out, _ = check(path, "--target-keras", "3.9", capsys=capsys)
    assert status == 1
    assert out.count("SA201") == 1
    assert "model/layer_0, and 59 more: " in out
    assert "  on Keras 3.9: does not load\n" in out
    assert "SA201 error (60): " in out
    assert "60 errors" in out

    report = json.loads(check(path, "--target-keras", "3.9", "--format", "json", capsys=capsys)[1])["files"][0]
    assert len(report["findings"]) == 60
    no = "does not load"
    assert report["verdicts"] == {"target": "3.9", "whole": no, "activations": "loads", "rest": no}


def test_without_a_target_little_is_said(tmp_path, capsys):
    """One line, with what to do, which fails nothing; with a target, each thing that is not known."""
    path = write(tmp_path / "config.json", model(theirs(name="a"), theirs(name="b")))
    status, out, _ = check(path, capsys=capsys)
    assert status == 0
    assert f"  on Keras {NEWEST}: not known (2 notes: Gate is a class of 'theirs')\n    import their.layers " in out
    assert "SA204" not in out
    assert check(path, "-q", capsys=capsys) == (0, "", "")

    status, out, _ = check(path, "--target-keras", "3.9", capsys=capsys)
    assert (status, out.count("SA204 note (2): ")) == (0, 1)
    assert "  on Keras 3.9: not known\n" in out
    assert check(path, "--fail-on", "note", capsys=capsys)[0] == 1


def test_many_reasons_are_cut_short(tmp_path, capsys):
    """The verdict lists a few of many reasons, and how many more there are."""
    layers = [an_object("keras.src.layers.unknown", f"Unknown{number}", {}) for number in range(5)]
    out = check(write(tmp_path / "config.json", model(*layers)), capsys=capsys)[1]
    assert "Unknown2" in out
    assert "Unknown3" not in out
    assert "; and 2 more)" in out


def test_a_signature_is_found_by_every_name():
    """A signature is found by every name of its class, and by no other."""
    signature = find_signature("layers", "Dense")
    assert signature.owner == "keras.layers.Dense"
    assert "units" in signature.keywords
    assert find_signature("layers", "Convolution1D") == find_signature("layers", "Conv1D")
    assert find_signature("layers", "Nothing") is None
    assert find_signature("nothing", "Dense") is None
