"""``load_model(trusted=...)`` and ``untrusted``: nothing is loaded that is not on the list or trusted by its name."""

import contextlib
import copy
import functools
import glob
import json
import os
import pathlib
import shutil
import sys
import tempfile
import zipfile

import h5py
import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ArchiveError, SettingsError, UntrustedError
from serialactivation.files.rewrite import rewrite_configs
from tests import corpus
from tests.archives import DATA
from tests.helpers.checking import check_file
from tests.helpers.configs import an_object
from tests.helpers.processes import run_bare, run_python
from tests.matrix.cells import randomize
from tests.verdicts.files import unpack

FORMATS = pytest.mark.parametrize("suffix", [".keras", ".h5"])


@keras.saving.register_keras_serializable("trusting")
class Doubling(keras.layers.Layer):
    """A layer of somebody else's."""

    def call(self, inputs):
        return 2.0 * inputs


@keras.saving.register_keras_serializable("trusting")
def halve(x):
    return x / 2


def a_model(*layers):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu"), *layers], name="model")
    model(np.zeros((1, 4), "float32"))
    randomize(model, np.random.default_rng(3))
    return model


def save(path, *layers):
    sa.save_model(a_model(*layers), path)
    return path


def put(path, change):
    """Save a plain model at *path*, and let *change* alter its config."""
    sa.save_model(a_model(), path)

    def alter(config):
        config = copy.deepcopy(config)
        if "class_name" in config:
            change(config)
        return config

    rewrite_configs(path, alter)
    return path


def put_layer(path, layer):
    """Save a plain model at *path* with another layer's config in it."""
    return put(path, lambda config: config["config"]["layers"].append(layer))


# What is on the list


def test_what_keras_and_this_package_write_is_on_the_list(tmp_path):
    """Every file of stock layers, in all formats; operations have no module in HDF5 files, which none loads."""
    unpack(tmp_path)
    found = {path.name: sa.untrusted(path) for path in tmp_path.iterdir() if path.suffix in (".keras", ".h5")}
    named = {name: names for name, names in found.items() if names}
    assert named.keys() == {"new-operation.h5", "operations.h5"}
    assert named["operations.h5"] == ("ExpandDims", "Sum", "Tanh")


@pytest.mark.parametrize("version", sorted(path.name for path in DATA.iterdir()))
def test_what_was_written_before_is_on_the_list(version, tmp_path):
    """Files of every Keras name only what is on the list, except for users' own classes."""
    with zipfile.ZipFile(DATA / version / "models.zip") as archive:
        archive.extractall(tmp_path)
    found = {path.stem: sa.untrusted(path) for path in tmp_path.iterdir()}
    assert found == {"recurrent": (), "feedforward": ("archived>Gate",)}


CHECK = """
import sys
import serialactivation as sa, numpy as np, keras
data = np.load(sys.argv[2])
model = sa.load_model(sys.argv[1], trusted=())
print(np.array_equal(keras.ops.convert_to_numpy(model(data["x"])), data["y"]), model.optimizer is not None)
"""


@FORMATS
def test_a_model_that_names_nothing_else_comes_back(suffix, tmp_path):
    """A new process loads the model with its weights and its compile arguments."""
    path = tmp_path / f"model{suffix}"
    model = a_model(sa.layers.Dense(2, activation=keras.layers.PReLU()), sa.layers.Dense(2, activation=keras.ops.tanh))
    model.compile("adam", "mean_squared_error", metrics=["mean_absolute_error"])
    sa.save_model(model, path)
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    np.savez(tmp_path / "data.npz", x=x, y=keras.ops.convert_to_numpy(model(x)))
    assert sa.untrusted(path) == ()
    assert run_python(CHECK, str(path), str(tmp_path / "data.npz")).split() == ["True", "True"]


def test_a_folder_comes_back(tmp_path):
    """Unpacked; a link in it is refused, since what it leads to may change."""
    save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        archive.extractall(tmp_path / "folder")
    assert sa.untrusted(tmp_path / "folder") == ()
    if keras.__version__.startswith(("3.6", "3.9")):
        return  # they load no folder
    assert isinstance(sa.load_model(tmp_path / "folder", trusted=()), keras.Model)
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "model.keras")
    with pytest.raises(ArchiveError, match=r"link of .*folder: it is a link"):
        sa.load_model(tmp_path / "folder", trusted=())


# What is not


