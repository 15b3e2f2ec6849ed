"""Saved models of which ``check`` tells something other than of activations, and all that each cure says to do."""

import json
import pathlib
import re
import zipfile

import h5py
import keras
import numpy as np
from keras.src.saving import saving_lib

from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.versions import is_newer
from tests.helpers.activation_cures import GATE, GIVEN, MODULES, REGISTER, TRUST, define, load_with
from tests.helpers.followed import (
    REPAIR,
    Case,
    Saved,
    aim,
    before,
    by,
    compute,
    dense,
    paste,
    respell,
    save,
    saves,
    see,
    stack,
)
from tests.verdicts.broken_weights import BREAKAGES, break_file, replace

HERE = ("--target-keras", NEWEST)
OLDEST = ("--target-keras", "3.6")
AIM = {"load it with Keras ([.0-9]+) or newer": aim}
CORRECT = "correct it where the model is made, and save the model again"
WRITER = "load it with the Keras that wrote it"
SEE = f"load it with Keras {re.escape(NEWEST)} to see whether it loads"
PLAIN = dense("relu")
PLAIN_WITHOUT_BIAS = dense("relu", use_bias=False)
AGAIN = "save the model again with the program that wrote it"
OWN = REGISTER.format("own") + GATE.replace("Gate", "Doubled")
FIRST = (
    '"layers": [{"module": "keras.layers", "class_name": "ReLU", "config": {"name": "zero"}, "registered_name": null}, '
    '{"module": "keras.layers", "class_name": "InputLayer"'
)
START = "def start(shape, dtype=None):\n    return keras.ops.ones(shape)\n"
DESCENT = (
    "class Descent(keras.optimizers.SGD):\n"
    "    def __init__(self, learning_rate=0.1, **more):\n"
    "        super().__init__(learning_rate, **{'name': 'SGD', **more})\n"
)
LOSS = "def loss(true, predicted):\n    return keras.ops.mean(true - predicted)\n"


def run(source: str, name: str) -> object:
    """Return what a source of a user's defines."""
    cells = {"keras": keras, "__name__": "theirs"}
    exec(source, cells)
    return cells[name]


def with_gate(module: str, place: str | None = None):
    return lambda: stack(define(module, "Gate", place)())


def normalize() -> keras.Model:
    return stack(keras.layers.BatchNormalization(renorm=True))


def with_elu() -> keras.Model:
    return stack(keras.layers.ELU())


def reshape() -> keras.Model:
    return stack(keras.layers.Reshape((2, 2)))


def with_optimizer() -> keras.Model:
    model = PLAIN()
    model.compile(keras.optimizers.Adam(0.5), loss="mean_squared_error")
    return model


def with_metric() -> keras.Model:
    model = PLAIN()
    model.compile("sgd", loss="mse", metrics=["mae"])
    return model


def crop() -> keras.Model:
    inputs = keras.Input((4,))
    image = keras.layers.Reshape((2, 2, 1))(inputs)
    cropping = {"top_cropping": 0, "left_cropping": 0, "target_height": 2, "target_width": 1}
    return keras.Model(inputs, keras.ops.image.crop_images(image, **cropping))


def normalize_all() -> keras.Model:
    return stack(keras.layers.Reshape((2, 2)), keras.layers.LayerNormalization(axis=[1, 2]))


def soften() -> keras.Model:
    return stack(keras.layers.Reshape((2, 2)), keras.layers.Softmax(axis=[1, 2]))


def join() -> keras.Model:
    inputs = keras.Input((4,))
    rows = keras.layers.Reshape((2, 2))(inputs)
    return keras.Model(inputs, keras.layers.Concatenate(axis=1)([rows, rows]))


def descend() -> keras.Model:
    model = PLAIN()
    model.compile(run(DESCENT, "Descent")(0.5), loss="mean_squared_error")
    return model


def call_twice() -> keras.Model:
    inputs, twice = keras.Input((4,)), keras.layers.ReLU()
    return keras.Model(inputs, twice(keras.layers.Dense(4)(twice(inputs))))


