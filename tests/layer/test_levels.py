"""Subclasses that call, or do not call, their parent's ``get_config``, ``from_config`` and ``__init__``."""

import itertools
import json
import random

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationAssignmentError, ActivationConfigError, LayerArgumentError
from tests import levels
from tests.helpers.processes import run_python
from tests.helpers.round_trips import revive
from tests.matrix.cells import randomize

# All of them are walked through by ``python -m tests.levels 12259 0``.
SAMPLE = random.Random(11).sample(list(levels.cases()), 40)


def numbers(layer):
    return keras.ops.convert_to_numpy(layer(levels.X))


@pytest.mark.parametrize("part", range(4))
def test_every_combination_is_equal_or_refused(part):
    """Stock Keras, compared in the same test, keeps no layer that we do not."""
    for case in SAMPLE[part::4]:
        for value, stock, ours, is_kept in levels.compare(case):
            assert is_kept, (case, value, stock, ours)


_LOAD = """
import json, sys
import keras
from tests import levels
sources, paths = json.loads(sys.argv[1]), sys.argv[2:]
for source, path in zip(sources, paths):
    levels.make(source)
    print(json.dumps(keras.ops.convert_to_numpy(keras.models.load_model(path)(levels.X)).tolist()))
"""


@pytest.mark.once
def test_models_of_them_load_in_another_process(tmp_path):
    """A process that defines the classes again loads their models, which compute the same."""
    paths, sources, expected = [], [], []
    for case in SAMPLE:
        if levels.outcome(case, "weights", stock=False) != "equal":
            continue
        sources.append(levels.write(case, stock=False))
        layer = levels.make(sources[-1])(**levels.given(case, "weights"))
        model = keras.Sequential([keras.Input((3,)), layer])
        randomize(model, np.random.default_rng(1))
        paths.append(str(tmp_path / f"{len(paths)}.keras"))
        model.save(paths[-1])
        expected.append(numbers(model).tolist())
    assert len(paths) > 20
    printed = run_python(_LOAD, json.dumps(sources), *paths).splitlines()
    assert [json.loads(line) for line in printed] == expected


@sa.serializable_activation(package="levels")
class Gated(sa.layers.Dense):
    """An author's ``from_config`` that calls its parent's, and a ``get_config`` that leaves the activation out."""

    def __init__(self, units, gate_activation="sigmoid", **kwargs):
        super().__init__(units, **kwargs)
        self.gate_activation = keras.activations.get(gate_activation)

    def get_config(self):
        return super().get_config()

    @classmethod
    def from_config(cls, config):
        return super().from_config(config)


def test_what_is_beside_a_config_is_read_through_a_parents_from_config():
    """What is stored beside the config of a parent's ``from_config`` comes back."""
    layer = revive(Gated(4, gate_activation="tanh"))
    assert layer.gate_activation is keras.activations.tanh


def test_a_layer_inside_its_like_is_made_of_its_own_config():
    """A layer inside another one of its class is made from its own config."""

    @sa.serializable_activation(package="levels")
    class Nest(Gated):
        def __init__(self, units, inner=None, **kwargs):
            super().__init__(units, **kwargs)
            self.inner = inner

        def get_config(self):
            return {**super().get_config(), "inner": self.inner and self.inner.get_config()}

        @classmethod
        def from_config(cls, config):
            inner = config["inner"] and cls.from_config(config["inner"])
            return super().from_config({**config, "inner": inner})

    layer = revive(Nest(4, Nest(3, gate_activation="tanh"), gate_activation="relu"))
    found = [layer.gate_activation, layer.inner.gate_activation]
    assert found == [keras.activations.relu, keras.activations.tanh]


NUMBERS = itertools.count()
FIXED = {"activation": "tanh", "name": "head", "dtype": "mixed_bfloat16", "trainable": False}
PARENTS = {
    "Keras's": (keras.layers.Dense, keras.layers.Dense),
    "twin": (keras.layers.Dense, sa.layers.Dense),
}


def fixing(parent, fixed, getter, form):
    """Return a subclass of *parent* that gives it the *fixed* arguments itself."""

    class Fixes(parent):
        def __init__(self, units, extra=1, **kwargs):
            super().__init__(units, **fixed, **kwargs)
            self.extra = extra

        def written(self):
            config = {key: value for key, value in super().get_config().items() if key not in fixed}
            return {**config, "extra": self.extra}

        if getter == "left out":
            get_config = written

    return form(Fixes)


def describe(layer):
    config = layer.get_config()
    return [layer.name, layer.dtype_policy.name, layer.trainable, layer.extra, config.get("activation")]


def decorate_apart():
    """Return a decorator with a package of its own: one function makes several classes, and layers of them live."""
    return sa.serializable_activation(package=f"levels{next(NUMBERS)}")


