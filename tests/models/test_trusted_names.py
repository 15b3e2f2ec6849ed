"""``load_model(trusted=...)`` and registered names of every look: Keras finds what is registered, not what looks so."""

import contextlib
import copy
import functools
import itertools
import json
import pathlib

import keras
import pytest

import serialactivation as sa
from serialactivation.errors import UntrustedError
from serialactivation.files.rewrite import rewrite_configs
from serialactivation.files.saved_model import Kind, read_archive
from serialactivation.models.files.registered import list_registered
from serialactivation.trust.untrusted_names import find_untrusted_names
from tests.helpers.configs import an_object
from tests.helpers.processes import run_bare

RUN = []
NAMES = ["plain", "My project>cleanup", "a b", ">led", "trailing>", "Ünï>cödé", "<angled>", "a->b", "Custom>thing"]


def a_function(name):
    def function(*_, **__):
        RUN.append(name)
        return 0.0

    return function


def a_class(name):
    class Thing(keras.layers.Layer):
        def __init__(self, *_, **__):
            RUN.append(name)
            super().__init__()

        @classmethod
        def from_config(cls, config):
            return cls()

    return Thing


@pytest.fixture(params=[a_function, a_class], ids=["function", "class"])
def registered(request):
    """Things registered under every name, which note when they run."""
    with registering(**{name: request.param(name) for name in NAMES}):
        yield request.param


@pytest.fixture(scope="module", params=[".keras", ".h5", "ours.h5"])
def saved(request, tmp_path_factory):
    """A compiled model, as Keras saves it, and in an HDF5 file also as we do."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu", name="dense")], name="model")
    model.compile("adam", "mean_squared_error", metrics=["mean_absolute_error"])
    model.optimizer.build(model.trainable_variables)
    path = tmp_path_factory.mktemp("saved") / f"model{request.param}"
    (sa.save_model if "ours" in path.name else keras.saving.save_model)(model, path)
    return path


def layer(module, class_name, **config):
    """Return what puts another layer into the model."""

    def put(model, _, name):
        put_in = {key: fill(value, name) for key, value in config.items()}
        model["config"]["layers"].append(an_object(module, fill(class_name, name), {"name": "last", **put_in}))

    return put


def bare(**layer_data):
    """Return what puts another layer into the model, as it stands."""

    def put(model, _, name):
        model["config"]["layers"].append(fill(layer_data, name))

    return put


def compiled(**config):
    """Return what changes how the model was compiled."""

    def put(_, training, name):
        training.update({key: fill(value, name) for key, value in config.items()})

    return put


def optimizer(**config):
    """Return what changes the optimizer's config."""

    def put(_, training, name):
        of = training.setdefault("optimizer_config" if "optimizer_config" in training else "optimizer", {"config": {}})
        of["config"].update({key: fill(value, name) for key, value in config.items()})

    return put


def optimizer_itself(value):
    def put(_, training, name):
        training["optimizer_config" if "optimizer_config" in training else "optimizer"] = fill(value, name)

    return put


X = object()  # where the name goes
OBJECT = {"class_name": X, "config": {}}
MODULED = {"module": "somewhere", "class_name": "Some", "config": {}, "registered_name": X}
FUNCTION = {"module": "builtins", "class_name": "function", "config": X, "registered_name": "function"}
OTHER_FUNCTION = {"module": "somewhere", "class_name": "function", "config": X, "registered_name": X}
WRAPPED = {"module": "keras.losses", "class_name": "LossFunctionWrapper", "registered_name": None}
METRIC = {"module": "keras.metrics", "class_name": "MeanMetricWrapper", "registered_name": None}
CONSTANT = {"module": "keras.initializers", "class_name": "Constant", "registered_name": None}
MSE = {**FUNCTION, "config": "mean_squared_error"}
LAYERS = "keras.layers"
RELU = {"module": LAYERS, "class_name": "ReLU", "config": {"name": "last"}, "registered_name": None}


def fill(value, name):
    """Return *value* with the *name* where it goes."""
    if value is X:
        return name
    if isinstance(value, dict):
        return {key: fill(item, name) for key, item in value.items()}
    return [fill(item, name) for item in value] if isinstance(value, list) else copy.deepcopy(value)


