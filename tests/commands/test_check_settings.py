"""What a project settles for ``serialactivation check``, and the limits that a command line raises."""

import json

import pytest

from serialactivation.commands.limit_option import parse_limit
from serialactivation.commands.settings import Settings, find_settings
from serialactivation.files.limits import DEFAULT_LIMITS, Limits, make_limits
from serialactivation.files.refusals import Code
from serialactivation.reports.formats import FORMATS
from tests import corpus
from tests.helpers.checking import check, write
from tests.helpers.configs import an_object, dense_model
from tests.helpers.processes import ROOT
from tests.helpers.raw_zip import weights

pytestmark = pytest.mark.once

NOTE = dense_model(an_object("keras.layers", "LeakyReLU", {"alpha": 0.1}))


def settle(folder, *lines, table="[tool.serialactivation.check]"):
    """Write a ``pyproject.toml`` with these *lines* in the table."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pyproject.toml"
    path.write_text("\n".join([table, *lines]), encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project, seen from a folder in it that holds a model with a note and one with an error."""
    inner = tmp_path / "project" / "inner"
    write(inner / "note" / "config.json", NOTE)
    write(inner / "error" / "config.json", dense_model("reluu"))
    for folder in inner.iterdir():
        (folder / "model.weights.h5").write_bytes(weights().data)
    monkeypatch.chdir(inner)
    return tmp_path / "project"


SETTLED = {
    'fail-on = "note"': ("note", 1),
    'fail-on = "error"': ("note", 0),
    'select = ["SA107"]': ("error", 0),
    'ignore = ["SA104"]': ("error", 0),
    'ignore = ["sa1"]': ("error", 0),
    'target-keras = "3.6"': ("note", 1),
    'exclude = ["error"]': (".", 0),
    'exclude = ["inner/err*"]': (".", 0),
    'exclude = ["err*/"]': (".", 0),
    'exclude = ["note", "*.h5"]': (".", 1),
    "": (".", 1),
}


@pytest.mark.parametrize(("line", "call"), SETTLED.items(), ids=SETTLED)
def test_a_project_settles_it(line, call, project, capsys):
    """Above the current folder, too; paths are meant from the file on."""
    settle(project, line)
    path, status = call
    assert check(path, capsys=capsys)[0] == status


def test_the_format_can_be_settled(project, capsys):
    """The settings choose a format, and the command line may choose another."""
    settle(project, 'format = "json"')
    assert json.loads(check("note", capsys=capsys)[1])["version"] == 1
    assert check("note", "--format", "text", capsys=capsys)[1].startswith("note: folder")


@pytest.mark.parametrize(
    ("line", "arguments", "status"),
    [
        ('fail-on = "note"', ["--fail-on", "warning"], 0),
        ('target-keras = "3.6"', ["--target-keras", "3.15"], 0),
        ('ignore = ["SA1"]', ["--select", "SA107", "--fail-on", "note"], 1),
        ('select = ["SA107"]', ["--ignore", "SA107", "--fail-on", "note"], 0),
        ('fail-on = "note"', ["--no-config"], 0),
    ],
    ids=str,
)
def test_the_command_line_wins(line, arguments, status, project, capsys):
    """An option on the command line replaces the same option of the settings."""
    settle(project, line)
    assert check("note", *arguments, capsys=capsys)[0] == status


def test_the_nearest_file_with_the_table_counts(project, capsys):
    """One without it, or that is no TOML and does not name us, is passed by; one is named by --config."""
    far = settle(project, 'fail-on = "note"')
    settle(project / "inner", 'older-keras = ["3.6.0"]', table="[tool.serialactivation]")
    assert check("note", capsys=capsys)[0] == 1
    (project / "inner" / "pyproject.toml").write_text("[[[")
    assert check("note", capsys=capsys)[0] == 1
    settle(project / "inner")
    assert check("note", capsys=capsys)[0] == 0
    status, _, err = check("note", "--config", far, "-v", capsys=capsys)
    assert (status, err) == (1, "settings: ../pyproject.toml\n")


def test_without_settings_there_are_none(tmp_path):
    """This repository has a table of its own above, and none for ``check``."""
    assert find_settings(str(ROOT)) == find_settings(str(tmp_path)) == Settings()


WRONG = {
    "failon = 1": ("'failon'", "fail-on"),
    '"\\u001b[31m" = 1': ("x1b[31m", "fail-on"),
    'fail-on = "warn"': ("fail-on = 'warn'", "note, warning, error"),
    "fail-on = []": ("fail-on = []", "note, warning, error"),
    'format = "xml"': ("format = 'xml'", ", ".join(FORMATS)),
    'select = "SA1"': ("select = 'SA1'", "list"),
    "select = [1]": ("select = [1]", "list"),
    'ignore = ["SA9"]': ("'SA9'", "explain"),
    'ignore = ["SA002"]': ("'SA002'", "always reported"),
    'known = "a"': ("known = 'a'", "list"),
    'known = [">"]': ("known = ['>']", "my_package>"),
    "exclude = 1": ("exclude = 1", "list"),
    "target-keras = 3.1": ("target-keras = 3.1", "3.6"),
    'target-keras = "3.5"': ("target-keras = '3.5'", "3.6"),
    "[[[": ("not valid TOML", ""),
}


