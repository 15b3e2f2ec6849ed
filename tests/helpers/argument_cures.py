"""Modules of a user's with an error about an argument that is no activation, and what each of its cures changes."""

REGISTER = "@keras.saving.register_keras_serializable(package='layer_cures')\n"
DECORATE = "@sa.serializable_activation(package='layer_cures')\n"

# A layer whose argument says by how much it multiplies: a number, an initializer, or what has, or holds, numbers.
OWN = (
    "import collections, types\ndef amount(config):\n"
    "    config = getattr(config, 'by', config)\n"
    "    if callable(config):\n        return config((1,))\n"
    "    return sum(config.values() if hasattr(config, 'values') else keras.tree.flatten(config))\n"
    f"{DECORATE}class Own(keras.layers.Layer):\n    def __init__(self, config, activation='relu', **kwargs):\n"
    "        super().__init__(**kwargs)\n        self.config, self.activation = config, sa.get(activation)\n"
    "    def call(self, inputs):\n        return self.activation(inputs * amount(self.config))\n"
)
BENT = (
    f"{DECORATE}class Own(keras.layers.Layer):\n    def __init__(self, bend, activation='relu', **kwargs):\n"
    "        super().__init__(**kwargs)\n        self.bend, self.activation = sa.get(bend), sa.get(activation)\n"
    "    def call(self, inputs):\n        return self.activation(self.bend(inputs))\n"
)
SPOKEN = (
    f"{DECORATE}class Own(keras.layers.Layer):\n    def __init__(self, act, **kwargs):\n"
    "        super().__init__(**kwargs)\n        self.act = keras.activations.get(act)\n"
    "    def call(self, inputs):\n        return self.act(inputs)\n"
    "    def get_config(self):\n"
    "        return {**super().get_config(), 'act': keras.activations.serialize(self.act)}\n"
)
KEEPS = (
    f"{DECORATE}class Own(keras.layers.Layer):\n    def __init__(self, act, **kwargs):\n"
    "        super().__init__(**kwargs)\n        self.act = act\n"
    "    def call(self, inputs):\n        return self.act(inputs)\n"
    "    def get_config(self):\n        return {**super().get_config(), 'act': self.act}\n"
)
ENDLESS = "held = []\nheld.append(held)\n"
FINITE = "or a list, tuple or dict of these that does not contain itself"

# A mapping that no dict makes, and a layer that applies what is in it.
ODD = (
    "class Odd(collections.UserDict):\n    def __init__(self, items, more):\n        super().__init__(items)\n"
    "keras.saving.get_custom_objects()['layer_cures>Odd'] = Odd\n"
)
APPLIES = (
    f"import collections\n{DECORATE}class Own(keras.layers.Layer):\n    def __init__(self, config, **kwargs):\n"
    "        super().__init__(**kwargs)\n        self.config = config\n"
    "    def call(self, inputs):\n        return self.config['activation'](inputs)\n"
)

# A configuration object, and a layer that takes one, or a list of what is in it, or a number alone.
CONFIG = "import dataclasses\n@dataclasses.dataclass\nclass Config:\n    by: float\n    bend: object\n"
BOTH = (
    f"{REGISTER}class Config:\n    def __init__(self, by, bend):\n        self.by, self.bend = by, bend\n"
    "    def get_config(self):\n        return {'by': self.by, 'bend': sa.serialize(self.bend)}\n"
    "    @classmethod\n    def from_config(cls, config):\n        return cls(config['by'], sa.get(config['bend']))\n"
)
TAKES = (
    f"{DECORATE}class Own(keras.layers.Layer):\n    def __init__(self, config, **kwargs):\n"
    "        super().__init__(**kwargs)\n"
    "        self.config = Config(*config) if isinstance(config, list) else config\n"
    "        self.bend = sa.get(getattr(self.config, 'bend', 'relu'))\n"
    "    def call(self, inputs):\n        return self.bend(inputs * getattr(self.config, 'by', self.config))\n"
)
GIVES = "model = stack(Own(Config(2.0, keras.layers.PReLU())))"
KNOWN = r"write below its definition:\n    (keras\.saving\.get_custom_objects\(\)\['my_package>Config'\] = Config)"


