"""The model of a program: layers of its last class, ready-made ones beside them, and what they are given."""

import textwrap

from tests.programs.activations import STATELESS, draw_activation, draw_shared
from tests.programs.arguments import Field
from tests.programs.draws import Draw
from tests.programs.layers import Level

__all__ = ["write_model"]

READY_MADE = (
    "sa.layers.Dense(WIDTH, activation={})",
    "sa.layers.Activation({})",
    "sa.layers.EinsumDense('ab,bc->ac', output_shape=WIDTH, activation={})",
)

SUBCLASSED = """
@keras.saving.register_keras_serializable(package=PACKAGE)
class Subclassed(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
{layers}

    def call(self, x):
        return {calls}


def make_model():
    return Subclassed()
"""


def write_model(draw: Draw, level: Level) -> str:
    """Return the text of ``make_model``, which takes no argument, and of what it needs."""
    shared = draw_shared(draw)
    names = tuple(shared)
    number = draw.pick("layers", 1, 2, 3)
    layers = [_instance(draw, f"layer_{index}", level, names) for index in range(number)]
    if draw.pick("ready_made", False, True):
        given = draw_activation(draw, "ready_made", names)
        layers.append(draw.pick("ready_made.class", *READY_MADE).format(given))
    variables = [f"{name} = {expression}" for name, expression in shared.items()]
    kind = draw.pick("model", "sequential", "functional", "nested", "subclassed")
    if kind == "subclassed":
        return _subclassed(variables, layers)
    return _function({"sequential": _sequential, "functional": _functional, "nested": _nested}[kind](variables, layers))


def _function(body: list[str]) -> str:
    return "\n\ndef make_model():\n" + textwrap.indent("\n".join(body), "    ") + "\n"


def _sequential(variables: list[str], layers: list[str]) -> list[str]:
    return [*variables, f"return keras.Sequential([keras.Input((WIDTH,)), {', '.join(layers)}])"]


def _functional(variables: list[str], layers: list[str]) -> list[str]:
    """Each layer on what the first one makes, and their sum."""
    first, *rest = layers
    lines = [*variables, "inputs = keras.Input((WIDTH,))", f"x = ({first})(inputs)"]
    lines += [f"x = x + ({layer})(x)" for layer in rest]
    return [*lines, "return keras.Model(inputs, x)"]


def _nested(variables: list[str], layers: list[str]) -> list[str]:
    first, *rest = layers
    inner = f"keras.Sequential([keras.Input((WIDTH,)), {', '.join(rest or ['keras.layers.ReLU()'])}])"
    lines = [*variables, "inputs = keras.Input((WIDTH,))", f"x = ({first})(inputs)", f"x = x * ({inner})(x)"]
    return [*lines, "return keras.Model(inputs, x)"]


def _subclassed(variables: list[str], layers: list[str]) -> str:
    made = [*variables, *(f"self.layer_{index} = {layer}" for index, layer in enumerate(layers))]
    calls = "x"
    for index in range(len(layers)):
        calls = f"self.layer_{index}({calls})"
    return SUBCLASSED.format(layers=textwrap.indent("\n".join(made), "        "), calls=calls)


def _instance(draw: Draw, name: str, level: Level, shared: tuple[str, ...]) -> str:
    """Return a call of the class, in which each argument is given or left at its default."""
    given = ["WIDTH"]
    for field in level.fields:
        if draw.pick(f"{name}.{field.name}", True, True, False):
            given.append(f"{field.name}={_value(draw, f'{name}.{field.name}', field, shared)}")
    for other in level.others:
        if draw.pick(f"{name}.{other.name}", False, True):
            given.append(f"{other.name}={other.draw_value(draw, f'{name}.{other.name}', shared)}")
    if draw.happens(f"{name}.policy", 6) and "dtype" not in level.fixes:
        given.append('dtype="mixed_float16"')
    return f"{level.name}({', '.join(given)})"


def _value(draw: Draw, name: str, field: Field, shared: tuple[str, ...]) -> str:
    if field.holds == "one":
        return draw_activation(draw, name, shared)
    first, second = (draw_activation(draw, f"{name}.{index}", shared) for index in range(2))
    second = second if draw.pick(f"{name}.learns", True, False) else draw.pick(f"{name}.plain", *STATELESS)
    return {
        "list": f"[{first}, {second}]",
        "tuple": f"({first}, {second})",
        "dict": f'{{"a": {first}, "b": {second}}}',
    }[field.holds]