@FORMATS
def test_somebody_elses_layer_is_trusted_by_its_name(suffix, tmp_path):
    """The error gives the line to write, which loads the file; a single name may be given without a tuple."""
    path = save(tmp_path / f"model{suffix}", Doubling())
    assert sa.untrusted(path) == ("trusting>Doubling",)
    with pytest.raises(UntrustedError) as error:
        sa.load_model(path, trusted=("trusting>Halving",))
    assert error.value.names == ("trusting>Doubling",)
    assert error.value.path == str(path)
    assert "trusted=['trusting>Doubling']" in str(error.value)
    assert "$.config.layers[2]" in str(error.value)
    for trusted in (["trusting>Doubling"], "trusting>Doubling"):
        assert isinstance(sa.load_model(path, trusted=trusted).layers[-1], Doubling)
    assert isinstance(sa.load_model(path, {"trusting>Doubling": Doubling}, trusted=()).layers[-1], Doubling)


@FORMATS
def test_a_registered_function_is_trusted_by_its_name(suffix, tmp_path):
    """A registered function is trusted by its name wherever the name stands as a string."""
    path = save(tmp_path / f"model{suffix}", sa.layers.Dense(2, activation=halve))
    assert sa.untrusted(path) == ("trusting>halve",)
    with pytest.raises(UntrustedError, match="trusting>halve"):
        sa.load_model(path, trusted=())
    assert sa.load_model(path, trusted=["trusting>halve"]).layers[-1].activation is halve


def test_without_trusted_keras_decides(tmp_path):
    """Without ``trusted``, a load does what Keras does."""
    assert isinstance(sa.load_model(save(tmp_path / "model.keras", Doubling())).layers[-1], Doubling)


