"""Every cure of the codec, followed to the letter: the lines of the message are pasted, and the model comes back."""

import ast
import json
import textwrap

import keras
import numpy as np
import pytest

import serialactivation as sa
from tests.helpers.pasted import ERRORS, HEAD, load
from tests.helpers.processes import run_python

# What a user's module defines, and what is given as an activation, which is refused.
CASES = {
    "lambda": ("", "lambda x: x * keras.ops.sigmoid(1.702 * x)"),
    "lambda that closes over": ("def bend(by):\n    return lambda x: x * by", "bend(0.5)"),
    "function": ("def half_tanh(x):\n    return keras.ops.tanh(x) / 2", "half_tanh"),
    "function called relu": ("def relu(x):\n    return keras.ops.leaky_relu(x, 0.1)", "relu"),
    "closure": (
        "def make(by):\n    def scaled(x):\n        return x * by\n    return scaled",
        "make(0.5)",
    ),
    "second closure": (
        "def make(by):\n    @keras.saving.register_keras_serializable(package='second')\n    def scaled(x):\n"
        "        return x * by\n    return scaled\nheld = sa.layers.Dense(2, activation=make(3.0))",
        "make(0.5)",
    ),
    "second defaults": (
        "held = []\nfor by in (3.0, 0.5):\n    @keras.saving.register_keras_serializable(package='loop')\n"
        "    def by_default(x, by=by):\n        return x * by\n"
        "    if not held:\n        held.append(sa.layers.Dense(2, activation=by_default))",
        "by_default",
    ),
    "first closure": (
        "def make(by):\n    @keras.saving.register_keras_serializable(package='first')\n    def scaled(x):\n"
        "        return x * by\n    return scaled\nolder = make(0.5)\nmake(3.0)",
        "older",
    ),
    "closure over an array": (
        "def make(table):\n    @keras.saving.register_keras_serializable(package='table')\n    def looked(x):\n"
        "        return x * table\n    return looked\nheld = sa.layers.Dense(2, activation=make(np.ones(3)))\n"
        "looked = make(np.full(3, 0.5, 'float32'))",
        "looked",
    ),
    "second class": (
        "def make(by):\n    @keras.saving.register_keras_serializable(package='second')\n"
        "    class Scale(keras.layers.Layer):\n        def call(self, x):\n            return x * by\n"
        "    return Scale\nheld = sa.layers.Dense(2, activation=make(3.0)())\nScale = make(0.5)",
        "Scale()",
    ),
    "closure over a variable": (
        "def make(variable):\n    @keras.saving.register_keras_serializable(package='variable')\n    def vary(x):\n"
        "        return x * variable\n    return vary",
        "make(keras.Variable(0.5))",
    ),
    "a module's variable": (
        "SLOPES = keras.Variable([0.5, 1.0, 2.0])\n@keras.saving.register_keras_serializable(package='variable')\n"
        "def by_slopes(x):\n    return x * SLOPES",
        "by_slopes",
    ),
    "bound method": (
        "class Bends:\n    def bend(self, x):\n        return keras.ops.tanh(x)",
        "Bends().bend",
    ),
    "callable": (
        "class Scale:\n    def __init__(self, by, plus=0.0):\n        self.by = by\n        self._plus = plus\n"
        "    def __call__(self, x):\n        return x * self.by + self._plus",
        "Scale(2.0, plus=1.0)",
    ),
    "callable with a name": (
        "class Named:\n    def __init__(self, by=2.0):\n        self.by = by\n        self.__name__ = 'named'\n"
        "    def __call__(self, x):\n        return x * self.by",
        "Named()",
    ),
    "no from_config": (
        "@keras.saving.register_keras_serializable(package='cures')\nclass Half:\n    def __init__(self, by=2.0):\n"
        "        self.by = by\n    def __call__(self, x):\n        return x / self.by\n    def get_config(self):\n"
        "        return {'by': self.by}",
        "Half()",
    ),
    "class not registered": (
        "class Swirl(keras.layers.Layer):\n    def call(self, x):\n        return keras.ops.sin(x)",
        "Swirl()",
    ),
    "no get_config": (
        "@keras.saving.register_keras_serializable(package='cures')\nclass Applied(keras.layers.Layer):\n"
        "    def __init__(self, powers, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.powers = list(powers)\n"
        "    def call(self, x):\n        return x * len(self.powers)",
        "Applied(frozenset([1, 2]))",
    ),
    "NumPy": ("", "np.tanh"),
    "NumPy beyond activations": ("", "np.floor"),
    "built-in of Python": ("", "math.tanh"),
    "class of Keras": ("", "keras.layers.ReLU"),
    "no callable": ("", "0.3"),
    "by position": ("", "functools.partial(keras.activations.leaky_relu, 0.4)"),
    "no such keyword": ("", "functools.partial(keras.activations.relu, slope=0.4)"),
    "function of Keras": ("", "keras.ops.normalize"),
    "Lambda": ("", "keras.layers.Lambda(lambda x: x * 2)"),
    "stock layer inside": ("", "keras.Sequential([keras.layers.Dense(3, activation=keras.ops.gelu)])"),
    "ELU with a policy": ("", "keras.layers.ELU(0.5, dtype=keras.DTypePolicy('bfloat16'))"),
    "ELU with a regularizer": ("", "keras.layers.ELU(activity_regularizer=keras.regularizers.L2(0.1))"),
    "tensor": ("", "keras.layers.LeakyReLU(keras.ops.convert_to_tensor(0.25))"),
    "array as initializer": ("", "keras.layers.PReLU(alpha_initializer=np.full((3,), 0.5))"),
    "shadowed": ("keras.saving.get_custom_objects()['log_sigmoid'] = keras.ops.tanh", "'log_sigmoid'"),
    "keyword with an object": ("", "functools.partial(keras.activations.relu, max_value=object())"),
    "endless keyword": ("held = []\nheld.append(held)", "functools.partial(keras.activations.relu, max_value=held)"),
    "endless list": ("held = []\nheld.append(held)", "held"),
    "too many by position": ("", "functools.partial(keras.activations.relu, 0.1, 6.0, 0.0, 1.0)"),
    "Lambda inside": ("", "keras.Sequential([keras.layers.Dense(3), keras.layers.Lambda(lambda x: x * 2)])"),
    "lambda inside": (
        "@keras.saving.register_keras_serializable(package='cures')\nclass Calls(keras.layers.Layer):\n"
        "    def __init__(self, function, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.function = keras.activations.get(function)\n"
        "    def call(self, x):\n        return self.function(x)\n    def get_config(self):\n"
        "        return {**super().get_config(), 'function': keras.saving.serialize_keras_object(self.function)}\n"
        "    @classmethod\n    def from_config(cls, config):\n"
        "        config['function'] = keras.saving.deserialize_keras_object(config['function'])\n"
        "        return cls(**config)",
        "Calls(lambda x: x * 2)",
    ),
    "function inside": (
        "def bent(x):\n    return x / 2\n"
        "@keras.saving.register_keras_serializable(package='cures')\nclass Holds(keras.layers.Layer):\n"
        "    def __init__(self, function, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.function = keras.activations.get(function)\n"
        "    def call(self, x):\n        return self.function(x)\n    def get_config(self):\n"
        "        return {**super().get_config(), 'function': keras.activations.serialize(self.function)}",
        "Holds(bent)",
    ),
    "function called relu inside": (
        "def relu(x):\n    return x / 2\n"
        "@keras.saving.register_keras_serializable(package='cures')\nclass Keeps(keras.layers.Layer):\n"
        "    def __init__(self, function, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.function = keras.activations.get(function)\n"
        "    def call(self, x):\n        return self.function(x)\n    def get_config(self):\n"
        "        return {**super().get_config(), 'function': keras.activations.serialize(self.function)}",
        "Keeps(relu)",
    ),
    "function stored by its name": (
        "@keras.saving.register_keras_serializable(package='cures')\ndef elu(x):\n    return x / 2\n"
        "@keras.saving.register_keras_serializable(package='cures')\nclass Names(keras.layers.Layer):\n"
        "    def __init__(self, function, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.function = keras.activations.get(function)\n"
        "    def call(self, x):\n        return self.function(x)\n    def get_config(self):\n"
        "        return {**super().get_config(), 'function': self.function.__name__}",
        "Names(elu)",
    ),
    "class inside that is not registered": (
        "class Inner(keras.layers.Layer):\n    def call(self, x):\n        return x / 2",
        "keras.Sequential([Inner()])",
    ),
    "wrapped": (
        "import jax\ndef halved(x):\n    return x / 2\nquick = jax.jit(halved)",
        "quick",
    ),
    "wrapped and registered within": (
        "import jax\n@jax.jit\n@keras.saving.register_keras_serializable(package='cures')\n"
        "def quartered(x):\n    return x / 4",
        "quartered",
    ),
    "defined anew": (
        "@keras.saving.register_keras_serializable(package='cures')\ndef anew(x):\n    return x / 4\nolder = anew\n"
        "@keras.saving.register_keras_serializable(package='cures')\ndef anew(x):\n    return x / 2",
        "older",
    ),
    "mistyped": ("", "'reluu'"),
    "dotted": ("", "'keras.activations.relu'"),
    "operation by its path": ("", "'keras.ops.gelu'"),
    "layer by its path": ("", "'keras.layers.LeakyReLU'"),
    "layer by its name": ("", "'leakyrelu'"),
    "config without a module": ("", "{'class_name': 'LeakyReLU', 'config': {'negative_slope': 0.2}}"),
    "function's config with keywords": ("", "{'class_name': 'gelu', 'config': {'approximate': True}}"),
}


