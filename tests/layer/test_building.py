"""Activations with weights get them as soon as their owner is built."""

import copy
import inspect

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.errors import ActivationBuildError, UnserializableActivationError
from tests.matrix.layers import CASES, DecoratedGated, DecoratedNested
from tests.matrix.values import Scaled


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize(
    "make",
    [
        keras.layers.PReLU,
        lambda: keras.Sequential([keras.layers.PReLU()]),
        lambda: sa.layers.Activation(keras.layers.PReLU()),
        keras.layers.BatchNormalization,
        Scaled,
    ],
    ids=["PReLU", "Sequential", "Activation(PReLU)", "BatchNormalization", "custom"],
)
def test_a_fresh_model_has_all_its_weights(case, make):
    """A model has all its weights before any call, and they can be counted, set and loaded."""
    model = _model(case, make())
    count, weights = model.count_params(), len(model.weights)
    model.set_weights([np.ones(weight.shape, weight.dtype) for weight in model.weights])
    model(np.ones((2, *case.shape), "float32"))

    assert (model.count_params(), len(model.weights)) == (count, weights)
    assert weights > len(_model(case, "linear").weights)


def _model(case, activation):
    inputs = keras.Input(case.shape)
    return keras.Model(inputs, case.make("ours", activation)(inputs))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_build_alone_is_enough(case):
    """``layer.build`` gives the activation its weights, without a model and without a call."""
    layer = case.make("ours", keras.layers.PReLU())
    layer.build((None, *case.shape))

    assert layer.built
    assert any(weight.name == "alpha" for weight in layer.weights)
    before = layer.get_weights()
    layer(np.ones((2, *case.shape), "float32"))
    assert len(layer.get_weights()) == len(before)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_build_takes_what_keras_tells_of_it(case):
    """``build`` has the signature of the stock layer's ``build``, in each object and in copies."""
    stock, ours = case.make("stock", "relu"), case.make("ours", "relu")
    expected = inspect.signature(stock.build)

    assert inspect.signature(ours.build) == expected
    assert inspect.signature(type(ours).build) == inspect.signature(type(stock).build)
    assert inspect.signature(copy.deepcopy(ours).build) == expected


def test_a_build_of_several_shapes_is_given_them_by_name():
    """Keras passes each shape by its name to an author's ``build`` that asks for several."""

    class Both(sa.layers.Dense, package="building"):
        def build(self, first_shape, second_shape):
            self.shapes = first_shape, second_shape
            super().build(first_shape)

        def call(self, first, second):
            return super().call(first + second)

        def compute_output_shape(self, first_shape, second_shape):
            return super().compute_output_shape(first_shape)

    layer = Both(3, activation="relu")
    layer(np.ones((2, 4), "float32"), second=np.ones((2, 4), "float32"))

    assert str(inspect.signature(layer.build)) == "(first_shape, second_shape)"
    assert layer.shapes == ((2, 4), (2, 4))
    assert layer.get_build_config() == {"shapes_dict": {"first_shape": (2, 4), "second_shape": (2, 4)}}


def test_a_sequential_activation_is_not_tied_to_a_batch_size():
    """A Sequential as the activation accepts every batch size, whatever that of the first call was."""
    layer = sa.layers.Dense(3, activation=keras.Sequential([keras.layers.PReLU()]))

    assert layer(np.ones((2, 4), "float32")).shape == (2, 3)
    assert layer(np.ones((5, 4), "float32")).shape == (5, 3)


