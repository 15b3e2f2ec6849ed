"""The command ``serialactivation lint``: formats, settings, exit statuses, and files that are made to deceive."""

import contextlib
import io
import json
import os
import re
import sys

import jsonschema
import pytest

from serialactivation.errors import SourceError
from serialactivation.files.limits import Limits
from serialactivation.lint.lint_source import lint_source
from serialactivation.reports.formats import FORMATS
from serialactivation.reports.json import read_schema
from serialactivation.syntax.text.source import parse_source, read_source, read_stream
from tests.helpers import sarif
from tests.helpers.checking import check, run
from tests.helpers.report_formats import READERS
from tests.helpers.sources import KERAS, codes, layer

pytestmark = pytest.mark.once

RAW = "'activation': self.activation"
SCHEMA = json.loads(read_schema())
ERROR = f"{KERAS}layer = layers.Dense(3, activation=lambda x: x)\n"
WARNING = layer(above="")
NOTE = layer(call="return keras.activations.get(self.activation)(inputs)")
FILES = {"clean.py": layer(), "note.py": NOTE, "warning.py": WARNING, "error.py": ERROR, "damaged.py": "x = (\n"}


def lint(*arguments, capsys):
    """Return the status of ``lint``, and what it printed."""
    return check(*arguments, capsys=capsys, command="lint")


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A file of each kind."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


CALLS = {
    "clean.py": 0,
    "note.py": 0,
    "note.py --fail-on note": 1,
    "warning.py": 1,
    "warning.py --fail-on error": 0,
    "error.py": 1,
    "error.py --exit-zero": 0,
    "error.py --ignore SA407": 0,
    "error.py --select SA40": 1,
    "error.py --select SA411": 0,
    "damaged.py error.py": 2,
    "damaged.py --exit-zero": 2,
    ". --exclude damaged.py": 1,
    "--exclude *.py .": 4,
    "missing.py": 4,
    "error.py --select SA9": 4,
    "error.py --fix --diff": 4,
    "error.py --limit source_bytes=9": 2,
}


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize(("call", "status"), CALLS.items(), ids=CALLS)
def test_a_status_means_the_same_in_every_format(call, status, style, files, capsys):
    """The status is that of check, in every format, and standard output has only the report of the format."""
    try:
        ended, out, err = lint(*call.split(), "--format", style, capsys=capsys)
    except SystemExit as end:
        ended, (out, err) = end.code, capsys.readouterr()
    assert ended == status
    if status == 4:
        assert (out, "serialactivation lint: " in err) == ("", True)
    elif style == "text":
        assert (" file" in out, err) == (True, "")
    else:
        assert " file" in err
        assert READERS[style](out) or style == "github"


def test_a_process_ends_with_the_status(files):
    """A process of its own ends with the status and does not import Keras; it reads standard input as a file."""
    assert run("lint", "error.py", cwd=files)[0] == 1
    status, out, _ = run("lint", "-", "-q", cwd=files, stdin=ERROR.encode())
    assert (status, out.decode().splitlines()[0][:24]) == (1, "<stdin>:6:36: SA407 erro")


def test_the_text_is_what_editors_follow(files, capsys):
    """A path, a line and a column, and the cure below; quiet leaves the cures out."""
    _, out, _ = lint("error.py", "damaged.py", "clean.py", capsys=capsys)
    first, cure, damaged, again, summary = out.splitlines()
    assert first.startswith("error.py:6:36: SA407 error: Dense: activation: it is a lambda")
    assert cure.startswith("    Define a function with def")
    assert damaged.startswith("damaged.py:1: SA010 error: it is not valid Python ('(' was never closed)")
    assert again == "    Edit the file so that Python can read it, or skip it with --exclude or the setting exclude."
    assert summary == "3 files: 1 error, 1 unreadable, 1 to fix."
    assert lint("error.py", "clean.py", "-q", capsys=capsys)[1].splitlines() == [first]


