"""``serialactivation lint``: what is found in layer classes, and what is left alone; and findings in general."""

import pathlib

import keras
import pytest

from serialactivation.lint.lint_source import lint_source
from serialactivation.rules.source import SOURCE
from serialactivation.syntax.module import read_module
from serialactivation.syntax.text.source import parse_source, read_source
from tests.helpers.processes import ROOT
from tests.helpers.sources import (
    GIVEN,
    GOT,
    KEPT,
    KERAS,
    OF_ARGUMENTS,
    RAW,
    REGISTERED,
    SERIALIZED,
    codes,
    find,
    layer,
)

pytestmark = pytest.mark.once

SUB = f"{GIVEN}; self.dense = layers.Dense(units, activation=activation)"
DECODED = """
@classmethod
def from_config(cls, config):
    config["activation"] = keras.saving.deserialize_keras_object(config["activation"])
    return cls(**config)
"""
PLAIN_FROM_CONFIG = """
@classmethod
def from_config(cls, config):
    return cls(**config)
"""
OBJECT = "'activation': keras.saving.serialize_keras_object(self.activation)"

HANDED_ON = "super().__init__(activation=activation, **kwargs)"
GRAPH = "x = keras.Input((3,)); super().__init__(x, layers.Dense(3, activation=activation)(x), **kwargs)"


def child(base, init, config):
    """Return the source of a class that inherits from *base*."""
    return (
        f"\n{REGISTERED}class More({base}):\n    def __init__(self, activation=None, **kwargs):\n        {init}\n\n"
        f"    def get_config(self):\n        return {config}\n"
    )


