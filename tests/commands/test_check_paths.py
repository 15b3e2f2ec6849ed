"""What ``serialactivation check`` examines: files, folders, globs and standard input, and what it skips."""

import io
import json
import os
import shutil
import sys

import h5py
import pytest

from serialactivation.commands.file_walk import Walk, anchor, expand
from serialactivation.commands.model_examiner import ModelExaminer, is_model
from serialactivation.errors import ArchiveError
from serialactivation.files.limits import Limits
from serialactivation.files.refusals import Skipped
from serialactivation.rules.check import Report
from tests import corpus
from tests.helpers.checking import check, run, write
from tests.helpers.configs import dense_model
from tests.helpers.processes import ROOT

pytestmark = pytest.mark.once

FOREIGN = {"model_type": "bert", "hidden_act": "gelu"}
DATA = ROOT / "tests" / "data" / "3.15.1"


@pytest.fixture
def keras_file(tmp_path):
    """A whole ``.keras`` file with nothing to repair."""
    return shutil.copy(DATA / "for-3.6.0.keras", tmp_path / "whole.keras")


def visit(*patterns, exclude=()):
    """Return the outcome of each path that a walk from *patterns* meets."""
    walk = Walk(ModelExaminer().examine, exclude, is_model=is_model)
    return list(walk.visit(map(expand, map(str, patterns))))


def find(*patterns, **options):
    return [path for path, _ in visit(*patterns, **options)]


def test_a_path_wins_over_a_glob(tmp_path):
    """Brackets in a name are a name."""
    (tmp_path / "a[1].keras").touch()
    (tmp_path / "a1.keras").touch()
    assert find(tmp_path / "a[1].keras") == [str(tmp_path / "a[1].keras")]
    assert find(tmp_path / "a?.keras", tmp_path) == [str(tmp_path / "a1.keras"), str(tmp_path / "a[1].keras")]


def test_a_file_is_looked_into_once(tmp_path, keras_file, monkeypatch):
    """A file that several paths lead to is examined once."""
    monkeypatch.chdir(tmp_path)
    assert find("whole.keras", "./whole.keras", keras_file, ".", "*.keras") == ["whole.keras"]


def test_an_unpacked_archive_is_one_model(tmp_path):
    """Given twice too, what is inside is not taken for others."""
    folder = corpus.write("folder", tmp_path)
    assert find(folder, folder, tmp_path) == [str(folder)]


@pytest.mark.parametrize("config", [FOREIGN, [], "text", {"class_name": "Sequential"}], ids=str)
def test_a_config_of_others_is_skipped(config, tmp_path, capsys):
    """Another program's config.json in a folder or a glob is skipped and counted, and changes no status."""
    path = write(tmp_path / "checkpoint" / "config.json", config)
    for given in (path.with_name("*.json"), path.parent, tmp_path):
        status, out, err = check(given, "--format", "json", capsys=capsys)
        report = json.loads(out)
        assert (status, report["unreadable"], report["files"]) == (0, [], [])
        assert report["summary"]["skipped"] == 1
        assert "not the config of a Keras model" in report["skipped"][0]["reason"]
        assert "1 skipped" in err


def test_models_beside_and_below_a_config_of_others_are_found(tmp_path, keras_file):
    """A checkpoint of another program hides none."""
    write(tmp_path / "config.json", FOREIGN)
    write(tmp_path / "tokenizer.json", FOREIGN)
    below = tmp_path / "below" / "unpacked"
    write(below / "config.json", dense_model("relu"))
    h5py.File(below / "model.weights.h5", "w").close()

    outcomes = visit(tmp_path)
    assert [path for path, _ in outcomes] == [str(tmp_path), str(below), str(keras_file)]
    assert [type(outcome).__name__ for _, outcome in outcomes] == ["Skipped", "Report", "Report"]


def test_models_below_a_damaged_config_are_found(tmp_path, keras_file):
    """What cannot be read is reported, and hides nothing."""
    (tmp_path / "config.json").write_text('{"rope": nan}')
    assert [getattr(outcome, "code", None) for _, outcome in visit(tmp_path)] == ["SA004", None]


