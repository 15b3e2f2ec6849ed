"""Modules of a user's with an error about declared fields, a build or a model, and what each of its cures changes."""

REGISTER = "@keras.saving.register_keras_serializable(package='layer_cures')\n"
DECORATE = "@sa.serializable_activation(package='layer_cures'"

# The start of a layer of a user's, and the end of one that has an activation.
LAYER = f"{DECORATE})\nclass Own(keras.layers.Layer):\n"
TAKES = (
    "    def __init__(self, activation='relu', **kwargs):\n        super().__init__(**kwargs)\n"
    "        self.activation = sa.get(activation)\n"
)
APPLIES = "    def call(self, inputs):\n        return self.activation(inputs)\n"
HEAD_MODEL = (
    "class Head(keras.Model):\n    def __init__(self, *args, post_activation='linear', **kwargs):\n"
    "        super().__init__(*args, **kwargs)\n        self.post_activation = sa.get(post_activation)\n"
    "    def call(self, inputs, training=None, mask=None):\n"
    "        return self.post_activation(super().call(inputs))\n"
    "    def get_config(self):\n"
    "        return {**super().get_config(), 'post_activation': sa.serialize(self.post_activation)}\n"
    "inputs = keras.Input((4,))\nhead = Head(inputs, keras.layers.Dense(3)(inputs), post_activation='tanh')\n"
)
TO_H5 = "path = f'{__file__}.h5'\nsa.save_model(model, path)\nmodel = sa.load_model(path)\n"


def declare(fields):
    """Return a layer whose ``fields=`` are what *fields* says."""
    return f"{DECORATE}, fields={fields})\nclass Own(keras.layers.Layer):\n{TAKES}{APPLIES}model = stack(Own('tanh'))"


def aim(layer, target="3.6"):
    """Return a model with a *layer* that is saved for an older Keras."""
    return (
        f"model = stack({layer})\npath = f'{{__file__}}.keras'\nsa.save_model(model, path, target_keras='{target}')\n"
        "model = keras.models.load_model(path)\n"
    )


NEEDS = (
    f"{REGISTER}class Needs(keras.layers.Layer):\n"
    "    def __init__(self, by, activation='relu', **kwargs):\n        super().__init__(**kwargs)\n"
    "        self.by, self.activation = by, sa.get(activation)\n"
    "    def call(self, inputs):\n        return self.activation(inputs * self.by)\n"
)

FIELDS = {
    "a lone string": (
        "ActivationFieldError",
        declare("'activation'"),
        {r"Write fields=(\['activation'\])": ("fields='activation'", r"fields=\1")},
    ),
    "twice": (
        "ActivationFieldError",
        declare("['activation', 'activation']"),
        {"Remove one of them": ("'activation', 'activation'", "'activation'")},
    ),
    "no such argument": (
        "ActivationFieldError",
        declare("['gate']"),
        {r"Its arguments are (\w+)": ("'gate'", r"'\1'")},
    ),
    "no name": (
        "ActivationFieldError",
        declare("[3]"),
        {"Pass the name of the argument": ("[3]", "['activation']")},
    ),
    "a field of no name": (
        "ActivationFieldError",
        declare("[sa.ActivationField(name=3)]"),
        {"Pass a string": ("name=3", "name='activation'")},
    ),
    "a lone alias": (
        "ActivationFieldError",
        declare("[sa.ActivationField(name='activation', aliases='act')]"),
        {r"Write (\('act',\))": ("'act'", r"\1")},
    ),
    "an option by position": (
        "ActivationFieldError",
        f"@sa.serializable_activation('layer_cures')\nclass Own(keras.layers.Layer):\n{TAKES}{APPLIES}"
        "model = stack(Own('tanh'))",
        {r"such as (package=)'\w+'": ("'layer_cures'", r"\1'layer_cures'")},
    ),
    "a class of Keras's": (
        "ActivationFieldError",
        "layer = sa.serializable_activation(keras.layers.Dense)\nmodel = stack(layer(3, activation='tanh'))",
        {
            r"Use (serialactivation\.layers\.Dense)": ("sa.serializable_activation(keras.layers.Dense)", r"\1"),
            "or decorate a subclass": (
                "sa.serializable_activation(keras.layers.Dense)",
                f"None\n{DECORATE})\nclass layer(keras.layers.Dense):\n    pass",
            ),
        },
    ),
    "a package of no name": (
        "ActivationFieldError",
        f"@sa.serializable_activation(package=3)\nclass Own(keras.layers.Layer):\n{TAKES}{APPLIES}model = stack(Own())",
        {"Pass a name": ("package=3", "package='layer_cures'")},
    ),
    "the fields of no layer": (
        "ActivationFieldError",
        "sa.activation_fields('Dense')\nmodel = stack(sa.layers.Dense(3))",
        {
            r"Pass a keras\.Layer": ("'Dense'", "sa.layers.Dense(3)"),
            "or a subclass": ("'Dense'", "sa.layers.Dense"),
        },
    ),
}

