"""The formats of ``serialactivation check``: valid, with one meaning of each exit status, and safe to show."""

import json
import os
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
import zipfile

import jsonschema
import pytest

from serialactivation import __version__
from serialactivation.reports.formats import FORMATS
from serialactivation.reports.json import read_schema
from serialactivation.rules.registry import CODES
from tests import corpus
from tests.helpers import sarif
from tests.helpers.checking import PYTHON, check, run, write
from tests.helpers.configs import an_object, dense, dense_model, model
from tests.helpers.findings import RULES
from tests.helpers.processes import ROOT
from tests.helpers.report_formats import IN_JSON, READERS

pytestmark = pytest.mark.once

NOTE = dense_model(an_object("keras.layers", "LeakyReLU", {"alpha": 0.1}))
SCHEMA = json.loads(read_schema())


@pytest.fixture
def files(tmp_path):
    """A file of each kind: clean, with a note, with an error, damaged, and none of Keras's."""
    shutil.copy(ROOT / "tests" / "data" / "3.15.1" / "for-3.6.0.keras", tmp_path / "clean.keras")
    write(tmp_path / "note.json", NOTE)
    write(tmp_path / "error.json", dense_model("reluu"))
    (tmp_path / "damaged.keras").write_bytes(b"PK\x03\x04")
    write(tmp_path / "others.json", {"model_type": "bert"})
    return tmp_path


CALLS = {
    "clean.keras": 0,
    "other?.json": 0,
    "others.json": 2,
    "note.json": 0,
    "note.json --fail-on note": 1,
    "error.json": 1,
    "error.json --exit-zero": 0,
    "error.json --ignore SA104": 0,
    "damaged.keras error.json": 2,
    "damaged.keras --exit-zero": 2,
    "missing.keras error.json": 4,
    "error.json --select SA9": 4,
}


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize(("call", "status"), CALLS.items(), ids=CALLS)
def test_a_status_means_the_same_in_every_format(call, status, style, files, monkeypatch, capsys):
    """What is printed for machines stands alone on standard output."""
    monkeypatch.chdir(files)
    try:
        ended, out, err = check(*call.split(), "--format", style, capsys=capsys)
    except SystemExit as end:
        ended, (out, err) = end.code, capsys.readouterr()
    assert ended == status
    if status == 4:
        assert (out, "serialactivation check: " in err) == ("", True)
    elif style == "text":
        assert (" file" in out, err) == (True, "")
    else:
        assert " file" in err
        assert READERS[style](out) or style == "github"


@pytest.mark.parametrize("style", FORMATS)
def test_standard_input_is_named(style, files):
    """Text calls it <stdin>, and the other formats have it as it was given."""
    _, out, _ = run("check", "-", "--format", style, cwd=files, stdin=(files / "error.json").read_bytes())
    assert (b"<stdin>" in out) == (style == "text"), "format_path is for text alone"


def test_every_format_is_its_own(files, capsys):
    """No report is that of another format, and each can be read."""
    shown = {style: check(files / "error.json", "--format", style, capsys=capsys)[1] for style in FORMATS}
    alike = [style for style in FORMATS if shown[style].startswith(shown["text"].splitlines()[0])]
    assert alike == ["text"], "a format has no case in `_show` of commands/run.py"
    assert READERS.keys() == {*FORMATS}, "add the format to READERS of tests/helpers/report_formats.py"


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize(
    ("call", "status"), [("clean.keras", 0), ("error.json", 1), ("damaged.keras error.json", 2), ("missing", 4)]
)
def test_a_process_ends_with_the_status(call, status, style, files):
    """A process ends with the status in each format; if nothing is reported, standard output is empty."""
    ended, out, _ = run("check", *call.split(), "--format", style, cwd=files)
    assert ended == status
    assert (out == b"") == (status == 4 or (style == "github" and status == 0))


# JSON


