"""Python source for ``serialactivation lint``: layers with a habit that loses activations, and healthy ones."""

import textwrap

from serialactivation.lint.lint_source import lint_source
from serialactivation.syntax.text.source import parse_source

KERAS = "import functools\nimport keras\nimport jax\nimport serialactivation as sa\nfrom keras import layers\n"
REGISTERED = "@keras.saving.register_keras_serializable(package='lint')\n"
GOT = "self.activation = keras.activations.get(activation)"
GIVEN = "self.activation = activation"
CALLED = "return self.activation(inputs)"
SERIALIZED = "keras.activations.serialize(self.activation)"
RAW = "'activation': self.activation"
KEPT = ["@sa.serializable_activation\n", "@sa.serializable_activation(package='lint')\n"]
"""What is above a class whose activations this package stores."""

OF_ARGUMENTS = {"SA407", "SA408", "SA409", "SA410", "SA413", "SA414", "SA415", "SA416"}
"""The codes of findings on activations that layers are given; all others of source are about a class."""


def layer(
    init=GOT, call=CALLED, config=f"'activation': {SERIALIZED}", more="", above=REGISTERED, argument="activation=None"
):
    """Return the source of a layer class with one activation."""
    body = f"""
class Gated(keras.layers.Layer):
    def __init__(self, units=4, *, {argument}, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        {init}

    def call(self, inputs):
        {call}
"""
    if config is not None:
        body += f"""
    def get_config(self):
        config = super().get_config()
        config.update({{"units": self.units, {config}}})
        return config
"""
    return f"{KERAS}\n\n{above}{body.lstrip()}{textwrap.indent(textwrap.dedent(more), '    ')}"


def find(source, target=None):
    """Return the findings in *source*."""
    return lint_source(parse_source(source.encode(), "layers.py"), target).findings


def codes(source, target=None):
    """Return the codes that are found in *source*."""
    return [finding.code for finding in find(source, target)]
