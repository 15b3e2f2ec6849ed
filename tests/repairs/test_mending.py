"""``serialactivation repair`` without ``--replace``: what an older Keras refuses and nobody misses is left out."""

import json
import zipfile

import h5py
import hypothesis
import hypothesis.strategies as st
import pytest

from serialactivation.repairs.all_repairs import REPAIRS, apply_repairs
from serialactivation.tree.nodes import MODEL, TRAINING, Root
from tests.helpers.checking import check_file, repair, write
from tests.helpers.configs import dense, glorot, model, ours, theirs
from tests.helpers.findings import CASES
from tests.verdicts.files import unpack


@pytest.fixture
def files(tmp_path):
    """A folder with the files of the newest Keras, in which nothing is repaired yet."""
    unpack(tmp_path)
    return tmp_path


def test_each_change_is_told(files, capsys):
    """Each change is printed with its repair, its place, and what was there."""
    status, out, err = repair(files / "dense.keras", "--target-keras", "3.14", "-o", files / "out.keras", capsys=capsys)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        f"prune  $.config.layers[{number}].config.kernel_initializer.config.{name}: None removed"
        for number in (1, 2)
        for name in ("input_axes", "output_axes")
    ] + [f"{files / 'out.keras'}: 4 repaired"]


def test_weights_stay_as_they_are(files, capsys):
    """The weights in the repaired copy are those of the file, byte for byte."""
    repair(files / "dense.keras", "--target-keras", "3.6", "-o", files / "out.keras", capsys=capsys)
    with zipfile.ZipFile(files / "dense.keras") as before, zipfile.ZipFile(files / "out.keras") as after:
        assert before.namelist() == after.namelist()
        changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
        offsets = [[member.header_offset for member in archive.infolist()] for archive in (before, after)]
    assert changed == ["config.json"]
    assert offsets[0] == offsets[1]


def test_nothing_to_mend_is_an_exact_copy(files, capsys):
    """A file that needs no repair is copied exactly, also without --replace and --target-keras."""
    for number, options in enumerate([(), ("--target-keras", "3.15")]):
        target = files / f"{number}.keras"
        status, out, _ = repair(files / "dense.keras", *options, "-o", target, capsys=capsys)
        assert (status, "copied unchanged" in out) == (0, True)
        assert target.read_bytes() == (files / "dense.keras").read_bytes()


def test_what_nothing_mends_is_named(files, capsys):
    """A file with an error that no fix removes, without --replace: the cure says what to give."""
    lost = write(files / "config.json", model(dense(activation="<lambda>")))
    with zipfile.ZipFile(files / "lost.keras", "w") as archive:
        archive.write(lost, lost.name)
    status, _, err = repair(files / "lost.keras", "-o", files / "out.keras", capsys=capsys)
    assert (status, "SA102: " in err, "--replace '$.config.layers" in err) == (2, True, True)
    assert not (files / "out.keras").exists()


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [("renorm", "SA202", 1), ("gated", "SA203", 2), ("early", "SA205", 2), ("newer-name", "SA105", 2)],
)
@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_what_cannot_be_mended_is_named(suffix, name, code, expected, files, capsys):
    """What is left is listed and nothing is written without --partial; the status is 2 if nothing can be repaired."""
    source, output = files / f"{name}{suffix}", files / f"out{suffix}"
    status, out, err = repair(source, "--target-keras", "3.6", "-o", output, capsys=capsys)
    assert (status, out) == (expected, "")
    assert f"{code}: " in err
    assert "--partial" in err
    assert not output.exists()

    status, _, err = repair(source, "--target-keras", "3.6", "-o", output, "--partial", capsys=capsys)
    assert (status, f"{code}: " in err) == (1, True)
    codes = {finding.code for finding in check_file(str(output), "3.6").findings}
    assert code in codes
    assert "SA201" not in codes


def test_a_dry_run_shows_it_and_writes_nothing(files, capsys):
    """The difference, what is left, and the status that there would be."""
    before = sorted(files.iterdir())
    status, out, _ = repair(files / "dense.keras", "--target-keras", "3.6", "--dry-run", capsys=capsys)
    assert (status, '-     "quantization_config": null' in out) == (0, True)
    status, out, err = repair(files / "renorm.keras", "--target-keras", "3.6", "--dry-run", capsys=capsys)
    assert (status, "SA202" in err) == (1, True)
    assert '-     "renorm_momentum": 0.99' in out
    assert sorted(files.iterdir()) == before


def test_replacing_and_mending_go_together(files, capsys):
    """Activations are replaced first, by the paths that check shows."""
    output = files / "out.keras"
    arguments = ("--replace", "celu=elu", "--target-keras", "3.6", "-o", output)
    status, out, _ = repair(files / "newer-name.keras", *arguments, capsys=capsys)
    assert (status, "celu -> elu" in out) == (0, True)
    assert check_file(str(output), "3.6").findings == ()


def test_how_an_hdf5_file_was_compiled_is_mended_too(tmp_path, capsys):
    """It stands in an attribute of its own."""
    loss = {"class_name": "Tversky", "config": {"axis": None, "alpha": 0.5}}
    optimizer = {"class_name": "SGD", "config": {"learning_rate": 0.1}}
    compiled = {"optimizer_config": optimizer, "loss": loss, "metrics": None}
    stored = {"model_config": model(dense()), "training_config": compiled}
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs.update({name: json.dumps(config) for name, config in stored.items()})
        file.create_group("model_weights")
    status, out, _ = repair(tmp_path / "a.h5", "--target-keras", "3.7", "-o", tmp_path / "b.h5", capsys=capsys)

    assert (status, "$.training_config.loss.config.axis: None removed" in out) == (0, True)
    with h5py.File(tmp_path / "b.h5") as file:
        assert json.loads(file.attrs["training_config"])["loss"]["config"] == {"alpha": 0.5}
        assert json.loads(file.attrs["model_config"]) == stored["model_config"]


# Fixes

SEEN = {
    "stock": (model(dense(quantization_config=None)), 1),
    "ours": (model(ours(quantization_config=None, kernel_initializer=glorot(input_axes=None))), 2),
    "theirs": (model(theirs(quantization_config=None, kernel_initializer=glorot(input_axes=None))), 1),
    "value": (model(dense(lora_alpha=3)), 0),
}


@pytest.mark.parametrize(("config", "number"), SEEN.values(), ids=SEEN)
def test_what_is_read_by_others_is_pruned_as_far_as_it_is_of_keras(config, number):
    """Layers of this package would leave it out and warn; a class of somebody else keeps what is its own."""
    _, changes = apply_repairs(config, MODEL, "3.6")
    assert len(changes) == number


CONFIGS = st.sampled_from([config for config, _, _ in CASES.values()])
TARGETS = st.sampled_from([None, *(f"3.{minor}" for minor in range(6, 17))])


@hypothesis.given(config=CONFIGS, target=TARGETS, root=st.sampled_from([MODEL, TRAINING]))
def test_a_fix_mends_once(config: dict, target: str | None, root: Root):
    """A repaired config needs no repair; the given one is unchanged, and is returned if nothing is repaired."""
    before = json.dumps(config)
    for fix in REPAIRS:
        repaired, changes = fix.apply(config, root, target)
        assert json.dumps(config) == before
        assert (repaired is config) == (changes == ())
        assert fix.apply(repaired, root, target) == (repaired, ())
        assert all(one.repair == fix.name and one.what and one.path.startswith("$") for one in changes)