# What cannot be called with a tensor as it is given, or has weights drawn at random.
WITHOUT_VALUE = {
    *("shadowed", "keyword with an object", "endless keyword", "endless list", "too many by position", "Lambda inside"),
    *("function inside", "class inside that is not registered", "defined anew"),
    *("class of Keras", "no callable", "by position", "no such keyword", "stock layer inside"),
    *("mistyped", "dotted", "operation by its path", "layer by its path", "layer by its name"),
    *("built-in of Python", "config without a module", "function's config with keywords"),
}
# What an older Keras stores, so that it is kept as it is; and what it refuses itself.
KEPT = {"ELU with a policy"} if keras.__version__.startswith(("3.6.", "3.9.")) else set()
if keras.__version__.startswith(("3.6.", "3.9.")):
    del CASES["array as initializer"]
X = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)[:, :3]


def lines_to_paste(message):
    """Return the lines of a message that stand by themselves, as they are to be pasted."""
    reason, _, code = message.partition(":\n    ")
    assert code, message
    assert "\n" not in reason.rpartition("\n")[0], message  # what went wrong is one line
    return textwrap.dedent(f"    {code}")


def follow(source, expression, cure):
    """Return *source* and *expression* as they are after the lines of *cure* have been pasted where they belong."""
    lines = cure.splitlines()
    code, _, comment = lines[0].partition("  # ")
    if comment.startswith("above its decorator"):
        return source.replace("@jax.jit", f"{code}\n@jax.jit"), expression
    if comment.startswith("in get_config() of "):
        attribute = code.partition("self.")[2].removesuffix(")")
        return source.replace(f"self.{attribute}.__name__", code), expression
    if comment == "a number, a string, or a list of these":
        return source, code.replace("...", "0.5")
    *definition, last = lines
    last, _, place = last.partition("  # in place of the ")
    if definition and place:
        lambda_ = "keras.layers.Lambda(lambda x: x * 2)" if place == "Lambda" else "lambda x: x * 2"
        joined = "\n".join(definition)
        return f"{source}\n{joined}\n", expression.replace(lambda_, last)
    if comment.startswith("above "):
        target = comment.removeprefix("above ")
        assert f"{target}(" in source, (target, source)
        return put_above(source, target, code), expression
    if len(lines) > 1 and lines[1].endswith("# in addition to its other methods"):
        header = lines[1].partition(":")[0]
        rest = "\n".join(lines[2:])
        start = next(line for line in source.splitlines() if line.startswith((f"{header}:", f"{header}(")))
        return put_above(source.replace(start, f"{start}\n{rest}\n"), header, code), expression
    if comment.startswith("in place of "):
        return source, expression.replace(comment.removeprefix("in place of "), code.removesuffix("(...)"))
    return paste(source, expression, cure)