def test_what_is_trusted_and_registered_nowhere_is_not_imported(tmp_path, monkeypatch):
    """Keras 3.6 would import the module that stands beside the name."""
    (tmp_path / "trap_module.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    layer = an_object("trap_module", "Trap", {"name": "trap"}, "trusting>Missing")
    path = put_layer(tmp_path / "model.keras", layer)
    with pytest.raises(UntrustedError, match=r"(?s)not registered: trusting>Missing at .*Import the modules"):
        sa.load_model(path, trusted=sa.untrusted(path))
    assert "trap_module" not in sys.modules


@FORMATS
@pytest.mark.parametrize("registered", [None, "Handed", "absent"])
def test_what_is_handed_over_is_not_imported(registered, suffix, tmp_path, monkeypatch):
    """A custom object is used under its name, whatever module the file names beside it."""
    (tmp_path / "trap_module.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    names = {} if registered == "absent" else {"registered_name": registered}
    one = {"module": "trap_module", "class_name": "Handed", "config": {"name": "one"}, **names}
    activation = an_object("keras.layers", "Activation", {"name": "two", "activation": copy.deepcopy(one)})
    path = put(tmp_path / f"model{suffix}", lambda config: config["config"]["layers"].extend([one, activation]))
    handed = {"Handed": Doubling, "trusting>Doubling": Doubling}
    if registered is None:  # Keras looks for no name then, and goes to the module
        with pytest.raises(UntrustedError, match=r"trap_module\.Handed"):
            sa.load_model(path, handed, trusted=())
    else:
        with contextlib.suppress(AttributeError, TypeError, ValueError):  # not every Keras has a layer as activation
            sa.load_model(path, handed, trusted=())
    assert "trap_module" not in sys.modules


def test_a_trusted_name_that_is_not_looked_up_is_not_trusted(tmp_path):
    """Keras looks for nothing where the registered name is null, and goes to the module."""
    layer = {**an_object("evil", "trusting>Doubling", {"name": "x"}), "registered_name": None}
    path = put_layer(tmp_path / "model.keras", layer)
    assert sa.untrusted(path) == ("evil.trusting>Doubling",)
    with pytest.raises(UntrustedError):
        sa.load_model(path, trusted=["trusting>Doubling"])


CODE = {"class_name": "__lambda__", "config": {"value": ["4wEAAAAAAAAA", None, None]}}
LAYER = {"name": "bad", "trainable": True, "dtype": "float32"}
FUNCTION = {"module": "builtins", "class_name": "function", "config": "halve", "registered_name": "halve"}
NEST = {"class_name": "__tuple__", "items": [[[{"deep": an_object("evil.layers", "Deep", {})}]]]}

# A layer's config, what it is called, and whether it may be trusted.
HOSTILE = {
    "plot": (an_object("keras.utils", "plot_model", {}), "keras.utils.plot_model", False),
    "data set": (an_object("keras.datasets.mnist", "load_data", {}), "keras.datasets.mnist.load_data", False),
    "system": (an_object("os", "system", {}), "os.system", False),
    "ours in os": (an_object("os", "system", {}, "serialactivation>Dense"), "serialactivation>Dense", False),
    "ours elsewhere": (an_object("evil", "Dense", {}, "serialactivation>Dense"), "serialactivation>Dense", True),
    "Keras's in another module": (an_object("evil", "Dense", LAYER, "Dense"), "evil.Dense", True),
    "another name for Keras's": (an_object("keras.layers", "ReLU", LAYER, "Evil"), "Evil", True),
    "nothing of ours": (an_object("evil", "Nothing", {}, "serialactivation>Nothing"), "serialactivation>Nothing", True),
    "in a class's name": (
        {"class_name": an_object("evil", "Name", {}), "config": {}},
        "evil.Name",
        True,
    ),
    "mark with a module": (an_object("evil", "__tuple__", {}), "evil.__tuple__", True),
    "class that is registered": (an_object("keras.layers", "a>B", LAYER, "Dense"), "Dense", True),
    "getter": (
        an_object("keras.layers", "Activation", {"activation": {**FUNCTION, "config": "deserialize"}}),
        "deserialize",
        True,
    ),
    "TFSMLayer": (an_object("keras.layers", "TFSMLayer", {"filepath": "/x"}), "keras.layers.TFSMLayer", True),
    "torch": (an_object("keras.layers", "TorchModuleWrapper", {}), "keras.layers.TorchModuleWrapper", True),
    "vocabulary": (
        an_object("keras.layers", "StringLookup", {"vocabulary": "/etc/passwd"}),
        "keras.layers.StringLookup",
        True,
    ),
    "Lambda": (an_object("keras.layers", "Lambda", {"function": FUNCTION}), "keras.layers.Lambda", True),
    "code": (an_object("keras.layers", "Lambda", {"function": CODE}), "<lambda>", False),
    "code as activation": (an_object("keras.layers", "Activation", {"activation": CODE}), "<lambda>", False),
    "lost code": (an_object("keras.layers", "Activation", {"activation": "<lambda>"}), "<lambda>", False),
    "function by its end": (an_object("keras.layers", "Activation", {"activation": FUNCTION}), "halve", True),
    "function": (
        an_object("keras.layers", "Activation", {"activation": {**FUNCTION, "module": "evil"}}),
        "evil.halve",
        True,
    ),
    "name": (an_object("keras.layers", "Activation", {"activation": "mine"}), "mine", True),
    "initializer's name": (an_object("keras.layers", "Dense", {"kernel_initializer": "mine"}), "mine", True),
    "deep": (an_object("keras.layers", "Rescaling", {"scale": NEST}), "evil.layers.Deep", True),
    "in theirs": (
        an_object("their.layers", "Gate", {"inner": an_object("evil", "Inner", {})}, "theirs>Gate"),
        "evil.Inner",
        True,
    ),
    "in the build config": (
        {**an_object("keras.layers", "ReLU", {}), "build_config": {"input_shape": an_object("evil", "Shape", {})}},
        "evil.Shape",
        True,
    ),
    "type": (
        {"class_name": "__typespec__", "spec_name": "Spec", "module": "evil", "config": [], "registered_name": None},
        "evil.Spec",
        True,
    ),
}


@FORMATS
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_on_the_list_is_named(name, suffix, tmp_path):
    """Each name is found wherever it stands; what nobody can trust is said to be so, whatever is trusted."""
    layer, called, allowable = HOSTILE[name]
    path = put_layer(tmp_path / f"model{suffix}", layer)
    assert called in sa.untrusted(path)
    with pytest.raises(UntrustedError) as error:
        sa.load_model(path, trusted=())
    assert called in error.value.names
    assert (called in error.value.refused) != allowable
    if not allowable:
        with pytest.raises(UntrustedError, match="cannot be trusted"):
            sa.load_model(path, trusted=sa.untrusted(path))


def test_what_a_model_is_compiled_with_is_looked_at(tmp_path):
    """Compile arguments are checked, also in a load with compile=False."""
    loss = an_object("evil.losses", "Loss", {})
    path = put(tmp_path / "a.keras", lambda config: config.update(compile_config={"optimizer": "adam", "loss": [loss]}))
    assert sa.untrusted(path) == ("evil.losses.Loss",)
    sa.save_model(a_model(), tmp_path / "b.h5")
    with h5py.File(tmp_path / "b.h5", "r+") as file:
        file.attrs["training_config"] = json.dumps({"loss": {"out": loss}, "metrics": ["mine", "accuracy"]})
    assert sa.untrusted(tmp_path / "b.h5") == ("evil.losses.Loss", "mine")


def test_weights_that_may_be_pickled_are_refused(tmp_path):
    """Keras 3.6 unpickles them."""
    path = save(tmp_path / "model.keras")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("model.weights.npz", b"")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "folder")
    for one in (path, tmp_path / "folder"):
        assert sa.untrusted(one) == ("<pickle>",)
        with pytest.raises(UntrustedError, match="<pickle> cannot be trusted"):
            sa.load_model(one, trusted=["<pickle>"])


def test_values_and_equations_name_nothing(tmp_path):
    """A tensor, a shape, bytes; the equation of an EinsumDense has an arrow in it."""
    values = [
        {"class_name": "__numpy__", "config": {"value": [1.0], "dtype": "float32"}},
        {"class_name": "__ellipsis__"},
    ]
    layer = an_object("keras.layers", "EinsumDense", {"equation": "ab->cb", "output_shape": values, "name": "a>b"})
    assert sa.untrusted(put_layer(tmp_path / "model.keras", layer)) == ()


def numpy(value, dtype):
    return {"class_name": "__numpy__", "config": {"value": value, "dtype": dtype}}


LARGE_ARRAYS = [
    numpy("a", "S2147483647"),
    numpy("a", "<U500000000"),
    numpy(0, "V2147483647"),
    numpy(["a"] * 10_000, "S10000"),
    numpy([[["a"] * 10] * 100] * 10, "S10000"),
    numpy(0, "(30000,30000)f4"),
    numpy(0, "f4,900000000f4"),
    numpy(0, {"names": ["a"], "formats": ["f4"], "itemsize": 2_000_000_000}),
    numpy(0, {"names": ["a"], "formats": ["f4"], "offsets": [2_000_000_000]}),
    {**numpy("a", "S2147483647"), "class_name": "__tensor__"},
]
WRONG_VALUES = [
    numpy("a", "S5"),
    numpy([1.0], None),
    numpy(["a"] * 100, ["f4"]),
    {"class_name": "__numpy__", "config": {"value": [1.0]}},
    {"class_name": "__tensor__"},
    {"class_name": "__keras_tensor__", "config": {}},
    {"class_name": "__bytes__", "config": {"value": 5}},
    {"class_name": "__slice__", "config": {}},
]


@FORMATS
def test_no_array_is_larger_than_its_text(suffix, tmp_path):
    """NumPy makes gigabytes of one character and a dtype: it is refused by all who read the file, before that."""
    for number, value in enumerate([*LARGE_ARRAYS, *WRONG_VALUES]):
        layer = an_object("keras.layers", "Rescaling", {"scale": value, "offset": 0.0})
        path = put_layer(tmp_path / f"{number}{suffix}", layer)
        if value in LARGE_ARRAYS:
            for read in (sa.untrusted, check_file, functools.partial(sa.load_model, trusted=())):
                with pytest.raises(ArchiveError, match=r"(?s)SA005.* bytes of memory.*inflated_bytes"):
                    read(str(path))
            continue
        name = f"<{value['class_name']}>"
        assert sa.untrusted(path) == (name,)
        with pytest.raises(UntrustedError, match=f"{name} cannot be trusted"):
            sa.load_model(path, trusted=[name])


def test_values_that_keras_writes_are_read(tmp_path):
    """Arrays of every dtype, slices and bytes are no untrusted names."""
    written = [keras.saving.serialize_keras_object(np.ones(2, dtype)) for dtype in ("float16", "int64", "bool")]
    written += [keras.saving.serialize_keras_object(value) for value in (b"a", slice(0, None, 2), keras.ops.ones(2))]
    layer = an_object("keras.layers", "Rescaling", {"scale": 2.0, "offset": written})
    assert sa.untrusted(put_layer(tmp_path / "model.keras", layer)) == ()


def test_the_message_shows_some_names(tmp_path):
    """The message is short however many and long the names are; the error has all of them."""
    names = [*(f"pkg{number}>Layer" for number in range(30)), "long>" + "x" * 100_000]
    path = put(
        tmp_path / "model.keras",
        lambda config: config["config"]["layers"].extend(
            an_object("pkg.layers", name.partition(">")[2], {}, registered_name=name) for name in names
        ),
    )
    with pytest.raises(UntrustedError, match=r", and 11 more\.") as error:
        sa.load_model(path, trusted=())
    assert len(error.value.names) == 31
    assert len(str(error.value)) < 5_000
    assert "serialactivation.untrusted(...) returns all of them" in str(error.value)


# What is loaded is what was checked


def test_what_is_loaded_is_what_was_checked(tmp_path, monkeypatch):
    """The file is changed after the check, when Keras is asked to load."""
    good, bad = save(tmp_path / "good.keras"), save(tmp_path / "bad.keras", Doubling())
    load = keras.saving.load_model
    seen = []

    def swap(path, **options):
        shutil.copy(bad, good)
        seen.append(pathlib.Path(path))
        return load(path, **options)

    monkeypatch.setattr(keras.saving, "load_model", swap)
    model = sa.load_model(good, trusted=())
    assert not any(isinstance(layer, Doubling) for layer in model.layers)
    assert sa.untrusted(good) == ("trusting>Doubling",)
    assert seen[0] != good
    assert not seen[0].exists()


@keras.saving.register_keras_serializable("trusting")
class Spying(keras.layers.Layer):
    """A layer that looks, while it is loaded, at the copy that it is loaded from, and fails."""

    def call(self, inputs):
        return inputs

    @classmethod
    def from_config(cls, config):
        (folder,) = glob.glob(os.path.join(tempfile.gettempdir(), "serialactivation-*"))
        raise RuntimeError(f"{os.stat(folder).st_mode & 0o777:o} {os.listdir(folder)}")


def test_the_copy_is_private(tmp_path, monkeypatch):
    """Nobody else may look into its folder, and it goes where the load fails, too."""
    path = save(tmp_path / "model.keras", Spying())
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with pytest.raises(RuntimeError, match=r"700 \['model.keras'\]"):
        sa.load_model(path, trusted=["trusting>Spying"])
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("name", sorted(corpus.HOSTILE)[::4])
def test_hostile_files_are_refused(name, tmp_path):
    """The error is that of the reader and names the file that was given, and Keras opens nothing."""
    path = corpus.write(name, tmp_path)
    with pytest.raises(ArchiveError) as error:
        sa.load_model(path, trusted=())
    assert error.value.path == str(path)


def test_code_is_never_run(tmp_path):
    """No code of a file runs, whatever is trusted."""
    with pytest.raises(ValueError, match="never runs code"):
        sa.load_model(save(tmp_path / "model.keras"), safe_mode=False, trusted=())


def test_limits_are_raised_for_a_file_that_is_trusted(tmp_path):
    """The error says which limit to raise, and a load with that limit works."""
    path = save(tmp_path / "a.keras")
    size = len(zipfile.ZipFile(path).read("config.json"))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "long.keras", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).ljust(40 * 2**20 if name == "config.json" else 0))
    long = tmp_path / "long.keras"
    with pytest.raises(ArchiveError, match=r"(?s)SA005.*limits=\{'config_bytes': NUMBER\}"):
        sa.load_model(long, trusted=())
    with pytest.raises(ArchiveError, match="SA005"):
        sa.untrusted(long)
    limits = {"config_bytes": 64 * 2**20}
    assert sa.untrusted(long, limits) == ()
    loaded = sa.load_model(long, trusted=(), limits=limits)
    assert loaded.to_json() == sa.load_model(path, trusted=()).to_json()
    with pytest.raises(ArchiveError, match="SA005"):
        sa.load_model(path, trusted=(), limits={"config_bytes": size - 1})


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"depht": 5}, "is not a limit"),
        ({"depth": 0}, "must be a whole number from 1 on, and not 0"),
        ({"depth": 1.5}, "1.5"),
        ({"depth": True}, "True"),
    ],
    ids=str,
)
def test_wrong_limits_are_refused(limits, reason, tmp_path):
    """Both functions refuse wrong limits before they open the file."""
    for call in (lambda path: sa.untrusted(path, limits), lambda path: sa.load_model(path, trusted=(), limits=limits)):
        with pytest.raises(SettingsError, match=reason):
            call(tmp_path / "none.keras")


def test_limits_alone_are_refused(tmp_path):
    """Limits without ``trusted`` are refused, because Keras has none."""
    with pytest.raises(ValueError, match="without these, Keras reads the file"):
        sa.load_model(save(tmp_path / "a.keras"), limits={"depth": 5})


def test_looking_needs_no_keras(tmp_path):
    """``untrusted`` imports neither Keras nor anything that the file names."""
    path = put_layer(tmp_path / "model.keras", an_object("this", "Zen", {}))
    code = "import sys; sys.modules['keras'] = None; import serialactivation as sa; print(sa.untrusted(sys.argv[1]))"
    assert run_bare(code, str(path)) == "('this.Zen',)\n"
