"""The model of a program: layers of its last class, ready-made ones beside them, and what they are given."""

import textwrap
from collections.abc import Sequence

import attrs

from tests.programs.activations import STATELESS, draw_activation, draw_shared
from tests.programs.arguments import Field
from tests.programs.draws import Draw
from tests.programs.layers import Level

__all__ = ["MODELS", "READY_MADE", "write_model"]

_GATED = "WIDTH, activation={}, recurrent_activation={}"
_EVERYWHERE = (
    "sa.layers.Dense(WIDTH, activation={})",
    "sa.layers.Activation({})",
)
READY_MADE = {
    "flat": (
        *_EVERYWHERE,
        "sa.layers.EinsumDense('ab,bc->ac', output_shape=WIDTH, activation={})",
    ),
    "sequence": (
        *_EVERYWHERE,
        "sa.layers.EinsumDense('abc,cd->abd', output_shape=(None, WIDTH), activation={})",
        "keras.layers.TimeDistributed(sa.layers.Dense(WIDTH, activation={}))",
        'sa.layers.Conv1D(WIDTH, 3, padding="same", activation={})',
        "sa.layers.SimpleRNN(WIDTH, activation={}, return_sequences=True)",
        f"sa.layers.GRU({_GATED}, return_sequences=True)",
        f"sa.layers.LSTM({_GATED}, return_sequences=True)",
        f'keras.layers.Bidirectional(sa.layers.LSTM({_GATED}, return_sequences=True), merge_mode="sum")',
        f"keras.layers.RNN([sa.layers.LSTMCell({_GATED}), sa.layers.GRUCell({_GATED})], return_sequences=True)",
    ),
    "image": (
        *_EVERYWHERE,
        'sa.layers.Conv2D(WIDTH, 3, padding="same", activation={})',
        'sa.layers.DepthwiseConv2D(3, padding="same", activation={})',
        'sa.layers.SeparableConv2D(WIDTH, 3, padding="same", activation={})',
        'sa.layers.Conv2DTranspose(WIDTH, 3, padding="same", activation={})',
        'keras.layers.TimeDistributed(sa.layers.Conv1D(WIDTH, 3, padding="same", activation={}))',
    ),
}

SUBCLASSED = """
@keras.saving.register_keras_serializable(package=PACKAGE)
class Subclassed(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
{made}

    def call(self, x):
{calls}
        return x


def make_model():
    return Subclassed()
"""


@attrs.frozen
class Made:
    """A layer of the model.

    Attributes:
        expression: What makes it.
        called: How it is called, of ``{layer}``, ``{x}`` and ``{memory}``.
        memory: What makes the layer that makes its second tensor of the first, if it takes two.
    """

    expression: str
    called: str = "({layer})({x})"
    memory: str | None = None

    def on(self, x: str) -> str:
        """Return the text of its call, where it is made."""
        return self.called.format(layer=self.expression, x=x, memory=f"({self.memory})")


def write_model(draw: Draw, level: Level, shape: str) -> str:
    """Return the text of ``make_model``, which takes no argument, and of what it needs."""
    shared = draw_shared(draw)
    names = tuple(shared)
    number = draw.pick("layers", 1, 2, 3)
    layers = [_instance(draw, f"layer_{index}", level, names, shape) for index in range(number)]
    if draw.pick("ready_made", False, True):
        layers.append(_ready_made(draw, names, shape))
    variables = [f"{name} = {expression}" for name, expression in shared.items()]
    in_line = not any(layer.memory for layer in layers)
    return MODELS[draw.pick("model", *(name for name in MODELS if in_line or name != "sequential"))](variables, layers)


def _ready_made(draw: Draw, shared: tuple[str, ...], shape: str) -> Made:
    template = draw.pick("ready_made.class", *READY_MADE[shape])
    given = [draw_activation(draw, f"ready_made.{index}", shared) for index in range(template.count("{}"))]
    return Made(template.format(*given))


def _function(body: list[str]) -> str:
    return "\n\ndef make_model():\n" + textwrap.indent("\n".join(body), "    ") + "\n"