def put_above(source, target, code):
    """Put a decorator above a ``def`` or a ``class``, unless it has one of the kind."""
    before = source.partition(f"{target}")[0].rstrip().splitlines()
    if before and before[-1].startswith(code.partition("(")[0]):
        return source
    return source.replace(target, f"{code}\n{target}", 1)


def paste(source, expression, cure):
    """Paste definitions below the module's, and give what the last line says, or defines."""
    *before, last = ast.parse(cure).body
    if isinstance(last, ast.FunctionDef):
        return f"{source}\n{cure}", last.name
    if isinstance(last, ast.ClassDef):
        return f"{source}\n{cure}", f"{last.name}()"
    code = ast.unparse(last)
    if code.startswith("keras.saving.register_keras_serializable"):
        return f"{source}\n{cure}", expression
    defined = "\n".join(map(ast.unparse, before))
    return f"{source}\n{defined}", code


SAVE = """
import sys, json, importlib, numpy as np, keras
sys.path.insert(0, sys.argv[1])
import serialactivation as sa
x = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
def save(name):
    module = importlib.import_module(name)
    model = keras.Sequential([keras.Input((4,)), sa.layers.Dense(3, activation=module.give())])
    weights = np.random.default_rng(0)
    model.set_weights([weights.normal(size=value.shape) for value in model.get_weights()])
    model.save(f"{sys.argv[1]}/{name}.keras")
    activation = sa.get(module.give())
    np.save(f"{sys.argv[1]}/{name}.x.npy", keras.ops.convert_to_numpy(keras.ops.cast(activation(x[:, :3]), "float32")))
    np.save(f"{sys.argv[1]}/{name}.npy", keras.ops.convert_to_numpy(keras.ops.cast(model(x), "float32")))
for name in json.loads(sys.argv[2]):
    save(name)
"""
LOAD = """
import sys, json, importlib, numpy as np, keras
sys.path.insert(0, sys.argv[1])
import serialactivation as sa
x = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
for name in json.loads(sys.argv[2]):
    importlib.import_module(name)
    model = keras.models.load_model(f"{sys.argv[1]}/{name}.keras")
    found = keras.ops.convert_to_numpy(keras.ops.cast(model(x), "float32"))
    print(name, np.array_equal(found, np.load(f"{sys.argv[1]}/{name}.npy"), equal_nan=True))
"""


