"""Source that ``lint`` has something to say of, and what each of its cures changes."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.helpers.sources import CALLED, GIVEN, GOT, KERAS, REGISTERED, layer

Change = tuple[str, str] | tuple[tuple[str, str], ...]
"""What is written in the place of what; the groups of the pattern may stand in it."""

FIX = "serialactivation lint --fix"


class Case(NamedTuple):
    """A module that a code is about.

    Attributes:
        code: The code.
        source: The module, with ACTIVATION for what is given to a layer of a class of its own.
        cures: All that is said to do, in patterns, and what it changes; None where it is a command.
        values: What is given.
    """

    code: str
    source: str
    cures: Mapping[str, Change | None]
    values: tuple[str, ...] = ("'elu'", "keras.activations.elu", "keras.layers.PReLU()")


GET = "return keras.activations.get(self.activation)(inputs)"
RAW = "'activation': self.activation"
SERIALIZED = "'activation': keras.activations.serialize(self.activation)"
OBJECT = "'activation': keras.saving.serialize_keras_object(self.activation)"
SUB = f"{GIVEN}; self.dense = layers.Dense(4, activation=activation)"
BESIDE = f"{GIVEN}; self.fn = keras.activations.get(activation)"
WITHOUT = "\n    def call"
WRITTEN = (
    "\n    def get_config(self):\n        return {**super().get_config(), 'activation': "
    r"\3}"
    "\n\n    def call"
)

ENDS = "\nmodel = stack(Gated(activation=ACTIVATION))\n"
ABOVE = "class Gated"
DECORATED = {
    r"or decorate the class with (serialactivation\.serializable_activation), which stores its activations": (
        ABOVE,
        r"@\1\nclass Gated",
    )
}
FIXED = {"serialactivation lint --fix makes the first change": None}
GETS = (
    r"Write (self\.activation = keras\.activations\.get\(activation\)) in the constructor, "
    "and use (self.activation) in place of activation after that line"
)
HANDS_ON = ("activation=activation)", r"activation=\2)")


def gated(*arguments: str, **options: str | None) -> str:
    return layer(*arguments, **options) + ENDS


SERIALIZES = r"(?:and )?write (keras\.activations\.serialize\(self\.activation\)) in get_config"
IN_CONFIG = (RAW, r"'activation': \3")

CLASSES = {
    "itself": Case(
        "SA401",
        gated(config=RAW),
        {
            r'Write ("activation": keras\.activations\.serialize\(self\.activation\))': (RAW, r"\1"),
            **DECORATED,
            **FIXED,
        },
    ),
    "left out": Case(
        "SA402",
        gated(config=""),
        {
            r'Add ("activation": keras\.activations\.serialize\(self\.activation\))': (
                "self.units, ",
                r"self.units, \1",
            ),
            **DECORATED,
            "serialactivation lint --fix makes the first change where only one fix is possible": None,
        },
    ),
    "called as given": Case("SA403", gated(GIVEN, config=RAW), {f"{GETS}; {SERIALIZES}": ((GIVEN, r"\1"), IN_CONFIG)}),
    "called as given, without get_config": Case(
        "SA403",
        gated(GIVEN, config=None),
        {f"{GETS}; {SERIALIZES}": ((GIVEN, r"\1"), (WITHOUT, WRITTEN))},
        ("keras.activations.elu", "keras.layers.PReLU()"),
    ),
    "called as given, and handed on": Case(
        "SA403",
        gated(SUB, "return self.activation(self.dense(inputs))", RAW),
        {f"{GETS}; {SERIALIZES}": ((GIVEN, r"\1"), HANDS_ON, IN_CONFIG)},
        ("keras.activations.elu", "keras.layers.PReLU(shared_axes=[1])"),
    ),
    "got in call": Case(
        "SA404",
        gated(GIVEN, GET, RAW),
        {
            f"{GETS}; call (?P<called>self.activation), {SERIALIZES}": (
                (GIVEN, r"\1"),
                (GET, r"return \g<called>(inputs)"),
                (RAW, r"'activation': \4"),
            )
        },
    ),
    "got twice": Case(
        "SA405", gated(call=GET), {"Remove one of the two. The one in the constructor is needed": (GET, CALLED)}
    ),
    "got twice in the constructor": Case(
        "SA405",
        gated(f"activation = keras.activations.get(activation); {GOT}"),
        {
            "Remove one of the two. The one in the constructor is needed": (
                "activation = keras.activations.get(activation); ",
                "",
            )
        },
    ),
    "encoded as given": Case("SA406", gated(GIVEN), {GETS: (GIVEN, r"\1")}),
    "encoded as an object": Case("SA406", gated(GIVEN, config=OBJECT), {GETS: (GIVEN, r"\1")}),
    "encoded and handed on": Case("SA406", gated(SUB, "return self.dense(inputs)"), {GETS: ((GIVEN, r"\1"), HANDS_ON)}),
    "not registered": Case(
        "SA411",
        gated(above=""),
        {
            r"Put (@keras\.saving\.register_keras_serializable\(\)) above the class": (ABOVE, r"\1\nclass Gated"),
            **DECORATED,
            **FIXED,
        },
    ),
    "handed on": Case(
        "SA412",
        gated(SUB, "return self.dense(inputs)", RAW),
        {f"{GETS}; {SERIALIZES}": ((GIVEN, r"\1"), HANDS_ON, IN_CONFIG), **DECORATED},
    ),
    "kept beside": Case(
        "SA412",
        gated(BESIDE, "return self.fn(inputs)", RAW),
        {
            f"{GETS}; {SERIALIZES}": (
                (GIVEN, r"\1"),
                ("self.fn = keras.activations.get(activation)", r"self.fn = keras.activations.get(\2)"),
                IN_CONFIG,
            ),
            **DECORATED,
        },
    ),
}

NET = f"""
{REGISTERED}@dataclasses.dataclass
class Config:
    units: int
    activation: Any = None

    def get_config(self):
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config):
        return cls(**config)


