"""The findings and verdicts on the rest of a config: what a Keras does not take, and what is not known of it."""

import json
import zipfile

import keras
import pytest

import serialactivation as sa
from serialactivation.catalog.classes import NEWEST, find_signature
from serialactivation.rules import version_rules
from serialactivation.rules.check import check_file
from serialactivation.rules.rule import Severity, Verdict
from tests.archives import DATA
from tests.corpus.found import TWICE
from tests.helpers.checking import an_object, check, write
from tests.verdicts.files import unpack


def model(*layers, **beside):
    """Return a Sequential's config with *layers* in it."""
    config = {"name": "model", "trainable": True, "layers": list(layers)}
    return {**an_object("keras", "Sequential", config), **beside}


def layer(class_name, **config):
    return an_object("keras.layers", class_name, {"name": "a", **config})


def dense(**config):
    return layer("Dense", **{"units": 3, "activation": "linear", **config})


def ours(**config):
    config = {"name": "a", "units": 3, "activation": "linear", **config}
    return an_object("serialactivation", "Dense", config, "serialactivation>Dense")


def theirs(**config):
    return an_object("their.layers", "Gate", {"name": "a", **config}, "theirs>Gate")


def glorot(**config):
    return an_object("keras.initializers", "GlorotUniform", {"seed": None, **config})


def operation(class_name, module="numpy", **config):
    return an_object(f"keras.src.ops.{module}", class_name, config, class_name)


def quantizer(**config):
    return layer("Rescaling", scale=an_object("keras.quantizers", "AbsMaxQuantizer", config))


ADAM = {"optimizer": an_object("keras.src.backend.torch.optimizers.torch_adam", "Adam", {"epsilon": 0.1}, "Adam")}
LAMBDA = {"class_name": "__lambda__", "config": {"code": "4wEAAA==", "defaults": None, "closure": None}}
FUNCTION = {"module": "builtins", "class_name": "function", "config": "circle", "registered_name": "circle"}
POLICY = an_object("keras", "DTypePolicy", {"name": "float32"})
LEGACY = {"class_name": "Dense", "config": {"name": "a", "units": 3, "batch_input_shape": [None, 4]}}