@pytest.mark.parametrize("name", [name for name, (_, code) in corpus.HOSTILE.items() if code == "SA009"])
def test_an_archive_without_a_config_of_keras_is_an_error(name, tmp_path):
    """Keras alone calls a file so; a JSON file, or a folder with one, is anybody's."""
    path = corpus.write(name, tmp_path)
    assert isinstance(ModelExaminer().examine(str(path)), ArchiveError)
    skipped = path.is_dir() or path.suffix == ".json"
    outcome = dict(visit(path.with_name("*")))[str(path)]
    assert isinstance(outcome, Skipped if skipped else ArchiveError)


def test_without_h5py_the_weights_are_not_looked_at(keras_file, monkeypatch, capsys):
    """It is said, the rest is reported, and the exit status is that of the rest."""
    monkeypatch.setitem(sys.modules, "h5py", None)
    status, out, _ = check(keras_file, capsys=capsys)
    assert (status, "weights not looked at: h5py is not installed" in out) == (0, True)
    assert "not looked at" not in check(keras_file, "--no-weights", capsys=capsys)[1]


def test_a_weights_file_holds_no_config(tmp_path, capsys):
    """That a file holds weights alone is reported as an error of the file, not as a finding."""
    path = corpus.write("small.weights.h5", tmp_path)
    status, out, _ = check(path, capsys=capsys)
    assert (status, "weights only: there is no config" in out) == (0, True)


@pytest.mark.parametrize(
    ("attribute", "dataset", "is_weights"),
    [
        ("layer_names", "dense/dense/kernel", True),
        (None, "layers/dense/vars/0", True),
        (None, "encoder/dense/vars/0", True),
        (None, "model_weights/dense/kernel", True),
        (None, "table/block0_values", False),
    ],
    ids=["of Keras 2", "of Keras 3", "of a model of one's own", "of a whole model", "of another program"],
)
def test_weights_are_known_by_their_layers(attribute, dataset, is_weights, tmp_path, capsys):
    """And not by what lacks: another program's HDF5 file is no Keras model."""
    with h5py.File(tmp_path / "w.h5", "w") as file:
        file[dataset] = [1.0, 2.0]
        if attribute is not None:
            file.attrs[attribute] = [b"dense"]
    status, out, err = check(tmp_path / "w.h5", capsys=capsys)
    assert (status, "weights only" in out) == ((0, True) if is_weights else (2, False))
    assert ("without the config of a model or the weights of layers" in f"{out}{err}") is not is_weights


@pytest.mark.parametrize("pattern", ["old", "models/old", "models/*/whole.keras", "who*"])
def test_what_is_excluded_is_passed_over(pattern, tmp_path, keras_file, monkeypatch, capsys):
    """Excluded names and paths are skipped in folders and globs; a file that is given by its name is examined."""
    monkeypatch.chdir(tmp_path)
    old = tmp_path / "models" / "old" / "whole.keras"
    old.parent.mkdir(parents=True)
    shutil.move(keras_file, old)
    kept = write(tmp_path / "models" / "kept" / "config.json", dense_model("relu"))

    excluded = [anchor(pattern, str(tmp_path))]
    assert find("models", exclude=excluded) == [os.path.join("models", "kept")]
    assert find(str(old), exclude=excluded) == [str(old)]
    out = json.loads(check("models", "--exclude", pattern, "--format", "json", capsys=capsys)[1])
    assert [file["path"] for file in out["files"]] == [os.path.join("models", kept.parent.name)]


def test_a_glob_is_excluded_from(tmp_path, keras_file):
    """A glob finds no file whose name is excluded."""
    assert find(tmp_path / "*.keras", exclude=["whole.*"]) == []
    assert find(tmp_path / "*.keras", exclude=["other.*"]) == [str(keras_file)]