BUILDS = {
    "an open size": (
        "ActivationBuildError",
        "model = keras.Sequential([keras.Input((None,)), keras.layers.Reshape((-1, 1)),\n"
        "    sa.layers.Dense(3, activation=keras.layers.PReLU())])",
        {r"share them over the axes of unknown size \(PReLU's (\w+)\)": ("PReLU()", r"PReLU(\1=[1])")},
    ),
    "two layers of two widths": (
        "ActivationBuildError",
        "shared = keras.layers.PReLU()\n"
        "model = stack(sa.layers.Dense(3, activation=shared), sa.layers.Dense(2, activation=shared))",
        {
            "Give each layer its own activation": ("=shared", "=keras.layers.PReLU()"),
            r"use one whose weights fit both shapes \(PReLU's (\w+)\)": ("PReLU()", r"PReLU(\1=[1])"),
        },
    ),
    "two widths in one layer": (
        "ActivationBuildError",
        f"{LAYER}{TAKES}        self.wide = keras.layers.Dense(5)\n"
        "    def call(self, inputs):\n        return self.activation(self.wide(self.activation(inputs)))\n"
        "given = keras.layers.PReLU()\nmodel = stack(Own(given))",
        {r"Share its weights over the axes:\n    (.*)": ("keras.layers.PReLU()", r"\1")},
    ),
    "two widths of a normalization": (
        "ActivationBuildError",
        f"{LAYER}    def __init__(self, activation='relu', **kwargs):\n"
        "        super().__init__(**kwargs)\n        self.activation = sa.get(activation)\n"
        "        self.wide = keras.layers.Dense(5)\n"
        "    def call(self, inputs):\n        return self.activation(self.wide(self.activation(inputs)))\n"
        "model = stack(Own(keras.layers.BatchNormalization()))",
        {
            r"Add another activation argument to Own, for the other shape": (
                "    def __init__(self, activation='relu', **kwargs):\n"
                "        super().__init__(**kwargs)\n        self.activation = sa.get(activation)\n"
                "        self.wide = keras.layers.Dense(5)\n"
                "    def call(self, inputs):\n        return self.activation(self.wide(self.activation(inputs)))\n"
                "model = stack(Own(keras.layers.BatchNormalization()))",
                "    def __init__(self, activation='relu', other_activation='relu', **kwargs):\n"
                "        super().__init__(**kwargs)\n        self.activation = sa.get(activation)\n"
                "        self.other_activation = sa.get(other_activation)\n"
                "        self.wide = keras.layers.Dense(5)\n"
                "    def call(self, inputs):\n"
                "        return self.other_activation(self.wide(self.activation(inputs)))\n"
                "model = stack(Own(keras.layers.BatchNormalization(), keras.layers.BatchNormalization()))",
            )
        },
    ),
    "no activation for that shape": (
        "ActivationBuildError",
        "model = stack(sa.layers.Dense(3, activation=keras.layers.Conv1D(3, 2)))",
        {
            r"Use an activation that can be built for that shape\.": (
                "keras.layers.Conv1D(3, 2)",
                "keras.layers.Dense(3)",
            )
        },
    ),
    "no axis of that number": (
        "ActivationBuildError",
        "model = stack(sa.layers.Dense(3, activation=keras.layers.PReLU(shared_axes=[5])))",
        {r"Use an activation that can be built for that shape\.": ("shared_axes=[5]", "shared_axes=[1]")},
    ),
    "called on another shape": (
        "ActivationBuildError",
        f"{LAYER}{TAKES}    def build(self, input_shape):\n        self.kernel = self.add_weight(shape=(4,))\n"
        "    def call(self, inputs):\n        return self.activation(inputs * self.kernel)\n"
        "model = stack(Own(keras.layers.Conv1D(4, 2, padding='same')))",
        {
            "If it does not fit the shape that it is called on, pass another activation": (
                "keras.layers.Conv1D(4, 2, padding='same')",
                "keras.layers.PReLU()",
            ),
            r"Override activation_shape\(\) in Own": (
                "    def call(self, inputs):\n        return self.activation(inputs * self.kernel)\n",
                "    def activation_shape(self, field, input_shape):\n        return (None, 1, 4)\n"
                "    def call(self, inputs):\n"
                "        return self.activation((inputs * self.kernel)[:, None])[:, 0]\n",
            ),
        },
    ),
    "called in training alone": (
        "ActivationBuildError",
        f"{LAYER}{TAKES}    def build(self, input_shape):\n        self.kernel = self.add_weight(shape=(4,))\n"
        "    def call(self, inputs, training=False):\n"
        "        return self.activation(inputs) if training else inputs * self.kernel\n"
        "model = stack(Own(keras.layers.PReLU()))",
        {
            r"Override activation_shape\(\) in Own": (
                "    def call",
                "    def activation_shape(self, field, input_shape):\n        return input_shape\n    def call",
            ),
            r"or build the activation in its build\(\)": (
                "        self.kernel",
                "        self.activation.build(input_shape)\n        self.kernel",
            ),
        },
    ),
    "kept where Keras does not look": (
        "ActivationBuildError",
        f"{LAYER}    def __init__(self, activation='relu', **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.function = lambda inputs: activation(inputs)\n"
        "    def call(self, inputs):\n        return self.function(inputs)\n"
        "model = stack(Own(activation=keras.layers.PReLU()))",
        {
            r"Assign it to an attribute: (self\.activation = )": (
                "        self.function = lambda inputs: activation(inputs)\n",
                r"        \1activation\n        self.function = lambda inputs: self.activation(inputs)\n",
            )
        },
    ),
    "an activation beside a Sequential": (
        "ActivationBuildError",
        f"{DECORATE})\nclass Chain(keras.Sequential):\n"
        "    def __init__(self, layers=None, post_activation=None, **kwargs):\n"
        "        super().__init__(layers, **kwargs)\n        self.post_activation = sa.get(post_activation)\n"
        "    def call(self, inputs, training=None, mask=None):\n"
        "        return self.post_activation(super().call(inputs))\n"
        "    def get_config(self):\n"
        "        return {**super().get_config(), 'post_activation': sa.serialize(self.post_activation)}\n"
        "bend = keras.layers.PReLU()\n"
        "model = Chain([keras.Input((4,)), keras.layers.Dense(3)], post_activation=bend)",
        {
            "Make it a layer of the model": (
                "keras.layers.Dense(3)], post_activation=bend",
                "keras.layers.Dense(3), bend], post_activation='linear'",
            )
        },
    ),
}