def write_get_config(value):
    """Return what puts a ``get_config`` that stores a *value* into a layer."""
    written = f"    def get_config(self):\n        return {{**super().get_config(), 'config': {value}}}\n"
    return "    def call", f"{written}    def call"


def returning(value):
    return write_get_config(value)[1].removesuffix("    def call")


def keep(kind, name, use, what, more=""):
    """Return the case of a call that cannot be traced, and that uses *what* its configuration object holds."""
    source = (
        f"import types\n{DECORATE}class Own(keras.Model):\n    def __init__(self, config, **kwargs):\n"
        f"        super().__init__(**kwargs)\n        self.config = config\n{more}    def call(self, inputs):\n"
        f"        return {use} if float(keras.ops.sum(inputs)) > -9 else inputs\n"
        f"model = Own(types.SimpleNamespace({name}={what}))\nmodel(np.ones((2, 4), 'float32'))"
    )
    said = rf"Assign it to an attribute: (self\.{kind} = config\.{name})"
    return "ActivationBuildError", source, {said: ("self.config = config\n", "\\g<0>        \\1\n")}


HOLDS_VARIABLE = (
    "    def get_config(self):\n        return {**super().get_config(), 'config': 4}\n"
    "    @classmethod\n    def from_config(cls, config):\n"
    "        by = keras.Variable(np.zeros(config.pop('config'), 'float32'))\n"
    "        return cls(types.SimpleNamespace(by=by), **config)\n"
)

