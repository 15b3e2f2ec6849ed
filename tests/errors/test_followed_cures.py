"""That every error's cure is followed by a test: the list of them, and those that are followed nowhere else."""

import collections
import enum
import functools
import importlib
import inspect
import json
import pkgutil
import re
import shlex
import shutil
import tomllib
import types
import warnings

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation import errors, testing
from serialactivation.catalog.versions import is_newer
from serialactivation.cli import main
from serialactivation.codec.functions import bare_function
from tests.helpers import broken_layers, command_cures, layer_cures, model_cures, pasted
from tests.helpers.followed import respell
from tests.helpers.processes import ROOT, run_bare

SINCE = "3.10"
"""The first Keras whose Dense has ``lora_alpha``."""

X = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)


def bend(x, by=0.5):
    return keras.ops.tanh(x) * by


def register(function, name="bend"):
    return keras.saving.register_keras_serializable("followed", name)(function)


def numpy(model):
    return keras.ops.convert_to_numpy(model(X))


def find(said, error):
    found = re.search(said, str(error))
    assert found, (said, str(error))
    return found


def refuse(kind, function, *arguments, **keywords):
    """Return the error of this *kind* that the call ends in."""
    with pytest.raises(kind) as caught:
        function(*arguments, **keywords)
    assert type(caught.value) is kind
    return caught.value


@pytest.fixture
def saved(tmp_path, restore_registry):
    """The path of a model with a registered function, which nothing registers any more, and what it computes."""
    model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(3, activation=register(bend))])
    model.save(tmp_path / "model.keras")
    return tmp_path / "model.keras", numpy(model)


def forget():
    del keras.saving.get_custom_objects()["followed>bend"]


def untrusted(saved):
    """The names are pasted; what they name is given; and the weights of what can have no name are loaded."""
    path, expected = saved
    error = refuse(errors.UntrustedError, sa.load_model, path, trusted=())
    trusted = eval(find(r"serialactivation\.load_model\(\.\.\., trusted=(\[.*\])\)", error)[1])
    assert np.array_equal(numpy(sa.load_model(path, trusted=trusted)), expected)

    forget()
    find("or pass them in custom_objects", refuse(errors.UntrustedError, sa.load_model, path, trusted=trusted))
    assert np.array_equal(numpy(sa.load_model(path, {"followed>bend": bend}, trusted=trusted)), expected)

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Lambda(lambda x: x * 2)])
    model.save(path)
    find("or build it yourself and load its weights", refuse(errors.UntrustedError, sa.load_model, path, trusted=()))
    built = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Lambda(lambda x: x * 2)])
    built.load_weights(path)
    assert np.array_equal(numpy(built), numpy(model))


def unregistered(saved):
    """The function is registered, or passed."""
    path, expected = saved
    forget()
    error = refuse(errors.ActivationConfigError, sa.load_model, path)
    find("or pass it in custom_objects", error)
    assert np.array_equal(numpy(sa.load_model(path, {"followed>bend": bend})), expected)
    find("Import the module that registers it before loading", error)
    register(bend)
    assert np.array_equal(numpy(sa.load_model(path)), expected)


def damaged(saved):
    """The model is saved again; or its file is copied again from where it came from."""
    path, expected = saved
    kept = path.with_name("kept.keras")
    shutil.copy(path, kept)
    respell(path, '"followed>bend"', "3")
    error = refuse(errors.ActivationConfigError, sa.load_model, path)
    find(re.escape(errors.DAMAGED), error)
    register(bend)
    model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(3, activation=bend)])
    model.save(path)
    assert np.array_equal(numpy(sa.load_model(path)), numpy(model))
    assert np.array_equal(numpy(sa.load_model(shutil.copy(kept, path))), expected)


def repairable(saved):
    """The command is pasted; or the argument is passed."""
    path, _ = saved
    path = path.with_name("old.h5")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, bias_initializer="ones")])
    model.save(path)
    respell(path, '"class_name": "Ones", "config": {', '"class_name": "Ones", "config": {"dtype": "float32"')
    error = refuse(errors.RepairableFileError, sa.load_model, path)
    assert main(shlex.split(find(r"    serialactivation (.*)", error)[1])) == 0
    assert np.array_equal(numpy(keras.models.load_model(path.with_name("old-repaired.h5"))), numpy(model))
    find(r"pass repair=True to serialactivation\.load_model", error)
    assert np.array_equal(numpy(sa.load_model(path, repair=True)), numpy(model))


