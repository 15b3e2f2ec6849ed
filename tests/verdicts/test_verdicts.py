"""Both verdicts of ``check``, and what ``repair`` writes, held against what the installed Keras does with the files.

The newest Keras wrote the files; each is loaded by stock Keras, in a process that cannot import this package.
"""

import collections
import json
import pathlib
import zipfile

import keras
import pytest

from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.versions import is_newer
from serialactivation.cli import main
from serialactivation.repairs.all_repairs import apply_repairs
from serialactivation.repairs.replace.replace_activations import Replacement, replace_activations
from serialactivation.rules.rule import Verdict
from serialactivation.tree.nodes import MODEL
from tests.helpers.checking import check_file
from tests.verdicts.files import FILE, load_elsewhere, unpack

pytestmark = pytest.mark.together

INSTALLED = keras.__version__
NAMES = sorted(name for name in zipfile.ZipFile(FILE).namelist() if not name.endswith(".npz"))
CONFIGS = [name for name in NAMES if name.endswith(".keras")]

# What is wrong with a file that repair cannot remove.
UNMENDABLE = {"SA105", "SA202", "SA203", "SA205", "SA206", "SA209"}


def expected(*verdicts):
    """Return whether a file loads by its verdicts, or None where they do not say."""
    if Verdict.DOES_NOT_LOAD in verdicts:
        return False
    return None if Verdict.NOT_KNOWN in verdicts else True


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    unpack(folder)
    return folder


@pytest.fixture(scope="module")
def repaired(files, tmp_path_factory):
    """A folder with the files that repair has repaired for the installed Keras, and what they must compute."""
    folder = tmp_path_factory.mktemp("repaired")
    for name in NAMES:
        status = main(["repair", str(files / name), "--target-keras", INSTALLED, "-o", str(folder / name)])
        assert (status == 0) == (folder / name).exists()
    for data in files.glob("*.npz"):
        (folder / data.name).write_bytes(data.read_bytes())
    return folder


@pytest.fixture(scope="module")
def parts(files, tmp_path_factory):
    """A folder with each config with plain activations, as ``rest``, and repaired, as ``activations``."""
    folder = tmp_path_factory.mktemp("parts")
    for name in CONFIGS:
        config = json.loads(zipfile.ZipFile(files / name).read("config.json"))
        paths = [site.path for site in check_file(str(files / name)).sites]
        rest, _ = replace_activations(config, [Replacement(path, "linear") for path in paths])
        activations, _ = apply_repairs(config, MODEL, INSTALLED)
        for kind, part in (("rest", rest), ("activations", activations)):
            (folder / f"{kind}-{pathlib.Path(name).stem}.json").write_text(json.dumps(part))
    return folder


@pytest.fixture(scope="module")
def all_outcomes(files, repaired, parts):
    return load_elsewhere(files, repaired, parts)


@pytest.fixture(scope="module")
def outcomes(all_outcomes):
    return all_outcomes[0]


@pytest.fixture(scope="module")
def repaired_outcomes(all_outcomes):
    return all_outcomes[1]


@pytest.fixture(scope="module")
def part_outcomes(all_outcomes):
    return all_outcomes[2]


@pytest.mark.parametrize("name", NAMES)
def test_the_verdicts_are_what_happens(name, files, outcomes):
    """A file loads, and computes what it did, exactly when both say so; where one is not known, it may."""
    verdicts = check_file(str(files / name), INSTALLED).verdicts
    loads = expected(verdicts.activations, verdicts.rest)
    assert loads is None or (outcomes[name] == "equal") == loads, outcomes[name]


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("kind", ["rest", "activations"])
def test_each_verdict_is_what_happens(kind, name, parts, part_outcomes):
    """The verdicts on a config without its activations, and with the rest repaired, are what Keras does."""
    part = f"{kind}-{pathlib.Path(name).stem}.json"
    verdicts = check_file(str(parts / part), INSTALLED).verdicts
    if kind == "rest":
        assert verdicts.activations is Verdict.LOADS
    loads = expected(verdicts.activations, verdicts.rest)
    assert loads is None or (part_outcomes[part] == "equal") == loads, part_outcomes[part]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_repaired_loads(name, files, repaired, repaired_outcomes):
    """A repaired copy loads and computes the same; what cannot be repaired is not written, and has a finding."""
    report = check_file(str(files / name), INSTALLED)
    codes = {finding.code for finding in report.findings}
    if not (repaired / name).exists():
        assert codes & UNMENDABLE
        return
    assert not codes & UNMENDABLE
    verdicts = check_file(str(repaired / name), INSTALLED).verdicts
    loads = expected(verdicts.activations, verdicts.rest)
    assert loads is not False
    assert loads is None or repaired_outcomes[name] == "equal", repaired_outcomes[name]


def test_there_is_enough_to_tell(files):
    """Most verdicts say something, and on an older Keras many say that it does not load."""
    verdicts = [check_file(str(files / name), INSTALLED).verdicts for name in NAMES]
    counts = collections.Counter(expected(one.activations, one.rest) for one in verdicts)
    if is_newer(INSTALLED, NEWEST):  # a pre-release: nothing is said to load
        assert counts[False] >= 3
        return
    assert counts[None] <= 6
    assert counts[True] >= 30
    assert counts[False] >= (3 if INSTALLED.startswith("3.15.") else 25)


def test_repairing_twice_is_repairing_once(repaired, tmp_path):
    """The repair of a repaired file copies it byte for byte."""
    written = [path for path in sorted(repaired.iterdir()) if path.name in NAMES]
    for path in written:
        assert main(["repair", str(path), "--target-keras", INSTALLED, "-o", str(tmp_path / path.name)]) == 0
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    assert len(written) > 50