def test_the_schema_is_strict():
    """Every object in it says what it may hold, and that all of it is there."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    objects = [SCHEMA, *SCHEMA["$defs"].values(), SCHEMA["$defs"]["summary"]["properties"]["findings"]]
    objects.append(SCHEMA["$defs"]["model"]["properties"]["omitted"])
    for one in objects:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])
        assert one["description"]
    assert json.dumps(SCHEMA).count('"additionalProperties": false') == len(objects)


def test_the_json_is_what_the_schema_says(files, capsys):
    """The schema describes the report on every rule, and on files that cannot be read."""
    for number, (stored, _, _) in enumerate(RULES.values()):
        write(files / str(number) / "config.json", dense_model(stored))
    for name in ("small.weights.h5", "folder", "small.h5"):
        corpus.write(name, files)
    status, out, _ = check(files, files / "other?.json", "--target-keras", "3.6", "--format", "json", capsys=capsys)
    report = json.loads(out)

    assert status == 2
    jsonschema.validate(report, SCHEMA)
    assert report["summary"]["files"] == len(report["files"]) + len(report["unreadable"])
    findings = [finding for file in report["files"] for finding in file["findings"]]
    assert sum(report["summary"]["findings"].values()) == len(findings)
    assert report["summary"]["failing"] == sum(finding["severity"] != "note" for finding in findings)
    assert report["summary"]["skipped"] == len(report["skipped"]) == 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**report, "more": 1}, SCHEMA)


def test_the_schema_is_printed(tmp_path):
    """The option prints the schema and needs no file, as --version does."""
    status, out, _ = run("check", "--schema", cwd=tmp_path)
    assert (status, json.loads(out)) == (0, SCHEMA)


# SARIF


def read_sarif(*arguments, capsys):
    """Return the run in the SARIF log that ``check`` prints."""
    log = json.loads(check(*arguments, "--format", "sarif", capsys=capsys)[1])
    jsonschema.validate(log, sarif.SCHEMA)
    return log["runs"][0]


def test_the_sarif_has_a_rule_for_each_code(files, capsys):
    """Each code has a rule with its help, and the results have the right indices of the rules."""
    run_ = read_sarif(files / "clean.keras", capsys=capsys)
    driver = run_["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("serialactivation", __version__)
    assert [rule["id"] for rule in driver["rules"]] == list(CODES)
    for rule, entry in zip(driver["rules"], CODES.values(), strict=True):
        assert rule["shortDescription"]["text"] == entry.meaning
        assert entry.cure in rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] == entry.severity.name.lower()
    assert run_["results"] == []


def test_the_sarif_names_places_without_lines(files, monkeypatch, capsys):
    """The file by its URI, and the path in the config; a file that cannot be read is a result."""
    monkeypatch.chdir(files)
    os.rename("error.json", "an error: 100%.json")
    run_ = read_sarif("an error: 100%.json", "./damaged.keras", "other?.json", capsys=capsys)
    found, damaged = run_["results"]
    rules = run_["tool"]["driver"]["rules"]

    assert [rules[result["ruleIndex"]]["id"] for result in (found, damaged)] == ["SA104", "SA002"]
    (place,) = found["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "an%20error%3A%20100%25.json"
    assert place["logicalLocations"] == [
        {"fullyQualifiedName": "$.config.layers[0].config.activation", "kind": "value"}
    ]
    assert damaged["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "damaged.keras"
    assert [result["level"] for result in (found, damaged)] == ["error", "error"]
    (invocation,) = run_["invocations"]
    assert not invocation["executionSuccessful"]
    (skipped,) = invocation["toolExecutionNotifications"]
    assert skipped["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "others.json"


def test_a_fingerprint_tells_findings_apart(files, capsys):
    """Two findings have different fingerprints, which are the same in each run."""
    layers = [dense(name=activation, activation=activation) for activation in ("reluu", "zzz")]
    path = write(files / "two.json", model(*layers))
    prints = [
        [result["partialFingerprints"]["serialactivation/v1"] for result in read_sarif(path, capsys=capsys)["results"]]
        for _ in range(2)
    ]
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == 2


def test_an_absolute_path_is_an_absolute_uri(files, capsys):
    """The URI of an absolute path leads back to the path."""
    path = write(files / "an é.json", dense_model("reluu"))
    (result,) = read_sarif(path, capsys=capsys)["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert urllib.request.url2pathname(urllib.parse.urlsplit(uri).path) == str(path)


# GitHub

_ANNOTATION = re.compile(r"::(error|warning|notice) file=([^:,\r\n]+),title=(SA\d{3})::([^\r\n]+)")


def test_each_finding_is_an_annotation(files, monkeypatch, capsys):
    """A finding is an annotation of its severity on its file; files without findings have none."""
    monkeypatch.chdir(files)
    write(files / "warning.json", dense_model(an_object(None, "Bent", {}, "Bent")))
    names = ("clean.keras", "./note.json", "warning.json", "error.json", "damaged.keras", "other?.json")
    lines = check(*names, "--format", "github", capsys=capsys)[1].splitlines()
    assert [_ANNOTATION.fullmatch(line).groups()[:3] for line in lines] == [
        ("notice", "note.json", "SA107"),
        ("warning", "warning.json", "SA230"),
        ("error", "error.json", "SA104"),
        ("error", "damaged.keras", "SA002"),
    ]


def test_an_annotation_is_escaped(files, monkeypatch, capsys):
    """GitHub reads an escaped annotation back as the text that it was."""
    monkeypatch.chdir(files)
    name = write(files / "a,b:100%.json", dense_model("100%>x")).name
    (line,) = check(name, "--format", "github", capsys=capsys)[1].splitlines()
    _, file, _, message = _ANNOTATION.fullmatch(line).groups()
    assert file == "a%2Cb%3A100%25.json"
    assert "'100%25>x'" in message


# What a file says

NASTY = "\x1b[31m\r\n::error::x\n##[error]y\u202e\u2066\x00\x7f\x9b\u2028\ud800"
VISIBLE = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]*")


@pytest.fixture
def nasty(tmp_path):
    """A model whose every name, and path, would move a cursor or give a command."""
    config = dense_model(f"relu{NASTY}", class_name=f"Dense{NASTY}", registered_name=f"p>{NASTY}")
    config["config"]["name"] = f"::warning::{NASTY}"
    config["config"]["layers"][0]["config"].update(name=NASTY, activations={NASTY: "<lambda>"})
    config["keras_version"] = NASTY
    (tmp_path / "folder").mkdir()
    write(tmp_path / "folder" / "::error::\x1b[31m\n::x\u202e.json", config)
    (tmp_path / "folder" / "::add-mask::\x1b[31m\n\u202e.keras").write_bytes(b"PK\x03\x04")
    write(tmp_path / "folder" / "::others\x1b\n.json", {NASTY: 1})
    return tmp_path


@pytest.mark.parametrize("arguments", [(), ("-v",), ("-q",)], ids=str)
@pytest.mark.parametrize("style", FORMATS)
def test_what_a_file_says_is_safe_to_show(style, arguments, nasty):
    """No control character is printed, no text is turned round, and no line is a command but ours."""
    names = os.listdir(nasty / "folder")
    status, *printed = run("check", *names, "--format", style, *arguments, cwd=nasty / "folder")
    out, err = (part.decode() for part in printed)
    assert status == 2
    assert VISIBLE.fullmatch(out + err)
    assert "SA102" in out
    lines = [line.strip() for line in (out + err).splitlines()]
    commands = [line for line in lines if line.startswith("::") or "##[" in line]
    assert all(style == "github" and _ANNOTATION.fullmatch(line) for line in commands)


@pytest.mark.parametrize("style", IN_JSON)
def test_what_is_read_again_is_safe_or_exact(style, nasty, monkeypatch, capsys):
    """SARIF is for showing, and says nothing nasty; JSON says what is there."""
    monkeypatch.chdir(nasty / "folder")
    names = sorted(os.listdir("."))
    report = json.loads(check(*names, "--format", style, capsys=capsys)[1])
    texts = list(read_texts(report))
    if style == "json":
        assert {file["path"] for file in report["files"]} | {
            file["path"] for part in ("unreadable", "skipped") for file in report[part]
        } == set(names)
        assert any(NASTY in text for text in texts)
    else:
        jsonschema.validate(report, sarif.SCHEMA)
        assert all(VISIBLE.fullmatch(text) for text in texts)


def read_texts(value):
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in (*value, *value.values()):
            yield from read_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from read_texts(item)


def test_a_command_to_type_is_quoted(tmp_path, monkeypatch, capsys):
    """A path with spaces is one argument."""
    monkeypatch.chdir(tmp_path)
    corpus.write("mistyped.keras", tmp_path).rename("my model.keras")
    shown = check("my model.keras", capsys=capsys)[1]
    assert re.search(r"repair 'my model\.keras' --replace \S+ -o 'my model-repaired\.keras'\n", shown)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_every_terminal_can_show_it(encoding, files):
    """Characters that a terminal's encoding lacks are escaped."""
    write(files / "ж.json", dense_model("reluu"))
    status, out, _ = run("check", "ж.json", cwd=files, PYTHONIOENCODING=encoding, PYTHONUTF8="1")
    assert status == 1
    assert ("ж" if encoding == "utf-8" else r"\u0436") in out.decode(encoding)


