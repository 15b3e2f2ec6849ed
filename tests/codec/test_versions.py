"""Two definitions of one registered name: what a living layer holds is not given to another as something else."""

import functools
import gc
import json
import weakref

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.codec.definitions.same_definition import is_rewritten, is_same
from serialactivation.errors import RedefinedActivationWarning, RegistrationError, UnserializableActivationError
from tests.helpers.processes import run_python

X = np.linspace(-3.0, 3.0, 12, dtype="float32").reshape(4, 3)
register = keras.saving.register_keras_serializable

pytestmark = pytest.mark.usefixtures("restore_registry")


def make(scale, package="versions"):
    """Return a registered closure, as a factory does."""

    @register(package=package)
    def scaled(x):
        return x * scale

    return scaled


def make_default(scale):
    @register(package="versions")
    def by_default(x, scale=scale):
        return x * scale

    return by_default


def make_keyword_only(scale):
    @register(package="versions")
    def by_keyword(x, *, scale=scale):
        return x * scale

    return by_keyword


def make_layer(scale):
    @register(package="versions")
    class Scale(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)

        def call(self, x):
            return x * scale

    return Scale()


def make_attribute(scale):
    @register(package="versions")
    class Factor(keras.layers.Layer):
        factor = scale

        def call(self, x):
            return x * self.factor

    return Factor()


def make_object(scale):
    @register(package="versions")
    class Times:
        def __call__(self, x):
            return x * scale

        def get_config(self):
            return {}

        @classmethod
        def from_config(cls, config):
            return cls()

    return Times()


def make_initializer(scale):
    @register(package="versions")
    class Start(keras.initializers.Initializer):
        def __call__(self, shape, dtype=None):
            return keras.ops.full(shape, scale, dtype)

    return keras.layers.PReLU(alpha_initializer=Start())


def make_annotated(scale):
    @register(package="versions")
    class Annotated(keras.layers.Layer):
        factor: float = scale

        def call(self, x):
            return x * self.factor

    return Annotated()


FACTORIES = {
    "closure": make,
    "default": make_default,
    "keyword-only default": make_keyword_only,
    "partial of a closure": lambda scale: functools.partial(make(scale)),
    "layer": make_layer,
    "layer's attribute": make_attribute,
    "layer's annotated attribute": make_annotated,
    "object": make_object,
    "initializer inside": make_initializer,
    "layer inside": lambda scale: keras.Sequential([make_layer(scale)]),
}


@pytest.mark.parametrize("factory", FACTORIES.values(), ids=FACTORIES)
def test_the_second_of_two_is_refused(factory):
    """The first is held by a layer, and both would load as the second; so would the first, given again."""
    first = factory(0.5)
    held = sa.layers.Dense(3, activation=first)
    second = factory(3.0)

    with pytest.raises(UnserializableActivationError, match="versions>") as caught:
        sa.layers.Dense(3, activation=second, name="second")
    assert (caught.value.layer, caught.value.field) == ("Dense 'second'", "activation")
    with pytest.raises(UnserializableActivationError, match="versions>"):
        sa.layers.Dense(3, activation=first)
    with pytest.raises(UnserializableActivationError, match="versions>"):
        held.activation = second
    assert held is not None


@pytest.mark.parametrize("factory", FACTORIES.values(), ids=FACTORIES)
def test_equal_ones_are_one(factory):
    """A factory that is called twice with one value makes the same twice."""
    layers = [sa.layers.Dense(3, activation=factory(0.5)) for _ in range(2)]
    assert [layer.get_config()["activation"] for layer in layers]


@pytest.mark.parametrize("factory", FACTORIES.values(), ids=FACTORIES)
def test_what_nobody_holds_any_more_does_not_count(factory):
    """A model that is gone cannot be saved: the next one may be given another."""
    model = keras.Sequential([keras.Input((3,)), sa.layers.Dense(3, activation=factory(0.5))])
    gone = weakref.ref(model.layers[0])
    del model

    layer = sa.layers.Dense(3, activation=factory(3.0))
    assert gone() is None
    assert layer.get_config()["activation"]


