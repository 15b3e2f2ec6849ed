"""``serialactivation repair``: a copy of a saved model that stock Keras loads, and that computes what was meant."""

import functools
import hashlib
import itertools
import json
import zipfile

import h5py
import keras
import numpy as np
import pytest

from serialactivation.cli import main
from serialactivation.errors import ExpressionError, RepairError
from serialactivation.repairs.replace.replace_activations import parse_replacement, replace_activations
from tests import corpus
from tests.helpers.checking import check_file, repair
from tests.helpers.processes import run_python
from tests.helpers.stock_files import read_elsewhere
from tests.matrix.cells import randomize
from tests.matrix.values import OLD

pytestmark = pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning")

X = np.random.default_rng(4).normal(scale=20.0, size=(5, 4)).astype("float32")

# What the lambda is, and what is written for it: a name, where a stock layer reads no object.
FUNCTION, NEW = (
    (lambda x: keras.ops.elu(x), "elu")
    if OLD
    else (
        lambda x: keras.activations.relu(x, negative_slope=0.1, max_value=20.0),
        "keras.activations.relu(negative_slope=0.1, max_value=20.0)",
    )
)


def lost(*functions):
    """Return a model of which stock Keras loses the activations: the same lambda in two layers, or two."""
    first, second = functions or (FUNCTION, FUNCTION)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(4, activation=first, name="first"),
            keras.layers.Dense(3, activation="tanh", name="between"),
            keras.layers.Dense(3, activation=second, name="second"),
        ],
        name="model",
    )
    randomize(model, np.random.default_rng(2))
    return model


def save(model, path):
    """Save *model*, and what it must compute, where :func:`read_elsewhere` looks for it."""
    model.save(path)
    np.savez(path.with_suffix(".npz"), x0=X, y0=keras.ops.convert_to_numpy(model(X)))


def contents(path):
    """Return a digest of everything in a file but the model's config: each member, or each dataset and attribute."""
    if path.suffix == ".keras":
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist() if name != "config.json"}
    found = {}
    with h5py.File(path) as file:
        found["/"] = {name: str(value) for name, value in file.attrs.items() if name != "model_config"}
        file.visititems(
            lambda name, item: found.update({name: item[()].tobytes() if isinstance(item, h5py.Dataset) else b""})
        )
    return found


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_mended_file_loads_in_stock_keras(suffix, tmp_path, capsys):
    """It computes what the lambda computed; all else is as it was, and of the lambda nothing is left in the file."""
    source, target = tmp_path / f"lost{suffix}", tmp_path / "repaired" / f"model{suffix}"
    target.parent.mkdir()
    save(lost(), source)
    np.savez(target.with_suffix(".npz"), **np.load(source.with_suffix(".npz")))
    before = hashlib.sha256(source.read_bytes()).digest()
    (code,) = {finding.evidence for finding in check_file(str(source)).findings}
    status, out, _ = repair(source, "--replace", f"<lambda>={NEW}", "-o", target, capsys=capsys)

    assert code.startswith("it is the bytecode of a lambda, which uses ")
    assert status == 0
    assert out.count("first  activation: <lambda> -> ") == 1
    assert "2 replaced" in out
    assert read_elsewhere(target.parent) == {target.name: "equal"}
    assert contents(target) == contents(source)
    assert hashlib.sha256(source.read_bytes()).digest() == before
    assert b"4wEAAAA" in source.read_bytes()
    assert b"4wEAAAA" not in target.read_bytes()
    assert check_file(str(target)).findings == ()


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_repairing_twice_is_repairing_once(suffix, tmp_path, capsys):
    """The second time writes an exact copy."""
    paths = [tmp_path / f"{name}{suffix}" for name in ("lost", "once", "twice")]
    save(lost(), paths[0])
    for source, target in itertools.pairwise(paths):
        assert repair(source, "--replace", f"<lambda>={NEW}", "-o", target, capsys=capsys)[0] == 0
    assert paths[1].read_bytes() == paths[2].read_bytes()


