"""Saved models with an activation that ``check`` tells of, and all that each of its cures says to do."""

import pathlib
import re
import shlex

import keras

import serialactivation as sa
from tests.helpers.followed import REPAIR, Case, Saved, aim, before, by, call, compute, dense, paste, save, saves, stack

REGISTER = "@keras.saving.register_keras_serializable('{}')\n"
WIDE = "def wide(inputs):\n    return inputs * 2\n"
GATE = "class Gate(keras.layers.Layer):\n    def call(self, inputs):\n        return inputs * 2\n"
OLD = "def old_hard_sigmoid(x):\n    return {}\n"
MODULES = {
    "my_package": f"import keras\n{REGISTER.format('my_package')}{WIDE}",
    "theirs": f"import keras\n{REGISTER.format('theirs')}{GATE}",
    "plain": f"import keras\n{GATE}",
}
"""Modules of a user's, with a function or a layer that Keras does not have."""


def define(module: str, name: str, place: str | None = None) -> object:
    """Return what a module of a user's defines, as if in a module of that name, in another *place*, or in a script."""
    cells = {"__name__": place or module}
    exec(MODULES[module], cells)
    return cells[name]


def with_layer(name: str, **keywords: object):
    """Return what makes a model with a layer of Keras's of this *name* as its activation."""
    return lambda: dense(getattr(keras.layers, name)(**keywords))()


def with_gate(module: str, place: str | None = None):
    """Return what makes a model with a layer of a user's as its activation."""
    return lambda: dense(define(module, "Gate", place)())()


def with_wide() -> keras.Model:
    return dense(define("my_package", "wide"))()


def with_unregistered() -> keras.Model:
    cells: dict[str, object] = {}
    exec(WIDE, cells)
    return dense(cells["wide"])()


def save_as_string(path: pathlib.Path) -> object:
    """Save a registered function by its name, as if Keras looked up strings."""
    saves(RELU, ('"relu"', '"my_package>wide"'))(path)
    return compute(with_wide())


def repair_and_import(module: str):
    """Return what calls the command that is printed, and imports a module of a user's before the load."""

    def follow(saved: Saved, words: "re.Match[str]") -> Saved:
        return before(f"import {module}", **MODULES)(paste()(saved, words), words)._replace(stays=False)

    return follow


def share() -> keras.Model:
    """Return a model in which two layers hold one activation with weights."""
    shared = keras.layers.PReLU()
    return stack(*(keras.layers.Dense(4, activation=shared) for _ in range(2)))


def leave_unbuilt() -> keras.Model:
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.Dense(3, activation=keras.layers.PReLU())(inputs))


def call_once() -> keras.Model:
    model = leave_unbuilt()
    model(keras.ops.zeros((1, 4)))
    return model


def save_uncalled(path: pathlib.Path) -> None:
    leave_unbuilt().save(path)


def convert(make):
    """Return what makes such a model of this package's layers."""
    return lambda: sa.convert(make())


def mix(**keywords: object):
    """Return what makes a layer of mixed precision, with another as its activation."""
    return lambda: dense(keras.layers.ReLU(**keywords), dtype="mixed_bfloat16")()


def save_named(path: pathlib.Path) -> object:
    """Save a layer by the name of its class, as if it were a function."""
    saves(RELU, ('"relu"', '"LeakyReLU"'))(path)
    return compute(with_layer("LeakyReLU")())


def save_shared(saved: Saved, _: "re.Match[str]") -> Saved:
    path = saved.path.with_name("converted.h5")
    model = sa.convert(share())
    sa.save_model(model, path)
    code = "import serialactivation as sa"
    return saved._replace(path=path, expected=compute(model), code=code, load="sa.load_model(path)")