def test_a_closure_held_by_a_model_loads_again(tmp_path):
    """What a load makes is what the name means: it is not refused, even where another is held."""
    held = keras.Sequential([keras.Input((3,)), sa.layers.Dense(3, activation=make(0.5))])
    held.save(tmp_path / "model.keras")
    same = keras.models.load_model(tmp_path / "model.keras")
    assert np.array_equal(held.predict(X, verbose=0), same.predict(X, verbose=0))

    make(3.0)
    newer = keras.models.load_model(tmp_path / "model.keras")
    held.layers[0].get_weights()
    assert np.allclose(newer.predict(X, verbose=0), held.predict(X, verbose=0) * 6.0)


def test_the_cure_gives_both(tmp_path):
    """With keywords in a partial, two layers of one model keep two slopes, in a new process too."""
    definition = (
        "@keras.saving.register_keras_serializable(package='versions')\ndef scaled(x, scale):\n    return x * scale"
    )
    code = (
        "import sys, functools, keras, numpy as np, serialactivation as sa\n"
        f"{definition}\n"
        "x = np.linspace(-3, 3, 12, dtype='float32').reshape(4, 3)\n"
        "if sys.argv[1] == 'save':\n"
        "    layers = [sa.layers.Dense(3, activation=functools.partial(scaled, scale=s)) for s in (0.5, 3.0)]\n"
        "    model = keras.Sequential([keras.Input((3,)), *layers])\n"
        "    model.save(sys.argv[2])\n"
        "else:\n"
        "    model = keras.models.load_model(sys.argv[2])\n"
        "print(float(keras.ops.sum(model(x) ** 2)))\n"
    )
    path = str(tmp_path / "model.keras")
    assert run_python(code, "save", path) == run_python(code, "load", path)


def run_cell(source, **names):
    """Run a notebook's cell: its code is compiled again each time."""
    namespace = {"__name__": "__main__", "keras": keras, **names}
    exec(compile(source, "<cell>", "exec"), namespace)
    return namespace


CELL = """
@keras.saving.register_keras_serializable(package="cell")
def bent(x, by={by}):
    return x * by
"""
CLASS_CELL = """
@keras.saving.register_keras_serializable(package="cell")
class Bent(keras.layers.Layer):
    def call(self, x):
        return x * {by}
"""


def test_a_cell_that_was_changed_stays_a_warning():
    """The old model can still be saved, and the warning says which of the two will load."""
    old = run_cell(CELL.format(by=0.5))["bent"]
    layer = sa.layers.Dense(3, activation=old)
    new = run_cell(CELL.format(by=3.0))["bent"]
    assert sa.layers.Dense(3, activation=new).get_config()["activation"]["config"] == "cell>bent"

    with pytest.warns(RedefinedActivationWarning, match="loads with what has that name now") as caught:
        layer.get_config()
    assert (caught[0].message.value, caught[0].message.holder) == (old, new)
    with pytest.raises(UnserializableActivationError, match="has been redefined") as refused:
        sa.layers.Dense(3, activation=old)
    assert sa.get(eval(refused.value.cure)) is new


def test_a_class_of_a_cell_that_was_changed_stays_a_warning():
    """An object of the old class is stored under the name that the new one has, and that is said."""
    old = run_cell(CLASS_CELL.format(by=0.5))["Bent"]
    layer = sa.layers.Dense(3, activation=old())
    new = run_cell(CLASS_CELL.format(by=3.0))["Bent"]
    assert sa.layers.Dense(3, activation=new()).get_config()["activation"]["class_name"] == "Bent"

    with pytest.warns(RedefinedActivationWarning, match="loads with what has that name now") as caught:
        layer.get_config()
    assert (caught[0].message.value, caught[0].message.holder) == (old, new)


def test_a_cell_that_was_run_again_is_the_same():
    """Nothing is said of a definition that says the same."""
    layers = [sa.layers.Dense(3, activation=run_cell(CELL.format(by=0.5))["bent"]) for _ in range(2)]
    objects = [sa.layers.Dense(3, activation=run_cell(CLASS_CELL.format(by=0.5))["Bent"]()) for _ in range(2)]
    assert [layer.get_config()["activation"] for layer in (*layers, *objects)]


def test_a_loop_at_the_top_level_is_no_cell():
    """The same code, run with other values, makes two definitions of one program."""
    loop = (
        "made = []\nfor by in (0.5, 3.0):\n    @keras.saving.register_keras_serializable(package='cell')\n"
        "    def bent(x, by=by):\n        return x * by\n    made.append(give(bent))\n"
    )
    with pytest.raises(UnserializableActivationError, match="cell>bent"):
        run_cell(loop, give=lambda function: sa.layers.Dense(3, activation=function))


