"""Dense layers, embeddings and PReLU. Keras-free.

Source:
    ``keras/src/layers/core`` and ``keras/src/layers/activations``, Keras 3.6 to 3.15.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from serialactivation.tree.variables.layer_arguments import Arguments, Built, Inputs, make_variables
from serialactivation.tree.variables.shapes import NotKnownError, OddValueError, UnfitError
from serialactivation.typing import Shape

__all__ = [
    "Product",
    "build_dense",
    "build_einsum_dense",
    "build_embedding",
    "build_prelu",
    "build_reversible_embedding",
    "find_bound_axes",
    "find_product",
    "find_scale",
]

_EQUATION: Final = re.compile(
    r"(?P<left>\.\.\.)?(?P<input>[a-zA-Z]+)(?P<right>\.\.\.)?,(?P<weight>[a-zA-Z]+)->"
    r"(?P<left2>\.\.\.)?(?P<output>[a-zA-Z]+)(?P<right2>\.\.\.)?"
)


def build_dense(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Dense``."""
    shape, units = inputs.shape, given.number("units")
    if len(shape) < 2:
        raise UnfitError(f"it needs at least 2 axes, and is given the shape {shape}")
    bias = ("bias", (units,)) if given.flag("use_bias", default=True) else None
    return Built(make_variables(("kernel", (shape[-1], units)), bias), output=(*shape[:-1], units))


class Product(NamedTuple):
    """What an equation of Einstein's says of a layer.

    Attributes:
        kernel: The shape of the kernel.
        bias: The shape of the bias, or None.
        output: The shape of the output.
    """

    kernel: Shape
    bias: Shape | None
    output: Shape


def build_einsum_dense(given: Arguments, inputs: Inputs) -> Built:
    """Build an ``EinsumDense``."""
    equation, target, axes = (given.config.get(name) for name in ("equation", "output_shape", "bias_axes"))
    if not isinstance(equation, str) or not (axes is None or isinstance(axes, str)):
        raise NotKnownError
    sizes = target if isinstance(target, list) else [target]
    known = [size for size in sizes if size is None or isinstance(size, int)]
    if len(known) != len(sizes):
        raise OddValueError("output_shape")
    product = find_product(equation, known, axes, inputs.shape)
    bias = None if product.bias is None else ("bias", product.bias)
    return Built(make_variables(("kernel", product.kernel), bias), output=product.output)


def find_product(equation: str, target: Sequence[int | None], bias_axes: str | None, shape: Shape) -> Product:
    """Return what an *equation* says, for an input of a *shape* and a *target* shape without the batch."""
    read = _EQUATION.fullmatch(equation)
    if read is None or (read["left"], read["right"]) != (read["left2"], read["right2"]):
        raise NotKnownError
    elided = len(shape) - len(read["input"])
    is_dotted = bool(read["left"]) != bool(read["right"])
    if elided < 0:
        raise UnfitError(f"it needs the axes {read['input']!r}, and is given the shape {shape}")
    if not shape or (elided and not is_dotted) or (read["left"] and read["right"]):
        raise NotKnownError
    ahead = elided if read["left"] else 0
    elided_left = (shape[0], *reversed(shape[1:ahead]))  # Keras inserts each of them before the last
    output = (*elided_left, *target, *(shape[len(shape) - elided :] if elided and not ahead else ()))
    if len(output) < elided + len(read["output"]):
        raise UnfitError(f"its output has the axes {read['output']!r}, and is to have the shape {output}")
    if len(output) > elided + len(read["output"]):
        raise OddValueError("output_shape")
    sizes = dict(zip(read["input"], shape[ahead:], strict=False))
    made = dict(zip(read["output"], output[ahead:], strict=False))
    for letter in sizes.keys() & made.keys():
        if None not in (sizes[letter], made[letter]) and sizes[letter] != made[letter]:
            raise UnfitError(f"the axis {letter!r} has the size {sizes[letter]}, and {made[letter]} in the output")
    kernel = tuple(made.get(letter, sizes.get(letter)) for letter in read["weight"])
    bias = _find_bias(read["output"], made, bias_axes, 0 if read["left"] else elided)
    return Product(kernel, bias, output)


def _find_bias(letters: str, made: dict[str, int | None], axes: str | None, after: int) -> Shape | None:
    if axes is None:
        return None
    if not axes:
        raise UnfitError("its bias has no axes")
    if any(letter not in letters for letter in axes):
        raise UnfitError(f"its bias has the axes {axes!r}, and its output {letters!r}")
    first = min(map(letters.find, axes))
    return (*(made[letter] if letter in axes else 1 for letter in letters[first:]), *(1,) * after)


def find_bound_axes(equation: str) -> tuple[int, ...]:
    """Return the axes of the kernel that an *equation* sums over."""
    read = _EQUATION.fullmatch(equation)
    if read is None:
        raise NotKnownError
    return tuple(axis for axis, letter in enumerate(read["weight"]) if letter not in read["output"])


def find_scale(equation: str, kernel: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """Return the shape of the scale of a quantized *kernel*, for an input of so many axes."""
    read = _EQUATION.fullmatch(equation)
    if read is None:
        raise NotKnownError
    weight, elided = read["weight"], "." * (rank - len(read["input"]))
    letters = elided + read["output"] if read["left"] else read["output"] + elided
    free = [place for place, letter in enumerate(letters) if letter not in weight]
    order = [weight.index(letter) for letter in letters if letter in weight]
    bound, lost, place = find_bound_axes(equation), [], 0
    for axis in bound:
        if free:
            place = free.pop(0)
        else:
            lost.append(axis)
        order.insert(place, axis)
    sizes = [1 if axis in bound else kernel[axis] for axis in order]
    for place in free:
        sizes.insert(place, 1)
    return tuple(size for place, size in enumerate(sizes) if place not in lost)


def build_embedding(given: Arguments, inputs: Inputs) -> Built:
    """Build an ``Embedding``."""
    size = given.number("output_dim")
    shape = inputs.first
    output = (*shape, size) if isinstance(shape, tuple) else None
    return Built(make_variables(("embeddings", (given.number("input_dim"), size))), output=output)


_WAYS_BACK: Final = ("reverse", "1")
"""How the argument of a call is named that asks for the way back."""


def build_reversible_embedding(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``ReversibleEmbedding``, whose output depends on how it is called."""
    built = build_embedding(given, inputs)
    if not inputs.others.keys().isdisjoint(_WAYS_BACK):
        built = built._replace(output=None)
    if given.flag("tie_weights", default=True):
        return built
    reverse = make_variables(("reverse_embeddings", (given.number("output_dim"), given.number("input_dim"))))
    return built._replace(variables=(*(built.variables or ()), *reverse))


def build_prelu(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``PReLU``."""
    shape = list(inputs.shape)
    shared = given.axes("shared_axes", 0) if given.config.get("shared_axes") is not None else ()
    if any(axis <= 0 for axis in shared):
        raise OddValueError("shared_axes")
    if any(axis >= len(shape) for axis in shared):
        raise UnfitError(f"it shares the axes {list(shared)} of the shape {tuple(shape)}")
    alpha = tuple(1 if axis in shared else size for axis, size in enumerate(shape))
    return Built(make_variables(("alpha", alpha[1:])), output=inputs.shape)