CLASSES = {
    # SA401
    "raw": (layer(config=RAW), ["SA401"]),
    "raw, got in the argument": (
        layer(f"activation = keras.activations.get(activation); {GIVEN}", config=RAW),
        ["SA401"],
    ),
    "raw, under another key": (layer(config="'act': self.activation"), ["SA401"]),
    "raw, put by its key": (
        layer(
            config=None,
            more="""
        def get_config(self):
            config = super().get_config()
            config["activation"] = self.activation
            return config
        """,
        ),
        ["SA401"],
    ),
    "raw, in a branch": (
        layer(
            config=None,
            more="""
        def get_config(self):
            config = {}
            if self.units:
                config["activation"] = self.activation
            return config
        """,
        ),
        ["SA401"],
    ),
    "raw, with sa.get": (layer("self.activation = sa.get(activation)", config=RAW), ["SA401"]),
    # SA402
    "missing": (layer(config=""), ["SA402"]),
    "missing, of two": (layer(argument="activation=None, gate_activation=None"), []),  # the other is not used
    "missing, in a merged dict": (
        layer(
            config=None,
            more="""
        def get_config(self):
            base = super().get_config()
            config = {"units": self.units}
            return dict(list(base.items()) + list(config.items()))
        """,
        ),
        ["SA402"],
    ),
    "missing, in a union": (
        layer(
            config=None,
            more="""
        def get_config(self):
            return super(Gated, self).get_config() | dict(units=self.units)
        """,
        ),
        ["SA402"],
    ),
    "missing, handed to a sublayer": (
        layer("self.dense = layers.Dense(units, activation=activation)", "return self.dense(inputs)", config=""),
        ["SA402"],
    ),
    "missing, without the parent's": (
        layer(
            config=None,
            more="""
        def get_config(self):
            return {"units": self.units}
        """,
        ),
        ["SA402"],
    ),
    # SA403
    "never got": (layer(GIVEN, config=RAW), ["SA403"]),
    "never got, and no config": (layer(GIVEN, config=None), ["SA403"]),
    "never got, with a from_config": (layer(GIVEN, config=RAW, more=PLAIN_FROM_CONFIG), ["SA403"]),
    # SA404
    "got in call": (layer(GIVEN, "return keras.activations.get(self.activation)(inputs)", RAW), ["SA404"]),
    # SA405
    "got twice": (layer(call="return keras.activations.get(self.activation)(inputs)"), ["SA405"]),
    "got twice in the constructor": (layer(f"activation = keras.activations.get(activation); {GOT}"), ["SA405"]),
    # SA406
    "encoded as given": (layer(GIVEN), ["SA406"]),
    "encoded as given, with a from_config": (layer(GIVEN, more=PLAIN_FROM_CONFIG), ["SA406"]),
    "encoded as given, and handed on": (layer(SUB, "return self.dense(inputs)"), ["SA406"]),
    "encoded as an object": (layer(GIVEN, config=OBJECT), ["SA406"]),
    # SA411
    "not registered": (layer(above=""), ["SA411"]),
    "not registered, without a config": (layer(config=None, above=""), ["SA411"]),
    # SA412
    "as given, and handed on": (layer(SUB, "return self.dense(inputs)", RAW), ["SA412"]),
}
HEALTHY = {
    "as Keras does": layer(),
    "as Keras does, in one dict": layer(
        config=None,
        more=f"""
        def get_config(self):
            return {{**super().get_config(), "units": self.units, "activation": {SERIALIZED}}}
    """,
    ),
    "by a local name": layer(
        config=None,
        more=f"""
        def get_config(self):
            activation = {SERIALIZED}
            return {{**super().get_config(), "units": self.units, "activation": activation}}
    """,
    ),
    "no config": layer(config=None),
    "serialize_keras_object": layer(config=OBJECT),
    "serialize_keras_object, decoded": layer(GIVEN, config=OBJECT, more=DECODED),
    "decoded in a loop": layer(
        GIVEN,
        config=OBJECT,
        more="""
        @classmethod
        def from_config(cls, config):
            for key in KEYS:
                config[key] = decode(config[key])
            return cls(**config)
    """,
    ),
    "a config from elsewhere": layer(
        config=None,
        more="""
        def get_config(self):
            return make_config(self)
    """,
    ),
    "a config with a loop": layer(
        config=None,
        more="""
        def get_config(self):
            config = super().get_config()
            for name in self.names:
                config[name] = getattr(self, name)
            return config
    """,
    ),
    "a config that is no method": layer(config=None, more="get_config = make_config"),
    "a branch": layer(
        config=None,
        more="""
        def get_config(self):
            config = super().get_config()
            if self.units:
                config.update(self.rest())
            return config
    """,
    ),
    "another key, filled by from_config": layer(
        config="'act': keras.activations.serialize(self.activation)",
        more="""
        @classmethod
        def from_config(cls, config):
            config["activation"] = config.pop("act")
            return cls(**config)
    """,
    ),
    "the activation of a sublayer": layer(
        "self.dense = layers.Dense(units, activation=activation)",
        "return self.dense(inputs)",
        "'activation': keras.activations.serialize(self.dense.activation)",
    ),
    "assigned again": layer(f"{GIVEN}\n        self.activation = resolve(self.activation)", config=RAW),
    "assigned in build": layer(
        GIVEN,
        config=RAW,
        more="""
        def build(self, input_shape):
            self.activation = keras.activations.get(self.activation)
    """,
    ),
    "another name is called": layer(
        "self.activation = resolve(activation)", config="'activation': keep(self.activation)"
    ),
    "a name alone": layer(SUB, "return self.dense(inputs)", RAW, argument="activation: str = 'relu'"),
    "a name or None": layer(SUB, "return self.dense(inputs)", RAW, argument="activation: str | None = None"),
    "a flag": layer("self.use_activation = use_activation", "return inputs", "", argument="use_activation=True"),
    "a number": layer("self.n_activations = n_activations", "return inputs", "", argument="n_activations=3"),
    "a flag by its annotation": layer(
        "self.last_activation = last_activation", "return inputs", "", argument="last_activation: bool"
    ),
    "a flag by its name": layer("self.use = use_activation", "return inputs", "", argument="use_activation"),
    "an unused argument": layer("pass", "return inputs", ""),
    "another library's get": layer("self.activation = mine.get(activation)", config=RAW),
    "a name that is two things": f"{layer(config=RAW)}\nkeras = other()\n",
    "another base": layer(config=RAW).replace("keras.layers.Layer", "mine.Layer"),
    "another base besides": layer(config="").replace("keras.layers.Layer", "mine.Mixin, keras.layers.Layer"),
    "no layer": layer(config=RAW).replace("keras.layers.Layer", "object"),
    "another decorator": layer(config=RAW, above="@mine.keep\n"),
    "registered by a call": f"{layer(above='')}\nkeras.saving.register_keras_serializable('lint')(Gated)\n",
    "handed to something by a call": f"{layer(above='')}\nregister(Gated)\n",
    "passed in custom_objects": f"{layer(above='')}\nload(p, custom_objects={{'G': Gated}})\n",
    "a base class": layer(above="").replace("Gated", "BaseGated"),
    "a private class": layer(above="").replace("Gated", "_Gated"),
    "the old place to register": layer(above="@keras.utils.register_keras_serializable()\n"),
    **{f"kept, raw {above!r}": layer(config=RAW, above=above) for above in KEPT},
    **{f"kept, missing {above!r}": layer(config="", above=above) for above in KEPT},
    "kept, given": layer(GIVEN, config=None, above=KEPT[0]),
    "kept by the mixin": layer(config=RAW, above="").replace("(keras.l", "(sa.SerializableActivationMixin, keras.l"),
    "kept by a call": f"{layer(config=RAW, above='')}\nsa.serializable_activation(Gated)\n",
    "a subclass of a kept one": layer(config="", above=KEPT[0]) + child("Gated", "self.activation = activation", "{}"),
    "a parent has it": layer() + child("Gated", HANDED_ON, "{**super().get_config()}"),
    "Keras's parent has it": KERAS + child("layers.Dense", HANDED_ON, "{**super().get_config()}"),
    "a model of a graph": KERAS + child("keras.Model", GRAPH, "super().get_config()"),
}