@pytest.mark.parametrize(
    ("patterns", "status"),
    [
        (["missing.keras"], 4),
        (["whole.keras", "missing.keras"], 4),
        (["nothing*.keras"], 4),
        (["empty"], 4),
        (["whole.keras", "nothing*.keras"], 0),
        (["whole.keras", "empty"], 0),
    ],
    ids=str,
)
def test_a_missing_file_is_reported(patterns, status, tmp_path, keras_file, monkeypatch, capsys):
    """A path has to exist, and a glob or a folder may be empty as long as there is anything."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    ended, out, err = check(*patterns, capsys=capsys)
    assert ended == status
    assert (out == "") == (status == 4) == err.startswith("serialactivation check: no ")


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path):
    """A folder that is gone after its config was read is an error, not a folder without models."""
    folder = tmp_path / "gone"
    write(folder / "config.json", FOREIGN)
    walk = Walk(ModelExaminer().examine, is_model=is_model).visit([expand(str(folder))])

    assert isinstance(next(walk)[1], Skipped)
    shutil.rmtree(folder)
    ((path, error),) = walk
    assert (path, error.code) == (str(folder), "SA001")


INPUTS = {
    "small.keras": (0, "keras"),
    "small.h5": (0, "hdf5"),
    "to_json.json": (0, "config"),
    "small.weights.h5": (0, "weights"),
}


@pytest.mark.parametrize(("name", "expected"), INPUTS.items(), ids=INPUTS)
def test_standard_input_is_read(name, expected, tmp_path):
    """Standard input is checked in every format and shown as such; its temporary file is removed and never named."""
    data = corpus.write(name, tmp_path).read_bytes()
    kept = tmp_path / "kept"
    kept.mkdir()
    status, out, _ = run("check", "-", "--format", "json", cwd=tmp_path, stdin=data, TMPDIR=str(kept))
    (file,) = json.loads(out)["files"]
    assert (status, file["kind"], file["path"]) == (*expected, "-")
    assert str(kept).encode() not in out
    assert list(kept.iterdir()) == []
    assert run("check", "-", "-", cwd=tmp_path, stdin=data)[1].startswith(b"<stdin>: ")


@pytest.mark.parametrize(
    ("stdin", "arguments", "status", "said"),
    [
        (b"", [], 2, "SA008"),
        (b"PK\x03\x04", [], 2, "SA002"),
        (b'{"model_type": "bert"}', [], 2, "SA009"),
        (b"[" + b"1," * 500 + b"1]", ["--limit", "spooled_bytes=1KiB"], 2, "SA009"),
        (b"[" + b"1," * 512 + b"1]", ["--limit", "spooled_bytes=1KiB"], 2, "--limit spooled_bytes=NUMBER"),
    ],
    ids=["empty", "damaged", "of others", "short enough", "too long"],
)
def test_standard_input_is_refused_as_a_file_is(stdin, arguments, status, said, tmp_path):
    """Standard input is refused with the codes of a file, and has a size limit of its own."""
    ended, out, _ = run("check", "-", *arguments, cwd=tmp_path, stdin=stdin)
    assert ended == status
    assert said in out.decode()


@pytest.mark.parametrize(
    ("text", "kind"),
    [(b"", ArchiveError), (b"{}", ArchiveError), (json.dumps(dense_model("relu")).encode(), Report)],
    ids=str,
)
def test_a_stream_is_looked_at(text, kind):
    """A stream is examined as a file is, within its own size limit."""
    assert isinstance(ModelExaminer().examine_stream(io.BytesIO(text)), kind)
    outcome = ModelExaminer(limits=Limits(spooled_bytes=8)).examine_stream(io.BytesIO(b"x" * 9))
    assert (outcome.path, outcome.code) == ("-", "SA005")


def test_many_paths_may_be_given(tmp_path, keras_file, capsys):
    """A command takes many paths at once, as a hook passes them."""
    paths = [shutil.copy(keras_file, tmp_path / f"{number}.keras") for number in range(300)]
    status, out, _ = check(*paths, "-q", capsys=capsys)
    assert (status, out) == (0, "")
