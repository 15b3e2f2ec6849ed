"""Modules of a user's with an error about a layer, and what each of its cures changes."""

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
            "Give it unbuilt": ("built.build((None, 3))", ""),
            "make it with a policy of its own, (dtype='float32')": ("PReLU()", r"PReLU(\1)"),
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
            r"Let the constructor take activation=\.\.\., and hand it on": (
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
        {"Let the constructor take each by a name of its own": ("by, /,", "by,")},
    ),
    "many arguments by position": (
        "LayerArgumentError",
        "@sa.serializable_activation(package='layer_cures')\n"
        "class Many(keras.layers.Layer):\n    def __init__(self, *each, activation='relu', **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.by, self.activation = sum(each), sa.get(activation)\n"
        "    def call(self, inputs):\n        return self.activation(inputs + self.by)\n"
        "model = stack(Many(0.5, 1.0))",
        {
            "Let the constructor take each by a name of its own": (
                "*each, activation='relu', **kwargs):\n",
                "one, other, activation='relu', **kwargs):\n        each = (one, other)\n",
            )
        },
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
