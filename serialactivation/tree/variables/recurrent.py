"""Recurrent layers and their cells. Keras-free.

Source:
    ``keras/src/layers/rnn``, Keras 3.6 to 3.15.
"""

from typing import Final, NamedTuple

from serialactivation.tree.variables.convolutions import check_dilation, convolve, read_image
from serialactivation.tree.variables.layer_arguments import (
    Arguments,
    Build,
    Built,
    Inputs,
    Part,
    make_variables,
)
from serialactivation.tree.variables.shapes import EmptyError, NotKnownError, Shapes, UncallableError, UnfitError, need
from serialactivation.typing import JSON, Shape

__all__ = ["build_bidirectional", "build_rnn", "build_stacked_cells", "make_cell", "make_conv_lstm", "make_recurrent"]

_GATES: Final = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
_STATES: Final = {"SimpleRNN": 1, "GRU": 1, "LSTM": 2}
_CELLS: Final = ("SimpleRNNCell", "GRUCell", "LSTMCell", "StackedRNNCells")
_TWO_WAY: Final = ("SimpleRNN", "GRU", "LSTM", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")


class _Step(NamedTuple):
    """A cell that is built.

    Attributes:
        built: What is known of it; its output is that of one step.
        states: The shapes of its states.
    """

    built: Built
    states: tuple[Shapes, ...]


def make_cell(kind: str) -> Build:
    """Return the function that builds a cell: ``SimpleRNN``, ``GRU`` or ``LSTM``."""

    def build(given: Arguments, inputs: Inputs) -> Built:
        return _build_cell(kind, given, inputs.shape).built

    return build


def _build_cell(kind: str, given: Arguments, shape: Shape) -> _Step:
    units, gates = given.number("units"), _GATES[kind]
    wide = gates * units
    is_twice = kind == "GRU" and given.flag("reset_after", default=True)
    bias = ("bias", (2, wide) if is_twice else (wide,)) if given.flag("use_bias", default=True) else None
    variables = make_variables(("kernel", (shape[-1], wide)), ("recurrent_kernel", (units, wide)), bias)
    state = (shape[0], units)
    return _Step(Built(variables, output=state), (state,) * _STATES[kind])


def make_recurrent(kind: str) -> Build:
    """Return the function that builds a recurrent layer: ``SimpleRNN``, ``GRU`` or ``LSTM``."""

    def build(given: Arguments, inputs: Inputs) -> Built:
        shape = _read_sequence(inputs)
        return _unroll(given, shape, _build_cell(kind, given, (shape[0], shape[2])), None)

    return build


def _read_sequence(inputs: Inputs) -> Shape:
    shape = inputs.shape
    if len(shape) != 3:
        raise UnfitError(f"it needs 3 axes, and is given the shape {shape}")
    return shape


def _unroll(given: Arguments, shape: Shape, step: _Step, stored: JSON) -> Built:
    """Return the layer that runs a cell over the steps of a sequence."""
    output = step.built.output
    if not isinstance(output, tuple):
        raise NotKnownError
    if given.config.get("stateful") and shape[0] is None:
        raise UnfitError("it is stateful, and the size of its batch is not known")
    whole = (output[0], shape[1], *output[1:]) if given.flag("return_sequences", default=False) else output
    returned: Shapes = [whole, *step.states] if given.flag("return_state", default=False) else whole
    return Built((), (Part(("cell",), step.built, stored),), returned)


def build_rnn(given: Arguments, inputs: Inputs) -> Built:
    """Build an ``RNN`` around one of Keras's cells."""
    stored = given.config.get("cell")
    name, config = _read_cell(stored)
    if len(inputs.shape) > 3:
        raise UncallableError(f"its cell takes 2 axes, and it is given the shape {inputs.shape}")
    shape = _read_sequence(inputs)
    built = given.build(stored, Inputs((shape[0], shape[2])))
    if name == "StackedRNNCells":
        states = tuple(state for one in _list_cells(config) for state in _find_states(*one, shape[0], nested=True))
    else:
        states = tuple(_find_states(name, config, shape[0], nested=False))
    return _unroll(given, shape, _Step(built, states), stored)


def _read_cell(stored: JSON) -> tuple[str, dict[str, JSON]]:
    config = stored.get("config") if isinstance(stored, dict) else None
    name = stored.get("class_name") if isinstance(stored, dict) else None
    short = name.rpartition(">")[2] if isinstance(name, str) else ""
    if not isinstance(config, dict) or short not in _CELLS:
        raise NotKnownError
    return short, config


def _list_cells(config: dict[str, JSON]) -> list[tuple[str, dict[str, JSON]]]:
    cells = config.get("cells")
    if not isinstance(cells, list) or not cells:
        raise NotKnownError
    found = [_read_cell(one) for one in cells]
    if any(name == "StackedRNNCells" for name, _ in found):
        raise NotKnownError
    return found


def _find_states(name: str, config: dict[str, JSON], batch: int | None, *, nested: bool) -> list[Shapes]:
    kind = name.removesuffix("Cell")
    units = config.get("units")
    if not isinstance(units, int):
        raise NotKnownError
    states: list[Shapes] = [(batch, units)] * _STATES[kind]
    return [states] if nested and len(states) > 1 else states


def build_stacked_cells(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``StackedRNNCells``."""
    cells = given.config["cells"] if _list_cells(given.config) else None
    parts: list[Part] = []
    output: Shapes = inputs.shape
    used: dict[str, int] = {}
    for stored in cells if isinstance(cells, list) else []:
        built = given.build(stored, Inputs(output))
        output = built.output
        name = _GROUPS[_read_cell(stored)[0]]
        number = used[name] = used.get(name, -1) + 1
        parts.append(Part((f"cells/{name}_{number}" if number else f"cells/{name}",), built, stored))
    return Built((), tuple(parts), output)


_GROUPS: Final = {"SimpleRNNCell": "simple_rnn_cell", "GRUCell": "gru_cell", "LSTMCell": "lstm_cell"}


def make_conv_lstm(rank: int) -> Build:
    """Return the function that builds a convolutional LSTM of so many axes."""

    def build(given: Arguments, inputs: Inputs) -> Built:
        shape = inputs.shape
        if len(shape) != rank + 3:
            raise UnfitError(f"it needs {rank + 3} axes, and is given the shape {shape}")
        return _unroll(given, shape, _build_convolutional(given, (shape[0], *shape[2:]), rank), None)

    return build


def _build_convolutional(given: Arguments, shape: Shape, rank: int) -> _Step:
    image, kernel = read_image(given, shape, rank), given.numbers("kernel_size", rank)
    for size in image.sizes:
        need(size)
    check_dilation(given, rank, EmptyError)
    filters = given.number("filters")
    bias = ("bias", (4 * filters,)) if given.flag("use_bias", default=True) else None
    variables = make_variables(
        ("kernel", (*kernel, image.channels, 4 * filters)), ("recurrent_kernel", (*kernel, filters, 4 * filters)), bias
    )
    state = image.join(convolve(given, image, kernel), filters)
    return _Step(Built(variables, output=state), (state, state))


def build_bidirectional(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Bidirectional`` around one of Keras's recurrent layers."""
    stored = given.config.get("layer")
    other = given.config.get("backward_layer")
    name = stored.get("class_name") if isinstance(stored, dict) else None
    if not isinstance(name, str) or name.rpartition(">")[2] not in _TWO_WAY:
        raise NotKnownError
    forward = given.build(stored, inputs)
    backward = forward if other is None else given.build(other, inputs)
    parts = (Part(("forward_layer",), forward, stored), Part(("backward_layer",), backward, other or stored))
    return Built((), parts, _join(given, forward.output))


def _join(given: Arguments, output: Shapes) -> Shapes:
    """Return the shapes of what both directions return together."""
    states = output[1:] if isinstance(output, list) else []
    one = output[0] if isinstance(output, list) else output
    mode = given.config.get("merge_mode", "concat")
    if not isinstance(one, tuple) or mode not in ("concat", "sum", "mul", "ave", None):
        return None
    if mode == "concat":
        one = (*one[:-1], None if one[-1] is None else 2 * one[-1])
    both: list[Shapes] = [one, one] if mode is None else [one]
    joined = [*both, *states, *states]
    return joined if len(joined) > 1 else one