def newer(saved):
    """An older Keras names the one that loads it, and that one does."""
    config = {**sa.layers.Dense(3).get_config(), "lora_rank": 2, "lora_alpha": 4}
    if is_newer(SINCE, keras.__version__):
        error = refuse(errors.NewerArgumentError, sa.layers.Dense.from_config, config)
        assert find(r"Load it with Keras ([.0-9]+) or newer", error)[1] == SINCE
    else:
        assert sa.layers.Dense.from_config(config).lora_alpha == 4


def newer_name(saved):
    """Likewise of an activation, by its name and in a partial; or another function is registered."""
    stored = sa.serialize(functools.partial(bend, by=2.0))
    stored["config"] = {"function": "celu", "keywords": {"alpha": 2.0}}
    if is_newer("3.7", keras.__version__):
        error = refuse(errors.UnknownActivationError, sa.layers.Dense, 3, activation="celu")
        assert find(r"Keras ([.0-9]+) and newer have it: upgrade Keras", error)[1] == "3.7"
        find("or register a function under another name", error)
        assert sa.layers.Dense.from_config(sa.layers.Dense(3, activation=bend).get_config()).activation is bend
        error = refuse(errors.ActivationConfigError, sa.deserialize, stored)
        assert find(r"Upgrade Keras to ([.0-9]+) or newer", error)[1] == "3.7"
    else:
        config = sa.layers.Dense(3, activation="celu").get_config()
        assert sa.layers.Dense.from_config(config).activation is keras.activations.celu
        assert sa.deserialize(stored).keywords == {"alpha": 2.0}


def newer_graph(saved):
    """Keras 3.6 does not load a model in that order, and a newer one does."""
    inputs, twice = keras.Input((4,)), keras.layers.ReLU()
    model = keras.Model(inputs, twice(sa.layers.Dense(4)(twice(inputs))))
    if is_newer("3.7", keras.__version__):
        find("Use a newer Keras", refuse(errors.StockFormError, sa.to_stock, model))
    else:
        path = saved[0].with_name("stock.keras")
        sa.to_stock(model).save(path)
        assert np.array_equal(numpy(keras.models.load_model(path)), numpy(model))


def missing(saved):
    """The package is installed that has the function, as if another version were."""
    import jax

    stored = sa.serialize(jax.nn.standardize)
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(jax.nn, "standardize")
        error = refuse(errors.ActivationConfigError, sa.deserialize, stored)
        assert find(r"Install the package that has (.*)\.$", error)[1] == "jax.nn.standardize"
    assert bare_function(sa.deserialize(stored)) is jax.nn.standardize


FOREIGN = """
import json, sys, numpy as np
import keras, serialactivation as sa
@keras.saving.register_keras_serializable("followed", "bend")
def bend(x, by=0.5):
    return keras.ops.tanh(x) * by
results = []
for path in json.loads(sys.argv[1]):
    try:
        results.append(np.asarray(sa.load_model(path)(np.array(json.loads(sys.argv[2]), "float32"))).tolist())
    except sa.ActivationError as error:
        results.append(str(error))
print(json.dumps(results))
"""


