"""The cures of files that are refused, followed to the letter: they are read then, and Keras loads what they hold."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest

import serialactivation as sa
from serialactivation.files.limits import DEFAULT_LIMITS
from serialactivation.files.refusals import Code
from tests.corpus.others import LFS
from tests.helpers.deep_folders import deep_folder
from tests.helpers.followed import Saved, call, compute, dense, load_all
from tests.helpers.raw_zip import Entry, write_zip

pytestmark = pytest.mark.once

LAYERS = "keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, 'tanh')])"


@pytest.fixture
def good(tmp_path):
    """A folder with one model, saved in every way, and what it computes."""
    model = dense("tanh")()
    for name in ("good.keras", "good.h5"):
        model.save(tmp_path / name)
    model.save_weights(tmp_path / "good.weights.h5")
    with zipfile.ZipFile(tmp_path / "good.keras") as archive:
        archive.extractall(tmp_path / "unpacked")
    shutil.copy(tmp_path / "unpacked" / "config.json", tmp_path / "config.json")
    (tmp_path / "model.json").write_text(model.to_json())
    return tmp_path, compute(model)


def halve(name):
    """Return what writes the first half of a good file."""

    def write(path):
        data = path.with_name(name).read_bytes()
        path.write_bytes(data[: len(data) // 2])

    return write


def write_cut_config(path):
    write_zip(path, Entry(data=b'{"class_name": "Sequential"'))


def write_no_model(path):
    path.write_bytes(b"no model")


def write_no_config(path):
    write_zip(path, Entry(data=b'{"model_type": "bert"}'))


def write_folder(path):
    """An archive of a folder, and not of what is in it."""
    with zipfile.ZipFile(path, "w") as archive:
        for one in path.with_name("unpacked").iterdir():
            archive.write(one, f"unpacked/{one.name}")


def save_again(name):
    def follow(path):
        dense("tanh")().save(path.with_name(f"again{name}"))
        return path.with_name(f"again{name}")

    return follow


def copy_again(name):
    """Return what copies the file from where it came from."""
    return lambda path: shutil.copy(path.with_name(name), path.with_name(f"copied{path.suffix}"))


def take(name):
    return lambda path: path.with_name(name)


def zip_folder(path):
    """Zip what the folder holds."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(path.with_name("from_zip"))
    return shutil.move(
        shutil.make_archive(path.with_name("zipped"), "zip", path.with_name("from_zip") / "unpacked"),
        path.with_name("zipped.keras"),
    )


def pull(path):
    """Put the file where Git LFS left a pointer, which is what the command does."""
    return shutil.copy(path.with_name("good.keras"), path)


AGAIN = {
    "Save the model again": save_again(".keras"),
    "copy the file again from where it came from": copy_again("good.keras"),
}
CASES = {
    "pipe.keras": (
        "SA001",
        os.mkfifo,
        {"Pass the path of a saved model that you are allowed to read": take("good.keras")},
    ),
    "half.keras": ("SA002", halve("good.keras"), AGAIN),
    "cut.keras": ("SA004", write_cut_config, AGAIN),
    "half.h5": (
        "SA006",
        halve("good.h5"),
        {
            "Save the model again": save_again(".h5"),
            "copy the file again from where it came from": copy_again("good.h5"),
        },
    ),
    "model.txt": (
        "SA008",
        write_no_model,
        {
            r"Pass a \.keras": take("good.keras"),
            r"\.h5": take("good.h5"),
            r"\.weights\.h5 file": take("good.weights.h5"),
            r"an unpacked \.keras folder": take("unpacked"),
            r"a config\.json": take("config.json"),
        },
    ),
    "folder.keras": (
        "SA008",
        write_folder,
        {"A folder in the archive holds one: zip the contents of that folder": zip_folder},
    ),
    "pointer.keras": ("SA008", lambda path: path.write_bytes(LFS), {"Run git lfs pull": pull}),
    "bert.keras": (
        "SA009",
        write_no_config,
        {
            r"Pass a file that model\.save\(\)": take("good.keras"),
            r"model\.to_json\(\) of Keras wrote": take("model.json"),
        },
    ),
}

# What a user does not do: the file is not to be loaded. A raised limit and source are below, and in test_command_cures.
OTHERS = {Code.HOSTILE_ZIP, Code.HOSTILE_HDF5, Code.LIMIT, Code.DAMAGED_SOURCE}