# Where it goes


@pytest.mark.parametrize("style", FORMATS)
def test_a_report_goes_to_a_file(style, files, monkeypatch, capsys):
    """The same as to standard output, which stays empty; the file that was there is replaced, and nothing is left."""
    monkeypatch.chdir(files)
    (files / "reports").mkdir()
    (files / "reports" / "report").write_text("old")
    shown = check("error.json", "--format", style, capsys=capsys)[1]
    status, out, err = check("error.json", "--format", style, "-o", "reports/report", capsys=capsys)
    written = (files / "reports" / "report").read_text()
    assert (status, out) == (1, "")
    assert err == "1 file: 1 error, 1 to fix.\n"
    assert written == shown.removesuffix("1 file: 1 error, 1 to fix.\n")
    assert os.listdir("reports") == ["report"]
    assert check("error.json", "--format", style, "-o", "-", capsys=capsys)[1] == shown


def test_a_link_and_a_device_are_written_through(files, monkeypatch, capsys):
    """A link stays one."""
    monkeypatch.chdir(files)
    os.symlink("real", "link")
    for name in ("link", os.devnull):
        assert check("error.json", "-o", name, capsys=capsys)[0] == 1
    assert os.path.islink("link")
    assert "SA104" in (files / "real").read_text()
    assert not os.path.isfile(os.devnull)