def _in_line(layers: Sequence[Made]) -> str:
    made = ", ".join(layer.expression for layer in layers) or "keras.layers.ReLU()"
    return f"keras.Sequential([keras.Input(SHAPE), {made}])"


def _sequential(variables: list[str], layers: list[Made]) -> str:
    return _function([*variables, f"return {_in_line(layers)}"])


def _functional(variables: list[str], layers: list[Made]) -> str:
    """Each layer on what the first one makes, and their sum."""
    return _function([*variables, *_graph("inputs", "x", layers), "return keras.Model(inputs, x)"])


def _graph(inputs: str, x: str, layers: Sequence[Made]) -> list[str]:
    first, *rest = layers
    return [f"{inputs} = keras.Input(SHAPE)", f"{x} = {first.on(inputs)}", *(f"{x} = {x} + {y.on(x)}" for y in rest)]


def _nested(variables: list[str], layers: list[Made]) -> str:
    first, *rest = layers
    lines = [*variables, *_graph("inputs", "x", [first])]
    if any(layer.memory for layer in rest):
        lines += [*_graph("inner_inputs", "y", rest), "inner = keras.Model(inner_inputs, y)"]
    else:
        lines.append(f"inner = {_in_line(rest)}")
    return _function([*lines, "x = x * inner(x)", "return keras.Model(inputs, x)"])


def _subclassed(variables: list[str], layers: list[Made]) -> str:
    made, calls = list(variables), []
    for index, layer in enumerate(layers):
        names = {"layer": f"self.layer_{index}", "memory": f"self.memory_{index}"}
        made.append(f"{names['layer']} = {layer.expression}")
        if layer.memory:
            made.append(f"{names['memory']} = {layer.memory}")
        calls.append(f"x = {layer.called.format(x='x', **names)}")
    made, calls = (textwrap.indent("\n".join(lines), "        ") for lines in (made, calls))
    return SUBCLASSED.format(made=made, calls=calls)


MODELS = {"sequential": _sequential, "functional": _functional, "nested": _nested, "subclassed": _subclassed}


def _instance(draw: Draw, name: str, level: Level, shared: tuple[str, ...], shape: str) -> Made:
    """Return a call of the class, in which each argument is given or left at its default."""
    form = level.form
    wrapper = draw.pick(f"{name}.wrapped", *form.wrappers(shape, level.tells_shape))
    model_shape = "SHAPE[1:]" if "TimeDistributed" in wrapper else form.model_shape
    given = ["WIDTH", *([form.given] if form.given else [])]
    for field in level.fields:
        if draw.pick(f"{name}.{field.name}", True, True, False):
            value = _value(draw, f"{name}.{field.name}", field, shared)
            given.append(f"{field.name}={_fit(value, form.state_shape if field in form.fields else model_shape)}")
    for other in level.others:
        if draw.pick(f"{name}.{other.name}", False, True):
            value = other.draw_value(draw, f"{name}.{other.name}", shared)
            given.append(f"{other.name}={_fit(value, model_shape)}")
    if draw.happens(f"{name}.policy", 6) and "dtype" not in level.fixes:
        given.append('dtype="mixed_float16"')
    return Made(wrapper.format(f"{level.name}({', '.join(given)})"), form.called, form.memory)


def _fit(value: str, shape: str) -> str:
    """Return *value* with the models in it made for what is of *shape*."""
    return value if shape == "SHAPE" else value.replace("functional_activation()", f"functional_activation({shape})")


def _value(draw: Draw, name: str, field: Field, shared: tuple[str, ...]) -> str:
    if field.holds == "one":
        return draw_activation(draw, name, shared)
    first, second = (draw_activation(draw, f"{name}.{index}", shared) for index in range(2))
    second = second if draw.pick(f"{name}.learns", True, False) else draw.pick(f"{name}.plain", *STATELESS)
    return {
        "list": f"[{first}, {second}]",
        "tuple": f"({first}, {second})",
        "dict": f'{{"a": {first}, "b": {second}}}',
        "nested": f'{{"a": [{first}, {second}], "b": []}}',
    }[field.holds]