def refuse(module, expression):
    """Return the message of the refusal of what *expression* gives in *module*."""
    activation = eval(expression, vars(module))
    with pytest.raises(sa.ActivationError) as caught:
        pytest.fail(f"taken: {sa.layers.Dense(3, activation=activation, name='head').activation}")
    assert type(caught.value).__name__ in ERRORS
    assert str(caught.value).startswith(("Dense 'head'(activation=...)", "cannot read the activation of Dense 'head'"))
    return str(caught.value)


@pytest.mark.usefixtures("restore_registry")
@pytest.mark.once
def test_every_cure_works(tmp_path):
    """The lines are pasted, and the layer is made, saved, and loaded in a new process, where it computes the same."""
    names, expected = [], {}
    for number, (case, (source, expression)) in enumerate(CASES.items()):
        broken = tmp_path / f"broken_{number}.py"
        broken.write_text(f"{HEAD}{source}\ndef give():\n    return {expression}\n")
        module = load(broken)
        cure = lines_to_paste(refuse(module, "give()")) if case not in KEPT else expression
        if case not in WITHOUT_VALUE:
            expected[f"changed_{number}"] = keras.ops.convert_to_numpy(module.give()(keras.ops.convert_to_tensor(X)))
        changed, given = follow(f"{HEAD}{source}\n", expression, cure)
        names.append(f"changed_{number}")
        (tmp_path / f"changed_{number}.py").write_text(f"{changed}\n\ndef give():\n    return {given}\n")

    run_python(SAVE, str(tmp_path), json.dumps(names))
    printed = run_python(LOAD, str(tmp_path), json.dumps(names))
    assert printed.split() == [word for name in names for word in (name, "True")]
    for name, value in expected.items():
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.x.npy"), value, rtol=1e-6, err_msg=name)