def refuse(path, *options):
    """Return the code that a file is refused with, and what to do, as it is shown."""
    _, printed = call("check", "--format", "json", *options, str(path))
    (refusal,) = json.loads(printed)["unreadable"]
    assert refusal["cure"] in call("check", *options, str(path))[1]
    return refusal["code"], refusal["cure"]


def read_back(path, expected):
    """Return a file that was given in another's place, with what reads it in Keras."""
    saved = Saved(path, expected=expected)
    if os.path.isdir(path) or path.suffix == ".json":
        text = (path / "config.json" if os.path.isdir(path) else path).read_text()
        code = f"text = {text!r}\nmodel = keras.models.model_from_json(text)\n"
    elif path.name.endswith(".weights.h5"):
        code = f"model = {LAYERS}\n"
    else:
        return saved
    weights = path.with_name("good.weights.h5")
    return saved._replace(code=f"{code}model.load_weights({str(weights)!r})", load="model")


def test_every_cure_works(good):
    """All that is said is done, in each of its ways."""
    folder, expected = good
    followed = {}
    for name, (code, make, cures) in CASES.items():
        make(folder / name)
        refused, cure = refuse(folder / name)
        assert refused == code
        left = cure
        for said, do in cures.items():
            words = re.search(said, cure)
            assert words, (name, said, cure)
            left = left.replace(words[0], "", 1)
            path = folder / do(folder / name)
            status, printed = call("check", str(path))
            assert (status, "no findings" in printed) == (0, True), (name, said, printed)
            followed[name, said] = read_back(path, expected)
        assert re.fullmatch(r"([ ,.]|and\b|or\b|file\b)*", left), (name, "not followed", left)
    outcomes = load_all(list(followed.values()), folder)
    assert dict(zip(followed, outcomes, strict=True)) == dict.fromkeys(followed, "equal")


def test_every_code_is_followed():
    """Each code has a cure that is followed here or elsewhere, or is one for which nothing can be done."""
    assert {code for code, *_ in CASES.values()} | OTHERS == set(Code)


@pytest.mark.parametrize(
    "limit", ["config_bytes", "depth", "digits", "members", "metadata_bytes", "objects", "steps", "values"]
)
def test_a_raised_limit_lets_a_file_pass(limit, good):
    """A file passes, on the command line and in a load, once the limit that the error names is raised."""
    folder, expected = good
    number, refused = getattr(DEFAULT_LIMITS, limit), 0
    for path in (folder / "good.keras", folder / "good.h5"):
        if call("check", "--weights", "--limit", f"{limit}=1", str(path))[0] == 0:
            continue
        refused += 1
        code, cure = refuse(path, "--weights", "--limit", f"{limit}=1")
        words = re.fullmatch(
            r"If you trust the file, raise that limit with (--limit \w+=)NUMBER, or limits=(\{'\w+': )NUMBER\}\.", cure
        )
        assert (code, words is not None) == ("SA005", True), cure
        assert call("check", "--weights", *f"{words[1]}{number}".split(), str(path))[0] == 0
        loaded = sa.load_model(path, trusted=(), limits=eval(f"{words[2]}{number}}}"))
        assert np.array_equal(compute(loaded), expected)
    assert refused


def test_what_is_missing_is_installed(good, monkeypatch, tmp_path_factory):
    """Without h5py, an HDF5 file cannot be read; with it, it can."""
    folder, _ = good
    before = tmp_path_factory.mktemp("without")
    (before / "h5py.py").write_text("raise ImportError('No module named h5py')")
    command = [sys.executable, "-m", "serialactivation", "check", str(folder / "good.h5")]
    monkeypatch.setenv("PYTHONPATH", f"{before}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (refused.returncode, "SA001" in refused.stdout) == (2, True)
    assert "Install h5py, or make sure that Python can start a process." in refused.stdout
    (before / "h5py.py").unlink()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_folder_is_searched_to_any_depth(good, monkeypatch, capsys):
    """A glob goes through less than a thousand folders, one in another."""
    folder, _ = good
    monkeypatch.chdir(folder)
    (folder / "deep").mkdir()
    shutil.copy("good.keras", "deep")
    with deep_folder(folder / "deep", 1_200):
        assert call("check", "deep/**/*.keras")[0] == 4
        assert "Pass the folder itself: it is searched to any depth." in capsys.readouterr().err
        status, printed = call("check", "deep")
        assert (status, "no findings" in printed) == (0, True)