def test_an_owner_may_build_its_activation_itself():
    """An activation that its owner builds itself is built once, also if it is shared."""

    @sa.serializable_activation(package="building")
    class Builds(keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def build(self, shape):
            self.activation.build(shape)

        def call(self, inputs):
            return self.activation(inputs)

    shared = keras.layers.PReLU()
    layers = [Builds(shared), Builds(shared)]
    for layer in layers:
        layer.build((None, 4))

    assert [len(layer.weights) for layer in layers] == [1, 1]


class Doubles(sa.layers.Dense):
    """A ready-made layer's child that calls another activation than it was given, once it is built."""

    def build(self, input_shape):
        super().build(input_shape)
        given = self.activation

        def doubled(inputs):
            return 2 * given(inputs)

        if keras.config.backend() == "torch" and isinstance(given, keras.Layer):
            del self.activation  # PyTorch takes no function in a module's place
        self.activation = doubled


@pytest.mark.parametrize("activation", ["relu", keras.layers.LeakyReLU(negative_slope=0.5)], ids=["name", "layer"])
def test_what_a_build_makes_of_an_activation_is_its_authors_doing(activation):
    """What was given is stored, whatever ``build`` makes of it; later assignments follow the rules."""
    layer = Doubles(3, activation=activation, kernel_initializer="identity")
    inputs = np.array([[-1.0, 0.0, 4.0]], "float32")
    outputs = keras.ops.convert_to_numpy(layer(inputs))

    assert np.array_equal(outputs, 2 * keras.ops.convert_to_numpy(keras.activations.get(activation)(inputs)))
    assert layer.get_config()["activation"] == sa.serialize(sa.get(activation))
    with pytest.raises(UnserializableActivationError):
        layer.activation = lambda inputs: inputs


def test_open_sizes_are_refused_with_the_cure():
    """Weights over an axis of unknown size are refused, and the message names shared_axes."""
    with pytest.raises(ActivationBuildError) as caught:
        sa.layers.Conv2D(3, 2, activation=keras.layers.PReLU(), name="conv")(keras.Input((None, None, 2)))

    assert (caught.value.layer, caught.value.field) == ("conv", "activation")
    assert "shared_axes" in str(caught.value)
    layer = sa.layers.Conv2D(3, 2, activation=keras.layers.PReLU(shared_axes=[1, 2]))
    assert layer(keras.Input((None, None, 2))).shape == (None, None, None, 3)


@pytest.mark.parametrize("layer_class", [sa.layers.Dense, DecoratedGated, DecoratedNested])
def test_one_activation_at_two_shapes_is_refused_by_name(layer_class):
    """One activation for two shapes is refused when the second layer is built, with both shapes."""
    shared = keras.layers.PReLU(name="shared")
    layer_class(4, activation=shared).build((None, 2))
    with pytest.raises(ActivationBuildError) as caught:
        layer_class(6, activation=shared).build((None, 2))

    assert caught.value.activation == "shared"
    assert (None, 4) in caught.value.shapes


def test_one_activation_at_two_shapes_that_fit():
    """Weights that are shared over an axis fit all of its sizes."""
    shared = keras.layers.PReLU(shared_axes=[1])
    sa.layers.Conv1D(4, 2, activation=shared).build((None, 8, 2))
    second = sa.layers.Conv1D(4, 2, activation=shared)
    second.build((None, 5, 2))

    assert second(np.ones((1, 5, 2), "float32")).shape == (1, 4, 4)


def test_an_activation_that_is_never_reached_is_refused():
    """An activation that ``call`` does not reach is refused, because a load would silently skip its weights."""

    @sa.serializable_activation(package="building")
    class Skips(keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def build(self, shape):
            self.kernel = self.add_weight(shape=(shape[-1],))

        def call(self, inputs, training=False):
            return self.activation(inputs) if training else inputs * self.kernel

    with pytest.raises(ActivationBuildError, match="activation_shape"):
        Skips(keras.layers.PReLU()).build((None, 4))


def test_the_shape_hook_tells_what_a_trace_cannot():
    """A hook of the layer or of the field can give the shape of the activation's input."""

    class Tells(sa.SerializableActivationMixin, keras.layers.Layer, package="building"):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def build(self, shape):
            self.kernel = self.add_weight(shape=(shape[-1],))

        def call(self, inputs, training=False):
            return self.activation(inputs) if training else inputs * self.kernel

        def activation_shape(self, field, input_shape):
            return input_shape

    class TellsByField(
        Tells,
        package="building",
        fields=[sa.ActivationField(name="activation", shape=lambda shape: (*shape[:-1], shape[-1] * 1))],
    ):
        activation_shape = sa.SerializableActivationMixin.activation_shape

    for layer_class in (Tells, TellsByField):
        layer = layer_class(keras.layers.PReLU())
        layer.build((None, 4))
        assert [tuple(weight.shape) for weight in layer.weights] == [(4,), (4,)]


def test_layers_of_several_inputs_are_traced_by_name():
    """A ``build`` with several shapes is traced as a call with several tensors, by name."""

    @sa.serializable_activation(package="building")
    class Mixes(keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = activation

        def build(self, query_shape, value_shape):
            self.kernel = self.add_weight(shape=(query_shape[-1], value_shape[-1]))

        def call(self, query, value):
            return self.activation(keras.ops.matmul(query, self.kernel)) + value

    inputs = keras.Input((3,)), keras.Input((5,))
    model = keras.Model(inputs, Mixes(keras.layers.PReLU())(*inputs))
    assert [tuple(weight.shape) for weight in model.weights] == [(3, 5), (5,)]


@sa.serializable_activation(package="building")
class Picked(keras.layers.Layer):
    """An activation on the steps that an argument of integers picks."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)

    def build(self, inputs_shape, positions_shape):
        self.kernel = self.add_weight(shape=(inputs_shape[-1], 4))

    def call(self, inputs, positions):
        features = keras.ops.take_along_axis(inputs, positions[:, :, None], axis=1)
        return self.activation(keras.ops.matmul(features, self.kernel))


def test_inputs_may_be_integers():
    """A layer that is built with shapes alone is traced on floats, and on integers where floats fail."""
    inputs, positions = keras.Input((5, 3)), keras.Input((2,), dtype="int32")
    layer = Picked(keras.layers.PReLU())
    model = keras.Model([inputs, positions], layer(inputs, positions))
    assert layer.activation.alpha.shape == (2, 4)
    assert model.count_params() == 12 + 8


def test_tokens_may_be_the_only_input():
    """The first argument may be integers, too."""

    @sa.serializable_activation(package="building")
    class Looked(keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def build(self, input_shape):
            self.table = self.add_weight(shape=(11, 4))

        def call(self, inputs):
            return self.activation(keras.ops.take(self.table, inputs, axis=0))

    layer = Looked(keras.layers.PReLU())
    layer(keras.Input((5,), dtype="int32"))
    assert layer.activation.alpha.shape == (5, 4)


@sa.serializable_activation(package="building")
class Residual(keras.layers.Layer):
    """What a sublayer computes, and a weight of the layer's own, are added to the input."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
        self.dense = keras.layers.Dense(4, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.dense.build(input_shape)
        self.scale = self.add_weight(shape=(4,))
        self.seen = []

    def call(self, inputs):
        self.seen.append(keras.backend.standardize_dtype(inputs.dtype))
        return inputs + self.activation(keras.ops.matmul(self.dense(inputs), self.scale[:, None])) * self.scale


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "bfloat16", "float32"])
def test_a_call_is_traced_in_the_layers_compute_dtype(policy):
    """A call is traced in the layer's compute dtype, as Keras calls it."""
    layer = Residual(keras.layers.PReLU(), dtype=policy)
    layer.build((None, 4))
    assert layer.activation.built
    assert set(layer.seen) == {layer.compute_dtype}


def test_a_call_that_needs_open_sizes_is_refused_or_traced():
    """A call that needs an unknown size is refused on JAX; an older Keras and PyTorch trace it with a size."""

    @sa.serializable_activation(package="building")
    class Opens(keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def build(self, input_shape):
            pass

        def call(self, inputs):
            return self.activation(inputs) * len(list(range(int(inputs.shape[0]))))

    layer = Opens(keras.layers.PReLU())
    said = ""
    try:
        layer.build((None, 4))
    except ActivationBuildError as error:
        said = str(error)
    assert layer.activation.built or "tracing Opens.call" in said


def test_what_a_sublayer_says_is_told():
    """The message has the words of the sublayer, and not the arguments that Keras adds."""

    class Objects(keras.layers.Layer):
        def call(self, inputs):
            raise ValueError("these do not fit\nmore can be read elsewhere")

    @sa.serializable_activation(package="building")
    class Nests(keras.layers.Layer):
        def __init__(self, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)
            self.inner = Objects()

        def build(self, input_shape):
            pass

        def call(self, inputs):
            return self.activation(self.inner(inputs))

    with pytest.raises(ActivationBuildError, match=r"tracing Nests\.call\(\) failed \(these do not fit\)"):
        Nests(keras.layers.PReLU()).build((None, 4))


@keras.saving.register_keras_serializable(package="building")
class _Made(keras.layers.Layer):
    """Has its weight as soon as it is made."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.factor = self.add_weight(shape=(), initializer="ones", name="factor")

    def call(self, inputs):
        return inputs * self.factor


def _resolve_made(value):
    return _Made(name="made") if value == "made" else keras.activations.get(value)


class _Hooked(sa.layers.Dense):
    @classmethod
    def resolve_activation(cls, field, value):
        return _resolve_made(value)


class _Resolved(
    sa.SerializableActivationMixin,
    keras.layers.Dense,
    fields=[sa.ActivationField(name="activation", resolver=_resolve_made)],
):
    pass


@pytest.mark.parametrize("kind", [_Hooked, _Resolved, sa.layers.Dense])
def test_weights_that_are_made_at_once_have_their_owners_path(kind):
    """Weights that an activation makes at once have the path of its owner, so those of two owners differ."""
    given = "made" if kind is not sa.layers.Dense else keras.saving.serialize_keras_object(_Made(name="made"))
    paths = [kind(4, activation=given, name=name).activation.factor.path for name in ("first", "second")]
    assert paths == ["first/made/factor", "second/made/factor"]
