"""The activations that a program gives to its layers, as expressions of Python."""

import keras

from tests.programs.draws import Draw

__all__ = ["PREAMBLE", "STATELESS", "draw_activation", "draw_shared"]

PREAMBLE = """
@keras.saving.register_keras_serializable(package=PACKAGE)
def bent(x, amount=0.5):
    return keras.ops.where(x > 0, x, amount * x)


@keras.saving.register_keras_serializable(package=PACKAGE)
class Cubed:
    def __init__(self, amount):
        self.amount = amount

    def __call__(self, x):
        return self.amount * keras.ops.tanh(x) ** 3

    def get_config(self):
        return {"amount": self.amount}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@keras.saving.register_keras_serializable(package=PACKAGE)
class Stretch(keras.layers.Layer):
    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.stretch = self.add_weight(name="stretch", shape=(input_shape[-1],), initializer="ones")

    def call(self, x):
        return keras.ops.tanh(x) * self.stretch * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


@dataclasses.dataclass
class DataSettings:
    width: int = 2
    inner_activation: object = "relu"


@dataclasses.dataclass(frozen=True)
class FrozenSettings:
    width: int = 2
    inner_activation: object = "relu"


class TupleSettings(NamedTuple):
    width: int = 2
    inner_activation: object = "relu"


@attrs.define
class DefinedSettings:
    width: int = 2
    inner_activation: object = "relu"


for kind in (DataSettings, FrozenSettings, TupleSettings, DefinedSettings):
    keras.saving.get_custom_objects()[f"{PACKAGE}>{kind.__name__}"] = kind


def unregistered(x):
    return x * 0.5


class Unregistered:
    def __call__(self, x):
        return x * 0.5


def make_scaled(factor):
    def scaled(x):
        return x * factor

    return scaled


def functional_activation(shape=SHAPE):
    x = keras.Input(shape)
    return keras.Model(x, keras.layers.PReLU()(keras.layers.Rescaling(0.5)(x)))
"""

NAMES = ('"relu"', "None", '"tanh"', '"swish"', 'PACKAGE + ">bent"')

FUNCTIONS = (
    "keras.activations.gelu",
    "keras.ops.gelu",
    "keras.ops.sin",
    "NATIVE.gelu",
    "bent",
    "Cubed(0.3)",
    "functools.partial(keras.activations.leaky_relu, negative_slope=0.4)",
    "functools.partial(keras.ops.gelu, approximate=False)",
    "functools.partial(bent, amount=0.3)",
    "functools.partial(functools.partial(keras.activations.elu, alpha=0.3), alpha=0.7)",
)

STATELESS_LAYERS = (
    "keras.layers.LeakyReLU(negative_slope=0.3)",
    "keras.layers.ReLU(max_value=0.7)",
    'keras.layers.Activation("tanh")',
    "sa.layers.Activation(keras.ops.gelu)",
    "keras.Sequential([keras.layers.ELU(alpha=0.4)])",
)

LAYERS_WITH_WEIGHTS = (
    "keras.layers.PReLU()",
    "Stretch(0.7)",
    "keras.Sequential([keras.layers.PReLU()])",
    "keras.layers.BatchNormalization()",
    "functional_activation()",
    "functools.partial(keras.layers.BatchNormalization(), training=False)",
    "keras.layers.Activation(keras.layers.PReLU())",
)

REFUSED = (
    "lambda x: x * 0.5",
    "unregistered",
    "make_scaled(0.5)",
    "np.tanh",
    "keras.layers.ReLU",
    '"reluu"',
    "3.0",
    "functools.partial(bent, 0.3)",
    "Cubed(0.3).__call__",
    "Unregistered()",
)

STATELESS = (*NAMES, *FUNCTIONS, *STATELESS_LAYERS)


def draw_activation(draw: Draw, name: str, shared: tuple[str, ...] = (), *, may_be_refused: bool = True) -> str:
    """Return an expression: a new activation, or one of those that are *shared*."""
    kind = draw.pick(f"{name}.kind", "name", "layer", "weights", "shared", "function", "weights", "function", "layer")
    if kind == "shared" and shared:
        return draw.pick(f"{name}.shared", *shared)
    if may_be_refused and draw.happens(f"{name}.refused", 40):
        return draw.pick(f"{name}.value", *REFUSED)
    pools = {"name": NAMES, "layer": STATELESS_LAYERS, "weights": LAYERS_WITH_WEIGHTS, "function": FUNCTIONS}
    return draw.pick(f"{name}.value", *pools.get(kind, LAYERS_WITH_WEIGHTS))


def draw_shared(draw: Draw) -> dict[str, str]:
    """Return the activations that several layers may be given, by the names of the variables that hold them."""
    number = draw.pick("shared", 0, 1, 2)
    return {
        f"shared_{index}": draw.pick(f"shared_{index}", *LAYERS_WITH_WEIGHTS, *STATELESS_LAYERS)
        for index in range(number)
    }


def native_module() -> str:
    """Return the module of the backend in which ``NATIVE.gelu`` is looked up."""
    return {"jax": "jax.nn", "tensorflow": "tensorflow.nn", "torch": "torch.nn.functional"}[keras.config.backend()]