@pytest.mark.once
@pytest.mark.parametrize(("size", "padded"), [(2**14, False), (2**23, True)])
def test_large_weights_stay_where_they_are_copied_fast(size, padded, tmp_path, capsys):
    """A config that gets longer moves them by 64 KiB, and by no more than it needs where that is much for the file."""
    source, target = tmp_path / "small.keras", tmp_path / "repaired.keras"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, "tanh")]).save(source)
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("assets/words", np.random.default_rng(0).bytes(size))
    assert repair(source, "--replace", "tanh=softplus", "-o", target, capsys=capsys)[0] == 0

    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
        name = "model.weights.h5"
        moved = new.getinfo(name).header_offset - old.getinfo(name).header_offset
        assert new.read("config.json").endswith(b" ") == padded
    assert moved == (2**16 if padded else len("softplus") - len("tanh"))
    assert contents(target) == contents(source)


def test_different_lambdas_need_paths(tmp_path, capsys):
    """Different lambdas are replaced by their paths: nothing else distinguishes them."""
    source, target = tmp_path / "lost.keras", tmp_path / "repaired.keras"
    save(lost(FUNCTION, lambda x: x * 2), source)
    status, _, err = repair(source, "--replace", "<lambda>=relu", "-o", target, capsys=capsys)
    assert status == 2
    assert "its lambdas are not the same function" in err
    assert not target.exists()

    sites = [site.path for site in check_file(str(source)).sites if site.label == "<lambda>"]
    assert all(path in err for path in sites)
    replacements = [argument for path in sites for argument in ("--replace", f"{path}=relu")]
    assert repair(source, *replacements, "-o", target, capsys=capsys)[0] == 0
    assert [site.label for site in check_file(str(target)).sites] == ["relu", "tanh", "relu"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--replace", "nothing=relu", "-o", "OUT"], 2, "It holds: <lambda>, tanh"),
        (["--replace", "$.config.layers[0].config.activation=relu", "-o", "OUT"], 2, "no activation of the model"),
        (["--replace", "<lambda>=reluu", "-o", "OUT"], 4, "no activation called reluu"),
        (["--replace", "<lambda>", "-o", "OUT"], 4, "OLD=NEW"),
        (["--replace", "<lambda>=relu"], 4, "-o OUT"),
        (["--replace", "<lambda>=relu", "-o", "EXISTS"], 2, "it exists"),
        (["--replace", "<lambda>=relu", "-o", "SOURCE"], 2, "it exists"),
        (["--replace", "<lambda>=relu", "-o", "no/folder/out.keras"], 2, "cannot be written"),
    ],
)
def test_what_cannot_be_done_writes_nothing(arguments, status, said, tmp_path, capsys, monkeypatch):
    """One line says why, and the next one what to do; the folder is as it was."""
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "lost.keras"
    lost().save(source)
    (tmp_path / "exists.keras").write_text("mine")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    named = {"OUT": "out.keras", "EXISTS": "exists.keras", "SOURCE": "lost.keras"}
    ended, out, err = repair(source, *(named.get(argument, argument) for argument in arguments), capsys=capsys)

    assert (ended, out) == (status, "")
    assert said in err
    assert len(err.splitlines()) <= 2
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_weights_alone_cannot_be_mended(tmp_path, capsys):
    """They hold no activation."""
    lost().save_weights(tmp_path / "model.weights.h5")
    arguments = (tmp_path / "model.weights.h5", "--replace", "<lambda>=relu", "-o", tmp_path / "out.h5")
    status, _, err = repair(*arguments, capsys=capsys)
    assert (status, "it is weights" in err) == (2, True)


def test_a_dry_run_shows_the_difference(tmp_path, capsys):
    """A dry run prints the difference and writes nothing."""
    source = tmp_path / "lost.keras"
    lost().save(source)
    status, out, err = repair(source, "--replace", "tanh=gelu", "--dry-run", capsys=capsys)

    assert (status, err.count("SA101: ")) == (1, 2)
    assert '-     "activation": "tanh",' in out
    assert '+     "activation": "gelu",' in out
    assert list(tmp_path.iterdir()) == [source]


def test_only_activations_are_replaced():
    """A layer, or another argument, of the same name stays."""
    layer = {"class_name": "Dense", "config": {"name": "tanh", "mode": "tanh", "activation": "tanh"}}
    config = {"class_name": "Sequential", "config": {"layers": [layer]}}
    replaced, changes = replace_activations(config, [parse_replacement("tanh=relu")])

    assert replaced["config"]["layers"][0]["config"] == {"name": "tanh", "mode": "tanh", "activation": "relu"}
    assert [change.site.label for change in changes] == ["tanh"]
    assert config["config"]["layers"][0]["config"]["activation"] == "tanh"