def test_the_json_is_what_the_schema_says(files, capsys):
    """Strictly; the schema is printed."""
    report = json.loads(lint(".", "--format", "json", capsys=capsys)[1])
    jsonschema.validate(report, SCHEMA)
    (found,) = next(file for file in report["files"] if file["path"] == "./error.py")["findings"]
    assert (found["line"], found["column"], found["end_line"], found["end_column"]) == (6, 36, 6, 47)
    assert (found["name"], found["inside"], found["fixable"]) == ("Dense", "<module>", False)
    assert report["unreadable"][0]["line"] == 1
    assert report["summary"]["files"] == len(FILES)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for one in [SCHEMA, *SCHEMA["$defs"].values()]:
        assert (one["additionalProperties"], one["required"]) == (False, list(one["properties"]))
    status, out, _ = run("lint", "--schema", cwd=files)
    assert (status, json.loads(out)) == (0, SCHEMA)


def test_the_sarif_has_regions(files, capsys):
    """Each finding has its region, and a file that cannot be read has its line."""
    log = json.loads(lint("error.py", "damaged.py", "--format", "sarif", capsys=capsys)[1])
    jsonschema.validate(log, sarif.SCHEMA)
    places = [result["locations"][0] for result in log["runs"][0]["results"]]
    assert [place["physicalLocation"]["region"] for place in places] == [
        {"startLine": 6, "startColumn": 36, "endLine": 6, "endColumn": 47},
        {"startLine": 1},
    ]
    assert places[0]["logicalLocations"] == [{"fullyQualifiedName": "<module>", "kind": "member"}]


def test_an_annotation_has_a_line_and_a_column(files, capsys):
    """Columns where all is on one line."""
    (files / "long.py").write_text(ERROR.replace("lambda x: x", "(lambda x:\n x)"))
    lines = lint("error.py", "damaged.py", "long.py", "--format", "github", capsys=capsys)[1].splitlines()
    assert [re.match(r"::(.*?)title=(SA\d+)::", line).groups() for line in lines] == [
        ("error file=error.py,line=6,col=36,endColumn=47,", "SA407"),
        ("error file=damaged.py,line=1,", "SA010"),
        ("error file=long.py,line=6,endLine=7,", "SA407"),
    ]


def test_a_report_goes_to_a_file(files, capsys):
    """The same as to standard output."""
    shown = lint("error.py", "--format", "json", capsys=capsys)[1]
    assert lint("error.py", "--format", "json", "-o", "report", capsys=capsys)[:2] == (1, "")
    assert (files / "report").read_text() == shown


SETTLED = {
    'fail-on = "note"': ("note.py", 1),
    'select = ["SA411"]': ("error.py", 0),
    'ignore = ["SA4"]': ("error.py", 0),
    'exclude = ["err*", "damaged.py", "warning.py"]': (".", 0),
    'format = "json"': ("clean.py", 0),
    'target-keras = "3.6"': ("clean.py", 0),
    'known = ["a>b"]': ("clean.py", 4),
    "fixes = 1": ("clean.py", 4),
}


@pytest.mark.parametrize(("line", "call"), SETTLED.items(), ids=SETTLED)
def test_a_project_settles_it(line, call, files, capsys):
    """The table of lint sets the options of lint, and the table of check does not."""
    (files / "pyproject.toml").write_text(
        f'[tool.serialactivation.check]\nignore = ["SA4"]\n[tool.serialactivation.lint]\n{line}'
    )
    path, status = call
    ended, _, err = lint(path, capsys=capsys)
    assert ended == status
    assert (status == 4) == ("[tool.serialactivation.lint] has no key" in err)
    assert lint("error.py", "--no-config", capsys=capsys)[0] == 1


def test_settings_that_are_named_have_to_be_there(files, capsys):
    """A file of settings that is named has to have the table of lint."""
    (files / "settings.toml").write_text("[tool.serialactivation.check]")
    status, _, err = lint("clean.py", "--config", "settings.toml", capsys=capsys)
    assert (status, "no table [tool.serialactivation.lint]" in err) == (4, True)