def foreign(saved):
    """It is loaded where its backend runs; or a function that runs on any is given in its place."""
    import jax

    paths, values = [], []
    for name, activation in {"jax": jax.nn.standardize, "ops": keras.ops.gelu, "own": bend}.items():
        model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(3, activation=activation)])
        paths.append(str(saved[0].with_name(f"{name}.keras")))
        values.append(numpy(model))
        model.save(paths[-1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", "numpy")
        error, *others = json.loads(run_bare(FOREIGN, json.dumps(paths), json.dumps(X.tolist())))
    assert find("Load the model with KERAS_BACKEND=([a-z]+),", error)[1] == keras.config.backend()
    assert np.array_equal(numpy(sa.load_model(paths[0])), values[0])
    find(r"or save it there with a function of keras\.ops, or with a registered one of your own", error)
    np.testing.assert_allclose(others, values[1:], rtol=1e-5, atol=1e-6)


def given_again(saved):
    """An author's from_config gives the constructor the object, into which the activation is put."""

    @sa.serializable_activation(package="followed")
    class Forgets(keras.layers.Layer):
        given = None

        def __init__(self, config=None, **kwargs):
            super().__init__(**kwargs)
            self.config = config

        def call(self, inputs):
            return self.config.activation(inputs)

        def get_config(self):
            return super().get_config()

        @classmethod
        def from_config(cls, config):
            return cls(cls.given, **config)

    config = Forgets(types.SimpleNamespace(activation=keras.layers.ReLU(max_value=0.5))).get_config()
    error = refuse(errors.ActivationConfigError, Forgets.from_config, config)
    find(r"Pass the configuration object to the constructor again in from_config\(\)", error)
    Forgets.given = types.SimpleNamespace(activation=None)
    assert Forgets.from_config(config).config.activation.max_value == 0.5


def redefined(saved):
    """The layer is made again; or one of the two gets another name."""
    cells = {"keras": keras}
    for by in ("3.0", "0.5"):
        if "scaled" in cells:
            layer = sa.layers.Dense(3, activation=cells["scaled"])
        exec(f"{errors.REGISTER}\ndef scaled(x):\n    return x * {by}", cells)
    with pytest.warns(errors.RedefinedActivationWarning) as caught:
        layer.get_config()
    find("Create the layer again", caught[0].message)
    anew = sa.layers.Dense(3, activation=cells["scaled"])
    assert sa.layers.Dense.from_config(anew.get_config()).activation is cells["scaled"]
    find("or register one of the two under another name", caught[0].message)
    own = sa.layers.Dense(3, activation=register(layer.activation, "other"))
    assert sa.layers.Dense.from_config(own.get_config()).activation is own.activation


def shared(saved):
    """Each of the ways that it names keeps one activation for both."""
    bent = keras.layers.PReLU()
    model = keras.Sequential([keras.Input((4,)), *(sa.layers.Dense(3, activation=bent) for _ in range(2))])
    with pytest.warns(errors.SharedActivationWarning) as caught:
        model.layers[0].get_config()
    find(r"serialactivation\.save_model and load_model \(\.h5\)", caught[0].message)
    path = saved[0].with_suffix(".h5")
    sa.save_model(model, path)
    find("model_to_json and model_from_json, or clone_model", caught[0].message)
    for made in (sa.load_model(path), sa.model_from_json(sa.model_to_json(model)), sa.clone_model(model)):
        first, second = made.layers
        assert first.activation is second.activation
        made.set_weights(model.get_weights())
        assert np.array_equal(numpy(made), numpy(model))


def check(layer_class, **options):
    testing.check_layer(layer_class, input_shape=(None, 3), activations=["tanh"], **options)


def broken(saved):
    """The class is decorated, as its promises say."""

    class Own(broken_layers._Base):
        pass

    skip = ["new_process"]  # the class is in a function
    error = refuse(errors.LayerCheckError, check, Own, skip=skip)
    for one in (error, *error.failures):
        assert type(one) in (errors.LayerCheckError, errors.PromiseBrokenError)
    name = find(r"Decorate the class with @(serialactivation\.serializable_activation)", error)[1]
    check(eval(name, {"serialactivation": sa})(package="followed")(Own), skip=skip)


def asked(saved):
    """A name is corrected, or is a list; and the fields and activations are those that the layer has."""
    skip = ["new_process"]
    error = refuse(errors.SettingsError, check, broken_layers.Sound, skip="new_process")
    assert eval(find(r"Write skip=(\[.*\])", error)[1]) == skip
    error = refuse(errors.SettingsError, check, broken_layers.Sound, skip=["new_proces"])
    assert [find(r"Did you mean '(\w+)'", error)[1]] == skip

    error = refuse(errors.ActivationFieldError, check, broken_layers.Sound, fields=["gate"], skip=skip)
    find(r"Pass a name that serialactivation\.activation_fields\(\.\.\.\) finds", error)
    check(broken_layers.Sound, fields=[field.name for field in sa.activation_fields(broken_layers.Sound)], skip=skip)
    find("or declare the field with fields=", error)

    @sa.serializable_activation(package="followed", fields=["gate"])
    class Gated(keras.layers.Layer):
        def __init__(self, gate="relu", **kwargs):
            super().__init__(**kwargs)
            self.gate = sa.get(gate)

        def call(self, inputs):
            return self.gate(inputs)

    check(Gated, fields=["gate"], skip=skip)

    @sa.serializable_activation(package="followed")
    class Choosy(keras.layers.Layer):
        def __init__(self, activation="sparsemax", **kwargs):
            super().__init__(**kwargs)
            self.activation = sa.get(activation)

        def call(self, inputs):
            return self.activation(inputs)

        @classmethod
        def validate_activation(cls, field, activation):
            if activation not in (None, "sparsemax", keras.activations.sparsemax):
                raise ValueError(activation)

    error = refuse(errors.ActivationFieldError, testing.check_layer, Choosy, input_shape=(None, 3), skip=skip)
    find(r"Pass some that it accepts: activations=", error)
    testing.check_layer(Choosy, input_shape=(None, 3), activations=["sparsemax"], skip=[*skip, "refusal"])


def limited(saved):
    """The limit is called as it is reported, and is a number from 1 on."""
    path, expected = saved
    error = refuse(errors.SettingsError, sa.load_model, path, trusted=["followed>bend"], limits={"deep": 0})
    name = find(r"the limits are .*\b(depth)\b", error)[1]
    error = refuse(errors.SettingsError, sa.load_model, path, trusted=["followed>bend"], limits={name: 0})
    limits = {name: 100 * int(find("must be a whole number from ([0-9]+) on", error)[1])}
    assert np.array_equal(numpy(sa.load_model(path, trusted=["followed>bend"], limits=limits)), expected)


def of_a_class(saved):
    """The function has the name that a class has, which gets another."""
    path, expected = saved
    register(type("Bend", (keras.layers.Layer,), {}))
    error = refuse(errors.ActivationConfigError, sa.load_model, path)
    find("Give the class another name, and import the module that registers the function before loading", error)
    forget()
    register(bend)
    assert np.array_equal(numpy(sa.load_model(path)), expected)


def of_no_name(saved):
    """A partial that names no function of Keras's is saved again."""
    stored = sa.serialize(functools.partial(bend, by=2.0))
    cut = {**stored, "config": {**stored["config"], "function": "bend"}}
    find(re.escape(errors.DAMAGED), refuse(errors.ActivationConfigError, sa.deserialize, cut))
    assert sa.deserialize(sa.serialize(functools.partial(bend, by=2.0))).keywords == {"by": 2.0}


def changed(saved):
    """The module that registers an enum, or a configuration class, is imported; and the class has its members again."""
    objects = keras.saving.get_custom_objects()
    mode = enum.Enum("Mode", ["FAST"])
    config_class = collections.namedtuple("Config", ["by", "mode"])

    @sa.serializable_activation(package="followed")
    class Configured(keras.layers.Layer):
        def __init__(self, config, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.config, self.activation = config, sa.get(activation)

    known = {"followed>Mode": mode, "followed>Config": config_class}
    objects.update(known)
    given = config_class(2.0, mode.FAST)
    stored = json.loads(json.dumps(Configured(given).get_config()))
    others = {
        "Import the module that defines and registers the enum before loading": {"followed>Mode": None},
        "Import the module that defines and registers the class before loading": {"followed>Config": None},
        "Give class Config the members that it had when the model was saved": {
            "followed>Config": collections.namedtuple("Config", ["by"])
        },
    }
    for said, held in others.items():
        for name, kind in held.items():
            objects.pop(name) if kind is None else objects.update({name: kind})
        find(said, refuse(errors.ActivationConfigError, Configured.from_config, stored))
        objects.update(known)
        assert Configured.from_config(stored).config == given


def not_tried(saved):
    """The promise is passed over, as it says; or the class is one of a module."""

    @sa.serializable_activation(package="followed")
    class Local(broken_layers._Base):
        __module__, __qualname__ = "__main__", "Local"  # as in a notebook

    with pytest.warns(errors.PromiseNotTriedWarning) as caught:
        check(Local)
    (warning,) = [one.message for one in caught if isinstance(one.message, errors.PromiseNotTriedWarning)]
    check(Local, skip=eval(find(r"or pass skip=(\[.*\])", warning)[1]))
    find("Move it into a module and import it from there", warning)
    with warnings.catch_warnings():
        warnings.simplefilter("error", errors.PromiseNotTriedWarning)
        check(broken_layers.Sound)


def not_restored(saved):
    """The model is converted, as the finding says, and comes back; on_lost='warn' is left out, and it is refused."""
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3, activation=functools.partial(keras.activations.relu, max_value=6.0))]
    )
    with pytest.raises(errors.NotRestoredError) as error:
        sa.check_model(model).raise_if_lost()
    names = {"model": model, "serialactivation": sa}
    exec(find(r"    (model = serialactivation\.convert\(model\))", error.value)[1], names)
    sa.check_model(names["model"]).raise_if_lost()
    model.compile(loss="mse")
    x = np.zeros((2, 4), "float32")
    with pytest.warns(errors.NotRestoredWarning, match=r"serialactivation\.convert\(model\)"):
        model.fit(x, x[:, :3], verbose=0, callbacks=[sa.callbacks.CheckBeforeTraining(on_lost="warn")])


