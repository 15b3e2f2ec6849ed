"""``serialactivation repair`` of files of tf_keras 2.21 and older Kerases: stock Keras loads the copies."""

import json

import pytest

from serialactivation.files.saved_model import read_archive
from serialactivation.repairs.all_repairs import REPAIRS, apply_repairs
from serialactivation.rules.rule import Severity
from serialactivation.tree.nodes import MODEL, TRAINING
from tests.helpers.checking import check, check_file, repair
from tests.helpers.processes import run_python
from tests.old_files import unpack

pytestmark = pytest.mark.once

# What a process that cannot import this package makes of each file in a folder.
READ = """
import json, pathlib, sys, warnings
sys.modules["serialactivation"] = None
warnings.simplefilter("ignore")
import keras, numpy as np

def compute(path, data):
    inputs, expected = ([data[name] for name in sorted(data.files) if name[0] == letter] for letter in "xy")
    model = keras.models.load_model(path)
    outputs = keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0], training=False))
    pairs = [(keras.ops.convert_to_numpy(a), b) for a, b in zip(outputs, expected, strict=True)]
    wrong = [str(a.shape) for a, b in pairs if a.shape != b.shape]
    return wrong or max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in pairs)

found = {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    data = np.load(pathlib.Path(sys.argv[2]) / path.with_suffix(".npz").name)
    try:
        found[path.name] = compute(path, data)
    except Exception as error:
        found[path.name] = f"{type(error).__name__}: {error}"
print(json.dumps(found))
"""

NEAR = 1e-5


PLAIN = "serialactivation repair FILE -o OUT"


def find_cure(path, capsys):
    """Return the command that ``check`` gives as the cure of all errors of a file; for none, the plain command."""
    (report,) = json.loads(check(path, "--format", "json", capsys=capsys)[1])["files"]
    cures = {one["cure"].partition(";")[0] for one in report["findings"] if one["severity"] == "error"}
    assert len(cures) <= 1, (path.name, report["findings"])
    return next(iter(cures), PLAIN)


@pytest.fixture
def repaired(tmp_path, capsys):
    """Return a folder with what tf_keras wrote, and one with the copies that the cures of ``check`` make."""
    source, target = tmp_path / "source", tmp_path / "target"
    unpack(source)
    target.mkdir()
    for path in sorted(source.iterdir()):
        if path.suffix != ".npz":
            places = {"FILE": str(path), "OUT": str(target / path.name)}
            words = [places.get(word, word) for word in find_cure(path, capsys).split()]
            status, _, err = check(*words[2:], capsys=capsys, command=words[1])
            assert (status, err) == (0, ""), (path.name, words, err)
    return source, target


def test_repaired_files_compute_what_tf_keras_did(repaired):
    """Repaired copies compute the same without this package, to 1e-5 of the largest output; ``check`` passes them."""
    source, target = repaired
    found = json.loads(run_python(READ, str(target), str(source)).splitlines()[-1])
    assert {name: one for name, one in found.items() if not isinstance(one, float) or one > NEAR} == {}
    assert len(found) == len([path for path in source.iterdir() if path.suffix != ".npz"]) > 40
    errors = [
        path.name
        for path in target.iterdir()
        for one in check_file(str(path)).findings
        if one.severity is Severity.ERROR
    ]
    assert errors == []


def test_each_repair_finds_nothing_more_in_what_it_has_repaired(tmp_path):
    """One after another, on the configs of the files; what it is given stays as it is."""
    unpack(tmp_path)
    for path in sorted(tmp_path.glob("*.[hk]*")):
        archive = read_archive(path)
        for root, config in ((MODEL, archive.config), (TRAINING, (archive.metadata or {}).get("training_config"))):
            stored, before = config, json.dumps(config)
            for one in REPAIRS:
                repaired, changes = one.apply(stored, root, None)
                assert (repaired is stored) == (changes == ()), (path.name, one.name)
                assert one.apply(repaired, root, None) == (repaired, ()), (path.name, one.name)
                stored = repaired
            assert apply_repairs(stored, root, None) == (stored, ()), path.name
            assert json.dumps(config) == before


def test_files_whose_gates_are_not_scaled_are_not_written(tmp_path, capsys):
    """They would load, and compute something else: the weights are scaled only if that is asked for."""
    unpack(tmp_path)
    for suffix in (".h5", ".keras"):
        status, _, err = repair(tmp_path / f"scaled{suffix}", "-o", tmp_path / f"out{suffix}", capsys=capsys)
        assert (status, "SA113: " in err, (tmp_path / f"out{suffix}").exists()) == (1, True, False)