def operate(operation: str):
    """Return what makes a model with an operation of keras.ops in its graph."""

    def make() -> keras.Model:
        inputs = keras.Input((4,))
        return keras.Model(inputs, getattr(keras.ops, operation)(inputs))

    return make


def attend() -> keras.Model:
    inputs = keras.Input((4,))
    rows = keras.layers.Reshape((2, 2))(inputs)
    return keras.Model(inputs, keras.layers.Attention(score_mode="dot")([rows, rows]))


def double(layer):
    return lambda: stack(layer())


def compiled(loss: object, optimizer: str = "adam"):
    """Return what makes a model that is compiled with a loss."""

    def make() -> keras.Model:
        model = PLAIN()
        model.compile(optimizer, loss)
        return model

    return make


def trained(loss: object, *, epochs: int = 1):
    """Return what makes such a model, and trains it."""

    def make() -> keras.Model:
        model = compiled(loss)()
        model.fit(np.ones((3, 4)), np.zeros((3, 3)), epochs=epochs, verbose=0)
        return model

    return make


def save_gone(path: pathlib.Path) -> object:
    """Save a model with an operation that has a keyword no more, as the last Keras that has it writes it."""
    expected = saves(operate("exp"))(path)
    with zipfile.ZipFile(path) as archive:
        has_it = b'"dtype"' in archive.read("config.json").partition(b'"Exp"')[2].partition(b"inbound")[0]
    if not has_it:
        respell(path, '"class_name": "Exp", "config": {', '"class_name": "Exp", "config": {"dtype": null, ')
    return expected


def step_back(saved: Saved, words: "re.Match[str]") -> Saved:
    """Take the Keras that is named for the one that loads the file: it does so where it is the one installed."""
    back = saved._replace(options=("--target-keras", words[1]))
    return back._replace(fails="TypeError") if is_newer(keras.__version__, f"{words[1]}.99") else back


def save_ragged(path: pathlib.Path) -> object:
    """Save a model that asks for ragged tensors, of which an old Keras knows nothing."""
    expected = saves(PLAIN)(path)
    with zipfile.ZipFile(path) as archive:
        said = '"sparse": false, "ragged": false'
        said = said if said.encode() in archive.read("config.json") else '"sparse": false'
    respell(path, said, '"sparse": false, "ragged": true')
    return expected


def with_tensorflow(saved: Saved, words: "re.Match[str]") -> Saved:
    """Take the Keras that is named, which has ragged tensors where it runs on TensorFlow."""
    aimed = aim(saved, words)
    has_none = keras.backend.backend() != "tensorflow" and not is_newer(words[1], keras.__version__)
    return aimed._replace(fails="TypeError") if has_none else aimed


def on_tensorflow(saved: Saved, _: "re.Match[str]") -> Saved:
    """Take the backend that is named, if it is the one here; the others of a Keras with ragged tensors refuse them."""
    has_none = keras.backend.backend() != "tensorflow" and not is_newer("3.9", keras.__version__)
    return saved._replace(stays=True, fails="TypeError" if has_none else None)


def save_outside(path: pathlib.Path) -> object:
    """Save a model that holds a module of PyTorch, or a program of TensorFlow, where Keras runs on that."""
    match keras.backend.backend():
        case "torch":
            from torch import nn

            return saves(lambda: stack(keras.layers.TorchModuleWrapper(nn.Linear(4, 3))))(path)
        case "tensorflow":
            program = str(path.with_name("program"))
            PLAIN().export(program, verbose=False)
            return saves(lambda: stack(keras.layers.TFSMLayer(program, call_endpoint="serve")))(path)
        case _:
            return saves(PLAIN, ('"class_name": "Dense"', '"class_name": "TFSMLayer"'))(path)


def load_outside(saved: Saved, words: "re.Match[str]") -> Saved:
    """Load it as is said, where Keras runs on what it is for."""
    load = f"keras.models.load_model(path, {words[1]})"
    fails = "TypeError" if keras.backend.backend() == "jax" else None
    return saved._replace(stays=True, load=load, fails=fails)