{REGISTERED}class Net(keras.layers.Layer):
    def __init__(self, config: Config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.fn = keras.activations.get(config.activation)

    def call(self, inputs):
        return self.fn(inputs)
"""
STORES = """
    def get_config(self):
        stored = {"units": 4, "activation": keras.activations.serialize(self.config.activation)}
        return {**super().get_config(), "config": stored}

    @classmethod
    def from_config(cls, config):
        stored = config.pop("config")
        return cls(Config(4, keras.activations.deserialize(stored["activation"])), **config)
"""
HELD = {
    "in a configuration object": Case(
        "SA406",
        f"{KERAS}import dataclasses\nfrom typing import Any\n{NET}{STORES}\nmodel = stack(Net(Config(4, ACTIVATION)))\n"
        "another = Net(Config(4, 'elu'))\n",
        {
            "Pass the activation as an argument of its own, "
            r"and decorate the class with (serialactivation\.serializable_activation), which stores it": (
                ("another = Net(Config(4, 'elu'))\n", ""),
                ("Net(Config(4, ACTIVATION))", "Net(Config(4), ACTIVATION)"),
                (STORES, ""),
                ("config.activation", "activation"),
                ("config: Config, ", "config: Config, activation=None, "),
                (f"{REGISTERED}class Net", r"@\1(package='lint')" "\nclass Net"),
            )
        },
    ),
}

REGISTER = r"(@keras\.saving\.register_keras_serializable\(\)) above"
BENT = "def bent(x):\n    return keras.ops.tanh(x) / 2\n"
GIVES = "model = stack(layers.Dense(4, activation=GIVEN))\n"


def gives(activation: str, before: str = "") -> str:
    """Return a module whose model has a layer of Keras's with an *activation*."""
    return f"{KERAS}{before}{GIVES.replace('GIVEN', activation)}"


OURS = ("layers.Dense", "sa.layers.Dense")
KEEPS = r"se the layer of the same name in serialactivation\.layers, which stores it exactly"

ARGUMENTS = {
    "a lambda": Case(
        "SA407",
        gives("lambda x: keras.ops.tanh(x) / 2"),
        {
            f"Define a function with def, and put {REGISTER} it": (
                (GIVES.partition("GIVEN")[0], rf"\1\n{BENT}" + GIVES.partition("GIVEN")[0]),
                ("lambda x: keras.ops.tanh(x) / 2", "bent"),
            )
        },
    ),
    "a function": Case(
        "SA408",
        gives("bent", BENT),
        {f"Put {REGISTER} the function, at the top of its module": (BENT, rf"\1\n{BENT}")},
    ),
    "a function within a function": Case(
        "SA408",
        f"{KERAS}def make():\n    def bent(x):\n        return keras.ops.tanh(x) / 2\n"
        "    return stack(layers.Dense(4, activation=bent))\nmodel = make()\n",
        {
            f"Put {REGISTER} the function, at the top of its module": (
                "def make():\n    def bent(x):\n        return keras.ops.tanh(x) / 2\n",
                rf"\1\n{BENT}def make():" "\n",
            )
        },
    ),
    "a partial": Case(
        "SA409",
        gives("functools.partial(keras.activations.elu, alpha=0.5)"),
        {
            r"Use the layer of the same name in serialactivation\.layers, which stores the partial": OURS,
            r"or use a layer such as (keras\.layers\.ELU\(alpha=0\.5\))": (
                "functools.partial(keras.activations.elu, alpha=0.5)",
                r"\1",
            ),
            "or a registered function, as the activation": (
                (GIVES.partition("GIVEN")[0], f"{REGISTERED}{BENT}" + GIVES.partition("GIVEN")[0]),
                ("functools.partial(keras.activations.elu, alpha=0.5)", "bent"),
            ),
        },
    ),
    "another function of that name": Case(
        "SA410",
        gives("keras.ops.gelu"),
        {
            r"Give (keras\.activations\.gelu)": ("keras.ops.gelu", r"\1"),
            r"or ('gelu')": ("keras.ops.gelu", r"\1"),
            f"Or u{KEEPS}": OURS,
        },
    ),
    "no function of that name": Case("SA410", gives("keras.ops.sin"), {f"U{KEEPS}": OURS}),
    "a function of a backend": Case(
        "SA410",
        gives("jax.nn.swish"),
        {
            r"Give (keras\.activations\.silu)": ("jax.nn.swish", r"\1"),
            r"or ('silu')": ("jax.nn.swish", r"\1"),
            f"Or u{KEEPS}": OURS,
        },
    ),
    "a function with a built-in's name": Case(
        "SA410",
        gives("relu", BENT.replace("bent", "relu")),
        {
            f"Put {REGISTER} the function, at the top of its module": (
                BENT.replace("bent", "relu"),
                r"\1" "\n" + BENT.replace("bent", "relu"),
            )
        },
    ),
    "a class": Case(
        "SA413", gives("layers.LeakyReLU"), {r"Call the class: activation=(.*\(\))": ("layers.LeakyReLU", r"\1")}
    ),
    "a class of one's own": Case(
        "SA413",
        gives(
            "Bent",
            f"{REGISTERED}class Bent(layers.Layer):\n    def call(self, x):\n        return keras.ops.tanh(x) / 2\n",
        ),
        {r"Call the class: activation=(.*\(\))": ("activation=Bent", r"activation=\1")},
    ),
    "a layer's name": Case(
        "SA414",
        gives("'LeakyReLU'"),
        {
            r"Write (keras\.layers\.LeakyReLU\(\))": ("'LeakyReLU'", r"\1"),
            "or ('leaky_relu')": ("'LeakyReLU'", r"\1"),
            "or ('relu') if that was meant": ("'LeakyReLU'", r"\1"),
            "otherwise pass the registered function itself": (
                (GIVES.partition("GIVEN")[0], f"{REGISTERED}{BENT}" + GIVES.partition("GIVEN")[0]),
                ("'LeakyReLU'", "bent"),
            ),
        },
    ),
    "no name": Case(
        "SA414",
        gives("'zzz'"),
        {
            "Write the name of a function, such as (leaky_relu)": ("zzz", r"\1"),
            r"or give the layer itself, such as (keras\.layers\.LeakyReLU\(\))": ("'zzz'", r"\1"),
            "or the registered function itself": (
                (GIVES.partition("GIVEN")[0], f"{REGISTERED}{BENT}" + GIVES.partition("GIVEN")[0]),
                ("'zzz'", "bent"),
            ),
        },
    ),
    "a function of NumPy": Case(
        "SA415",
        gives("np.tanh", "import numpy as np\n"),
        {
            r"Give (keras\.activations\.tanh)": ("np.tanh", r"\1"),
            "or ('tanh')": ("np.tanh", r"\1"),
            r"or, to a layer of serialactivation\.layers, (keras\.ops\.tanh)": (OURS, ("np.tanh", r"\1")),
        },
    ),
    "a function of NumPy that is no activation": Case(
        "SA415",
        gives("np.sin", "import numpy as np\n"),
        {r"Give to a layer of serialactivation\.layers, (keras\.ops\.sin)": (OURS, ("np.sin", r"\1"))},
    ),
    "a function of math that Keras does not have": Case(
        "SA415",
        gives("math.gamma", "import math\n"),
        {
            f"Write a function of your own that uses keras.ops, put {REGISTER} it, and give that": (
                (GIVES.partition("GIVEN")[0], rf"\1\n{BENT}" + GIVES.partition("GIVEN")[0]),
                ("math.gamma", "bent"),
            )
        },
    ),
    "one for two": Case(
        "SA416",
        f"{KERAS}bend = layers.PReLU()\n"
        "model = keras.Sequential([keras.Input((4,)), "
        "layers.Dense(4, activation=bend), layers.Dense(4, activation=bend)])\n",
        {
            r"Use the layers of the same names in serialactivation\.layers, which keep it one object": (
                "layers.Dense(4, activation=bend), layers.Dense(4, activation=bend)",
                "sa.layers.Dense(4, activation=bend), sa.layers.Dense(4, activation=bend)",
            ),
            "or give each layer an activation of its own": (
                "bend), layers.Dense(4, activation=bend)",
                "layers.PReLU()), layers.Dense(4, activation=layers.PReLU())",
            ),
        },
    ),
}

CASES = {**CLASSES, **HELD, **ARGUMENTS}
