"""The arguments of the calls in a graph: whether a layer or an operation of Keras can be called with them. Keras-free.

Source:
    ``__call__`` and ``CallSpec`` of ``keras/src/layers/layer.py``, Keras 3.6 to 3.15.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from serialactivation.catalog.calls import CallArguments, find_call_arguments
from serialactivation.catalog.graphs import KERAS_TENSOR
from serialactivation.catalog.marks import TUPLE_MARKS
from serialactivation.tree.classes import KERAS, find_class
from serialactivation.typing import JSON, Config

__all__ = ["find_argument_fault", "find_odd_argument"]

_TAKE_OTHERS: Final = frozenset(
    """
    CategoryEncoding Discretization HashedCrossing Hashing IntegerLookup MelSpectrogram Normalization Pipeline Rescaling
    Resizing STFTSpectrogram StringLookup TextVectorization
    """.split()  # noqa: SIM905
)
"""The layers that take other values than tensors by position, beside those that change images."""

_IMAGES: Final = "data"
"""The first argument of the layers that change images."""


_FLAGS: Final = frozenset(["training", "return_attention_scores", "use_causal_mask", "reverse"])
"""The arguments of calls that are true or false."""


def find_argument_fault(stored: Config, node: JSON) -> str | None:
    """Return why Keras refuses the arguments of a call, or None.

    Args:
        stored: What is stored of the layer that is called.
        node: The call.
    """
    called = _read_call(stored, node)
    if called is None:
        return None
    fault = called.takes.find_fault(len(called.arguments), frozenset(called.keywords))
    if fault is not None or not called.takes.is_layer:
        return fault
    is_strict = called.name not in _TAKE_OTHERS and called.takes.names[:1] != (_IMAGES,)
    if is_strict and any(one is not None and not _is_tensor(one) for one in _list_leaves(called.arguments)):
        return "the call has another value than a tensor as an argument by position"
    mixed = next((name for name, value in called.keywords.items() if _is_mixed(value)), None)
    return None if mixed is None else f"the call has tensors and other values in its argument {mixed!r}"


def find_odd_argument(stored: Config, node: JSON) -> str | None:
    """Return the name of an argument of a call that Keras does not write so, or None."""
    called = _read_call(stored, node)
    if called is None:
        return None
    named = {**dict(zip(called.takes.names, called.arguments, strict=False)), **called.keywords}
    is_odd = _is_odd_for_layer if called.takes.is_layer else _is_odd_for_operation
    return next((name for name, value in named.items() if is_odd(name, value)), None)


def _is_odd_for_layer(name: str, value: JSON) -> bool:
    if name in _FLAGS:
        return not (value is None or isinstance(value, bool))
    return any(one is not None and not _is_tensor(one) for one in _list_leaves(value))


def _is_odd_for_operation(_: str, value: JSON) -> bool:
    is_text = any(isinstance(one, str) for one in _list_leaves(value))
    return is_text or (isinstance(value, dict) and "class_name" not in value)


class _Called(NamedTuple):
    """A call of one of Keras's layers or operations, and what the calls of its class take."""

    name: str
    takes: CallArguments
    arguments: list[JSON]
    keywords: Config


def _read_call(stored: Config, node: JSON) -> _Called | None:
    if not isinstance(node, dict) or not isinstance(stored.get("class_name"), str):
        return None
    arguments, keywords, of = node["args"], node["kwargs"], find_class(stored, "layers")
    if of.package != KERAS or not isinstance(arguments, list) or not isinstance(keywords, dict):
        return None
    takes = find_call_arguments(of.owner)
    return None if takes is None or "class_name" in keywords else _Called(of.name, takes, arguments, keywords)


def _is_mixed(value: JSON) -> bool:
    if not isinstance(value, list | dict) or _is_object(value):
        return False
    leaves = [one for one in _list_leaves(value) if one is not None]
    return any(map(_is_tensor, leaves)) and not all(map(_is_tensor, leaves))


def _list_leaves(value: JSON) -> Iterator[JSON]:
    """Yield the values in lists, tuples and dicts; without recursion, as they may be nested deeply."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict) and one.get("class_name") in TUPLE_MARKS:
            one = one.get("items")
        if isinstance(one, list):
            left += one
        elif isinstance(one, dict) and not _is_object(one):
            left += one.values()
        else:
            yield one


def _is_object(value: JSON) -> bool:
    return isinstance(value, dict) and "class_name" in value and value["class_name"] not in TUPLE_MARKS


def _is_tensor(value: JSON) -> bool:
    return isinstance(value, dict) and value.get("class_name") == KERAS_TENSOR