def test_an_output_that_cannot_be_written_is_a_wrong_call(files, capsys):
    """It is reported in one line."""
    status, out, err = check(files / "error.json", "-o", files / "missing" / "report", capsys=capsys)
    assert (status, out, err.count("\n")) == (4, "", 1)
    assert "cannot be written" in err


def test_quiet_tells_findings_alone(files, monkeypatch, capsys):
    """With --quiet, only findings are printed, and nothing if there are none."""
    monkeypatch.chdir(files)
    assert check("clean.keras", "other?.json", "-q", capsys=capsys) == (0, "", "")
    status, out, err = check("clean.keras", "error.json", "damaged.keras", "-q", capsys=capsys)
    assert (status, err) == (2, "")
    assert "SA104" in out
    assert "SA002" in out
    assert "clean" not in out
    assert "activation = " not in out


def test_verbose_tells_what_is_skipped(files, monkeypatch, capsys):
    """With --verbose, standard error has the skipped files and the settings that apply."""
    monkeypatch.chdir(files)
    _, out, err = check("other?.json", "clean.keras", "-v", "--no-config", capsys=capsys)
    assert err.splitlines() == ["settings: none", "others.json: skipped: it is not the config of a Keras model"]
    assert out.splitlines()[-1] == "1 file: no findings, 1 skipped."


# Terminals


def run_on_terminal(*arguments, cwd, stream, **environment):
    """Return what the command line prints to a terminal that its *stream* is."""
    ours, theirs = os.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    variables = {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environment}
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: theirs}
    process = subprocess.Popen([*PYTHON, *arguments], cwd=cwd, env=variables, **streams)
    os.close(theirs)
    output = b""
    while data := read_terminal(ours):
        output += data
    os.close(ours)
    process.wait()
    return output.decode()


def read_terminal(descriptor):
    """Return what comes next; Linux ends a terminal with an error."""
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False)],
    ids=str,
)
def test_a_terminal_is_coloured(environment, coloured, files):
    """A terminal is coloured, unless it has no colours or nobody wants them."""
    output = run_on_terminal("check", "error.json", cwd=files, stream="stdout", **environment)
    assert "SA104" in output
    assert ("\x1b[" in output) == coloured


@pytest.mark.parametrize(("environment", "coloured"), [({}, False), ({"FORCE_COLOR": "1"}, True)], ids=str)
def test_what_is_no_terminal_is_not_coloured(environment, coloured, files):
    """Other output is coloured only if somebody asks for it, and a file never is."""
    _, out, _ = run("check", "error.json", cwd=files, NO_COLOR="", **{"FORCE_COLOR": "", **environment})
    assert (b"\x1b[" in out) == coloured
    run("check", "error.json", "-o", "report", cwd=files, NO_COLOR="", FORCE_COLOR="1")
    assert "\x1b" not in (files / "report").read_text()


def test_a_terminal_is_told_how_far_it_is(files):
    """A terminal shows the progress of many files, and nothing of it at the end; with --quiet, it shows none."""
    with zipfile.ZipFile(files / "0.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({**NOTE, "x": [{"class_name": "Dense", "config": {}}] * 200}))
    for number in range(1, 600):
        shutil.copy(files / "0.keras", files / f"{number}.keras")
    output = run_on_terminal("check", ".", "--format", "json", cwd=files, stream="stderr")
    assert re.search(r"\rchecked \d+ files", output)
    assert output.rpartition("\x1b[K")[2].startswith("602 files: ")
    assert "checked" not in run_on_terminal("check", ".", "-q", cwd=files, stream="stderr")


def test_who_has_seen_enough_may_leave(files):
    """A pipe that is closed is no error of ours."""
    for number in range(200):
        shutil.copy(files / "clean.keras", files / f"{number}.keras")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*PYTHON, "check", "--no-weights", "."],
        cwd=files,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