def put_old_back(saved: Saved, words: "re.Match[str]") -> Saved:
    """Do what the explanation says: the function is registered, and put in the place of the one that is."""
    status, printed = call(*shlex.split(words[1])[1:])
    assert status == 0
    formula = re.search(r"Register a function of your own that computes (.*), and put it", printed)[1]
    command = re.search(r"serialactivation (repair FILE .* -o OUT)", printed)[1]
    out = saved.path.with_name("old.keras")
    arguments = [{"FILE": str(saved.path), "OUT": str(out)}.get(word, word) for word in shlex.split(command)]
    assert call(*arguments)[0] == 0
    code = f"{REGISTER.format('my_package')}{OLD.format(formula)}"
    return saved._replace(path=out, code=code)


def save_as_keras_2(path: pathlib.Path) -> object:
    """Save a model with the formula of Keras 2, by the name that it had."""
    saves(dense("hard_sigmoid"), (f'"keras_version": "{keras.__version__}"', '"keras_version": "2.15.0"'))(path)
    return compute(dense(lambda x: keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0))())


def recur() -> keras.Model:
    """Return a model whose activation cannot be a layer of its own."""
    recurrent = keras.layers.SimpleRNN(3, activation=keras.layers.LeakyReLU(negative_slope=0.25))
    return stack(keras.layers.Reshape((2, 2)), recurrent)


BY_LAMBDA = dense(lambda x: keras.ops.relu(x))
RELU = dense("relu")
LEAKY = with_layer("LeakyReLU", negative_slope=0.25)
PRELU = with_layer("PReLU")
GIVEN = r"pass custom_objects=(\{.*\})"
TRUST = " to the load, if you trust it"
OURS = "import serialactivation"
CONVERTED = r"save serialactivation\.convert\(model\)"
MODULE_LESS = ('"module": "keras.layers", "class_name": "LeakyReLU"', '"class_name": "LeakyReLU"')
RENAMED = ('"negative_slope": 0.25', '"alpha": 0.25')


def load_with(objects: str) -> str:
    """Return a load with custom objects."""
    return f"keras.models.load_model(path, custom_objects={objects})"


