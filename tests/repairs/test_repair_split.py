"""``serialactivation repair`` for a Keras whose layers read no layer as their activation: it becomes a layer."""

import hashlib
import json
import pathlib
import warnings
import zipfile

import h5py
import keras
import numpy as np
import pytest

from serialactivation.cli import main
from serialactivation.files.saved_model import read_archive
from serialactivation.repairs.split.optimizer_order import Chunk, find_reordering
from serialactivation.rules.rule import Verdict
from serialactivation.tree.layer_order import find_order
from tests.helpers.checking import check_file, repair
from tests.helpers.processes import run_python
from tests.matrix.values import OLD
from tests.splits import FILE, MODELS, write

pytestmark = pytest.mark.together

TARGET = keras.__version__ if OLD else "3.9"
SUFFIXES = (".keras", ".h5")
NAMES = [f"{name}{suffix}" for name in MODELS for suffix in SUFFIXES]

# What a process that cannot import this package makes of each file in a folder.
READ = """
import hashlib, json, pathlib, sys, warnings
sys.modules["serialactivation"] = None
warnings.simplefilter("ignore")
import keras, numpy as np

def digest(variables):
    return sorted({hashlib.sha256(keras.ops.convert_to_numpy(v).tobytes()).hexdigest() for v in variables})

def read(path):
    data = np.load(path.with_suffix(".npz"))
    x, y = ([data[n] for n in sorted(data.files) if n[0] == letter] for letter in "xy")
    given, goals = (x if len(x) > 1 else x[0]), (y if len(y) > 1 else y[0])
    model = keras.models.load_model(path)
    out = [keras.ops.convert_to_numpy(v) for v in keras.tree.flatten(model(given, training=False))]
    facts = {
        "equal": all(np.allclose(a, b, rtol=1e-6, atol=1e-6) for a, b in zip(out, y, strict=True)),
        "layers": [layer.name for layer in model.layers],
        "weights": digest(model.weights),
        "trained": digest(model.trainable_variables),
        "state": digest(model.optimizer.variables),
    }
    if path.suffix == ".h5":
        return facts  # Keras 3 loads no optimizer's state from these, and cannot train what it has loaded with one
    goals = [np.ones_like(one) for one in y]
    losses = [model.train_on_batch(given, goals if len(goals) > 1 else goals[0]) for _ in range(3)]
    return {**facts, "losses": [float(np.ravel(one)[0]) for one in losses]}

print(json.dumps({p.name: read(p) for p in sorted(pathlib.Path(sys.argv[1]).iterdir()) if p.suffix != ".npz"}))
"""


def digest(variables):
    """Return what tells each of *variables* from the others, to the bit."""
    return sorted({hashlib.sha256(keras.ops.convert_to_numpy(one).tobytes()).hexdigest() for one in variables})


def repair_file(*arguments):
    """Return the status of ``repair``, where what it prints does not matter."""
    return main(["repair", *map(str, arguments)])


def read_all(folder):
    return json.loads(run_python(READ, str(folder)).splitlines()[-1])


def mend_all(source, target, version):
    """Repair each file in *source*, and put next to it what it must compute."""
    for path in sorted(source.iterdir()):
        if path.suffix == ".npz":
            (target / path.name).write_bytes(path.read_bytes())
        else:
            assert repair_file(path, "--target-keras", version, "-o", target / path.name) == 0


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with the models' files, and the models."""
    folder = tmp_path_factory.mktemp("written")
    return folder, {name: write(name, folder) for name in MODELS}


@pytest.fixture(scope="module")
def repaired(written, tmp_path_factory):
    folder = tmp_path_factory.mktemp("repaired")
    mend_all(written[0], folder, TARGET)
    return folder


@pytest.fixture(scope="module")
def outcomes(repaired):
    return read_all(repaired)


@pytest.mark.parametrize("name", NAMES)
def test_a_mended_file_loads_in_stock_keras(name, written, outcomes):
    """It computes what the model did, with the same weights to the bit, the same of them trained."""
    model, outcome = written[1][pathlib.Path(name).stem], outcomes[name]
    assert outcome["equal"]
    assert outcome["weights"] == digest(model.weights)
    assert outcome["trained"] == digest(model.trainable_variables)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".keras")])
