"""A layer that was built with some shapes, and is called with others. Keras-free.

Source:
    The ``input_spec`` that a layer of Keras sets as it is built, and ``call`` of those that set none.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from serialactivation.tree.variables.layer_arguments import Built, Variable
from serialactivation.tree.variables.shapes import UncallableError, UnfitError

__all__ = ["check_call"]

_REFUSING: Final = frozenset(
    """
    BatchNormalization Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose Dense DepthwiseConv1D
    DepthwiseConv2D GroupNormalization SeparableConv1D SeparableConv2D
    """.split()  # noqa: SIM905
)
"""The layers that refuse another shape as soon as they are called with it, which a load does."""

_COMPUTING: Final = frozenset(
    """
    AdditiveAttention ConvLSTM1D ConvLSTM2D ConvLSTM3D EinsumDense GRU GRUCell GroupQueryAttention
    GroupedQueryAttention LSTM LSTMCell LayerNormalization MultiHeadAttention Normalization PReLU RMSNormalization
    SimpleRNN SimpleRNNCell
    """.split()  # noqa: SIM905
)
"""The layers that fail when they compute with it."""


_SPREADING: Final = frozenset(
    ["AdditiveAttention", "EinsumDense", "LayerNormalization", "Normalization", "PReLU", "RMSNormalization"]
)
"""The layers that take one number in the place of several, or several in the place of one."""

_DEFERRING: Final = frozenset(["Bidirectional", "RNN", "StackedRNNCells", "TimeDistributed"])
"""The layers that call the layers in them only when they compute."""


def check_call(path: Sequence[str], first: Built, built: Built, *, is_shared: bool) -> None:
    """Refuse a call for which a layer would need other variables than it has.

    Args:
        path: The classes of the layers that lead to it, and its own.
        first: What is known of it as it was built.
        built: What would be known of it if it were built for this call.
        is_shared: Whether its variables are shared along some axes.

    Raises:
        UnfitError: Keras does not make a model with such a call.
        UncallableError: It makes one that cannot be called.
    """
    name = path[-1]
    if first is built or name not in _REFUSING | _COMPUTING:
        return
    is_deferred = not _DEFERRING.isdisjoint(path[:-1])
    for one, other in zip(_list_all(first), _list_all(built), strict=False):
        pairs = list(itertools.zip_longest(one.shape, other.shape))
        is_spread = name in _SPREADING
        if any(size != wanted and not (is_spread and 1 in (size, wanted)) for size, wanted in pairs):
            is_refused = name in _REFUSING or _is_refused_slope(name, one, other, is_shared=is_shared)
            kind = UnfitError if is_refused and not is_deferred else UncallableError
            raise kind(f"its {one.name} has the shape {one.shape}, and it is called with a shape for {other.shape}")


def _is_refused_slope(name: str, one: Variable, other: Variable, *, is_shared: bool) -> bool:
    """Return whether a ``PReLU`` refuses a call: one of another rank, and one of another size if axes are shared."""
    return name == "PReLU" and (is_shared or len(one.shape) != len(other.shape))


def _list_all(built: Built) -> Iterator[Variable]:
    """Yield the variables of a layer and of all in it, as far as they are known."""
    yield from built.variables or ()
    for part in built.parts or ():
        yield from _list_all(part.built)