def test_folders_are_walked(files, capsys):
    """Folders are searched, except for those that are not the project's; a file given by its name is examined."""
    for folder in ("a/b", ".venv/lib", "node_modules", "a/__pycache__"):
        (files / folder).mkdir(parents=True)
        (files / folder / "found.py").write_text(ERROR)
    (files / "a" / "config.json").write_text("{}")
    (files / "a" / "loop").symlink_to(files / "a", target_is_directory=True)
    (files / "a" / "script").write_text(ERROR)
    assert lint("a", capsys=capsys)[1].count("SA407") == 1
    assert lint(".venv", capsys=capsys)[1].count("SA407") == 1
    assert lint("a/script", "a/**/*.py", capsys=capsys)[1].count("SA407") == 3
    (files / "empty").mkdir()
    said = "no Python source at empty. Pass the path of one, or of a folder with some in it."
    assert lint("empty", capsys=capsys) == (4, "", f"serialactivation lint: {said}\n")


HOSTILE = {
    "a null byte": (b"import keras\nx = '\0'\n", "SA010", 2),
    "a null byte at the start": (b"x = '\0'\nimport keras\n", "SA010", 1),
    "no UTF-8": (b"import keras\n\nx = '\xff'\n", "SA010", 3),
    "no encoding that there is": (b"# coding: klingon\nimport keras\n", "SA010", 1),
    "an encoding of bytes": (b"# coding: hex\nimport keras\n", "SA010", 1),
    "an encoding of nothing": (b"# coding: undefined\nimport keras\n", "SA010", 1),
    "not in its encoding": (b"# coding: ascii\nimport keras\nx = '\xe9'\n", "SA010", 3),
    "two encodings": (b"\xef\xbb\xbf# coding: latin-1\n", "SA010", 1),
    "half a character": (b"# coding: utf-7\nimport keras\nx = '+2AA-'\n", "SA010", None),
    "no Python": (b"import keras\ndef\n", "SA010", 2),
    "an older Python": (b"import keras\nprint 'x'\n", "SA010", 2),
    "deep brackets": (b"import keras\n" + b"(" * 100_000 + b")" * 100_000, "SA010", 2),
    "deep operators": (b"import keras\nx = " + b"-" * 200_000 + b"1\n", "SA010", None),
    "deep attributes": (b"import keras\nx = keras" + b".x" * 200_000 + b"\n", "SA010", None),
    "deep sums": (b"import keras\nx = " + b"1+" * 200_000 + b"1\n", "SA010", None),
    "deep calls": (b"import keras\nx = keras" + b"()" * 200_000 + b"\n", "SA010", None),
    "deep blocks": (
        b"import keras\n" + b"".join(b" " * n + b"if x:\n" for n in range(120)) + b" " * 120 + b"x",
        "SA010",
        102,
    ),
    "too long": (b"import keras\n" + b"#" * 2 * 2**20, "SA005", None),
}