@pytest.mark.parametrize(("source", "expected"), CLASSES.values(), ids=CLASSES)
def test_a_habit_of_a_class_is_found(source, expected):
    """A class with a habit that loses activations has the code of the habit, and no other."""
    assert codes(source) == expected


@pytest.mark.parametrize("source", HEALTHY.values(), ids=HEALTHY)
def test_a_healthy_class_is_left_alone(source):
    """A class that stores its activations has no finding, and neither has one of which not enough is known."""
    assert codes(source) == []


IMPORTS = {
    "import keras": ("keras.layers.Layer", "keras.activations"),
    "import keras as K": ("K.layers.Layer", "K.activations"),
    "from keras import layers as L, activations": ("L.Layer", "activations"),
    "from keras.layers import Layer\nfrom keras import activations as A": ("Layer", "A"),
    "import tensorflow as tf": ("tf.keras.layers.Layer", "tf.keras.activations"),
    "from tensorflow import keras": ("keras.Layer", "keras.activations"),
    "from tensorflow.keras import layers, activations": ("layers.Layer", "activations"),
    "import keras.layers\nimport keras.activations": ("keras.layers.Layer", "keras.activations"),
    "try:\n    import keras\nexcept ImportError:\n    from tensorflow import keras": (
        "keras.Model",
        "keras.activations",
    ),
    "import keras\nL = keras.layers\nact = keras.activations": ("L.Layer", "act"),
}


@pytest.mark.parametrize(("imports", "names"), IMPORTS.items(), ids=IMPORTS)
def test_names_are_followed(imports, names):
    """Layers are found however the source imports Keras."""
    base, activations = names
    source = f"""{imports}
class Gated({base}):
    def __init__(self, activation=None):
        super().__init__()
        self.activation = {activations}.get(activation)
    def get_config(self):
        return {{"activation": self.activation}}
"""
    assert codes(source) == ["SA411", "SA401"]


REBOUND = [
    "for keras in x: pass",
    "with x as keras: pass",
    "try: pass\nexcept E as keras: pass",
    "match x:\n    case {'a': 1, **keras}: pass",
    "match x:\n    case [*keras]: pass",
    "match x:\n    case keras: pass",
    "def f():\n    global keras\n    keras = 1",
    "del keras",
    "(keras := 1)",
    "keras: object = 1",
    "keras += 1",
    "async def keras(): pass",
    "import other as keras",
    "from . import keras",
    "keras, other = x",
]


@pytest.mark.parametrize("line", REBOUND)
def test_a_name_that_is_bound_again_is_not_followed(line):
    """A name that is bound twice, in whatever way, means nothing that is known."""
    call = "layer = keras.layers.Dense(3, activation=lambda x: x)\n"
    assert codes(f"import keras\n{call}") == ["SA407"]
    assert codes(f"import keras\n{line}\n{call}") == []


def test_names_are_those_of_their_scope():
    """A function sees its own, then those around it, but not those of a class."""
    call = "layers.Dense(3, activation=lambda x: x)"
    assert codes(f"{KERAS}def f(layers):\n    return {call}\n") == []
    assert codes(f"{KERAS}def f():\n    layers = 1\n    def g():\n        return {call}\n") == []
    assert codes(f"{KERAS}class A:\n    layers = 1\nlayer = {call}\n") == ["SA407"]
    inner = "def f():\n    from keras import layers as L\n    def g():\n        nonlocal L\n        L = 1\n"
    assert codes(f"{KERAS}{inner}    return L.Dense(3, activation=lambda x: x)\n") == []
    assert codes(f"{KERAS}make = lambda n=1, *, m=2: {call}\n") == ["SA407"]


