"""The cures of errors about a layer, followed to the letter: the model is made, saved, and loaded in a new process."""

import json
import re

import pytest

import serialactivation as sa
from tests.errors.test_cures import HEAD, load
from tests.helpers.processes import run_python

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

STACK = "def stack(*layers):\n    return keras.Sequential([keras.Input((4,)), *layers])\n"

SAVE = """
import sys, json, importlib, numpy as np, keras
sys.path.insert(0, sys.argv[1])
x = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
for name in json.loads(sys.argv[2]):
    model = importlib.import_module(name).model
    weights = np.random.default_rng(0)
    model.set_weights([weights.uniform(0.1, 1.0, value.shape) for value in model.get_weights()])
    model.save(f"{sys.argv[1]}/{name}.keras")
    np.save(f"{sys.argv[1]}/{name}.npy", keras.ops.convert_to_numpy(keras.ops.cast(model(x), "float32")))
"""
LOAD = """
import sys, json, importlib, numpy as np, keras
sys.path.insert(0, sys.argv[1])
x = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
for name in json.loads(sys.argv[2]):
    importlib.import_module(name)
    found = keras.models.load_model(f"{sys.argv[1]}/{name}.keras")(x)
    found = keras.ops.convert_to_numpy(keras.ops.cast(found, "float32"))
    print(name, np.array_equal(found, np.load(f"{sys.argv[1]}/{name}.npy")))
"""


def change(source, message, said, old, new):
    """Return *source* as a cure changes it: the last place of what is *old*, with what the message says put in."""
    found = re.search(said, message)
    assert found, (said, message)
    assert old in source
    new = found.expand(new.replace(r"\g<0>", old)) if "\\" in new else new
    before, _, after = source.rpartition(old)
    return before + new.replace("<value>", "0.5") + after


def refuse(case, error, path):
    """Return the message of the *error* that the module at *path* ends in."""
    with pytest.raises(sa.ActivationError) as caught:
        pytest.fail(f"{case} is taken: {load(path)}")
    assert type(caught.value).__name__ == error, case
    return str(caught.value)


def follow_all(cases, folder):
    """Check that each *case* is refused, and with each of its cures computes the same in a new process."""
    names = []
    for case, (error, source, cures) in cases.items():
        broken = folder / f"layer_cures_{len(names)}.py"
        broken.write_text(f"{HEAD}{STACK}{source}\n".replace("'layer_cures", f"'{broken.stem}"))
        message = refuse(case, error, broken)
        for said, (old, new) in cures.items():
            names.append(f"layer_cure_{len(names)}")
            mended = change(source, message, said, old, new)
            mended = mended.replace("'layer_cures", f"'{names[-1]}")  # a package for each
            (folder / f"{names[-1]}.py").write_text(f"{HEAD}{STACK}{mended}\n")

    run_python(SAVE, str(folder), json.dumps(names))
    printed = run_python(LOAD, str(folder), json.dumps(names))
    assert printed.split() == [word for name in names for word in (name, "True")]


@pytest.mark.usefixtures("restore_registry")
@pytest.mark.once
def test_every_cure_works(tmp_path):
    """Of those that say more than one thing, each."""
    follow_all(CASES, tmp_path)