def test_the_training_goes_on(name, written, outcomes, tmp_path):
    """The next losses are the original's, with the optimizer's state, whatever the new order of the variables."""
    model, outcome = written[1][pathlib.Path(name).stem], outcomes[name]
    assert outcome["state"] == digest(model.optimizer.variables)
    data = np.load(written[0] / f"{pathlib.Path(name).stem}.npz")
    x, y = ([data[key] for key in sorted(data.files) if key[0] == letter] for letter in "xy")
    weights = [keras.ops.convert_to_numpy(one) for one in (*model.variables, *model.optimizer.variables)]
    goals = [np.ones_like(one) for one in y]
    model.reset_metrics()
    losses = [model.train_on_batch(*(one if len(one) > 1 else one[0] for one in (x, goals))) for _ in range(3)]
    for variable, value in zip((*model.variables, *model.optimizer.variables), weights, strict=True):
        variable.assign(value)
    assert outcome["losses"] == pytest.approx([float(np.ravel(one)[0]) for one in losses], rel=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_check_says_that_it_loads(name, repaired):
    """Its activations, on the Keras that was aimed at."""
    assert check_file(str(repaired / name), TARGET).verdicts.activations is Verdict.LOADS


def test_the_new_layers_stand_in_keras_order(repaired, outcomes):
    """The config lists them as the loaded model does: their weights are named by that."""
    for name in (f"{name}.keras" for name in MODELS):
        config = json.loads(zipfile.ZipFile(repaired / name).read("config.json"))["config"]
        names = [one["config"]["name"] for one in config["layers"] if one["class_name"] != "InputLayer"]
        assert [one for one in outcomes[name]["layers"] if one in names] == names


def test_repairing_twice_is_repairing_once(repaired, tmp_path):
    """The copy of the copy is exact."""
    for name in NAMES:
        assert repair_file(repaired / name, "--target-keras", TARGET, "-o", tmp_path / name) == 0
        assert (tmp_path / name).read_bytes() == (repaired / name).read_bytes()


def test_the_rest_of_the_archive_stays(written, repaired):
    """Byte for byte, and the input too: it can be repaired again."""
    with zipfile.ZipFile(written[0] / "stack.keras") as old, zipfile.ZipFile(repaired / "stack.keras") as new:
        assert old.namelist() == new.namelist()
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert sorted(changed) == ["config.json", "model.weights.h5"]


def test_weights_that_nothing_becomes_of_stay(tmp_path):
    """An activation without any leaves the file with the weights as it is."""
    source, target = tmp_path / "source.keras", tmp_path / "target.keras"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation=keras.layers.ReLU(6.0))]).save(source)
    assert repair_file(source, "--target-keras", TARGET, "-o", target) == 0
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
        assert old.read("model.weights.h5") == new.read("model.weights.h5")


def test_what_is_done_is_told(written, tmp_path, capsys):
    """Each layer, each group of weights and the optimizer's state has a line, also in a dry run."""
    source = written[0] / "stack.keras"
    status, dry, _ = repair(source, "--target-keras", TARGET, "--dry-run", capsys=capsys)
    assert status == 0
    _, out, _ = repair(source, "--target-keras", TARGET, "-o", tmp_path / "out.keras", capsys=capsys)
    moved = "weights  layers/dense/activation -> layers/p_re_lu"
    stays = "weights  the optimizer's state is unchanged"
    assert {moved, stays} <= set(out.splitlines()) & set(dry.splitlines())
    assert "split  $.config.layers[1].config.activation: PReLU is a layer of its own" in out
    assert '+     "activation": "linear"' in dry


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("branches.keras", "into the new order"),
        ("branches.h5", "is left out"),  # it does not say which is whose
        ("shared.h5", "is left out"),  # the activation is two, and the optimizer has variables for one
        ("stack.h5", "is unchanged"),
    ],
)
def test_what_becomes_of_an_optimizers_state_is_reported(name, said, written, tmp_path, capsys):
    """It stays, is put into the new order, or is left out."""
    _, out, _ = repair(written[0] / name, "--target-keras", TARGET, "-o", tmp_path / name, capsys=capsys)
    assert f"the optimizer's state {said}" in out.replace("is put into", "into")
    if name.endswith(".h5"):
        with h5py.File(tmp_path / name) as file:
            assert ("optimizer_weights" in file) == (said == "is unchanged")