@pytest.mark.parametrize("parent", PARENTS)
@pytest.mark.parametrize("names", [*([name] for name in FIXED), list(FIXED)], ids="-".join)
def test_what_a_constructor_fixes_is_not_handed_to_it(names, parent):
    """A load does not pass a constructor what it fixes, where stock Keras loads the layer and where it does not."""
    fixed = {name: FIXED[name] for name in names}
    for getter in ("left out", "inherited"):
        layer = fixing(PARENTS[parent][1], fixed, getter, decorate_apart())(4, extra=3)
        layer.build((None, 3))
        revived = revive(layer)
        revived.build((None, 3))
        revived.set_weights(layer.get_weights())
        assert np.array_equal(numbers(revived), numbers(layer))
        if getter == "inherited":
            assert describe(revived) == describe(layer)
    stock = fixing(PARENTS[parent][0], fixed, "left out", lambda kept: kept)(4)
    assert revive(stock).activation is stock.activation


@pytest.mark.parametrize("parent", PARENTS)
def test_an_activation_of_a_frozen_layer_is_as_trainable_as_before(parent):
    """The weights of a PReLU keep what Keras made of them where a constructor fixes ``trainable=False``.

    A model has its trainable weights before the others, also in an ``.h5`` file.
    """
    layer = fixing(PARENTS[parent][1], {"trainable": False}, "inherited", decorate_apart())(
        4, activation=keras.layers.PReLU()
    )
    revived = revive(layer)
    for one in (layer, revived):
        one.build((None, 3))
    trainable = [[v.name for v in one.variables if v.trainable] for one in (layer, revived)]
    assert trainable == [["alpha"], ["alpha"]]


def test_what_is_fixed_and_has_changed_since_comes_back():
    """``trainable`` comes back as it was set last; an assignment to a fixed activation is refused."""
    twin, stock = (
        fixing(PARENTS[parent][1], FIXED, "inherited", decorate_apart())(4) for parent in ("twin", "Keras's")
    )
    twin.trainable = True
    assert revive(twin).trainable
    for layer in (twin, stock):
        with pytest.raises(ActivationAssignmentError, match="Let the constructor take activation="):
            layer.activation = "relu"
        layer.activation = layer.activation
        config = {**layer.get_config(), "activation": "relu"}
        with pytest.raises(ActivationConfigError, match="Let the constructor take activation="):
            type(layer).from_config(config)
        assert type(layer).from_config({**config, "activation": "tanh"}).activation is layer.activation