def test_large_integers_stay_what_they_are(tmp_path, capsys):
    """A config is written by a writer that makes no floats of them."""
    source, target = tmp_path / "large.keras", tmp_path / "repaired.keras"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="tanh", name="large")]).save(source)
    config = json.loads(zipfile.ZipFile(source).read("config.json"))
    config["config"]["seed"] = 2**63 + 1
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "new.keras", "w") as new:
        for name in old.namelist():
            new.writestr(name, json.dumps(config) if name == "config.json" else old.read(name))
    repair(tmp_path / "new.keras", "--replace", "tanh=relu", "-o", target, capsys=capsys)

    assert json.loads(zipfile.ZipFile(target).read("config.json"))["config"]["seed"] == 2**63 + 1


@pytest.mark.parametrize("text", ["", "=relu", "tanh=", "tanh"])
def test_what_is_no_replacement_is_refused(text):
    """It has two sides."""
    with pytest.raises(ExpressionError, match="OLD=NEW"):
        parse_replacement(text)


def test_a_replacement_that_matches_nothing_is_refused():
    """The error says what there is."""
    with pytest.raises(RepairError, match="It holds: none"):
        replace_activations({"class_name": "Sequential", "config": {"layers": []}}, [parse_replacement("tanh=relu")])


OURS = """
import sys
if sys.argv[2] == "with":
    import serialactivation
else:
    sys.modules["serialactivation"] = None
import keras, numpy as np
try:
    model = keras.models.load_model(sys.argv[1])
except (TypeError, ValueError):
    print("does not load")
else:
    data = np.load(sys.argv[3])
    print(np.abs(keras.ops.convert_to_numpy(model(data["x0"])) - data["y0"]).max() < 1e-6)
"""


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_what_keras_has_no_form_for_loads_with_this_package(suffix, tmp_path, capsys):
    """The copy loads only where this package is imported, and the command says so."""
    source, target = tmp_path / f"lost{suffix}", tmp_path / f"repaired{suffix}"
    save(lost(lambda x: x, lambda x: x), source)
    new = "keras.activations.relu(negative_slope=-0.5, max_value=3.0)"
    replace = [f"{site.path}={new}" for site in check_file(str(source)).sites if site.label == "<lambda>"]
    arguments = [argument for one in replace for argument in ("--replace", one)]
    arguments += ["--target-keras", keras.__version__ if OLD else "3.9", "-o", target]
    status, _, err = repair(source, *arguments, capsys=capsys)
    assert (status, "or add --with-serialactivation to a function" in err) == (4, True)
    status, out, _ = repair(source, *arguments, "--with-serialactivation", capsys=capsys)
    assert (status, "it loads only where serialactivation is imported" in out) == (0, True)

    meant = functools.partial(keras.activations.relu, negative_slope=-0.5, max_value=3.0)
    model = lost(meant, meant)
    np.savez(tmp_path / "data.npz", x0=X, y0=keras.ops.convert_to_numpy(model(X)))
    said = [run_python(OURS, str(target), how, str(tmp_path / "data.npz")).split()[-1] for how in ("with", "without")]
    assert said == ["True", "load"]


def test_a_file_that_is_damaged_where_it_is_not_read_is_refused(tmp_path, capsys):
    """A file whose attributes can be read, but not its groups, is refused with an error, and no copy is written."""
    source, copy = corpus.KEPT / "damaged_root.h5", tmp_path / "copy.h5"
    assert main(["repair", str(source), "--target-keras", "3.6", "--partial", "-o", str(copy)]) == 2
    assert "SA006" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_config_that_is_the_one_text_of_an_array_is_refused(tmp_path, capsys):
    """A config in an array of one text is refused, as Keras refuses it."""
    layer = {"class_name": "Dense", "config": {"name": "dense", "units": 3, "activation": "tanh"}}
    config = {"class_name": "Sequential", "config": {"name": "model", "layers": [layer]}}
    with h5py.File(tmp_path / "array.h5", "w") as file:
        file.attrs["model_config"] = [json.dumps(config)]
    assert main(["repair", str(tmp_path / "array.h5"), "--replace", "tanh=relu", "-o", str(tmp_path / "copy.h5")]) == 2
    assert "the attribute is not a text" in capsys.readouterr().err
    assert not (tmp_path / "copy.h5").exists()
