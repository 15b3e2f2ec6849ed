"""The cures of ``check`` that are a command of ``repair``: for which files they are given, and with which options."""

import io
import json
import shlex
import sys
import zipfile

import h5py
import pytest

from serialactivation.cli import main
from serialactivation.rules.rule import Severity
from tests.helpers.checking import check, check_file, write
from tests.helpers.configs import dense, layer, model

pytestmark = pytest.mark.once

OLD = layer("SimpleRNN", units=2, time_major=False)
GONE = layer("LocallyConnected1D", filters=2, kernel_size=2)
LEAKY = layer("LeakyReLU", negative_slope=0.25)


def make_empty():
    """Return an HDF5 file with nothing in it."""
    held = io.BytesIO()
    h5py.File(held, "w").close()
    return held.getvalue()


EMPTY = make_empty()


def pack(path, config, weights=EMPTY):
    """Write an archive of a config, with anything as its weights."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights)
    return path


def find_cures(path, *options, capsys):
    """Return the cures of what is found in a file, by their codes."""
    options = ("--no-weights", "--format", "json", *options)
    (report,) = json.loads(check(path, *options, capsys=capsys)[1])["files"]
    return {one["code"]: one["cure"] for one in report["findings"]}


def test_a_command_removes_what_it_is_the_cure_of_though_errors_are_left(tmp_path, capsys):
    """It writes the copy nevertheless, and ends with 1; what is left has another cure."""
    path = pack(tmp_path / "a.keras", model(OLD, {**GONE, "config": {**GONE["config"], "name": "b"}}))
    assert find_cures(path, capsys=capsys) == {
        "SA210": "serialactivation repair FILE --partial -o OUT; its repair modernize does this",
        "SA206": "load it with Keras 2.15 or older",
    }
    out = check(path, "--no-weights", capsys=capsys)[1]
    (command,) = {line.strip() for line in out.splitlines() if "serialactivation repair" in line}
    assert main(shlex.split(command)[1:]) == 1
    assert [one.code for one in check_file(str(tmp_path / "a-repaired.keras"), with_weights=False).findings] == [
        "SA206"
    ]


def test_what_is_left_on_the_layer_is_not_promised(tmp_path, capsys):
    """If a repair removes one of two findings of a code on one layer, neither has the command."""
    path = pack(tmp_path / "a.keras", model({**OLD, "config": {**OLD["config"], "mine": 1}}))
    assert find_cures(path, capsys=capsys) == {"SA210": "load it with the Keras that wrote it"}


@pytest.mark.parametrize("target", ["3.12", "3.15"])
def test_the_target_of_the_check_is_that_of_the_repair(target, tmp_path, capsys):
    """The command has the target of the check, and removes all that this Keras refuses."""
    path = pack(tmp_path / "a.keras", model(OLD, dense(quantization_config=None, name="b")))
    cures = find_cures(path, "--target-keras", target, capsys=capsys)
    assert {cure.partition(";")[0] for cure in cures.values()} == {
        f"serialactivation repair FILE --target-keras {target} -o OUT"
    }
    assert cures.keys() == {"SA210", *(["SA201"] if target == "3.12" else [])}


def test_what_the_check_knows_the_repair_knows(tmp_path, capsys):
    """The command names it, so that nothing is left for the copy either."""
    path = pack(tmp_path / "a.keras", model(OLD, dense(activation="mine>bent", name="b")))
    assert main(["repair", str(path), "-o", str(tmp_path / "left.keras")]) == 1
    capsys.readouterr()
    out = check(path, "--no-weights", "--known", "mine>,other>one", capsys=capsys)[1]
    (command,) = {line.strip() for line in out.splitlines() if "serialactivation repair" in line}
    assert "--known 'mine>,other>one' -o" in command
    assert main(shlex.split(command)[1:]) == 0


def test_a_file_that_repair_refuses_has_no_such_cure(tmp_path, capsys):
    """A folder, a file whose name does not end as it must, and one whose weights are damaged."""
    write(tmp_path / "folder" / "config.json", model(OLD))
    (tmp_path / "folder" / "model.weights.h5").touch()
    pack(tmp_path / "a.h5", model(OLD))
    for name in ("folder", "a.h5"):
        assert find_cures(tmp_path / name, capsys=capsys)["SA210"] == "load it with the Keras that wrote it"
    path = pack(tmp_path / "a.keras", model(dense(activation=LEAKY)), b"no weights")
    assert find_cures(path, "--target-keras", "3.9", capsys=capsys)["SA106"].startswith("load it with Keras 3.10")


def test_a_file_without_findings_needs_no_repair(tmp_path, monkeypatch, capsys):
    """A check without findings does not import the repairs, which would take longer than the check."""
    monkeypatch.setitem(sys.modules, "serialactivation.repairs.repair_cures", None)
    assert check(pack(tmp_path / "a.keras", model(dense())), "--no-weights", capsys=capsys)[0] == 0
    with pytest.raises(ImportError):
        check(pack(tmp_path / "b.keras", model(OLD)), "--no-weights", capsys=capsys)


def test_the_cures_of_a_huge_file_stay(tmp_path, capsys):
    """A repair keeps all of the config in memory, which a check does not."""
    old = layer("ThresholdedReLU", name="b", theta=0.5)
    cures = []
    for number in (11_000, 12_000):
        keywords = {f"k{number}": 1 for number in range(number)}
        path = pack(tmp_path / f"{number}.keras", model(dense(**keywords), old))
        assert check_file(str(path), with_weights=False).omitted == {("SA210", Severity.ERROR): number - 1_000}
        cures.append(find_cures(path, capsys=capsys)["SA206"])
    command = "serialactivation repair FILE --partial -o OUT; its repair modernize does this"
    assert cures == [command, "load it with Keras 2.15 or older"]