@sa.serializable_activation(package="levels")
class Sized(keras.layers.Layer):
    def __init__(self, units=5, depth=6, width=7, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.sizes = units, depth, width
        self.activation = keras.activations.get(activation)

    def get_config(self):
        stored = dict(zip(("units", "depth", "width"), self.sizes, strict=True))
        return {**super().get_config(), **stored, "activation": keras.activations.serialize(self.activation)}


@sa.serializable_activation(package="levels")
class SizedAlone(keras.layers.Layer):
    """The same, and nobody wrote a ``get_config`` for it."""

    def __init__(self, units=5, depth=6, width=7, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.sizes = units, depth, width
        self.activation = keras.activations.get(activation)


HANDED_ON = {
    "all": lambda args: args,
    "last": lambda args: (1, *args),
    "first": lambda args: (*args, 1),
    "first of three": lambda args: (*args, 2, 1),
    "changed": lambda args: [size * 2 for size in args],
}


def hand_on(parent, arguments):
    """Return a subclass of *parent* that passes on what *arguments* makes of its values for ``*args``."""

    class HandsOn(parent):
        def __init__(self, *args, **kwargs):
            super().__init__(*arguments(args), **kwargs)

    return HandsOn


@pytest.mark.parametrize("handing", HANDED_ON)
def test_values_for_args_are_not_known_by_their_value(handing):
    """Values for ``*args`` come back, whatever other values they equal, through two levels too."""
    for levels_above, args in itertools.product((1, 2), [(), (1,), (2,), (1, 1), (1, 2), (2, 1)]):
        parent = Sized
        for place in range(levels_above):
            parent = hand_on(parent, HANDED_ON[handing if place == 0 else "all"])
        if len(HANDED_ON[handing](args)) <= 3:  # the fourth is the activation
            check_sizes(parent, args)


def make_itself(parent):
    """Return a subclass of *parent* with the simplest ``from_config``."""

    class MakesItself(hand_on(parent, HANDED_ON["all"])):
        @classmethod
        def from_config(cls, config):
            return cls(**config)

    return MakesItself


def write_more(parent):
    """Return a subclass of *parent* with a ``get_config`` of its own, which asks its parent for the rest."""

    class WritesMore(hand_on(parent, HANDED_ON["all"])):
        def get_config(self):
            return {**super().get_config(), "trainable": True}

    return WritesMore


@pytest.mark.parametrize("reader", [lambda parent: parent, make_itself, write_more], ids=["none", "made", "written"])
def test_values_for_args_have_their_names_where_nobody_wrote_a_get_config(reader):
    """Values for ``*args`` are stored by the parent's names; one that is changed on the way is refused."""
    for args in [(), (1,), (1, [2]), (1, 2, (3, 4)), (1, 2, 3, keras.layers.PReLU())]:
        check_named(reader(hand_on(hand_on(SizedAlone, HANDED_ON["all"]), HANDED_ON["all"])), args)
    for handing in ("first", "changed"):
        with pytest.raises(LayerArgumentError, match="no names") as caught:
            reader(hand_on(SizedAlone, HANDED_ON[handing]))(300, activation="tanh")
        assert "a named parameter" in caught.value.cure


def check_named(layer_class, args):
    """As below."""
    layer = layer_class(*args)
    revived = revive(layer)
    assert revived.sizes == layer.sizes == (*args, *(5, 6, 7)[len(args) :])[:3]
    assert type(revived.activation) is type(layer.activation)
    assert layer.get_config().keys() >= set(("units", "depth", "width", "activation")[: len(args)])


def check_sizes(layer_class, args):
    """Make a layer that goes with the call: the next class of the same name is another."""
    layer = layer_class(*args, activation="tanh")
    revived = revive(layer)
    assert revived.sizes == layer.sizes, args
    assert revived.activation is keras.activations.tanh


class Undecorated(keras.layers.Layer):
    """Keeps its activations under other names, one as it is."""

    def __init__(self, inner_activation="relu", outer_activation=keras.ops.gelu, **kwargs):
        super().__init__(**kwargs)
        self.inner, self.outer = keras.layers.Activation(inner_activation), keras.activations.get(outer_activation)

    def call(self, inputs):
        return self.outer(self.inner(inputs) - 0.5)

    def get_config(self):
        inner = keras.activations.serialize(self.inner.activation)
        return {**super().get_config(), "inner_activation": inner, "outer_activation": self.outer}


@sa.serializable_activation(package="levels")
class OfUndecorated(Undecorated):
    def __init__(self, scale=1.0, **kwargs):
        super().__init__(**kwargs)
        self.scale = scale


@pytest.mark.parametrize("given", [{}, {"inner_activation": "tanh"}, {"outer_activation": "tanh"}])
def test_what_a_parent_that_is_not_decorated_has_by_default_comes_back(given):
    """The default activation of a parent that is not decorated, which only its own get_config knows, comes back."""
    layer = OfUndecorated(**given)
    assert np.array_equal(numbers(revive(layer)), numbers(layer))


OTHERS = {
    "tuple": (1, (2, 3)),
    "layer": keras.layers.Dense(3, name="inner"),
    "initializer": keras.initializers.Constant(2.0),
    "list": [1, [2]],
    "layers": [keras.layers.ReLU(), keras.layers.ELU()],
    "dict": {"one": (1, 2), "other": keras.layers.ReLU()},
}


def show(value):
    if isinstance(value, list | tuple):
        return ["tuple" if isinstance(value, tuple) else "list", *map(show, value)]
    if isinstance(value, dict):
        return {key: show(item) for key, item in value.items()}
    return [type(value).__name__, value.get_config()] if hasattr(value, "get_config") else value


@pytest.mark.parametrize("reader", ["super", "made"])
@pytest.mark.parametrize("getter", ["none", "inherited"])
@pytest.mark.parametrize("other", OTHERS)
def test_a_subclass_gets_what_was_given_through_its_parents_from_config(other, getter, reader):
    """A subclass gets layers, initializers and tuples, and not their configs, through its parent's from_config."""

    @sa.serializable_activation(package="levels")
    class Base(keras.layers.Layer):
        def __init__(self, value=None, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.value, self.seen = value, show(value)
            self.activation = keras.activations.get(activation)

        @classmethod
        def from_config(cls, config):
            return super().from_config(config) if reader == "super" else cls(**config)

    class Naming(Base):
        def __init__(self, more=None, **kwargs):
            super().__init__(**kwargs)
            self.more, self.also_seen = more, show(more)

    class Asking(Naming):
        def get_config(self):
            return super().get_config()

    layer = (Asking if getter == "inherited" else Naming)(more=OTHERS[other], value=OTHERS[other], activation="tanh")
    revived = revive(layer)
    assert [revived.seen, revived.also_seen] == [show(OTHERS[other])] * 2
    assert revived.activation is keras.activations.tanh


def test_a_list_that_keras_tracks_is_a_list():
    """A list that Keras has made its own kind comes back from a ``get_config`` as a list."""

    class Tracking(keras.layers.Layer):
        def __init__(self, dims=(), **kwargs):
            super().__init__(**kwargs)
            self.dims = dims

        def get_config(self):
            return {**super().get_config(), "dims": self.dims}

    @sa.serializable_activation(package="levels")
    class Listing(Tracking):
        def __init__(self, dims=(), activation=None, **kwargs):
            super().__init__(dims, **kwargs)
            self.activation = keras.activations.get(activation)

    layer = Listing([1, [2]], "tanh")
    assert type(layer.dims) is not list
    assert Listing.from_config(layer.get_config()).dims == [1, [2]]


def test_what_goes_by_position_must_be_storable():
    """A positional argument that cannot be stored is refused when the layer is constructed."""

    @sa.serializable_activation(package="levels")
    class Positional(Sized):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, 1, **kwargs)

    with pytest.raises(LayerArgumentError):
        Positional(object())