MODELS = {
    "a clone of an undecorated model": (
        "CloneError",
        f"{REGISTER}{HEAD_MODEL}model = sa.clone_model(head)",
        {
            r"Write @(serialactivation\.serializable_activation) above class Head": (
                REGISTER,
                r"@\1(package='layer_cures')\n",
            )
        },
    ),
    "a clone with a function": (
        "CloneError",
        f"{DECORATE})\n{HEAD_MODEL}"
        "model = sa.clone_model(head, clone_function=lambda layer: type(layer).from_config(layer.get_config()))",
        {
            r"Call (serialactivation\.clone_model)\(\) on the model alone": (
                "sa.clone_model(head, clone_function=lambda layer: type(layer).from_config(layer.get_config()))",
                r"\1(head)",
            )
        },
    ),
    "a Lambda": (
        "UnserializableActivationError",
        "model = sa.convert(stack(keras.layers.Lambda(lambda x: x * 2)))",
        {
            r"    (@keras.*)\n    (def my_activation\w*\(x\):)\n    (    return x \* 2)\n"
            r"    (keras\.layers\.Activation\(my_activation\w*\))  # in place of the Lambda": (
                "model = sa.convert(stack(keras.layers.Lambda(lambda x: x * 2)))",
                "\\1\n\\2\n\\3\nmodel = sa.convert(stack(\\4))",
            )
        },
    ),
    "a layer that loses its activation": (
        "UnserializableActivationError",
        f"{REGISTER}class Loses(keras.layers.Layer):\n{TAKES}{APPLIES}"
        "    def get_config(self):\n        return super().get_config()\n"
        "model = sa.convert(stack(Loses('tanh')))",
        {
            r"(@serialactivation\.serializable_activation)  # above class Loses": (
                REGISTER,
                r"\1(package='layer_cures')" "\n",
            )
        },
    ),
    "a layer that its class cannot read": (
        "UnserializableActivationError",
        f"{NEEDS}    def get_config(self):\n        return super().get_config()\nmodel = sa.convert(stack(Needs(2.0)))",
        {
            r"(@serialactivation\.serializable_activation)  # above class Needs, without its get_config\(\)": (
                f"{NEEDS}    def get_config(self):\n        return super().get_config()\n",
                NEEDS.replace(REGISTER, r"\1(package='layer_cures')" "\n"),
            )
        },
    ),
    "a forgetful metric": (
        "CompileStateError",
        f"{REGISTER}class Scaled(keras.metrics.Mean):\n"
        "    def __init__(self, by, **kwargs):\n        super().__init__(**kwargs)\n        self.by = by\n"
        "model = stack(keras.layers.Dense(3))\nmodel.compile('adam', 'mse', metrics=[Scaled(2.0)])\n"
        "model = sa.convert(model)",
        {
            r"Make Scaled\.get_config\(\) return every argument": (
                "        self.by = by\n",
                "        self.by = by\n    def get_config(self):\n"
                "        return {**super().get_config(), 'by': self.by}\n",
            )
        },
    ),
    "a forgetful layer": (
        "LayerStateError",
        f"{REGISTER}class Grown(keras.layers.Layer):\n"
        "    def __init__(self, units=2, **kwargs):\n        super().__init__(**kwargs)\n        self.units = units\n"
        "    def build(self, input_shape):\n"
        "        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name='kernel')\n"
        "    def call(self, inputs):\n        return inputs @ self.kernel\n"
        "    def get_config(self):\n        return super().get_config()\n"
        "model = sa.convert(stack(Grown(3)))",
        {
            r"Make get_config\(\) of Grown return every argument": (
                "        return super().get_config()",
                "        return {**super().get_config(), 'units': self.units}",
            )
        },
    ),
    "layers that are made late": (
        "LayerStateError",
        f"{REGISTER}class Late(keras.layers.Layer):\n"
        "    def build(self, input_shape):\n        pass\n"
        "    def compute_output_shape(self, input_shape):\n        return (*input_shape[:-1], 3)\n"
        "    def call(self, inputs):\n        return self.inner(inputs)\n"
        "late = Late()\nlate.inner = keras.layers.Dense(3)\n"
        "model = stack(late)\nmodel(np.zeros((1, 4)))\nmodel = sa.convert(model)",
        {
            "make the layers in it in its constructor": (
                "    def build(self, input_shape):\n        pass\n",
                "    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
                "        self.inner = keras.layers.Dense(3)\n"
                "    def build(self, input_shape):\n        self.inner.build(input_shape)\n",
            ),
            r"or in build\(\)": (
                "        pass\n"
                "    def compute_output_shape(self, input_shape):\n        return (*input_shape[:-1], 3)\n"
                "    def call(self, inputs):\n        return self.inner(inputs)\n"
                "late = Late()\nlate.inner = keras.layers.Dense(3)\n",
                "        self.inner = keras.layers.Dense(3)\n        self.inner.build(input_shape)\n"
                "    def call(self, inputs):\n        return self.inner(inputs)\nlate = Late()\n",
            ),
        },
    ),
    "a model that HDF5 cannot hold": (
        "ModelFileError",
        f"{REGISTER}class Own(keras.Model):\n"
        "    def build(self, input_shape):\n        self.built = True\n"
        "    def call(self, inputs):\n        if not hasattr(self, 'dense'):\n"
        "            self._tracker.unlock()\n            self.dense = keras.layers.Dense(3)\n"
        "        return self.dense(inputs)\n"
        f"model = Own()\nmodel(np.ones((2, 4), 'float32'))\n{TO_H5}",
        {
            "Make the layers and weights of Own in its constructor": (
                "    def build(self, input_shape):\n",
                "    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
                "        self.dense = keras.layers.Dense(3)\n"
                "    def build(self, input_shape):\n        self.dense.build(input_shape)\n",
            ),
            r"or in build\(\)": (
                "        self.built = True\n",
                "        self.dense = keras.layers.Dense(3)\n        self.dense.build(input_shape)\n",
            ),
        },
    ),
    "a model of bfloat16": (
        "ModelFileError",
        f"model = stack(keras.layers.Dense(3, dtype='bfloat16'))\n{TO_H5}",
        {r"Save it as a \.keras file": (TO_H5, "sa.save_model(model, f'{__file__}.keras')\n")},
    ),
    "a model that forgets": (
        "ModelFileError",
        f"{REGISTER}class Own(keras.Model):\n"
        "    def __init__(self, units, **kwargs):\n        super().__init__(**kwargs)\n        self.units = units\n"
        "        self.dense = keras.layers.Dense(units)\n"
        "    def call(self, inputs):\n        return self.dense(inputs)\n"
        "    def get_config(self):\n        return super().get_config()\n"
        f"model = Own(3)\nmodel(np.ones((2, 4), 'float32'))\n{TO_H5}",
        {
            r"Make get_config\(\) of Own return every argument": (
                "return super().get_config()",
                "return {**super().get_config(), 'units': self.units}",
            )
        },
    ),
    "a model without a graph": (
        "ModelKindError",
        f"{REGISTER}class Own(keras.Model):\n"
        "    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.dense = keras.layers.Dense(3)\n"
        "    def call(self, inputs):\n        return self.dense(inputs)\n"
        "model = Own()\nmodel(np.zeros((1, 4)))\nmodel = sa.convert(model)",
        {
            "Change the layers in its code instead": (
                "keras.layers.Dense(3)\n    def call(self, inputs):\n        return self.dense(inputs)\n"
                "model = Own()\nmodel(np.zeros((1, 4)))\nmodel = sa.convert(model)",
                "sa.layers.Dense(3)\n    def call(self, inputs):\n        return self.dense(inputs)\n"
                "model = Own()\nmodel(np.zeros((1, 4)))",
            )
        },
    ),
    "a Sequential that is not built": (
        "ModelKindError",
        "bend = keras.layers.PReLU()\n"
        "model = keras.Sequential([sa.layers.Dense(3, activation=bend), sa.layers.Dense(3, activation=bend)])\n"
        "model = sa.to_stock(model)",
        {"or build the Sequential": ("model = sa.to", "model.build((None, 4))\nmodel = sa.to")},
    ),
}

