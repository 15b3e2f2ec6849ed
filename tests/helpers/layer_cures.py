"""Modules of a user's with an error about a layer, and what each of its cures changes."""

REGISTER = "@keras.saving.register_keras_serializable(package='layer_cures')\n"
BENT = f"{REGISTER}def bent(x, by=2.0):\n    return {{}}\n"
SCALE = (
    f"{REGISTER}class Scale:\n    def __init__(self, by):\n        self.by = by\n"
    "    def __call__(self, x):\n        return {}\n"
    "    def get_config(self):\n        return {{'by': keras.saving.serialize_keras_object(self.by)}}\n"
    "    @classmethod\n    def from_config(cls, config):\n"
    "        return cls(keras.saving.deserialize_keras_object(config['by']))\n"
)
HALF = (
    f"{REGISTER}class Half:\n    def __call__(self, x):\n        return {{}}\n"
    "    def get_config(self):\n        return dict()\n    @classmethod\n"
    "    def from_config(cls, config):\n        return cls()\n"
)
NESTED = "bend = keras.Sequential([keras.layers.ReLU()])\nfor _ in range({}):\n    bend = keras.Sequential([bend])\n"

# A user's module that is refused with an error; and, by what the message says, what is changed in it.
CASES = {
    "a keyword that is missing": (
        "UncallableActivationError",
        "model = stack(sa.layers.Dense(3, activation=keras.ops.threshold))",
        {r"(functools\.partial\(keras\.ops\.threshold, .*\))": ("keras.ops.threshold", r"\1")},
    ),
    "two dtypes": (
        "ActivationDTypeError",
        "shared = keras.layers.PReLU()\n"
        "model = stack(*(sa.layers.Dense(3, dtype=dtype, activation=shared) for dtype in ('float32', 'bfloat16')))",
        {
            "Give each owner an activation of its own": ("=shared", "=keras.layers.PReLU()"),
            "give this one a policy, such as (dtype='float32')": ("PReLU()", r"PReLU(\1)"),
        },
    ),
    "built under another dtype": (
        "ActivationDTypeError",
        "built = keras.layers.PReLU()\nbuilt.build((None, 3))\n"
        "model = stack(sa.layers.Dense(3, dtype='bfloat16', activation=built))",
        {
            "Pass it unbuilt": ("built.build((None, 3))", ""),
            "give it a policy of its own: (dtype='float32')": ("PReLU()", r"PReLU(\1)"),
        },
    ),
    "assigned to a built layer": (
        "ActivationAssignmentError",
        "layer = sa.layers.Dense(3)\nlayer.build((None, 4))\nlayer.activation = keras.layers.PReLU()\n"
        "model = stack(layer)",
        {
            "Give it to the constructor of a new layer": (
                "layer.activation = keras.layers.PReLU()",
                "layer = sa.layers.Dense(3, activation=keras.layers.PReLU())",
            )
        },
    ),
    "assigned where it is not called": (
        "ActivationAssignmentError",
        "@sa.serializable_activation(package='layer_cures')\n"
        "class Hidden(keras.layers.Layer):\n    def __init__(self, activation='relu', **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.function = sa.get(activation)\n"
        "    def call(self, inputs):\n        return self.function(inputs)\n"
        "layer = Hidden()\nlayer.activation = 'tanh'\nmodel = stack(layer)",
        {
            "Give it to the constructor of a new layer": (
                "layer.activation = 'tanh'",
                "layer = Hidden(activation='tanh')",
            )
        },
    ),
    "assigned to a fixed one": (
        "ActivationAssignmentError",
        "@sa.serializable_activation(package='layer_cures')\n"
        "class Fixed(sa.layers.Dense):\n    def __init__(self, units, **kwargs):\n"
        "        super().__init__(units, activation='tanh', **kwargs)\n"
        "layer = Fixed(3)\nlayer.activation = 'relu'\nmodel = stack(layer)",
        {
            r"Let the constructor take activation=\.\.\., and pass it to": (
                "units, **kwargs):\n        super().__init__(units, activation='tanh', ",
                "units, activation='tanh', **kwargs):\n        super().__init__(units, activation=activation, ",
            )
        },
    ),
    "an argument that no config can hold": (
        "LayerArgumentError",
        "@sa.serializable_activation(package='layer_cures')\n"
        "class Scaled(keras.layers.Layer):\n    def __init__(self, by, activation='relu', **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.by, self.activation = by, sa.get(activation)\n"
        "    def call(self, inputs):\n"
        "        by = self.by((1,)) if callable(self.by) else self.by\n"
        "        return self.activation(inputs * by)\n"
        "model = stack(Scaled(np.float32(0.5)))",
        {
            "Pass a plain value": ("np.float32(0.5)", "0.5"),
            "or a registered Keras object": ("np.float32(0.5)", "keras.initializers.Constant(0.5)"),
            r"or write Scaled\.get_config\(\)": (
                "    def call",
                "    def get_config(self):\n"
                "        return {**super().get_config(), 'by': float(self.by)}\n    def call",
            ),
        },
    ),
    "an argument by position alone": (
        "LayerArgumentError",
        "@sa.serializable_activation(package='layer_cures')\n"
        "class Summed(keras.layers.Layer):\n    def __init__(self, by, /, activation='relu', **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.by, self.activation = by, sa.get(activation)\n"
        "    def call(self, inputs):\n        return self.activation(inputs + self.by)\n"
        "model = stack(Summed(0.5))",
        {"Give each of them a named parameter in the constructor": ("by, /,", "by,")},
    ),
    "many arguments by position": (
        "LayerArgumentError",
        "@sa.serializable_activation(package='layer_cures')\n"
        "class Many(keras.layers.Layer):\n    def __init__(self, *each, activation='relu', **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.by, self.activation = sum(each), sa.get(activation)\n"
        "    def call(self, inputs):\n        return self.activation(inputs + self.by)\n"
        "model = stack(Many(0.5, 1.0))",
        {
            "Give each of them a named parameter in the constructor": (
                "*each, activation='relu', **kwargs):\n",
                "one, other, activation='relu', **kwargs):\n        each = (one, other)\n",
            )
        },
    ),
    "an enum that Keras does not know": (
        "LayerArgumentError",
        "import enum\nclass Mode(enum.Enum):\n    FAST = 2\n    SLOW = 3\n"
        "@sa.serializable_activation(package='layer_cures')\n"
        "class Moded(keras.layers.Layer):\n    def __init__(self, mode, activation='relu', **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.mode, self.activation = mode, sa.get(activation)\n"
        "    def call(self, inputs):\n        return self.activation(inputs * getattr(self.mode, 'value', self.mode))\n"
        "model = stack(Moded(Mode.FAST))",
        {
            r"write below its definition:\n    (keras\.saving\.get_custom_objects\(\)\['my_package>Mode'\] = Mode)": (
                "    SLOW = 3\n",
                "    SLOW = 3\n" r"\1" "\n",
            ),
            "Pass a plain value": ("Moded(Mode.FAST)", "Moded(2)"),
            "or a registered Keras object": ("Mode.FAST", "keras.initializers.Constant(2.0)"),
            r"or write Moded\.get_config\(\)": (
                "    def call",
                "    def get_config(self):\n"
                "        return {**super().get_config(), 'mode': getattr(self.mode, 'value', self.mode)}\n    def call",
            ),
        },
    ),
    "a keyword that holds itself": (
        "UnserializableActivationError",
        "held = []\nheld.append(held)\ngiven = functools.partial(keras.activations.relu, max_value=held)\n"
        "model = stack(sa.layers.Dense(3, activation=sa.get(given)))",
        {
            r"(functools\.partial\(keras\.activations\.relu, max_value=)\.\.\.\)": (
                "functools.partial(keras.activations.relu, max_value=held)",
                r"\g<1>0.5)",
            )
        },
    ),
    "models inside models": (
        "UnserializableActivationError",
        f"{NESTED.format(40)}model = stack(sa.layers.Dense(3, activation=bend))",
        {"the same with fewer models inside models": ("range(40)", "range(4)")},
    ),
    "more models inside models than Python follows": (
        "UnserializableActivationError",
        f"{NESTED.format(400)}model = stack(sa.layers.Dense(3, activation=bend))",
        {"the same with fewer models inside models": ("range(400)", "range(4)")},
    ),
    "keywords of a function that was defined anew": (
        "UnserializableActivationError",
        f"{BENT.format('x * by')}older = bent\n{BENT.format('x / by')}"
        "model = stack(sa.layers.Dense(3, activation=functools.partial(older, by=3.0)))",
        {
            r"(keras\.saving\.get_registered_object\()'\w+(>bent'\))": (
                "functools.partial(older",
                r"functools.partial(\1'layer_cures\2",
            )
        },
    ),
    "a class that was defined anew": (
        "UnserializableActivationError",
        f"{SCALE.format('x * self.by')}older = Scale(3.0)\n{SCALE.format('x / self.by')}"
        "model = stack(sa.layers.Dense(3, activation=older))",
        {
            r"(keras\.saving\.get_registered_object\()'\w+(>Scale'\)\(by=)\.\.\.\)  # created again": (
                "activation=older",
                r"activation=\1'layer_cures\g<2>3.0)",
            )
        },
    ),
    "an object with one of a class that was defined anew": (
        "UnserializableActivationError",
        f"{HALF.format('x / 2')}{SCALE.format('self.by(x)')}older = Scale(Half())\n{HALF.format('x / 4')}"
        "model = stack(sa.layers.Dense(3, activation=older))",
        {r"(Scale\(by=)\.\.\.\)  # created again": ("activation=older", r"activation=\g<1>Half())")},
    ),
    "no activation": (
        "UncallableActivationError",
        "model = stack(sa.layers.Dense(3, activation=['relu']))",
        {
            "Write instead:\n    ('relu')": ("['relu']", r"\1"),
            "or another name": ("['relu']", "'tanh'"),
            "a function": ("['relu']", "keras.ops.relu"),
            "or a layer": ("['relu']", "keras.layers.PReLU()"),
        },
    ),
    "a name that is like none": (
        "UnknownActivationError",
        "def bent(x):\n    return x * 0.5\nmodel = stack(sa.layers.Dense(3, activation='zzzzzzzzzzz'))",
        {
            "Pass a name from keras.activations": ("zzzzzzzzzzz", "tanh"),
            r"register your function with (@keras\.saving\.register_keras_serializable\(package='my_package'\)) "
            "and pass the function": (
                "def bent(x):\n    return x * 0.5\nmodel = stack(sa.layers.Dense(3, activation='zzzzzzzzzzz'))",
                r"\1" "\ndef bent(x):\n    return x * 0.5\nmodel = stack(sa.layers.Dense(3, activation=bent))",
            ),
            r"(@keras\.saving.*\)) and .* or '(my_package>)name'": (
                "def bent(x):\n    return x * 0.5\nmodel = stack(sa.layers.Dense(3, activation='zzzzzzzzzzz'))",
                r"\1"
                "\ndef curved(x):\n    return x * 0.5\n"
                r"model = stack(sa.layers.Dense(3, activation='\2curved'))",
            ),
        },
    ),
    "no layer's config": (
        "ActivationConfigError",
        "model = stack(sa.layers.Dense.from_config('Dense'))",
        {r"Pass what get_config\(\) returned": ("'Dense'", "sa.layers.Dense(3, 'tanh').get_config()")},
    ),
    "a name that is taken": (
        "RegistrationError",
        "@sa.serializable_activation(package='layer_cures_taken')\nclass Taken(keras.layers.Dense):\n    pass\n"
        "def define():\n    @sa.serializable_activation(package='layer_cures_taken')\n"
        "    class Taken(keras.layers.Dense):\n        pass\n    return Taken\n"
        "model = stack(Taken(3), define()(2))",
        {
            "Give one of them another package=": ("\n    @sa.serializable_activation(package='", r"\g<0>other_"),
            r"or name=\.": (
                "\n    @sa.serializable_activation(package='",
                "\n    @sa.serializable_activation(name='other', package='",
            ),
        },
    ),
    "the classes of one function": (
        "RegistrationError",
        "def define(by):\n    @sa.serializable_activation(package='layer_cures_made')\n"
        "    class Made(keras.layers.Dense):\n        def call(self, inputs):\n"
        "            return super().call(inputs) * by\n    return Made\n"
        "model = stack(define(2.0)(3), define(3.0)(3))",
        {
            "Give one of them another package=": ("='layer_cures_made'", "=f'made {by}'"),
            r"or name=\.": ("(package", "(name=f'Made {by}', package"),
        },
    ),
}