PLACES = {
    "loss": compiled(loss=X),
    "losses": compiled(loss=[X]),
    "losses by output": compiled(loss={"dense": X}),
    "loss object": compiled(loss=OBJECT),
    "loss with a module": compiled(loss=MODULED),
    "loss function": compiled(loss=FUNCTION),
    "loss function elsewhere": compiled(loss=OTHER_FUNCTION),
    "wrapped loss": compiled(loss={**WRAPPED, "config": {"fn": X}}),
    "wrapped loss's name": compiled(loss={**WRAPPED, "config": {"fn": MSE, "name": X}}),
    "wrapped loss's function": compiled(loss={**WRAPPED, "config": {"fn": FUNCTION}}),
    "metric": compiled(metrics=[X]),
    "metric object": compiled(metrics=[OBJECT]),
    "nested metric": compiled(metrics=[[X]]),
    "metrics by output": compiled(metrics={"dense": [X]}),
    "wrapped metric": compiled(metrics=[{**METRIC, "config": {"fn": X}}]),
    "weighted metric": compiled(weighted_metrics=[X]),
    "weights of losses": compiled(loss_weights=X),
    "setting": compiled(run_eagerly=X),
    "unknown setting": compiled(jit_compile={"deep": [X]}),
    "optimizer": optimizer_itself(X),
    "optimizer object": optimizer_itself(OBJECT),
    "optimizer with a module": optimizer_itself(MODULED),
    "learning rate": optimizer(learning_rate=X),
    "schedule": optimizer(learning_rate=OBJECT),
    "schedule with a module": optimizer(learning_rate=MODULED),
    "schedule's function": optimizer(learning_rate=FUNCTION),
    "initializer": layer(LAYERS, "Dense", units=2, kernel_initializer=X),
    "initializer object": layer(LAYERS, "Dense", units=2, kernel_initializer=OBJECT),
    "initializer function": layer(LAYERS, "Dense", units=2, bias_initializer=FUNCTION),
    "regularizer": layer(LAYERS, "Dense", units=2, kernel_regularizer=X),
    "regularizer object": layer(LAYERS, "Dense", units=2, activity_regularizer=OBJECT),
    "constraint object": layer(LAYERS, "Dense", units=2, kernel_constraint=OBJECT),
    "constraint": layer(LAYERS, "Dense", units=2, kernel_constraint=X),
    "activation": layer(LAYERS, "Dense", units=2, activation=X),
    "activation function": layer(LAYERS, "Dense", units=2, activation=FUNCTION),
    "activation object": layer(LAYERS, "Activation", activation=MODULED),
    "dtype": layer(LAYERS, "Dense", units=2, dtype=OBJECT),
    "scale": layer(LAYERS, "Rescaling", scale=X),
    "value": layer(LAYERS, "Dense", units=2, bias_initializer={**CONSTANT, "config": {"value": X}}),
    "seed": layer(LAYERS, "Dropout", rate=0.5, seed=X),
    "inner layer": layer(LAYERS, "TimeDistributed", layer=OBJECT),
    "layer by another name": bare(module="somewhere", class_name="Some", config={"name": "last"}, registered_name=X),
    "layer of Keras by another name": bare(**{**RELU, "registered_name": X}),
    "layer without a name": bare(module=LAYERS, class_name=X, config={"name": "last"}),
    "layer without a module": bare(class_name=X, config={"name": "last"}),
    "argument without a module": bare(class_name="Rescaling", config={"name": "last", "scale": X}),
    "passive": layer(LAYERS, "Dense", units=2, kernel_initializer={**OBJECT, "__passive_serialization__": True}),
    "shape": bare(**RELU, build_config={"shape": [X]}),
}


def alter(config, place, name):
    """Return a model's config, or how it was compiled, with a *name* at a *place*."""
    config = copy.deepcopy(config)
    if "class_name" in config:
        PLACES[place](config, config.get("compile_config", {}), name)
    else:
        PLACES[place]({"config": {"layers": []}}, config, name)
    return config


def outcome(load):
    """Return what ran in a load, and the error that it ended with, whatever Keras makes of a wrong file."""
    RUN.clear()
    try:
        load()
    except Exception as error:
        return sorted(set(RUN)), type(error)
    return sorted(set(RUN)), None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Keras, on files that it cannot use
def test_nothing_registered_runs_that_is_not_named(saved, registered, tmp_path):
    """A registered name at any place is listed, and once it is trusted the file loads as with Keras alone."""
    ran = set()
    named = list(zip(PLACES, itertools.cycle(NAMES), strict=False))
    for place, name in named[registered is a_class :: 2]:
        path = tmp_path / saved.name
        rewrite_configs(saved, functools.partial(alter, place=place, name=name), path)
        assert name in sa.untrusted(path), place
        RUN.clear()
        with pytest.raises(UntrustedError) as caught:
            sa.load_model(path, trusted=())
        assert (RUN, name in caught.value.names) == ([], True), place
        stock = outcome(functools.partial(keras.saving.load_model, path))
        trusted = outcome(functools.partial(sa.load_model, path, trusted=sa.untrusted(path)))
        assert trusted == stock if stock[1] is None else trusted[1] is not None, place
        ran |= {place} if stock[0] else set()
    assert ran  # by Keras alone


def test_every_name_is_listed_at_every_place(saved, registered):
    """A name is listed at every place where Keras looks one up, whatever it looks like."""
    archive, registry = read_archive(saved), list_registered()
    training = (archive.metadata or {}).get("training_config", {"optimizer_config": {"config": {}}})
    for place, name in itertools.product(PLACES, NAMES):
        config = alter(archive.config, place, name)
        metadata = {"training_config": alter(training, place, name)} if archive.kind is Kind.HDF5 else None
        named = find_untrusted_names(archive._replace(config=config, metadata=metadata), registry)
        assert name in {one.name for one in named}, (place, name)


