"""Attention. Keras-free.

Source:
    ``keras/src/layers/attention``, Keras 3.6 to 3.15.
"""

from typing import Final

from serialactivation.catalog.versions import is_newer
from serialactivation.tree.variables.dense import find_product
from serialactivation.tree.variables.layer_arguments import Arguments, Built, Inputs, Part, make_variables
from serialactivation.tree.variables.shapes import NotKnownError, OddValueError, UncallableError, UnfitError
from serialactivation.typing import Shape

__all__ = ["build_additive_attention", "build_attention", "build_grouped_attention", "build_multi_head_attention"]

_EQUAL_UNTIL: Final = "3.6"
"""The last Keras that certainly demands as many features of a value as of a query."""

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def build_attention(given: Arguments, inputs: Inputs) -> Built:
    """Build an ``Attention``."""
    scale = ("scale", ()) if given.flag("use_scale", default=False) else None
    weight = ("concat_score_weight", ()) if given.choice("score_mode", "dot", ("concat",)) == "concat" else None
    return Built(make_variables(scale, weight), output=_attend(inputs, is_spread=weight is not None))


def build_additive_attention(given: Arguments, inputs: Inputs) -> Built:
    """Build an ``AdditiveAttention``."""
    use = given.flag("use_scale", default=True)
    scale = ("scale", (inputs.shapes[0][-1],)) if use else None
    return Built(make_variables(scale), output=_attend(inputs, is_spread=True))


def _attend(inputs: Inputs, *, is_spread: bool) -> Shape | None:
    """Return the shape of what an attention returns; *is_spread* says that it adds query and key, and widens them."""
    try:
        shapes = inputs.shapes
    except NotKnownError:
        return None
    if len(shapes) not in (2, 3):
        raise UnfitError(f"it needs 2 or 3 tensors, and is given {len(shapes)}")
    query, value, key = shapes[0], shapes[1], shapes[-1]
    if len(query) == len(value) == len(key) > 2:
        batches = [*zip(query[1:-2], key[1:-2], strict=True), *zip(key[1:-2], value[1:-2], strict=True)]
        steps, sizes = (key[-2], value[-2]), (query[-1], key[-1])
        if any(map(_differ, batches)) or _differ(steps) or (_differ(sizes) and not (is_spread and 1 in sizes)):
            raise UncallableError(f"its query, value and key have the shapes {query}, {value} and {key}")
    return (*query[:-1], value[-1])


def _differ(sizes: tuple[int | None, int | None]) -> bool:
    return None not in sizes and sizes[0] != sizes[1]


def _read_inputs(inputs: Inputs) -> tuple[Shape, Shape, Shape]:
    """Return the shapes of query, value and key."""
    query, value = inputs.first, inputs.others.get("value", inputs.others.get("1"))
    key = inputs.others.get("key", inputs.others.get("2"))
    if any(isinstance(one, list) and one for one in (query, value, key)):
        raise UnfitError("its query, value and key are tensors, and it is given a list")
    found = [one for one in (query, value, value if key is None else key) if isinstance(one, tuple) and len(one) > 1]
    if len(found) != 3:
        raise NotKnownError
    if any(None not in pair and pair[0] != pair[1] for pair in zip(found[1][1:-1], found[2][1:-1], strict=False)):
        raise UnfitError(f"its value has the shape {found[1]}, and its key {found[2]}")
    return found[0], found[1], found[2]


def build_multi_head_attention(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``MultiHeadAttention``."""
    query, value, key = _read_inputs(inputs)
    if not is_newer(given.target, _EQUAL_UNTIL) and _differ((query[-1], value[-1])):
        raise UnfitError(f"its query has the shape {query}, and its value {value}")
    _check_ranks(given, query, value)
    heads, size = given.number("num_heads"), given.number("key_dim")
    value_size = size if given.config.get("value_dim") is None else given.number("value_dim")
    target = given.config.get("output_shape")
    rank = len(target) if isinstance(target, list) else 1
    out = query[-1:] if not target else given.numbers("output_shape", rank)
    gate = [_project("gate", given, query, 1, (heads, value_size))] if given.flag("use_gate", default=False) else []
    parts = (
        _project("query", given, query, 1, (heads, size)),
        _project("key", given, key, 1, (heads, size)),
        *gate,
        _project("value", given, value, 1, (heads, value_size)),
        _project("output", given, (*query[:-1], heads, value_size), 2, out),
    )
    return Built((), parts, (*query[:-1], *out))


def _check_ranks(given: Arguments, query: Shape, value: Shape) -> None:
    """Refuse a query and a value that do not fit: only the axes of the attention may have other sizes."""
    rank, axes = len(query), given.config.get("attention_axes")
    attended = range(1, rank - 1) if axes is None else [axis % rank for axis in given.axes("attention_axes", 1)]
    if len({*attended}) != len(attended) or (axes is not None and not attended):
        raise OddValueError("attention_axes")
    others = [axis for axis in range(1, rank - 1) if axis not in attended]
    if rank < 3 or rank != len(value) or any(_differ((query[axis], value[axis])) for axis in others):
        raise UncallableError(f"its query has the shape {query}, and its value {value}")


def _project(name: str, given: Arguments, shape: Shape, bound: int, target: Shape) -> Part:
    """Return the part that maps the last *bound* axes of a shape to a *target*."""
    free = len(shape) - bound
    letters = _LETTERS[free + bound : free + bound + len(target)]
    source, end = _LETTERS[: free + bound], f"{_LETTERS[:free]}{letters}"
    equation = f"{source},{source[free:]}{letters}->{end}"
    axes = letters if given.flag("use_bias", default=True) else None
    product = find_product(equation, (*shape[1:free], *target), axes, shape)
    bias = None if product.bias is None else ("bias", product.bias)
    built = Built(make_variables(("kernel", product.kernel), bias), output=product.output)
    return Part((f"_{name}_dense", f"{name}_dense"), built)


def build_grouped_attention(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``GroupQueryAttention``."""
    query, value, key = _read_inputs(inputs)
    if min(map(len, (query, value, key))) < 3 or _differ((query[-1], value[-1])):
        raise UnfitError(f"its query has the shape {query}, and its value {value}")
    if not len(query) == len(value) == len(key) == 3:
        raise UncallableError(f"its query has the shape {query}, and its value {value}")
    heads, pairs, size = (given.number(name) for name in ("num_query_heads", "num_key_value_heads", "head_dim"))
    if heads % pairs:
        raise UnfitError(f"its {heads} query heads are not a multiple of {pairs} key and value heads")
    gate = [_project("gate", given, query, 1, (heads, size))] if given.flag("use_gate", default=False) else []
    parts = (
        _project("query", given, query, 1, (heads, size)),
        _project("key", given, key, 1, (pairs, size)),
        *gate,
        _project("value", given, value, 1, (pairs, size)),
        _project("output", given, (*query[:-1], heads, size), 2, query[-1:]),
    )
    return Built((), parts, query)