CASES = {
    "a list in itself": (
        "LayerArgumentError",
        f"{OWN}{ENDLESS}model = stack(Own(held))",
        {
            "Pass a plain value": ("held", "2.0"),
            "or a registered Keras object": ("held", "keras.initializers.Constant(2.0)"),
            FINITE: ("held", "[2.0, (1.0, 3.0)]"),
        },
    ),
    "a list in itself, of a ready-made layer": (
        "LayerArgumentError",
        f"{ENDLESS}model = stack(sa.layers.Dense(3, bias_initializer=held))",
        {
            "Pass a plain value": ("held", "'ones'"),
            "or a registered Keras object": ("held", "keras.initializers.Constant(2.0)"),
            FINITE: ("held", "{'class_name': 'Ones', 'config': {}}"),
        },
    ),
    "an activation by a name that is not found": (
        "LayerArgumentError",
        f"{BENT}model = stack(Own(keras.ops.gelu))",
        {
            r"declare its argument: (fields=\['activation', 'bend'\])": ("package='layer_cures'", "\\g<0>, \\1"),
        },
    ),
    "an activation that an author's get_config stores by its bare name": (
        "LayerArgumentError",
        f"{SPOKEN}model = stack(Own(keras.ops.gelu))",
        {
            r"declare its argument: (fields=\['act'\])": ("package='layer_cures'", "\\g<0>, \\1"),
            "pass a registered function that has a name of its own": (
                "model = stack(Own(keras.ops.gelu))",
                f"{REGISTER}def soft(x):\n    return keras.ops.gelu(x)\nmodel = stack(Own(soft))",
            ),
        },
    ),
    "a layer that an author's get_config stores, and that the constructor does not read": (
        "LayerArgumentError",
        f"{KEEPS}model = stack(Own(keras.layers.PReLU()))",
        {r"Declare its argument: (fields=\['act'\])": ("package='layer_cures'", "\\g<0>, \\1")},
    ),
    "an object in itself": (
        "LayerArgumentError",
        f"{OWN}held = types.SimpleNamespace(by=2.0)\nheld.held = held\nmodel = stack(Own(held))",
        {
            "Pass a plain value": ("held", "2.0"),
            "or a registered Keras object": ("held", "keras.initializers.Constant(2.0)"),
            r"or write Own\.get_config\(\)": write_get_config("amount(self.config)"),
        },
    ),
    "keys that are no strings": (
        "LayerArgumentError",
        f"{OWN}model = stack(Own(collections.UserDict({{1: 2.0}})))",
        {
            "Pass a plain value": ("collections.UserDict({1: 2.0})", "2.0"),
            "or a registered Keras object": ("collections.UserDict({1: 2.0})", "keras.initializers.Constant(2.0)"),
            r"or write Own\.get_config\(\)": write_get_config("list(self.config.values())"),
        },
    ),
    "a mapping that no dict makes": (
        "LayerArgumentError",
        f"{OWN}{ODD}model = stack(Own(Odd({{'by': 2.0}}, 1)))",
        {
            "Pass a dict instead": ("Odd({'by': 2.0}, 1)", "{'by': 2.0}"),
            "or let the constructor of its class take a dict and keep its items unchanged": ("more):", "more=None):"),
        },
    ),
    "a mapping that no dict makes, with an activation": (
        "LayerArgumentError",
        f"{APPLIES}{ODD}model = stack(Own(Odd({{'activation': keras.layers.PReLU()}}, 1)))",
        {
            "Pass a dict instead": (
                "Odd({'activation': keras.layers.PReLU()}, 1)",
                "{'activation': keras.layers.PReLU()}",
            ),
            "or let the constructor of its class take a dict and keep its items unchanged": ("more):", "more=None):"),
        },
    ),
    "a configuration object that Keras does not know": (
        "LayerArgumentError",
        f"{CONFIG}{TAKES}{GIVES}",
        {
            KNOWN: (CONFIG, "\\g<0>\\1\n"),
            "Pass a plain value": ("Config(2.0, keras.layers.PReLU())", "2.0"),
            "or a registered Keras object": (CONFIG, BOTH),
            r"or write Own\.get_config\(\)": write_get_config("[self.config.by, sa.serialize(self.bend)]"),
        },
    ),
    "a configuration object that is returned as it is": (
        "LayerArgumentError",
        f"{CONFIG}{TAKES}{returning('self.config')}{GIVES}",
        {
            KNOWN: (CONFIG, "\\g<0>\\1\n"),
            "Pass a plain value": ("Config(2.0, keras.layers.PReLU())", "2.0"),
            r"or a registered Keras object that from_config\(\) reads": (
                f"{CONFIG}{TAKES}",
                f"{BOTH}{TAKES}"
                "    @classmethod\n    def from_config(cls, config):\n"
                "        given = keras.saving.deserialize_keras_object(config.pop('config'))\n"
                "        return cls(given, **config)\n",
            ),
            r"or let Own\.get_config\(\) return its contents as plain values": (
                "'config': self.config}",
                "'config': [self.config.by, sa.serialize(self.bend)]}",
            ),
        },
    ),
    "an activation that a call applies or not": keep(
        "activation", "activation", "self.config.activation(inputs)", "keras.layers.PReLU()"
    ),
    "a layer that a call applies or not": keep("layer", "head", "self.config.head(inputs)", "keras.layers.Dense(3)"),
    "a variable that a call reads or not": keep(
        *("variable", "by", "inputs * self.config.by", "keras.Variable(np.ones(4, 'float32'))"), HOLDS_VARIABLE
    ),
    "a partial in a config with another's keyword": (
        "ActivationConfigError",
        "config = sa.serialize(functools.partial(keras.activations.relu, max_value=2.0))\n"
        "config['config'] = {'function': 'relu', 'keywords': {'slope': 0.5}}\n"
        "config.update(module='serialactivation', class_name='PartialActivation')\n"
        "config.update(registered_name='serialactivation>PartialActivation')\n"
        "model = stack(sa.layers.Dense(3, activation=config))",
        {r"Pass (functools\.partial\(keras\.activations\.relu, negative_slope=0\.5\))": ("=config", r"=\1")},
    ),
}