STOCK = {
    "no name in stock Keras": (
        "StockFormError",
        f"{REGISTER}def bent(x, by=0.5):\n    return x * by\n"
        "given = functools.partial(bent, by=2.0)\nmodel = sa.to_stock(stack(sa.layers.Dense(3, activation=given)))",
        {
            "Use an activation that Keras has a name for": ("activation=given", "activation='tanh'"),
            "or a registered function of your own": ("activation=given", "activation=bent"),
        },
    ),
    "a layer of ours": (
        "StockFormError",
        f"{LAYER}{TAKES}{APPLIES}model = sa.to_stock(stack(Own('tanh')))",
        {
            "Replace it with Keras's own layers": ("Own('tanh')", "keras.layers.Activation('tanh')"),
            "or install serialactivation where the model is loaded": (
                "sa.to_stock(stack(Own('tanh')))",
                "stack(Own('tanh'))",
            ),
        },
    ),
    "inside a wrapper": (
        "StockFormError",
        "inner = sa.layers.Dense(3, activation=keras.layers.PReLU())\n"
        "model = sa.to_stock(stack(keras.layers.SpectralNormalization(inner)))",
        {
            "Remove the activation from that layer, and put it after the wrapper": (
                "activation=keras.layers.PReLU())\n"
                "model = sa.to_stock(stack(keras.layers.SpectralNormalization(inner)))",
                "activation=None)\n"
                "model = sa.to_stock(stack(keras.layers.SpectralNormalization(inner), keras.layers.PReLU()))",
            )
        },
    ),
    "inside TimeDistributed": (
        "StockFormError",
        "bend = keras.layers.PReLU(activity_regularizer='l2')\n"
        "inner = keras.layers.TimeDistributed(sa.layers.Dense(3, activation=bend))\n"
        "model = sa.to_stock(stack(keras.layers.Reshape((2, 2)), inner))",
        {
            "Use an activation without keywords and without an activity regularizer": (
                "PReLU(activity_regularizer='l2')",
                "PReLU()",
            )
        },
    ),
    "an activation of two models": (
        "StockFormError",
        "shared = keras.layers.PReLU()\ninner = stack(sa.layers.Dense(4, activation=shared))\n"
        "model = sa.to_stock(stack(sa.layers.Dense(4, activation=shared), inner))",
        {"Use an activation without weights that Keras has a name for": ("=shared", "='tanh'")},
    ),
    "a layer of two models": (
        "StockFormError",
        "shared = keras.layers.PReLU()\nmodel = sa.to_stock(stack(shared, sa.layers.Dense(4), stack(shared)))",
        {"Use a separate layer for each of them": ("stack(shared)", "stack(keras.layers.PReLU())")},
    ),
    "with weights in a recurrent layer": (
        "StockFormError",
        "model = sa.to_stock(stack(keras.layers.Reshape((2, 2)), sa.layers.LSTM(3, activation=keras.layers.PReLU())))",
        {
            "Use an activation without weights that Keras has a name for": (
                "keras.layers.PReLU()",
                "'tanh'",
            )
        },
    ),
    "a keyword of a newer Keras": (
        "TargetKerasError",
        aim("keras.layers.Dense(3, activation=keras.layers.LeakyReLU())", "3.9.2"),
        {
            r"Save for '(3\.10[.0-9]*)' or newer": ("='3.9.2'", r"='\1'"),
            r"or save (serialactivation\.convert)\(model\)": ("sa.save_model(model, ", r"sa.save_model(\1(model), "),
        },
    ),
    "a class of a newer Keras": (
        "TargetKerasError",
        aim("keras.layers.RMSNormalization()"),
        {
            r"Save for '([.0-9]+)' or newer": ("='3.6'", r"='\1'"),
            "or make the model without it": ("keras.layers.RMSNormalization()", "keras.layers.LayerNormalization()"),
        },
    ),
    "no version": (
        "TargetKerasError",
        aim("keras.layers.Dense(3)", "newest"),
        {r"Pass one as a string, such as ('[.0-9]+')": ("'newest'", r"\1")},
    ),
    "too old a version": (
        "TargetKerasError",
        aim("keras.layers.Dense(3)", "3.1"),
        {r"Save for ('[.0-9]+') or newer": ("'3.1'", r"\1")},
    ),
    "a place where nothing is rewritten": (
        "TargetKerasError",
        aim("keras.layers.Dense(3)").replace(".keras'\nsa", ".tf'\nsa"),
        {r"not a local (\.keras)": (".tf", r"\1")},
    ),
    "a file that is there": (
        "TargetKerasError",
        aim("keras.layers.Dense(3)", "3.9.2")
        .replace("'\nsa.save", "'\nopen(path, 'w').close()\nsa.save")
        .replace("'3.9.2')", "'3.9.2', overwrite=False)"),
        {
            "Pass (overwrite=True)": ("overwrite=False", r"\1"),
            "or another path": (
                "sa.save_model(",
                "path = f'{__file__}.{__import__(\"os\").getpid()}.keras'\nsa.save_model(",
            ),
        },
    ),
    "a graph that an old Keras cannot follow": (
        "TargetKerasError",
        "twice = keras.layers.ReLU()\ninputs = keras.Input((4,))\n"
        "model = keras.Model(inputs, twice(keras.layers.Dense(4)(twice(inputs))))\npath = f'{__file__}.keras'\n"
        "sa.save_model(model, path, target_keras='3.6')\nmodel = keras.models.load_model(path)",
        {r"Save for ('[.0-9]+') or newer": ("'3.6'", r"\1")},
    ),
}

CASES = {**FIELDS, **BUILDS, **MODELS, **STOCK}