def not_installed(saved):
    """What the message installs is an extra of this package, and has what is missing."""
    error = errors.MissingExtraError("a page", ("matplotlib", "jinja2"), "report")
    extra = find(r'python -m pip install "serialactivation\[(\w+)\]"', error)[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = {re.match(r"\w+", one)[0].lower() for one in project["optional-dependencies"][extra]}
    assert packages == set(error.modules)


HERE = {
    "ActivationConfigError": unregistered,
    "ActivationFieldError": asked,
    "LayerCheckError": broken,
    "MissingExtraError": not_installed,
    "NewerArgumentError": newer,
    "NotRestoredError": not_restored,
    "NotRestoredWarning": not_restored,
    "PromiseBrokenError": broken,
    "PromiseNotTriedWarning": not_tried,
    "RedefinedActivationWarning": redefined,
    "RepairableFileError": repairable,
    "SettingsError": limited,
    "SharedActivationWarning": shared,
    "UntrustedError": untrusted,
}
OTHERS = (changed, damaged, foreign, given_again, missing, newer_graph, newer_name, of_a_class, of_no_name)
"""What follows other cures of errors that are followed above, or elsewhere."""
CASES = (*layer_cures.CASES.values(), *model_cures.CASES.values(), *command_cures.CASES.values())
# The base class says nothing itself, and of what was left out with its default nothing is lost.
WITHOUT_CURE = {"ActivationError", "PrunedArgumentWarning"}


def meant_for(follow):
    """Return the marks of a test: few depend on the version of Keras."""
    return [] if follow in (newer, newer_graph, newer_name) else [pytest.mark.once]


@pytest.mark.parametrize(
    "follow",
    [
        pytest.param(follow, id=follow.__name__, marks=meant_for(follow))
        for follow in dict.fromkeys([*HERE.values(), *OTHERS])
    ],
)
def test_it_works(follow, saved):
    """What the message says to write is written, and what it says to call is called."""
    follow(saved)


@pytest.mark.once
def test_every_cure_is_followed():
    """An error or a warning that is new, or that no test follows any more, fails here."""
    modules = [
        importlib.import_module(f"{errors.__name__}.{one.name}") for one in pkgutil.iter_modules(errors.__path__)
    ]
    found = {
        name
        for module in modules
        for name, value in inspect.getmembers(module, inspect.isclass)
        if issubclass(value, BaseException) and value.__module__ == module.__name__
    }
    assert found == set(errors.__all__)
    assert found - WITHOUT_CURE == {*HERE, *(error for error, *_ in CASES), *pasted.ERRORS}
