"""What the first class of a program is: what it inherits from, what it is called with, and what it computes first."""

import attrs

from tests.programs.arguments import Field
from tests.programs.draws import Draw

__all__ = ["FORMS", "SHAPES", "Form", "draw_form"]

# The shape of a model's input, without its batch. The last axis is as wide as every layer's output.
SHAPES = {"flat": (4,), "sequence": (6, 4), "image": (4, 4, 4)}


@attrs.frozen(kw_only=True)
class Form:
    """One form of a layer class.

    Attributes:
        name: What it is known by in a drawn program.
        base: What it inherits from; ``{}`` is where a layer of Keras is Keras's or ours.
        shapes: The inputs that it takes, by name.
        size: The constructor's first argument, which is also the attribute that keeps it.
        fields: The activation fields that the base takes, and applies itself.
        given: What else an instance is given, and the base takes.
        kept: Lines of the constructor, beyond what keeps its arguments.
        takes: The parameters of ``call``.
        passes: The arguments with which a subclass calls its parent's ``call``.
        features: What ``call`` computes first, of ``{projected}``; empty where the base's ``call`` does.
        after: What it makes of ``x`` when the activations have been applied.
        projected: The tensor of ``call`` that the layer's own weights are applied to.
        returns: What a parent's ``call`` returns.
        makes: What the first class's ``call`` returns.
        shape_takes: The parameters of ``build``, and of ``compute_output_shape``.
        shape_passes: The arguments with which a subclass calls its parent's ``build``.
        shape: The shape of what is projected, of these.
        applied: The shape that the activations are applied to, of ``{shape}`` and ``{size}``.
        model_shape: The shape that a Functional model is made with which is an activation of it.
        state_shape: The same for the fields of the base.
        builds: Whether the class has a ``build`` of its own, which makes a kernel: what is drawn from.
        tells_shape: Whether it may have a ``compute_output_shape`` of its own.
        called: How a model calls a layer: with ``{x}``, and what it makes of it.
        wrapped: What a model may put a layer into.
        memory: The layer that makes the second tensor of the input, if it takes two.
    """

    name: str
    base: str = "keras.layers.Layer"
    shapes: tuple[str, ...] = tuple(SHAPES)
    size: str = "units"
    fields: tuple[Field, ...] = ()
    given: str = ""
    kept: tuple[str, ...] = ()
    takes: str = "inputs"
    passes: str = "inputs"
    features: str = "{projected}"
    after: str = ""
    projected: str = "inputs"
    returns: str = "x"
    makes: str = "x"
    shape_takes: str = "input_shape"
    shape_passes: str = "input_shape"
    shape: str = "input_shape"
    applied: str = "(*{shape}[:-1], self.{size})"
    model_shape: str = "SHAPE"
    state_shape: str = "SHAPE"
    builds: tuple[bool, ...] = (False, True)
    tells_shape: bool = True
    called: str = "({layer})({x})"
    wrapped: tuple[str, ...] = ("{}",)
    memory: str | None = None

    @property
    def hands_on(self) -> bool:
        """Whether its base takes the size and the fields, and computes with them."""
        return not self.features

    def wrappers(self, shape: str, tells_shape: bool) -> tuple[str, ...]:
        """Return what a layer may be put into on inputs of *shape*: flat inputs have no time axis."""
        is_timed = shape != "flat" and tells_shape
        return tuple(wrapper for wrapper in self.wrapped if is_timed or "TimeDistributed" not in wrapper)

    @property
    def applied_shape(self) -> str:
        return self.applied.format(shape=self.shape, size=self.size)


def _ready_made(name: str, shapes: tuple[str, ...], **changes) -> Form:
    """Return the form of a subclass of a layer that has activations of its own."""
    fields = changes.pop("fields", (Field("activation", '"relu"'),))
    base = f"{{}}.layers.{name}"
    return Form(name=name, base=base, shapes=shapes, fields=fields, features="", builds=(False,), **changes)


