"""Layers that break one promise each of :mod:`serialactivation.testing`, and keep all others.

Several keep a promise or not by the function of Keras that is at work: in no other way can one way back be broken
without the others.
"""

import functools
import inspect
import os

import keras

import serialactivation as sa

HOME = os.environ.setdefault("SERIALACTIVATION_TESTS_HOME", str(os.getpid()))
"""The process that imported this first; those that it starts inherit it."""


def is_within(name):
    """Return whether a function of Keras is at work."""
    return any(frame.function == name for frame in inspect.stack())


class _Base(keras.layers.Layer):
    """A dense layer, and nothing wrong with it."""

    def __init__(self, units=4, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")

    def call(self, inputs):
        return self.activation(keras.ops.matmul(inputs, self.kernel))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)


register = sa.serializable_activation(package="broken")


@register
class Sound(_Base):
    pass


@register
class Joins(_Base):
    """Takes two inputs and two activations."""

    def __init__(self, units=4, activation="relu", gate_activation="sigmoid", **kwargs):
        super().__init__(units, activation, **kwargs)
        self.gate_activation = keras.activations.get(gate_activation)

    def build(self, input_shape):
        super().build(input_shape[0])

    def call(self, inputs):
        features, gates = (keras.ops.matmul(keras.ops.cast(one, self.compute_dtype), self.kernel) for one in inputs)
        return self.activation(features) * self.gate_activation(gates)

    def compute_output_shape(self, input_shape):
        return super().compute_output_shape(input_shape[0])


@register
class Picks(_Base):
    """Takes features and, as an argument of their own, which of the channels it keeps."""

    def build(self, features_shape, chosen_shape):
        super().build(features_shape)

    def call(self, features, chosen):
        kept = keras.ops.take(keras.ops.eye(self.units, dtype=self.compute_dtype), chosen, axis=0)
        return super().call(features) * kept

    def compute_output_shape(self, features_shape, chosen_shape):
        return super().compute_output_shape(features_shape)


@register
class Rounds(_Base):
    """Computes in the dtype of the global policy, whatever its own is, as layers do that make others in a call."""

    def call(self, inputs):
        dtype = keras.config.dtype_policy().compute_dtype
        return keras.ops.cast(super().call(keras.ops.cast(inputs, dtype)), self.compute_dtype)


@register
class Asserts(_Base):
    """Asserts that it is given a name."""

    def build(self, input_shape):
        assert isinstance(self.activation, type(keras.activations.get("tanh"))), "names only"
        super().build(input_shape)


@register
class Ignores(_Base):
    """Computes ``relu`` whatever it is given."""

    def __init__(self, units=4, activation="relu", **kwargs):
        super().__init__(units, activation, **kwargs)
        if is_within("check_construction"):
            object.__setattr__(self, "activation", keras.activations.relu)


@register
class Counts(_Base):
    """Tells in its config how often it was made again."""

    def __init__(self, units=4, activation="relu", copies=0, **kwargs):
        super().__init__(units, activation, **kwargs)
        self.copies = copies

    def get_config(self):
        return {**super().get_config(), "units": self.units, "copies": self.copies + 1}


class _Forgets(_Base):
    """Doubles what it computes where it was made again within a function of Keras."""

    within = ""

    def __init__(self, units=4, activation="relu", **kwargs):
        super().__init__(units, activation, **kwargs)
        self.forgets = is_within(self.within)

    def call(self, inputs):
        outputs = super().call(inputs)
        return outputs * 2.0 if self.forgets else outputs


@register
class ForgetsInJson(_Forgets):
    within = "model_from_json"


@register
class ForgetsInClone(_Forgets):
    within = "clone_model"


@register
class ForgetsInH5(_Forgets):
    within = "load_model_from_hdf5"


@register
class ForgetsInKerasFile(_Forgets):
    """Forgets in the check of that alone, and not where another process loads it."""

    within = "_load_model_from_fileobj"

    def __init__(self, units=4, activation="relu", **kwargs):
        super().__init__(units, activation, **kwargs)
        self.forgets = self.forgets and is_within("check_keras_file")


@register
class ForgetsElsewhere(_Base):
    """Doubles what it computes in another process."""

    def call(self, inputs):
        outputs = super().call(inputs)
        return outputs if str(os.getpid()) == HOME else outputs * 2.0


@register
class ForgetsWeights(_Base):
    """Loads other weights than were saved, from a file that has nothing else."""

    def load_own_variables(self, store):
        super().load_own_variables(store)
        if is_within("load_weights"):
            self.kernel.assign(self.kernel * 2)