def test_two_functions_of_one_name_are_refused():
    """Two different functions of one name are refused, whether a factory made them or not."""

    @register(package="versions", name="act")
    def first(x):
        return x

    held = sa.layers.Dense(3, activation=first)

    @register(package="versions", name="act")
    def second(x):
        return -x

    with pytest.raises(UnserializableActivationError, match="versions>act"):
        sa.layers.Dense(3, activation="versions>act")
    register(package="versions", name="act_2")(second)
    assert sa.layers.Dense(3, activation=second).get_config()["activation"]["config"] == "versions>act_2"
    assert held is not None


@pytest.mark.parametrize("place", ["closure", "default", "module", "layer"])
def test_state_from_outside_is_refused(place):
    """A variable's value is in no file of the model; what a layer of its own holds is."""
    alpha = keras.layers.PReLU() if place == "layer" else keras.Variable(0.5)
    if place == "layer":
        alpha.build((None, 3))
    namespace = {"__name__": "stateful", "keras": keras, "alpha": alpha}
    body = {
        "module": "def act(x):\n    return x * alpha",
        "default": "def act(x, alpha=alpha):\n    return x * alpha",
        "closure": "def make(alpha):\n    def act(x):\n        return x * alpha\n    return act\nact = make(alpha)",
        "layer": "def act(x):\n    return alpha(x)",
    }[place]
    exec(body, namespace)
    register(package="versions")(namespace["act"])

    with pytest.raises(UnserializableActivationError, match="'alpha'"):
        sa.get(namespace["act"])


def test_a_function_that_closes_over_itself_can_be_compared():
    """Recursion, a variable without a value yet, and what ``super()`` closes over are no differences."""

    def recursive(by):
        def again(x, depth=2):
            return again(x * by, depth - 1) if depth else x

        return again

    def unset():
        def uses(x):
            return x * later

        yield uses
        later = 2.0

    assert is_same(recursive(2.0), recursive(2.0))
    assert not is_same(recursive(2.0), recursive(3.0))
    assert is_same(next(unset()), next(unset()))
    assert is_same(type(make_layer(0.5)), type(make_layer(0.5)))
    assert not is_same(type(make_layer(0.5)), type(make_layer(3.0)))
    assert not is_rewritten(make(0.5), make(3.0))


def test_what_is_remembered_goes_with_the_layers():
    """Nothing that a layer was given is kept for longer than the layer."""
    layer = sa.layers.Dense(3, activation=make_layer(0.5))
    gone = weakref.ref(layer.activation)
    del layer
    gc.collect()
    assert gone() is None
    assert json.dumps(sa.layers.Dense(3, activation=make_layer(3.0)).get_config())


def make_owner(scale, **options):
    """Return a layer class, as a factory does."""

    @sa.serializable_activation(package="versions", **options)
    class Scaled(keras.layers.Layer):
        def __init__(self, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, x):
            return self.activation(x) * scale

    return Scaled


def test_a_layer_class_that_a_factory_makes_twice_is_refused_while_a_layer_of_the_other_lives():
    """Models of both would load as the one that has the name: the second layer is refused, and the other's next."""
    first, second = make_owner(0.5), make_owner(3.0)
    with pytest.raises(RegistrationError) as refused:
        first()  # whose name the second has by now
    assert refused.value.name == "versions>Scaled"

    kept = second()
    third = make_owner(7.0)
    with pytest.raises(RegistrationError):
        third()
    del kept
    assert float(third()(np.ones((1, 1)))[0, 0]) == 7.0


def test_a_layer_class_made_twice_alike_or_under_a_name_each_is_taken(tmp_path):
    """The same definition run twice is one; a name each, as the refusal says, brings both back."""
    assert make_owner(0.5)() is not None
    assert make_owner(0.5)() is not None
    models = [keras.Sequential([keras.Input((3,)), make_owner(scale, name=f"Scaled{scale}")()]) for scale in (2, 5)]
    for index, model in enumerate(models):
        model.save(tmp_path / f"{index}.keras")
    for index, model in enumerate(models):
        revived = keras.models.load_model(tmp_path / f"{index}.keras")
        np.testing.assert_array_equal(revived(X), model(X))