@pytest.mark.parametrize(("data", "code", "line"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_source_is_refused(data, code, line, tmp_path):
    """A file that is no source is refused with one error, which says where."""
    path = tmp_path / "hostile.py"
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        lint_source(read_source(str(path)))
    assert (caught.value.path, caught.value.code) == (str(path), code)
    assert line is None or caught.value.line == line
    assert caught.value.reason.isprintable()


def test_classes_that_inherit_twice_are_followed_once():
    """Forty generations of two classes, each of which inherits from both before it: 2 to the 40 ways to the first."""
    last = layer(config=RAW).replace("(keras.layers.Layer)", "(A40, B40)")
    generations = [f"class {name}{n}(A{n - 1}, B{n - 1}): pass\n" for n in range(1, 41) for name in "AB"]
    first = ["class A0(keras.layers.Layer): pass\n", "class B0(keras.layers.Layer): pass\n"]
    assert codes("".join([KERAS, *first, *generations, last.removeprefix(KERAS)])) == ["SA401"]


def test_as_deep_as_the_parser_goes_is_refused_or_read():
    """Whatever Python parses, the rules end on."""
    for depth in range(100, 3000, 400):
        for beginning, middle in (("x = ", "-"), ("x = ", "1+"), ("", "lambda: ")):
            text = f"import keras\n{beginning}{middle * depth}1\n"
            with contextlib.suppress(SourceError):
                assert lint_source(parse_source(text.encode(), "deep.py")).findings == ()


def test_a_hostile_file_hides_no_other(files, capsys):
    """Each is reported, in one line, and no traceback; no warning of Python's is."""
    for number, (data, _, _) in enumerate(HOSTILE.values()):
        (files / f"hostile{number}.py").write_bytes(data)
    (files / "odd.py").write_bytes(b"import keras\nx = '\\d'\n")
    os.mkfifo(files / "pipe.py")
    status, out, err = lint(".", "-q", capsys=capsys)
    assert (status, err) == (2, "")
    assert len(re.findall(r"^\./(?:hostile|pipe|damaged).* SA0\d\d error: ", out, re.MULTILINE)) == len(HOSTILE) + 2
    assert "SA407" in out


def test_what_cannot_be_opened_is_refused(files, capsys):
    """A folder's name, a pipe, a link to nothing."""
    os.symlink("nothing", files / "link.py")
    os.symlink("round.py", files / "round.py")
    for name in ("link.py", "round.py"):
        status, out, _ = lint(name, capsys=capsys)
        assert (status, "SA001" in out) == (2, True)


class Broken(io.BytesIO):
    """A stream that fails."""

    def read(self, size=-1):
        raise OSError(5, "Input/output error")


def test_standard_input_has_its_limit(monkeypatch, capsys):
    """Standard input that is too long, or cannot be read or parsed, is refused with an error."""
    with pytest.raises(SourceError) as caught:
        read_stream(io.BytesIO(b"x" * 10), "-", Limits(source_bytes=9))
    assert "--limit source_bytes" in caught.value.cure
    with pytest.raises(SourceError, match="Input/output error"):
        read_stream(Broken(), "-")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"(")))
    assert lint("-", capsys=capsys)[0] == 2


def test_what_a_source_says_is_safe_to_show(files, capsys):
    """No name or path in a source gives a command to a terminal or to GitHub, in any format."""
    name = "::error::\x1b[31m\n::x.py"
    (files / name).write_text(ERROR + "x = (")
    for style in FORMATS:
        _, out, _ = lint(name, "error.py", "--format", style, capsys=capsys)
        commands = [line for line in out.splitlines() if line.startswith("::")]
        assert "\x1b" not in out
        assert all(line.startswith("::error file=") for line in commands)
        assert len(commands) == (2 if style == "github" else 0)  # one for each file


def test_what_grows_is_followed_no_further():
    """A dict that is added to itself, classes that inherit from one another twice, a name that stands for itself."""
    sources = [
        layer(config=None, more="def get_config(self):\n    c = {}\n" + "    c.update(c)\n" * 60 + "    return c\n"),
        f"{KERAS}class C0(keras.Layer):\n    pass\n"
        + "".join(f"class C{n}(C{n - 1}, C{n - 1}):\n    pass\n" for n in range(1, 99)),
        f"{KERAS}a = b\nb = a\nlayer = layers.Dense(3, activation=a)\n",
        f"{KERAS}class C(C, keras.Layer):\n    def __init__(self, activation=None):\n        self.x = activation\n",
        KERAS * 1000,
    ]
    for text in sources:
        found = lint_source(parse_source(text.encode(), "layers.py")).findings
        assert [finding.code for finding in found] == (["SA402"] if text is sources[0] else [])
