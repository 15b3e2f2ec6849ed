"""Where an activation was refused: the layer and the argument, in few frames of this package."""

import traceback

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.catalog.near_names import find_activations
from serialactivation.errors import ActivationBuildError, ActivationError, UnknownActivationError

INPUT = keras.Input((3,))


@sa.serializable_activation(package="placing")
class Gets(keras.layers.Layer):
    def __init__(self, slope=0.3, late=None, **kwargs):
        super().__init__(**kwargs)
        self.kept = sa.get(slope)
        self.late = late

    def build(self, input_shape):
        self.built_late = sa.get(self.late)


@sa.serializable_activation(package="placing")
class Twice(keras.layers.Layer):
    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = sa.get(activation)

    def build(self, input_shape):
        self.wide = self.add_weight(shape=(input_shape[-1], 5))

    def call(self, inputs):
        return self.activation(inputs), self.activation(keras.ops.matmul(inputs, self.wide))


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (Gets, "Gets(slope=...)"),
        (lambda: Gets(0.4, name="own"), "Gets 'own'(slope=...)"),
        (lambda: Gets("reluu"), "Gets(slope=...)"),
        (lambda: Gets("relu", late=0.5, name="own").build((None, 3)), "Gets 'own'(late=...)"),
        (lambda: Gets.from_config({"slope": 0.3, "name": "own"}), "Gets 'own'(slope=...)"),
    ],
)
def test_an_authors_code_is_placed(make, place):
    """What a constructor or a ``build`` gives to ``get`` is reported with the layer and the argument."""
    with pytest.raises(ActivationError) as caught:
        make()
    assert str(caught.value).startswith(place)


@pytest.mark.parametrize(
    "make", [lambda: sa.layers.Dense(3, activation=0.3), lambda: sa.get(0.3), lambda: sa.serialize(lambda x: x)]
)
def test_few_frames_are_ours(make):
    """The user's line is next to the error."""
    with pytest.raises(ActivationError) as caught:
        make()
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert len([frame for frame in frames if "/tests/" not in frame.filename]) <= 2


@sa.serializable_activation(package="placing")
class Unbuilt(keras.layers.Layer):
    """The same without a ``build``: where Keras cannot trace a call, it runs it."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.wide = keras.layers.Dense(5)
        self.activation = sa.get(activation)

    def call(self, inputs):
        return self.activation(inputs), self.activation(self.wide(inputs))


@pytest.mark.filterwarnings("ignore:Layer .* looks like it has unbuilt state:UserWarning")
@pytest.mark.parametrize("kind", [Twice, Unbuilt])
@pytest.mark.parametrize(
    "use", [lambda layer: layer.build((None, 3)), lambda layer: layer(np.ones((2, 3))), lambda layer: layer(INPUT)]
)
def test_one_activation_on_two_widths(kind, use):
    """No hook can help; the cure is an activation that serves both."""
    with pytest.raises(ActivationBuildError, match="fit only one of the") as caught:
        use(kind(keras.layers.PReLU()))
    assert [shape[-1] for shape in caught.value.shapes] == [3, 5]
    cure = eval(caught.value.cure.splitlines()[-1].strip())
    layer = kind(cure)
    use(layer)
    assert layer.activation.built


@sa.serializable_activation(package="placing")
class Untraceable(keras.layers.Layer):
    """A layer whose ``call`` runs on numbers alone, and applies its activation to two widths."""

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = sa.get(activation)

    def call(self, inputs):
        wide = self.activation(keras.ops.concatenate([self.activation(inputs), inputs]))
        return wide if float(keras.ops.sum(inputs)) > 0 else inputs


def test_a_call_that_cannot_be_traced_is_left_to_run():
    """As in stock Keras, where the activation serves whatever it is applied to."""
    layer = Untraceable(keras.layers.PReLU(shared_axes=[1]))
    layer(np.ones((2, 3), "float32"))
    assert layer.activation.built


def test_what_such_a_call_builds_is_there_in_a_load():
    """Nothing else builds it: its shape is stored, and what was loaded runs, and is stored, in the same way."""
    layer = Untraceable(keras.layers.PReLU(shared_axes=[1]), dtype="mixed_bfloat16")
    for _ in range(2):
        layer(np.ones((2, 3), "float32"))
        layer = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
        assert layer.activation.alpha.shape == (1,)
        assert layer.activation.compute_dtype == "bfloat16"


@pytest.mark.usefixtures("restore_registry")
def test_only_activations_are_proposed():
    """No loss, no metric, no initializer and no class, however near its name is."""
    register = keras.saving.register_keras_serializable(package="placing")

    def near_loss(y_true, y_pred):
        return y_pred

    def near_start(shape, dtype=None):
        return keras.ops.ones(shape, dtype)

    def near_activation(x, slope=0.1):
        return x * slope

    for function in (near_loss, near_start, near_activation):
        register(function)
    register(type("near_layer", (keras.layers.Layer,), {}))

    found = find_activations(keras.saving.get_custom_objects())
    assert [name for name in found if name.startswith("placing>near")] == ["placing>near_activation"]
    with pytest.raises(UnknownActivationError) as caught:
        sa.get("placing>near_los")
    assert set(caught.value.near) <= {"placing>near_activation"}