@pytest.mark.parametrize(("line", "said"), WRONG.items(), ids=WRONG)
def test_wrong_settings_are_a_wrong_call(line, said, project, capsys):
    """One line, with the file, the key and what is allowed; nothing is checked."""
    path = settle(project, line)
    status, out, err = check(".", capsys=capsys)
    assert (status, out, err.count("\n")) == (4, "", 1)
    assert all(text in err for text in (str(path), *said))
    assert err[:-1].isprintable()
    assert check(".", "--no-config", capsys=capsys)[0] == 1


@pytest.mark.parametrize("content", [None, "", "[tool.other]", "tool.serialactivation.check = 1", "tool = 1"], ids=str)
def test_settings_that_are_named_have_to_be_there(content, project, capsys):
    """A file of settings that is named has to exist, and to have the table."""
    path = project / "settings.toml"
    if content is not None:
        path.write_text(content)
    status, out, err = check(".", "--config", path, capsys=capsys)
    assert (status, out, err.count("\n")) == (4, "", 1)
    assert str(path) in err


def test_one_may_not_ask_for_settings_and_for_none(project, capsys):
    """Options that contradict each other are a wrong call: settings and no settings, quiet and verbose."""
    for pair in (["--config", "x", "--no-config"], ["-q", "-v"]):
        with pytest.raises(SystemExit) as end:
            check(".", *pair, capsys=capsys)
        assert end.value.code == 4


# Limits


@pytest.mark.parametrize("name", Limits._fields)
def test_each_limit_can_be_raised(name):
    """Each limit is raised by its name, with a unit or without; the last value counts, and other limits stay."""
    for text, number in (("7", 7), ("2KiB", 2048), ("3MiB", 3 * 2**20), ("64GiB", 2**36)):
        assert parse_limit(f"{name}={text}") == (name, number)
        given = [parse_limit(f"{name}=1"), parse_limit(f"{name}={text}")]
        assert make_limits(given) == DEFAULT_LIMITS._replace(**{name: number})
    assert make_limits([]) == DEFAULT_LIMITS


@pytest.mark.parametrize("text", ["", "depth", "depth=", "depth=0", "depth=-1", "depth=1MB", "depth=1e3", "deep=1"])
@pytest.mark.parametrize("command", ["check", "repair"])
def test_what_is_no_limit_is_a_wrong_call(command, text, tmp_path, capsys):
    """A wrong limit is a wrong call, whose message lists the limits, or says what a number is."""
    more = () if command == "check" else ("--replace", "a=b", "-o", tmp_path / "out")
    with pytest.raises(SystemExit) as end:
        check(tmp_path, "--limit", text, *more, capsys=capsys, command=command)
    assert end.value.code == 4
    assert "not a limit" in (err := capsys.readouterr().err) or "must be a number from 1 on" in err


@pytest.mark.parametrize(
    ("limit", "enough"),
    [("config_bytes=100", "1KiB"), ("values=5", "1000"), ("depth=3", "9"), ("digits=3", "30")],
)
def test_an_error_names_the_limit_that_helps(limit, enough, tmp_path, capsys):
    """What is exceeded can be raised as the error says."""
    config = dense_model("relu")
    config["config"]["seed"] = 123456
    path = write(tmp_path / "config.json", config)
    status, out, _ = check(path, "--limit", limit, capsys=capsys)
    name = limit.partition("=")[0]
    assert (status, f"--limit {name}=NUMBER" in out) == (2, True)
    assert check(path, "--limit", limit, "--limit", f"{name}={enough}", capsys=capsys)[0] == 0


@pytest.mark.parametrize("name", [name for name, (_, code) in corpus.HOSTILE.items() if code == Code.LIMIT])
def test_every_limit_that_is_exceeded_is_named(name, tmp_path, capsys):
    """The error for each hostile file that exceeds a limit names the limit."""
    status, out, _ = check(corpus.write(name, tmp_path), capsys=capsys)
    said = out.partition("--limit ")[2].partition("=NUMBER")[0]
    assert (status, said in Limits._fields) == (2, True)


def test_the_limits_are_explained():
    """Each, with its default, on the page about what a file may ask for."""
    page = (ROOT / "docs" / "explanation" / "what-the-reader-trusts.md").read_text(encoding="utf-8")
    assert all(f"- `{name}`, " in page for name in Limits._fields)


def test_repair_reads_within_the_limits(tmp_path, capsys):
    """repair takes limits as check does, and refuses a file that exceeds one."""
    path, copy = corpus.write("small.keras", tmp_path), tmp_path / "copy.keras"
    arguments = (path, "--replace", "relu=elu", "-o", copy)
    status, _, err = check(*arguments, "--limit", "config_bytes=10", capsys=capsys, command="repair")
    assert (status, "--limit config_bytes=NUMBER" in err) == (2, True)
    assert check(*arguments, "--limit", "config_bytes=1MiB", capsys=capsys, command="repair")[0] == 0
    assert copy.exists()