def test_an_unknown_optimizers_state_is_left_out(written, tmp_path, capsys):
    """The file loads, and starts with a new one."""
    source, target = tmp_path / "nadam.keras", tmp_path / "repaired.keras"
    with zipfile.ZipFile(written[0] / "branches.keras") as old, zipfile.ZipFile(source, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"Adam"', b'"Nadam"').replace(b', "amsgrad": true', b""))
    status, out, _ = repair(source, "--target-keras", TARGET, "-o", target, capsys=capsys)
    assert (status, "the optimizer's state is left out" in out) == (0, True)
    with zipfile.ZipFile(target) as archive, archive.open("model.weights.h5") as weights, h5py.File(weights) as file:
        assert "optimizer" not in file


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_name_that_is_taken_gets_a_number(suffix, tmp_path):
    """The new layer's name has a number if it is taken: Keras refuses two layers of one name."""
    source, target = tmp_path / f"source{suffix}", tmp_path / f"target{suffix}"
    model = _called(_after(_wide(layers.PReLU(name="bend"), name="first"), layers.PReLU(name="bend"), name="taken"))
    model.layers[0].activation.alpha.assign(np.full((5, 4), 0.3))
    model.save(source)
    assert repair_file(source, "--target-keras", TARGET, "-o", target) == 0
    loaded = keras.models.load_model(target)
    assert [layer.name for layer in loaded.layers] == ["first", "bend_1", "bend"]
    assert digest(loaded.weights) == digest(model.weights)


def test_names_that_fill_more_than_an_attribute_are_kept(tmp_path):
    """Keras cuts them into several in an HDF5 file."""
    source, target = tmp_path / "source.h5", tmp_path / "target.h5"
    stack = [layers.Dense(2, name=f"{number:02}{'x' * 2400}") for number in range(30)]
    model = _called(_after(*stack, _wide(layers.PReLU(), name="last")))
    model.save(source)
    assert repair_file(source, "--target-keras", TARGET, "-o", target) == 0
    loaded = keras.models.load_model(target, compile=False)
    assert len(loaded.layers) == 32
    assert digest(loaded.weights) == digest(model.weights)


def _reordered(middle, *, is_frozen=False):
    """Return a trained model whose layers are in another order once one of them is two."""
    inputs = keras.Input((4,))
    left = layers.Dense(3, activation=layers.PReLU(), name="left")
    plain = layers.Dense(3, name="plain", trainable=not is_frozen)
    total = layers.Add()([plain(inputs), left(inputs)])
    model = keras.Model(inputs, layers.Dense(2)(middle(total)))
    model(np.zeros((2, 4), "float32"))
    model.compile("adam", keras.losses.MeanSquaredError())
    model.train_on_batch(np.ones((2, 4), "float32"), np.ones((2, 2), "float32"))
    return model


REORDERED = {
    "known": (lambda: _reordered(layers.BatchNormalization()), "is put into the new order"),
    "frozen": (lambda: _reordered(layers.ReLU(), is_frozen=True), "is put into the new order"),
    "unknown": (lambda: _reordered(layers.GroupNormalization(1)), "is left out"),
    "deep": (lambda: _reordered(keras.Sequential([layers.Dense(3)])), "is left out"),
}


@pytest.mark.parametrize(("make", "said"), REORDERED.values(), ids=REORDERED)
def test_an_optimizers_state_in_another_order_has_to_be_certain(make, said, tmp_path, capsys):
    """How many variables each layer has that are trained: else the file loads with a new state."""
    source, target = tmp_path / "source.keras", tmp_path / "target.keras"
    model = make()
    model.save(source)
    status, out, _ = repair(source, "--target-keras", TARGET, "-o", target, capsys=capsys)
    assert (status, f"the optimizer's state {said}" in out) == (0, True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the state is missing, or that it is compiled, and not built
        loaded = keras.models.load_model(target)
    assert digest(loaded.weights) == digest(model.weights)
    assert (digest(loaded.optimizer.variables) == digest(model.optimizer.variables)) == ("put into" in said)


# The files of the newest Keras


def test_files_of_the_newest_keras_load_in_the_installed_one(tmp_path):
    """Repaired for it, without this package."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    with zipfile.ZipFile(FILE) as archive:
        archive.extractall(source)
    mend_all(source, target, TARGET)
    outcomes = read_all(target)
    assert sorted(outcomes) == sorted(NAMES)
    assert [name for name, outcome in outcomes.items() if not outcome["equal"]] == []


# What is left as it is


def _after(*stack, shape=(5, 4), **options):
    return keras.Sequential([keras.Input(shape, **options), *stack])


def _called(model):
    model(np.zeros((2, *model.input_shape[1:]), model.inputs[0].dtype))
    return model


def _unbuilt():
    """A Functional model does not call its layers with values, so that nothing builds the activation."""
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.Dense(2, activation=keras.layers.PReLU())(inputs))


def _compiled():
    inputs = keras.Input((4,))
    outputs = [keras.layers.Dense(2, activation=keras.layers.ReLU(6.0), name=name)(inputs) for name in ("one", "two")]
    model = keras.Model(inputs, outputs)
    model.compile("sgd", {"one": "mse", "two": "mae"})
    return model


def _in_a_row():
    shared = keras.layers.PReLU()
    return _called(_after(*(keras.layers.Dense(4, activation=shared) for _ in range(2))))


def _wide(activation, **options):
    return keras.layers.Dense(4, activation=activation, **options)


layers = keras.layers


@keras.saving.register_keras_serializable(package="test_repair_split")
class Stack(keras.Sequential):
    """A class of somebody's own."""


KEPT = {
    "recurrent": (
        lambda: _after(layers.SimpleRNN(2, activation=layers.ReLU(6.0))),
        "SimpleRNN computes more after its activation",
    ),
    "inside": (lambda: _after(layers.TimeDistributed(_wide(layers.ReLU(6.0)))), "its layer is inside another"),
    "model": (lambda: _after(_after(_wide(layers.ReLU(6.0)))), "its layer is inside another"),
    "regularized": (lambda: _after(_wide(layers.ReLU(6.0), activity_regularizer="l2")), "the activity regularizer"),
    "masked": (
        lambda: _after(layers.Masking(), _wide(layers.Softmax())),
        "outside its layer, it would receive a mask",
    ),
    "embedded": (
        lambda: _after(layers.Embedding(5, 4, mask_zero=True), _wide(layers.BatchNormalization()), shape=(5,)),
        "outside its layer, it would receive a mask",
    ),
    "other": (lambda: _called(_after(_wide(layers.Dense(3)))), "Dense is not known to compute the same"),
    "nested": (lambda: _after(_wide(layers.Activation(layers.ReLU(6.0)))), "it holds another object"),
    "shared": (_in_a_row, "it is shared with another layer"),
    "class": (
        lambda: Stack([keras.Input((4,)), _wide(layers.ReLU(6.0))]),
        "the model is neither Sequential nor Functional",
    ),
    "unbuilt": (_unbuilt, "its weights are not in the file"),
    "compiled": (_compiled, "the model was compiled with settings for the output 'one'"),
}


def find_status(err):
    """Return the status that goes with what is said: a newer Keras than the target writes keywords to remove, too."""
    return 2 if "none of this can be repaired" in err else 1


@pytest.mark.parametrize("name", KEPT)
def test_what_would_not_be_exact_is_left_and_told(name, tmp_path, capsys):
    """An activation whose split would not be exact is left with the reason, and nothing is written."""
    make, reason = KEPT[name]
    source, target = tmp_path / "source.keras", tmp_path / "target.keras"
    model = make()
    model.save(source)
    status, _, err = repair(source, "--target-keras", TARGET, "-o", target, capsys=capsys)
    assert status == find_status(err)
    assert f"not made a layer of its own: {reason}" in err
    assert not target.exists()


def test_weights_that_cannot_be_told_apart_are_left(tmp_path, capsys):
    """In an HDF5 file they have the path that they had in the model."""
    source = tmp_path / "source.h5"
    _called(_after(_wide(layers.PReLU(name="same"), name="same"))).save(source)
    _, _, err = repair(source, "--target-keras", TARGET, "--dry-run", capsys=capsys)
    assert "its layer has the same name, so their weights cannot be told apart" in err


def test_what_is_left_is_told_where_it_stands_in_the_input(tmp_path, capsys):
    """Though the layers before it are more in the copy."""
    source, target = tmp_path / "source.keras", tmp_path / "target.keras"
    _after(_wide(layers.ReLU(6.0)), layers.SimpleRNN(2, activation=layers.ReLU(6.0), name="last")).save(source)
    status, _, err = repair(source, "--target-keras", TARGET, "-o", target, "--partial", capsys=capsys)
    (last,) = [site for site in check_file(str(source)).sites if site.layer.endswith("/last")]
    assert (status, f"at {last.path}: " in err) == (1, True)
    assert sum(site.stored == "linear" for site in check_file(str(target)).sites) == 1


@pytest.mark.parametrize("member", ["model.weights.npz", "model_00000.weights.h5"])
def test_weights_in_another_kind_of_file_are_left(member, tmp_path, capsys):
    """Activations are not split if the weights are in no HDF5 file, or in several."""
    source = tmp_path / "source.keras"
    _after(_wide(layers.ReLU(6.0))).save(tmp_path / "whole.keras")
    with zipfile.ZipFile(tmp_path / "whole.keras") as old, zipfile.ZipFile(source, "w") as new:
        for name in old.namelist():
            new.writestr(member if name == "model.weights.h5" else name, old.read(name))
    status, _, err = repair(source, "--target-keras", TARGET, "--dry-run", capsys=capsys)
    assert (status, "the weights are not in one HDF5 file" in err) == (find_status(err), True)


def test_a_graph_in_an_order_that_is_not_keras_is_left(tmp_path, capsys):
    """Nobody knows then which group is whose."""
    source = tmp_path / "source.keras"
    inputs = keras.Input((4,))
    keras.Model(inputs, layers.Dense(2)(_wide(layers.ReLU(6.0))(inputs))).save(tmp_path / "whole.keras")
    with zipfile.ZipFile(tmp_path / "whole.keras") as old, zipfile.ZipFile(source, "w") as new:
        config = json.loads(old.read("config.json"))
        config["config"]["layers"].reverse()
        for name in old.namelist():
            new.writestr(name, json.dumps(config) if name == "config.json" else old.read(name))
    _, _, err = repair(source, "--target-keras", TARGET, "--dry-run", capsys=capsys)
    assert "the order of the layers in the graph is not known" in err


def test_what_an_older_keras_trains_otherwise_is_left(tmp_path, capsys):
    """A normalization inside a layer, in the file of a Keras that keeps it as it is in training."""
    whole, source = tmp_path / "whole.keras", tmp_path / "source.keras"
    _called(_after(_wide(layers.BatchNormalization()))).save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(source, "w") as new:
        for name in old.namelist():
            metadata = json.dumps({"keras_version": "3.9.2"})
            new.writestr(name, metadata if name == "metadata.json" else old.read(name))
    _, _, err = repair(source, "--target-keras", TARGET, "--dry-run", capsys=capsys)
    assert "trained it differently inside its layer than outside" in err


def test_a_newer_keras_needs_nothing(written, tmp_path):
    """It reads such activations: nothing is made a layer."""
    assert repair_file(written[0] / "stack.keras", "--target-keras", "3.15", "-o", tmp_path / "out.keras") == 0
    before, after = (read_archive(path).config for path in (written[0] / "stack.keras", tmp_path / "out.keras"))
    assert after["config"] == before["config"]


# The orders that Keras has


def _grow(seed):
    """Return a model with a random graph, of layers that are called once or more."""
    generator = np.random.default_rng(seed)
    made = [keras.Input((3,)) for _ in range(generator.integers(1, 4))]
    inputs, reusable = list(made), [layers.ReLU() for _ in range(2)]
    for _ in range(int(generator.integers(3, 12))):
        chosen = [made[place] for place in generator.integers(0, len(made), 2)]
        kind = generator.integers(0, 4)
        if kind == 0:
            made.append(layers.Add()(chosen) if chosen[0] is not chosen[1] else layers.ELU()(chosen[0]))
        elif kind == 1:
            made.append(reusable[generator.integers(0, 2)](chosen[0]))
        elif kind == 2:
            made.append(keras.ops.add(chosen[0], chosen[1]))
        else:
            made.append(layers.Dense(3)(chosen[0]))
    outputs = [made[-1], made[len(made) // 2 + len(inputs) // 2], layers.Concatenate()([made[-1], *inputs])]
    return keras.Model(inputs, dict(zip("bca", outputs, strict=True)) if seed % 2 else outputs)


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_layers_is_keras(seed):
    """The order of the layers of any graph is the one that Keras gives them."""
    config = _grow(seed).get_config()
    config = json.loads(json.dumps(config))
    names = [one["name"] for one in config["layers"]]
    shuffled = sorted(config["layers"], key=lambda one: one["name"])
    assert list(find_order({**config, "layers": shuffled})) == names


def test_an_input_that_leads_nowhere_comes_first_of_the_last():
    """As Keras has it, where it takes such a model: 3.10 and 3.12 do not."""
    tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None], "keras_history": ["a", 0, 0]}}
    called = {"name": "b", "inbound_nodes": [{"args": [tensor], "kwargs": {}}]}
    inputs = [{"name": name, "inbound_nodes": []} for name in "ac"]
    ends = {"input_layers": [["a", 0, 0], ["c", 0, 0]], "output_layers": [["b", 0, 0]]}
    assert find_order({"layers": [called, *inputs], **ends}) == ("a", "c", "b")


@pytest.mark.parametrize(
    "config",
    [{}, {"layers": [{"name": "a", "inbound_nodes": []}], "output_layers": [["b", 0, 0]]}],
    ids=["no layers", "no such layer"],
)
def test_a_graph_that_is_none_has_no_order(config):
    """A config without a graph, or one that names layers that it does not have, has no order."""
    assert find_order(config) is None


@pytest.mark.parametrize(
    "optimizer",
    [
        keras.optimizers.Adadelta(),
        keras.optimizers.Adagrad(),
        keras.optimizers.Adam(),
        keras.optimizers.Adam(amsgrad=True),
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 10)),
        keras.optimizers.AdamW(),
        keras.optimizers.Adamax(),
        keras.optimizers.Ftrl(),
        keras.optimizers.Lamb(),
        keras.optimizers.Lion(),
        keras.optimizers.RMSprop(),
        keras.optimizers.RMSprop(momentum=0.5, centered=True),
        keras.optimizers.SGD(),
        keras.optimizers.SGD(momentum=0.5),
    ],
    ids=lambda one: one.name,
)
def test_the_order_of_an_optimizers_variables_is_keras(optimizer):
    """The optimizer's variables have the order that Keras gives them for the model's variables in their new order."""
    shapes = {"a": (4, 3), "b": (3,), "c": (3, 2), "d": (2,)}
    variables = {name: keras.Variable(np.zeros(shape), name=name) for name, shape in shapes.items()}
    optimizer.build([variables[name] for name in "abcd"])
    other = type(optimizer).from_config(optimizer.get_config())
    other.build([variables[name] for name in "cdab"])
    chunks = [Chunk((shapes["a"], shapes["b"]), 1), Chunk((shapes["c"], shapes["d"]), 0)]
    stored = [tuple(one.shape) for one in optimizer.variables]
    order = find_reordering(type(optimizer).__name__, chunks, stored)
    names = [one.path.partition("/")[2] for one in optimizer.variables]
    assert [names[place] for place in order] == [one.path.partition("/")[2] for one in other.variables]


@pytest.mark.parametrize(
    ("optimizer", "stored"),
    [
        ("Nadam", [(), (), (2,), (2,)]),
        ("Adam", [(), (), (2,), (2,), (2,), (2,)]),
        ("Adam", [(), (), (2,), (3,)]),
        ("Adam", []),
    ],
)
def test_an_order_that_is_not_certain_is_none(optimizer, stored):
    """There is no order for an unknown optimizer, or for variables that do not fit the model's."""
    assert find_reordering(optimizer, [Chunk(((2,),), 0)], stored) is None