# A model's config, the Keras that is to load it, and the codes with the places under the layers that they must get.
CASES = {
    "default": (model(dense(quantization_config=None)), "3.12", {"SA201": "[0].config.quantization_config"}),
    "default, aimed at its Keras": (model(dense(quantization_config=None)), "3.13", {}),
    "value": (model(dense(lora_alpha=2)), "3.9", {"SA202": "[0].config.lora_alpha"}),
    "class": (model(layer("RMSNormalization")), "3.8.0", {"SA203": "[0]"}),
    "initializer": (
        model(dense(kernel_initializer=glorot(input_axes=None))),
        "3.14",
        {"SA201": "[0].config.kernel_initializer.config.input_axes"},
    ),
    "initializer's name": (model(dense(kernel_initializer="stft")), "3.6", {"SA203": "[0].config.kernel_initializer"}),
    "unknown name": (model(dense(kernel_initializer="mine")), "3.6", {"SA212": "[0].config.kernel_initializer"}),
    "wrapped": (
        model(layer("TimeDistributed", layer=dense(quantization_config=None))),
        "3.10",
        {"SA201": "[0].config.layer.config.quantization_config"},
    ),
    "nested": (model(model(dense(lora_alpha=None))), "3.9", {"SA201": "[0].config.layers[0].config.lora_alpha"}),
    "unknown keyword": (model(dense(time_major=True)), None, {"SA210": "[0].config.time_major"}),
    "unknown class": (model(layer("Maxout")), None, {"SA204": "[0]"}),
    "unknown module": (model(an_object("keras.src.engine.layers", "Maxout", {})), None, {"SA204": "[0]"}),
    "another name": (model(an_object("keras.layers", "Convolution1D", {"filters": 2, "kernel_size": 2})), "3.6", {}),
    "where it is written": (model(an_object("keras.src.models.functional", "Functional", TWICE)), "3.7", {}),
    "policy": (model(dense(dtype=POLICY)), "3.6", {}),
    "policy of Keras 2": (
        model(dense(dtype={"class_name": "Policy", "config": {"name": "float32"}})),
        "3.6",
        {"SA204": "[0].config.dtype"},
    ),
    "theirs": (model(theirs()), None, {"SA204": "[0]"}),
    "ours, without a twin": (
        model(an_object("serialactivation", "PartialLayer", {}, "serialactivation>PartialLayer")),
        "3.6",
        {},
    ),
    "in theirs": (model(theirs(kernel_initializer=glorot(input_axes=None))), "3.6", {"SA204": "[0]"}),
    "ours": (model(ours(quantization_config=None, kernel_initializer=glorot(input_axes=None))), "3.6", {}),
    "ours, with a value": (
        model(ours(kernel_initializer=glorot(input_axes=[0]))),
        "3.6",
        {"SA202": "[0].config.kernel_initializer.config.input_axes"},
    ),
    "code": (model(layer("Lambda", function=LAMBDA)), None, {"SA215": "[0].config.function"}),
    "function": (
        model(layer("Lambda", function={**FUNCTION, "config": "mine", "module": "their"})),
        None,
        {"SA212": "[0].config.function"},
    ),
    "swallowed": (model(layer("InputLayer", batch_shape=[None, 4], ragged=False)), "3.6", {}),
    "swallowed for nothing": (model(layer("InputLayer", ragged=True)), "3.6", {"SA213": "[0].config.ragged"}),
    "operation": (model(operation("Isclose", equal_nan=False)), "3.10", {"SA201": "[0].config.equal_nan"}),
    "operation's name": (model(operation("Exp", name="e")), "3.6", {}),
    "newer operation's name": (
        model(operation("Cast", "core", name="e", dtype="int32")),
        "3.10",
        {"SA201": "[0].config.name"},
    ),
    "operation that is gone": (model(operation("Bartlett")), None, {"SA206": "[0]"}),
    "keyword that is gone": (model(operation("Exp", dtype=None)), "3.11", {"SA206": "[0].config.dtype"}),
    "keyword that is asked for since": (model(operation("Slice", "core")), "3.11", {"SA211": "[0]"}),
    "keyword that was not asked for": (model(operation("Slice", "core")), "3.10", {}),
    "keyword that was asked for": (model(quantizer(axis=None)), "3.12", {"SA211": "[0].config.scale.config.axis"}),
    "keyword that is not asked for": (model(quantizer(axis=None)), "3.13", {}),
    "keyword that was asked for, and is there": (model(quantizer(axis=0)), "3.12", {}),
    "keyword that every Keras asks for": (model(layer("Dense")), None, {"SA211": "[0]"}),
    "optimizer of a backend": (model(compile_config=ADAM), None, {"SA208": "$.compile_config.optimizer"}),
    "graph": (an_object("keras", "Functional", TWICE), "3.6", {"SA205": ""}),
    "graph, read": (an_object("keras", "Functional", TWICE), "3.7", {}),
    "first of Keras 2": ({"class_name": "Sequential", "config": {"name": "m", "layers": [LEGACY]}}, "3.6", {}),
    "string of Keras 2": (
        {
            "class_name": "Sequential",
            "config": {
                "name": "m",
                "layers": [{"class_name": "Attention", "config": {"name": "dot", "score_mode": "dot"}}],
            },
        },
        "3.6",
        {"SA217": "[0].config.score_mode"},
    ),
    "operation in an HDF5 file": (
        {"class_name": "Functional", "config": {"name": "m", "layers": [{"class_name": "Tanh", "config": {}}]}},
        None,
        {"SA209": "[0]"},
    ),
    "registered in Keras 2": (
        {"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "mine>A", "config": {}}]}},
        "3.6",
        {"SA204": "[0]"},
    ),
    "no module": (
        model(layer("Lambda", function=FUNCTION, arguments={"class_name": "Thing", "config": {}})),
        None,
        {"SA204": "[0].config.arguments"},
    ),
    "mark": (model(layer("Rescaling", scale={"class_name": "__tuple__", "items": [glorot(new=1)]})), None,
             {"SA210": "[0].config.scale.items[0].config.new"}),
    "loss": (
        model(compile_config={"loss": an_object("keras.losses", "Tversky", {"axis": None})}),
        "3.7",
        {"SA201": "$.compile_config.loss.config.axis"},
    ),
    "losses by output": (
        model(compile_config={"loss": {"out": an_object("keras.losses", "Circle", {})}}),
        "3.6",
        {"SA203": "$.compile_config.loss.out"},
    ),
    "loss's function": (model(compile_config={"loss": FUNCTION}), "3.6", {"SA203": "$.compile_config.loss"}),
    "loss's name": (model(compile_config={"loss": "circle"}), "3.6", {"SA214": "$.compile_config.loss"}),
    "metrics' names": (model(compile_config={"loss": "mse", "metrics": ["accuracy", "mae"]}), "3.6", {}),
    "optimizer's name": (model(compile_config={"optimizer": "Adam", "loss": "mae"}), "3.6", {}),
    "compile": (model(compile_config={"eager": True}), None, {"SA210": "$.compile_config.eager"}),
    "newer than known": (model(), "3.99", {"SA218": "$"}),
    "bare list of Keras 1": ({"class_name": "Sequential", "config": [LEGACY]}, None, {"SA216": "$"}),
}  # fmt: skip


@pytest.mark.parametrize(("config", "target", "expected"), CASES.values(), ids=CASES)
def test_a_rule_finds_what_it_is_for(config, target, expected, tmp_path):
    """And nothing else, with the place; the verdict follows from it, and the activations do not matter."""
    report = check_file(str(write(tmp_path / "config.json", config)), target)
    findings = [finding for finding in report.findings if not finding.code.startswith("SA3")]
    found = {finding.code: finding.path for finding in findings}
    places = {code: path if path.startswith("$") else f"$.config.layers{path}" for code, path in expected.items()}

    assert found == places
    assert len(findings) == len(expected)
    notes = {"SA204", "SA208", *(f"SA{number}" for number in range(210, 219))}
    verdict = Verdict.LOADS if not found else Verdict.NOT_KNOWN if notes & found.keys() else Verdict.DOES_NOT_LOAD
    verdicts = report.verdicts
    assert (verdicts.target, verdicts.asked) == (target or NEWEST, target is not None)
    assert (verdicts.activations, verdicts.rest) == (Verdict.LOADS, verdict)
    for finding in findings:
        assert finding.evidence
        assert finding.cure
        assert (finding.severity is Severity.NOTE) == (finding.code in notes)


def test_every_code_is_tested():
    """But for the names in HDF5 files, which are tested with files."""
    tested = {code for _, _, expected in CASES.values() for code in expected}
    assert tested | {"SA207"} == {rule.code for rule in version_rules.VERSIONS}


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
    with pytest.raises((TypeError, ValueError), match="mse"):
        keras.models.load_model(tmp_path / "scaled.h5")


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
    assert (verdicts.activations, verdicts.rest) == (Verdict.LOADS, Verdict.LOADS)
    assert isinstance(sa.load_model(known), keras.Model)
    report = check_file(unknown, keras.__version__)
    assert report.verdicts.rest is Verdict.NOT_KNOWN
    assert "'archived'" in report.findings[0].evidence


def test_weights_alone_have_no_verdict(tmp_path):
    """There is no config."""
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save_weights(tmp_path / "a.weights.h5")
    assert check_file(str(tmp_path / "a.weights.h5")).verdicts is None


# How it is shown


def many(tmp_path, number):
    """Return a model of stock layers that no Keras before 3.13 takes."""
    layers = [dense(name=f"layer_{index}", quantization_config=None) for index in range(number)]
    return write(tmp_path / "many" / "config.json", model(*layers))


def test_what_many_layers_have_is_shown_once(tmp_path, capsys):
    """With how many they are; the JSON lists all."""
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
    """One line, which fails nothing; with a target, each thing that is not known."""
    path = write(tmp_path / "config.json", model(theirs(name="a"), theirs(name="b")))
    status, out, _ = check(path, capsys=capsys)
    assert status == 0
    assert f"  on Keras {NEWEST}: not known (2 notes: Gate is a class of 'theirs')\n" in out
    assert "SA204" not in out
    assert check(path, "-q", capsys=capsys) == (0, "", "")

    status, out, _ = check(path, "--target-keras", "3.9", capsys=capsys)
    assert (status, out.count("SA204 note (2): ")) == (0, 1)
    assert "  on Keras 3.9: not known\n" in out
    assert check(path, "--fail-on", "note", capsys=capsys)[0] == 1


def test_many_reasons_are_cut_short(tmp_path, capsys):
    """Without a target."""
    layers = [layer(f"Unknown{number}") for number in range(5)]
    out = check(write(tmp_path / "config.json", model(*layers)), capsys=capsys)[1]
    assert "Unknown2" in out
    assert "Unknown3" not in out
    assert "; and 2 more)" in out


def test_a_signature_is_found_by_every_name():
    """Of the class, and of no other."""
    signature = find_signature("layers", "Dense")
    assert signature.owner == "keras.layers.Dense"
    assert "units" in signature.keywords
    assert find_signature("layers", "Convolution1D") == find_signature("layers", "Conv1D")
    assert find_signature("layers", "Nothing") is None
    assert find_signature("nothing", "Dense") is None