def test_keras_in_its_own_modules_is_known():
    """Layers in the sources of Keras are found by the modules that they import."""
    source = (
        "from keras.src.layers.layer import Layer\nfrom keras.src import activations\nfrom keras.src.ops import nn\n"
    )
    text = "class A(Layer):\n    def __init__(self, activation=None):\n"
    text += "        self.activation = activations.get(activation)\n"
    config = "    def get_config(self):\n        return {'activation': self.activation}\n"
    assert codes(source + text + config) == ["SA401"]


FORMS = {
    "c: dict = {}\n    c |= {'activation': self.activation}\n    return c": ["SA401"],
    "return dict(**super().get_config(), activation=self.activation)": ["SA401"],
    "return super().get_config().copy()": ["SA402"],
    "return {1: 2}": [],
    "c = {}\n    c[name] = 1\n    return c": [],
    "c.update(x)\n    return c": [],
    "c = {}\n    c = {}\n    return c": [],
    "c = {}\n    c['x']['y'] = 1\n    return c": [],
    "raise NotImplementedError": [],
    "pass": [],
}


@pytest.mark.parametrize(("body", "expected"), FORMS.items(), ids=FORMS)
def test_a_config_is_followed_as_far_as_it_goes(body, expected):
    """A get_config is read if all of it is understood; otherwise nothing is said of what it leaves out."""
    assert codes(layer(config=None, more=f"def get_config(self):\n    {body}\n")) == expected


def test_the_cure_has_the_names_of_the_source():
    """The line of the cure has the names of the attribute and the argument, and can be pasted."""
    text = layer(config="").replace("self.activation", "self.act").replace("activation=", "out_activation=")
    (found,) = find(text.replace("get(activation)", "get(out_activation)"))
    assert '"out_activation": keras.activations.serialize(self.act)' in found.cure


def test_every_code_of_a_class_has_a_source_with_it():
    """Each code of a finding on a class is found in a source of these tests."""
    found = {code for _, expected in CLASSES.values() for code in expected}
    assert found == {entry.code for entry in SOURCE} - OF_ARGUMENTS


COMMENTS = {
    "# serialactivation: ignore": [],
    "# serialactivation: ignore[SA407]": [],
    "#serialactivation:ignore[sa407, SA401]": [],
    "# why not  # serialactivation: ignore[SA4]": [],
    "# serialactivation: ignore[SA401]": ["SA407"],
    "# serialactivation: ignore[]": ["SA407"],
    "# ignore": ["SA407"],
}


@pytest.mark.parametrize(("comment", "expected"), COMMENTS.items(), ids=COMMENTS)
def test_a_comment_ignores_its_line(comment, expected):
    """By code, or as a whole; no other line, and no text that looks like a comment."""
    assert codes(f"{KERAS}layer = layers.Dense(3, activation=lambda x: x)  {comment}\n") == expected
    assert codes(f"{KERAS}# x {comment}\nlayer = layers.Dense(3, activation=lambda x: x)\n") == ["SA407"]
    assert codes(f"{KERAS}layer = layers.Dense(3, name={comment!r}, activation=lambda x: x)\n") == ["SA407"]


def test_a_finding_says_where():
    """Columns count characters, whatever comes before on the line, and however lines end."""
    line = "layer = ('жжж', '\U0001d11e', layers.Dense(3, activation=lambda x: x))"
    for end in ("\n", "\r\n", "\r"):
        (found,) = find(f"{KERAS}{line}".replace("\n", end))
        start = line.index("lambda") + 1
        place = (found.region.line, found.region.column, found.region.end_line, found.region.end_column)
        assert place == (6, start, 6, start + len("lambda x: x"))
        assert (found.layer, found.path) == ("Dense", "<module>")
    (found,) = find(layer(config=RAW))
    assert (found.layer, found.path) == ("Gated", "Gated.get_config")


KERAS_SOURCE = pathlib.Path(keras.__file__).parent / "src" / "layers"


def test_keras_is_healthy():
    """Its own layers, which are read and known."""
    layers = 0
    for path in KERAS_SOURCE.rglob("*.py"):
        source = read_source(str(path))
        assert lint_source(source).findings == (), path
        layers += len(read_module(source).layers)
    assert layers > 100


def test_this_package_is_healthy():
    """The package has no findings, and neither have the layers of its pages and tests that are meant to be right."""
    for path in [*(ROOT / "serialactivation").rglob("*.py"), *(ROOT / "tests").rglob("test_users*.py")]:
        assert lint_source(read_source(str(path))).findings == (), path


def test_what_names_no_keras_is_not_looked_into():
    """A source that does not name Keras, as most of a project do not, has no findings."""
    assert lint_source(parse_source(b"x = 1", "x.py")).findings == ()