@contextlib.contextmanager
def registering(**objects):
    """Within it, *objects* are registered, too."""
    before = dict(keras.saving.get_custom_objects())
    keras.saving.get_custom_objects().update(objects)
    RUN.clear()
    try:
        yield
    finally:
        keras.saving.get_custom_objects().clear()
        keras.saving.get_custom_objects().update(before)


SHADOWS = ["Adam", "adam", "mean_squared_error", "Sequential", "Dense"]


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("name", SHADOWS)
def test_a_name_of_keras_that_is_registered_is_listed_where_it_is_looked_up(name, suffix, tmp_path):
    """Else the file loads as ever: most objects of Keras's are looked up in their module alone."""
    path = tmp_path / f"model{suffix}"
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu")])
    model.compile("adam", "mean_squared_error")
    model.optimizer.build(model.trainable_variables)
    keras.saving.save_model(model, path)
    thing = a_class(name) if name[0].isupper() else a_function(name)
    with registering(**{name: thing}):
        listed = sa.untrusted(path)
        stock = outcome(lambda: keras.saving.load_model(path))
        assert bool(stock[0]) <= (name in listed)
        if listed:
            with pytest.raises(UntrustedError):
                sa.load_model(path, trusted=())
        else:
            sa.load_model(path, trusted=())
            assert (RUN, stock) == ([], ([], None))
    assert sa.untrusted(path) == ()


def test_what_is_no_lookup_is_not_listed(tmp_path):
    """The name of a layer, an activation of Keras's, a word of a vocabulary."""
    inputs = keras.Input((4,), name="plain")
    outputs = keras.layers.Dense(3, "relu", name="other")(inputs)
    keras.saving.save_model(keras.Model(inputs, outputs, name="plain"), tmp_path / "model.keras")
    words = an_object("keras.layers", "StringLookup", {"name": "other", "vocabulary": ["plain", "<x>y"]})
    config = {"class_name": "Sequential", "config": {"name": "plain", "layers": [words]}}
    (tmp_path / "words.json").write_text(json.dumps(config))
    with registering(plain=a_function("plain"), other=a_class("other"), relu=a_function("relu")):
        assert sa.untrusted(tmp_path / "model.keras") == ()
        assert isinstance(sa.load_model(tmp_path / "model.keras", trusted=()), keras.Model)
        assert sa.untrusted(tmp_path / "words.json") == ()
    assert RUN == []


def test_a_custom_object_is_trusted_unless_another_is_registered_by_its_name(saved, tmp_path):
    """Keras takes the registered one."""
    path = tmp_path / saved.name
    rewrite_configs(saved, functools.partial(alter, place="layer without a name", name="plain"), path)
    given = a_class("given")
    with registering():
        sa.load_model(path, {"plain": given}, trusted=())
        assert set(RUN) == {"given"}
    with registering(plain=given):
        sa.load_model(path, {"plain": given}, trusted=())
    with registering(plain=a_class("plain")), pytest.raises(UntrustedError, match=r"trusted=\['plain'\]"):
        sa.load_model(path, {"plain": given}, trusted=())


def test_a_function_is_trusted_by_its_name_with_its_package_or_without(tmp_path, saved):
    """A file may have the bare name; Keras before 3.10 takes every registered name that ends with it."""
    path = tmp_path / saved.name
    rewrite_configs(saved, functools.partial(alter, place="initializer function", name="quarter"), path)
    old = keras.__version__.startswith(("3.6", "3.9"))
    objects = {name: a_function(name) for name in ("My project>quarter", "other>quarter", "other>bequarter")}
    with registering(**objects):
        assert sa.untrusted(path) == (("other>bequarter", "quarter") if old else ("quarter",))
        for trusted in ((), ["My project>quarter"], *([["quarter"]] if old else [])):
            with pytest.raises(UntrustedError):
                sa.load_model(path, trusted=trusted)
        also = ["other>bequarter"]
        for trusted in (["quarter", *also], ["My project>quarter", "other>quarter", *also]):
            assert outcome(functools.partial(sa.load_model, path, trusted=trusted))[1] is not UntrustedError


def test_without_keras_what_looks_registered_is_listed(tmp_path):
    """Without Keras, every string of a registered name's form, or where a name is looked up, is listed."""
    paths = []
    for place in ("setting", "unknown setting", "wrapped loss", "learning rate", "losses by output", "scale"):
        model = {"class_name": "Sequential", "config": {"layers": []}, "compile_config": {}}
        name = "My project>cleanup" if place == "scale" else "plain"
        paths.append(str(tmp_path / f"{place}.json"))
        pathlib.Path(paths[-1]).write_text(json.dumps(alter(model, place, name)))
    code = "import sys; sys.modules['keras'] = None; from serialactivation import untrusted as u"
    listed = run_bare(f"{code}; print(*map(u, sys.argv[1:]))", *paths)
    assert listed.count("'plain'") == 5
    assert listed.count("'My project>cleanup'") == 1