class Copies(sa.SerializableActivationMixin, _Base, package="broken"):
    """Has an activation of its own where it was loaded, as good as that which it shared."""

    @classmethod
    def decode_activation(cls, field, config):
        if isinstance(config, dict):
            config = {key: value for key, value in config.items() if key != "shared_object_id"}
        return super().decode_activation(field, config)


@register
class Casts(_Base):
    """Gives back float32 where its activation is a layer."""

    def call(self, inputs):
        outputs = super().call(inputs)
        return keras.ops.cast(outputs, "float32") if isinstance(self.activation, keras.layers.Layer) else outputs


@register
class Hides(_Base):
    """Does not count the variables of its activation among its own."""

    @property
    def variables(self):
        hidden = {id(variable) for variable in getattr(self.activation, "variables", ()) if is_within("check_state")}
        return [variable for variable in super().variables if id(variable) not in hidden]


class Trusts(sa.SerializableActivationMixin, _Base, package="broken"):
    """Takes whatever it is given."""

    @classmethod
    def resolve_activation(cls, field, value):
        return value if is_within("check_refusal") else super().resolve_activation(field, value)

    @classmethod
    def validate_activation(cls, field, activation):
        pass


@register
class Adds(_Base):
    """Traces one operation more than the layer that it is held against."""

    def call(self, inputs):
        return super().call(inputs + 0.0)


# Layers with hooks of their own, which keep all promises with what they take.


class Bounded(sa.SerializableActivationMixin, _Base, package="broken"):
    """Takes what bounds its input, as the README shows it, and says so in words of its own."""

    def __init__(self, units=4, activation="tanh", **kwargs):
        super().__init__(units, activation, **kwargs)

    @classmethod
    def validate_activation(cls, field, activation):
        if activation not in ("tanh", "sigmoid"):
            raise sa.ActivationError("Bounded needs an activation that bounds its input: pass 'tanh' or 'sigmoid'")


class Picky(sa.SerializableActivationMixin, _Base, package="broken"):
    """Takes one activation, which is none of those that everybody is given."""

    def __init__(self, units=4, activation="softsign", **kwargs):
        super().__init__(units, activation, **kwargs)

    @classmethod
    def validate_activation(cls, field, activation):
        if activation != "softsign":
            raise sa.ActivationError("softsign alone")


class Softens(sa.SerializableActivationMixin, _Base, package="broken"):
    """Puts another activation in the place of what it is given."""

    @classmethod
    def resolve_activation(cls, field, value):
        return super().resolve_activation(field, "softsign" if value == "tanh" else value)


def refuse_layers(activation):
    if isinstance(activation, keras.layers.Layer):
        raise sa.ActivationError("give a function")


@sa.serializable_activation(package="broken", fields=[sa.ActivationField(name="activation", validator=refuse_layers)])
class Layerless(_Base):
    """Takes no layers, by a hook of its field."""


KEPT = []


def is_of_the_kit(activation):
    """Return whether it is one of the functions that must be refused, or come back."""
    return getattr(activation, "__module__", None) == "serialactivation.testing.behavior"


class Remembers(sa.SerializableActivationMixin, _Base, package="broken"):
    """Stores lambdas and local functions, too, by a number."""

    @classmethod
    def resolve_activation(cls, field, value):
        return value if is_of_the_kit(value) else super().resolve_activation(field, value)

    def encode_activation(self, field, activation):
        if not is_of_the_kit(activation):
            return super().encode_activation(field, activation)
        KEPT.append(activation)
        return {"class_name": "kept", "config": len(KEPT) - 1}

    @classmethod
    def decode_activation(cls, field, config):
        if isinstance(config, dict) and config.get("class_name") == "kept":
            return KEPT[config["config"]]
        return super().decode_activation(field, config)


class Wraps(sa.SerializableActivationMixin, _Base, package="broken"):
    """Has an activation with weights by default."""

    def __init__(self, units=4, activation=None, **kwargs):
        super().__init__(units, keras.layers.PReLU() if activation is None else activation, **kwargs)

    def activation_shape(self, field, input_shape):
        return (*input_shape[:-1], self.units)


HOOKED = [Bounded, Softens, Layerless, Remembers, Wraps]

BROKEN = {
    "construction": Ignores,
    "config": Counts,
    "json": ForgetsInJson,
    "keras_file": ForgetsInKerasFile,
    "h5_file": ForgetsInH5,
    "weights_file": ForgetsWeights,
    "clone": ForgetsInClone,
    "new_process": ForgetsElsewhere,
    "sharing": Copies,
    "dtype_policy": Casts,
    "state": Hides,
    "refusal": Trusts,
    "traced_graph": Adds,
}
"""Each by the promise that it breaks."""

stock = functools.partial(_Base, 4)
"""The layer that they should be."""