CASES = {
    "a lambda": Case(
        "SA101", saves(BY_LAMBDA), {f"{REPAIR}\nreplace NAME with the function that the lambda computed": paste("relu")}
    ),
    "a lambda in an HDF5 file": Case(
        "SA101",
        saves(BY_LAMBDA),
        {f"{REPAIR}\nreplace NAME with the function that the lambda computed": paste("relu")},
        name="model.h5",
    ),
    "a lambda by its name": Case(
        "SA102",
        saves(RELU, ('"relu"', '"<lambda>"')),
        {f"{REPAIR}\nreplace NAME with the function that the lambda computed": paste("relu")},
    ),
    "a function that is not registered": Case(
        "SA103",
        saves(with_unregistered),
        {GIVEN + TRUST: before(WIDE, load_with(r"\1"), "wide")},
    ),
    "a registered function, as a string": Case(
        "SA103",
        save_as_string,
        {f"{REPAIR}\nit is stored as a registered function then": repair_and_import("my_package")},
    ),
    "a registered function": Case(
        "SA229",
        saves(with_wide),
        {
            "import the module that registers 'my_package>wide' before loading": before("import my_package", **MODULES),
            GIVEN: before(WIDE, load_with(r"\1"), "wide"),
        },
    ),
    "a mistyped name": Case(
        "SA104", saves(RELU, ('"relu"', '"reluu"')), {f"{REPAIR}\nthis assumes that .* was meant": paste()}
    ),
    "a layer by its name": Case(
        "SA104",
        save_named,
        {f"{REPAIR}\nthis assumes that .* was meant": paste()},
    ),
    "a layer with weights by its name": Case(
        "SA104",
        saves(RELU, ('"relu"', '"PReLU"')),
        {
            r"give the layer keras\.layers\.PReLU\(\) where the model is made, and save it again"
            "\nthis assumes that .* was meant": save(PRELU)
        },
    ),
    "a newer function": Case(
        "SA105", saves(dense("celu")), {"load it with Keras ([.0-9]+) or newer": aim}, ("--target-keras", "3.6")
    ),
    "a layer for an old Keras": Case("SA106", saves(LEAKY), by("split"), ("--target-keras", "3.9.2")),
    "a layer in a recurrent one for an old Keras": Case(
        "SA106",
        saves(recur),
        {"load it with Keras ([.0-9]+) or newer": aim, CONVERTED: save(convert(recur), code=OURS)},
        ("--target-keras", "3.9.2"),
    ),
    "an old argument": Case("SA107", saves(LEAKY, RENAMED), {REPAIR: paste()}),
    "an old argument beside the new one": Case(
        "SA107", saves(LEAKY, (RENAMED[0], f'"negative_slope": 0.5, {RENAMED[1]}')), {REPAIR: paste()}
    ),
    "an old argument of a layer with a policy": Case(
        "SA107",
        saves(lambda: dense(keras.layers.LeakyReLU(0.25, dtype="bfloat16"), dtype="bfloat16")(), RENAMED),
        {REPAIR: paste()},
    ),
    "another package's class": Case(
        "SA229",
        saves(with_gate("theirs")),
        {"(import theirs) before loading, if you trust it": before(r"\1", **MODULES)},
    ),
    "another package's class that is not registered": Case(
        "SA108",
        saves(with_gate("plain")),
        {GIVEN + TRUST: before("import plain", load_with(r"\1"), **MODULES)},
    ),
    "a registered class of a script": Case(
        "SA229",
        saves(with_gate("theirs", "__main__")),
        {
            "import the module that registers 'theirs>Gate' before loading": before("import theirs", **MODULES),
            GIVEN: before(GATE, load_with(r"\1"), "Gate"),
        },
    ),
    "a class of a script": Case(
        "SA230",
        saves(with_gate("plain", "__main__")),
        {GIVEN + TRUST: before(GATE, load_with(r"\1"), "Gate")},
    ),
    "a shared layer": Case("SA110", saves(share), {REPAIR: paste()}),
    "a shared layer in an HDF5 file": Case(
        "SA110",
        saves(share),
        {
            f"{CONVERTED} with serialactivation.save_model, "
            "and load it with serialactivation.load_model, which keep it one object": save_shared
        },
        name="model.h5",
    ),
    "weights that are missing": Case(
        "SA111",
        save_uncalled,
        {
            "call the model once before it is saved": save(call_once),
            CONVERTED: save(convert(leave_unbuilt), code=OURS),
        },
    ),
    "weights that are missing in an HDF5 file": Case(
        "SA111",
        save_uncalled,
        {
            "call the model once before it is saved": save(call_once),
            CONVERTED: save(convert(leave_unbuilt), code=OURS),
        },
        name="model.h5",
    ),
    "another policy": Case(
        "SA112",
        saves(mix()),
        {
            "give it (dtype='mixed_bfloat16') where the model is made": save(mix(dtype="mixed_bfloat16")),
            CONVERTED: save(convert(mix()), code=OURS),
        },
    ),
    "another formula": Case(
        "SA113",
        save_as_keras_2,
        {
            "(serialactivation explain SA113)"
            "\nthis shows the old function, and the command that stores it in a copy": put_old_back
        },
    ),
    "no module": Case("SA114", saves(LEAKY, MODULE_LESS), {REPAIR: paste()}),
    "no module in an HDF5 file": Case("SA114", saves(LEAKY, MODULE_LESS), {REPAIR: paste()}, name="model.h5"),
    "no module of a layer with weights": Case(
        "SA114",
        saves(PRELU, ('"module": "keras.layers", "class_name": "PReLU"', '"class_name": "PReLU"')),
        {
            "make it a layer of its own, after this one, with the Keras that wrote it, and save the model again": save(
                lambda: stack(keras.layers.Dense(3), keras.layers.PReLU())
            )
        },
    ),
}