_GATED = (Field("activation", '"tanh"'), Field("recurrent_activation", '"sigmoid"'))
_SIMPLE = _GATED[:1]
_TIMED = ("{}", "keras.layers.TimeDistributed({})")
_CELLS = (
    "keras.layers.RNN({}, return_sequences=True)",
    "keras.layers.RNN([{}, keras.layers.GRUCell(WIDTH)], return_sequences=True)",
    'keras.layers.Bidirectional(keras.layers.RNN({}, return_sequences=True), merge_mode="sum")',
)
_RECURRENT = {
    "given": "return_sequences=True",
    "takes": "sequences, initial_state=None, mask=None, training=False",
    "passes": "sequences, initial_state=initial_state, mask=mask, training=training",
    "shape_takes": "sequences_shape, initial_state_shape=None",
    "shape_passes": "sequences_shape",
    "shape": "sequences_shape",
    "state_shape": "(WIDTH,)",
    "wrapped": ("{}", 'keras.layers.Bidirectional({}, merge_mode="sum")'),
}
_CELL = {
    "takes": "inputs, states",
    "passes": "inputs, states",
    "returns": "x, states",
    "model_shape": "(WIDTH,)",
    "state_shape": "(WIDTH,)",
    "tells_shape": False,
    "wrapped": _CELLS,
}
_CONVOLUTION = {"size": "filters", "given": 'kernel_size=3, padding="same"'}
_MEMORY = {
    "takes": "inputs, memory",
    "passes": "inputs, memory",
    "shape_takes": "inputs_shape, memory_shape",
    "shape_passes": "inputs_shape, memory_shape",
    "shape": "inputs_shape",
    "called": "({layer})({x}, {memory}({x}))",
}
_HALVED = "({shape}[0], {shape}[1] // 2, *{shape}[2:-1], self.{size})"

FORMS = (
    Form(name="layer", wrapped=_TIMED),
    _ready_made("Dense", tuple(SHAPES), wrapped=_TIMED),
    Form(name="model", base="keras.Model", builds=(False,), tells_shape=False),
    Form(
        name="two tensors",
        features="{projected} + keras.ops.mean(memory, axis=-1, keepdims=True)",
        memory="keras.layers.Dense(2 * WIDTH)",
        **_MEMORY,
    ),
    Form(
        name="optional tensor",
        features="{projected} if memory is None else {projected} + keras.ops.mean(memory, axis=-1, keepdims=True)",
        memory="keras.layers.Dense(2 * WIDTH)",
        **{**_MEMORY, "takes": "inputs, memory=None", "shape_takes": "inputs_shape, memory_shape=None"},
    ),
    Form(
        name="list of tensors",
        features="{projected} + keras.ops.mean(inputs[1], axis=-1, keepdims=True)",
        projected="inputs[0]",
        shape="input_shape[0]",
        called="({layer})([{x}, {memory}({x})])",
        memory="keras.layers.Dense(2 * WIDTH)",
    ),
    Form(
        name="cross attention",
        shapes=("sequence",),
        features="keras.ops.matmul({projected}[:, ::2], keras.ops.transpose(memory, (0, 2, 1)))",
        after="keras.ops.repeat(keras.ops.matmul(keras.ops.softmax(x), memory), 2, axis=1)",
        applied=_HALVED,
        model_shape="(SHAPE[0] // 2, *SHAPE[1:])",
        memory="keras.layers.Cropping1D((0, 2))",
        **_MEMORY,
    ),
    Form(
        name="halved",
        shapes=("sequence", "image"),
        features="{projected}[:, ::2]",
        after="keras.ops.repeat(x, 2, axis=1)",
        applied=_HALVED,
        model_shape="(SHAPE[0] // 2, *SHAPE[1:])",
    ),
    _ready_made("Conv1D", ("sequence",), **_CONVOLUTION),
    _ready_made("Conv2D", ("image",), **_CONVOLUTION),
    _ready_made("SeparableConv2D", ("image",), **_CONVOLUTION),
    _ready_made("SimpleRNN", ("sequence",), fields=_SIMPLE, **_RECURRENT),
    _ready_made("GRU", ("sequence",), fields=_GATED, **_RECURRENT),
    _ready_made("LSTM", ("sequence",), fields=_GATED, **_RECURRENT),
    Form(
        name="cell",
        shapes=("sequence",),
        features="{projected} + 0.5 * states[0]",
        makes="x, [x]",
        builds=(True,),
        kept=("self.state_size = units",),
        **_CELL,
    ),
    _ready_made("GRUCell", ("sequence",), fields=_GATED, **_CELL),
    _ready_made("LSTMCell", ("sequence",), fields=_GATED, **_CELL),
)


def draw_form(draw: Draw, shape: str) -> tuple[Form, str]:
    """Return a form whose layers take inputs of *shape*, and its base."""
    forms = {form.name: form for form in FORMS if shape in form.shapes}
    form = forms[draw.pick("first.form", *forms)]
    if "{}" not in form.base:
        return form, form.base
    return form, form.base.format(draw.pick("first.ready_made", "keras", "sa"))