def save_bare_list(path: pathlib.Path) -> object:
    """Save a model whose config is a bare list, as Keras 1 wrote it."""
    expected = saves(PLAIN)(path)
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json"))
    whole = json.dumps(config["config"])
    respell(path, f'"config": {whole}', f'"config": {json.dumps(config["config"]["layers"])}')
    return expected


def as_keras_2(make):
    """Return what saves a stack as Keras before 2.4 did: the first layer has the shape of the input."""

    def save_without_head(path: pathlib.Path) -> object:
        model = make()
        model.save(path)
        stored = model.get_config()
        head, *layers = ({"class_name": one["class_name"], "config": one["config"]} for one in stored["layers"])
        layers[0]["config"]["batch_input_shape"] = head["config"]["batch_shape"]
        with h5py.File(path, "r+") as file:
            file.attrs["model_config"] = json.dumps(
                {"class_name": "Sequential", "config": {"name": "stack", "layers": layers}}
            )
        return compute(model)

    return save_without_head


def save_old_gru(*, use_bias: bool):
    """Return what saves a GRU as Keras before 2.1 did."""

    def write(path: pathlib.Path) -> object:
        model = stack(keras.layers.Reshape((2, 2)), keras.layers.GRU(2, reset_after=False, use_bias=use_bias))
        model.save(path)
        with h5py.File(path, "r+") as file:
            stored = json.loads(file.attrs["model_config"])
            gru = stored["config"]["layers"][-1]
            gru["config"].pop("reset_after")
            gru["config"]["implementation"] = 1
            file.attrs["model_config"] = json.dumps(stored)
        return compute(model)

    return write


def pool() -> keras.Model:
    return stack(keras.layers.ReLU(), keras.layers.Reshape((2, 2)), keras.layers.MaxPooling1D())


def reuse() -> keras.Model:
    return stack(keras.layers.ReLU(name="one"), keras.layers.ReLU(name="two"))


def wrapped() -> keras.Model:
    return stack(keras.layers.Reshape((2, 2)), keras.layers.TimeDistributed(keras.layers.Dense(3)))


def misnamed(path: pathlib.Path) -> object:
    """Save a model, and give its file a name that Keras does not read."""
    right = path.with_suffix(".keras")
    expected = saves(PLAIN)(right)
    right.rename(path)
    return expected


def rename(saved: Saved, words: "re.Match[str]") -> Saved:
    path = saved.path.with_name(words[1])
    path.write_bytes(saved.path.read_bytes())
    return saved._replace(path=path)


def save_config_alone(path: pathlib.Path) -> object:
    """Save a model without weights, and take the member for them out of its file."""
    expected = saves(reuse)(path)
    with zipfile.ZipFile(path) as archive:
        config = archive.read("config.json")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", config)
    return expected


def save_texts(path: pathlib.Path) -> object:
    """Save a model with texts in the place of its kernel."""
    whole = path.with_name("whole.keras")
    expected = saves(PLAIN)(whole)
    break_file(whole, path, BREAKAGES["write_text"])
    whole.unlink()
    return expected


def train(trainable: bool = True) -> keras.Model:
    """Return a model with the state of an optimizer that trained it, and of which a layer may be frozen then."""
    model = PLAIN()
    model.compile(keras.optimizers.SGD(0.1, momentum=0.5), keras.losses.MeanSquaredError())
    model.optimizer.build(model.trainable_variables)
    model.layers[0].trainable = trainable
    return model


def save_momentum(path: pathlib.Path) -> object:
    """Save a model with a momentum of another shape."""
    whole = path.with_name("whole.keras")
    expected = saves(train)(whole)
    break_file(whole, path, lambda file: replace(file, "optimizer/vars/2", np.zeros((9, 9), "float32")))
    whole.unlink()
    return expected


def save_arrays(path: pathlib.Path) -> object:
    """Save a model whose weights are pickled."""
    model = PLAIN()
    with path.open("wb") as file:
        saving_lib._save_model_to_fileobj(model, file, "npz")
    return compute(model)


EVERYWHERE = {
    "a keyword that is gone": Case("SA206", save_gone, {"load it with Keras ([.0-9]+) or older": step_back}, HERE),
    "a keyword with a newer effect": Case(
        "SA213",
        save_ragged,
        {"load it with Keras ([.0-9]+) or newer": with_tensorflow},
        OLDEST,
    ),
    "ragged tensors": Case(
        "SA255",
        save_ragged,
        {"load it with TensorFlow": on_tensorflow},
        HERE,
        before="equal" if keras.backend.backend() == "tensorflow" else None,
    ),
    "a program": Case(
        "SA302",
        save_outside,
        {"load it only if you know who made it, with (safe_mode=False) if Keras asks for that": load_outside},
    ),
}
"""Those that depend on which Keras is installed, and on its backend."""

LOSS_CURES = {
    "import the module that registers 'loss' before loading": before(
        "import losses", losses=f"import keras\n{LOSS}keras.saving.get_custom_objects()['loss'] = loss\n"
    ),
    GIVEN: before(LOSS, load_with(r"\1"), "loss"),
}

CASES = {
    "several axes": Case("SA251", saves(normalize_all), by("axis"), HERE, "model.h5"),
    "several axes of a layer without weights": Case("SA252", saves(soften), by("axis"), name="model.h5"),
    "an axis for an older Keras": Case("SA253", saves(join), by("axis"), ("--target-keras", "3.8"), "model.h5"),
    "an optimizer of a program": Case(
        "SA250",
        saves(descend),
        {GIVEN + TRUST: before(DESCENT, load_with(r"\1"), "Descent")},
        HERE,
        "model.h5",
    ),
    "a value of an unusual type": Case(
        "SA254", saves(PLAIN, ('"seed": null', '"seed": "relu"')), {CORRECT: save(PLAIN)}, HERE
    ),
    "a layer of Keras 1": Case(
        "SA256",
        saves(PLAIN, ('"units": 3', '"output_dim": 3, "init": "zeros"')),
        {"load it with Keras 2.0 to 2.3, and save it again, which repair can then fix": save(PLAIN)},
        HERE,
    ),
    "a value of another type": Case(
        "SA234", saves(PLAIN, ('"units": 3', '"units": "3"')), {CORRECT: save(PLAIN)}, HERE
    ),
    "a value that no call works with": Case(
        "SA235", saves(with_elu, ('"alpha": 1.0', '"alpha": "big"')), {CORRECT: save(with_elu)}, HERE
    ),
    "a class that is no text": Case(
        "SA236",
        saves(PLAIN, ('"class_name": "Dense"', '"class_name": 3')),
        {"save the model again, with Keras": save(PLAIN)},
        HERE,
    ),
    "an optimizer of Keras 2": Case(
        "SA231",
        saves(
            with_optimizer,
            ('"optimizer_config": {"class_name": "Adam"', '"optimizer_config": {"class_name": "Custom>Adam"'),
        ),
        {REPAIR: paste()},
        HERE,
        "model.h5",
    ),
    "a registered optimizer of Keras 2": Case(
        "SA232",
        saves(with_optimizer, ('"class_name": "Adam"', '"class_name": "Custom>Adam"')),
        {REPAIR: paste(), r"or load it with (compile=False)": before("", r"keras.models.load_model(path, \1)")},
        HERE,
    ),
    "a metric of a user's, by its name": Case(
        "SA233",
        saves(with_metric, ('"metrics": ["mae"]', '"metrics": ["mine"]')),
        {
            "register it before the model is trained": before(""),
            "compile the model with another loss or metric": save(with_metric),
        },
        HERE,
    ),
    "a newer default": Case("SA201", saves(PLAIN), {REPAIR: paste()}, OLDEST),
    "a newer keyword": Case("SA202", saves(normalize), AIM, OLDEST),
    "a newer class": Case("SA203", saves(lambda: stack(keras.layers.RMSNormalization())), AIM, OLDEST),
    "another package's layer": Case(
        "SA204",
        saves(with_gate("theirs")),
        {"(import theirs) before loading, if you trust it": before(r"\1", **MODULES)},
        HERE,
    ),
    "a layer that is not registered": Case(
        "SA204",
        saves(with_gate("plain")),
        {GIVEN + TRUST: before("import plain", load_with(r"\1"), **MODULES)},
        HERE,
    ),
    "a layer of a script": Case(
        "SA230",
        saves(with_gate("plain", "__main__")),
        {GIVEN + TRUST: before(GATE, load_with(r"\1"), "Gate")},
        HERE,
    ),
    "a layer of a script in an HDF5 file": Case(
        "SA204",
        saves(with_gate("plain", "__main__")),
        {GIVEN + TRUST: before(GATE, load_with(r"\1"), "Gate")},
        HERE,
        "model.h5",
    ),
    "a class that Keras may have had": Case(
        "SA204",
        saves(
            PLAIN, ('"module": "keras.layers", "class_name": "Dense"', '"module": "keras.src.x", "class_name": "Dense"')
        ),
        {SEE: see("TypeError")},
        HERE,
    ),
    "a later input": Case("SA205", saves(call_twice), AIM, OLDEST),
    "a short name": Case(
        "SA207",
        saves(trained("mse")),
        {
            REPAIR: paste(),
            "or load it with (compile=False)": before("", r"keras.models.load_model(path, \1)"),
        },
        name="model.h5",
    ),
    "a backend's optimizer": Case(
        "SA208",
        saves(
            trained("mse"),
            ('"module": "keras.optimizers"', '"module": "keras.src.backend.torch.optimizers.torch_adam"'),
        ),
        {REPAIR: paste()},
        HERE,
    ),
    "an operation": Case(
        "SA209",
        saves(operate("tanh")),
        {"save the model as .keras, with the Keras that made it": save(operate("tanh"), ".keras")},
        name="model.h5",
    ),
    "an unknown keyword": Case(
        "SA210",
        saves(PLAIN, ('"use_bias": true', '"use_bias": true, "time_major": true')),
        {WRITER: see("TypeError")},
        HERE,
    ),
    "a keyword that is missing": Case("SA211", saves(PLAIN, ('"units": 3, ', "")), {WRITER: see("TypeError")}, HERE),
    "a registered initializer": Case(
        "SA212",
        saves(lambda: dense("relu", kernel_initializer=run(REGISTER.format("theirs") + START, "start"))()),
        {
            "import the module that registers 'theirs>start' before loading": before(
                "import theirs", theirs=f"import keras\n{REGISTER.format('theirs')}{START}"
            ),
            GIVEN: before(START, load_with(r"\1"), "start"),
        },
        HERE,
    ),
    "a loss that is not registered": Case(
        "SA212",
        saves(lambda: trained(run(LOSS, "loss"))()),
        LOSS_CURES,
        HERE,
    ),
    "a loss in an HDF5 file": Case(
        "SA212",
        saves(lambda: trained(run(LOSS, "loss"))()),
        LOSS_CURES,
        HERE,
        "model.h5",
    ),
    "a newer loss": Case(
        "SA214",
        saves(compiled("circle")),
        {
            "train it with Keras ([.0-9]+) or newer": aim,
            "compile it with another loss or metric": save(compiled("mse")),
        },
        OLDEST,
    ),
    "a keyword that is null": Case(
        "SA219",
        saves(crop),
        {"load it with Keras 3.10 to see whether it loads": see()},
        ("--target-keras", "3.10"),
    ),
    "a class that no Keras has": Case(
        "SA220",
        saves(
            PLAIN,
            ('"module": "keras.layers", "class_name": "Dense"', '"module": "keras.layers", "class_name": "Thick"'),
        ),
        {WRITER: see("ValueError")},
        HERE,
    ),
    "two layers of one name": Case(
        "SA222", saves(reuse, ('"name": "two"', '"name": "one"')), {WRITER: see("ValueError")}, HERE
    ),
    "a shape of Keras 2 that is refused": Case("SA223", as_keras_2(pool), by("input"), HERE, "model.h5"),
    "a shape of Keras 2 that no input fits": Case("SA224", as_keras_2(PLAIN), by("input"), name="model.h5"),
    "a late input": Case(
        "SA225",
        saves(reuse, ('"layers": [{"module": "keras.layers", "class_name": "InputLayer"', FIRST)),
        {WRITER: see("ValueError")},
        HERE,
    ),
    "a call that is none": Case(
        "SA221",
        saves(operate("tanh"), ('"input_layers": ["', '"input_layers": ["not_')),
        {WRITER: see("RuntimeError")},
        HERE,
    ),
    "a layer in a wrapper without its module": Case(
        "SA228",
        saves(wrapped, ('"layer": {"module": "keras.layers", ', '"layer": {')),
        by("locate"),
        HERE,
    ),
    "a name in capitals": Case("SA226", misnamed, {"rename it to (\\S+)": rename}, HERE, "model.KERAS"),
    "a config alone": Case(
        "SA227",
        save_config_alone,
        {
            "save the model again": save(reuse),
            "make it from the config with (keras.models.model_from_json)": before(
                "import zipfile", r"\1(zipfile.ZipFile(path).read('config.json'))"
            ),
        },
        HERE,
    ),
    "a bias that is not there": Case(
        "SA240", saves(PLAIN_WITHOUT_BIAS, ('"use_bias": false', '"use_bias": true')), {AGAIN: save(PLAIN)}, HERE
    ),
    "another number of units": Case("SA241", saves(PLAIN, ('"units": 3', '"units": 5')), {AGAIN: save(PLAIN)}, HERE),
    "a bias too many": Case(
        "SA242", saves(PLAIN, ('"use_bias": true', '"use_bias": false')), {AGAIN: save(PLAIN)}, HERE
    ),
    "a kernel of texts": Case("SA243", save_texts, {AGAIN: save(PLAIN)}, HERE),
    "a momentum of another shape": Case(
        "SA257",
        save_momentum,
        {REPAIR: paste(), r"or load it with (compile=False)": before("", r"keras.models.load_model(path, \1)")},
        HERE,
    ),
    "a layer that is frozen after training": Case(
        "SA258",
        saves(lambda: train(trainable=False)),
        {"call compile again after trainable is changed, and save the model again": save(train)},
        HERE,
    ),
    "a shape that is refused": Case(
        "SA245", saves(reshape, ('"target_shape": [2, 2]', '"target_shape": [2, 3]')), {CORRECT: save(reshape)}, HERE
    ),
    "a shape that no call works with": Case(
        "SA246",
        saves(double(keras.layers.Softmax), ('"axis": -1', '"axis": 3')),
        {CORRECT: save(double(keras.layers.Softmax))},
        HERE,
    ),
    "weights in an older form": Case(
        "SA244", save_arrays, {"save the model again, which writes model.weights.h5": save(PLAIN)}, HERE
    ),
    "code in a Lambda": Case(
        "SA215",
        saves(lambda: stack(keras.layers.Lambda(lambda x: x * 2))),
        {
            "write a layer of your own in its place, and register it": save(
                lambda: stack(run(OWN, "Doubled")()), code=OWN
            )
        },
        HERE,
    ),
    "a bare list": Case("SA216", save_bare_list, by("wrap"), HERE),
    "a GRU of Keras before 2.1": Case("SA237", save_old_gru(use_bias=True), by("modernize"), HERE, "model.h5"),
    "such a GRU without a bias": Case("SA238", save_old_gru(use_bias=False), by("modernize"), name="model.h5"),
    "a text that is called like a function": Case("SA217", saves(attend), by("locate"), HERE, "model.h5"),
    "a Lambda": Case(
        "SA301",
        saves(lambda: stack(keras.layers.Lambda(lambda x: x * 2))),
        {
            "write a layer of your own in its place, and register it; do not load it with safe_mode=False": save(
                lambda: stack(run(OWN, "Doubled")()), code=OWN
            )
        },
    ),
}
