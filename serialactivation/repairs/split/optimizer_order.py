"""The new order of an optimizer's variables, after the order of the model's variables has changed. Keras-free.

Source:
    ``build`` of the optimizers in ``keras/src/optimizers``, Keras 3.6 to 3.15: first the count of steps, and the
    learning rate if it is a variable; then blocks with one or more variables for each variable of the model.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

__all__ = ["Chunk", "find_reordering"]

Shape: TypeAlias = tuple[int, ...]
Blocks: TypeAlias = tuple[int, ...]
"""How many variables each block has for each variable of the model."""

_HEADS: Final = (1, 2)
_LAYOUTS: Final[Mapping[str, tuple[Blocks, ...]]] = MappingProxyType(
    {
        "Adadelta": ((2,),),
        "Adagrad": ((1,),),
        "Adam": ((2,), (2, 1)),
        "AdamW": ((2,), (2, 1)),
        "Adamax": ((2,),),
        "Ftrl": ((2,),),
        "Lamb": ((2,),),
        "Lion": ((1,),),
        "RMSprop": ((1,), (1, 1), (1, 1, 1)),
        "SGD": ((), (1,)),
    }
)


class Chunk(NamedTuple):
    """Trained variables of a model that stay together.

    Attributes:
        shapes: Their shapes.
        place: The place of the chunk in the new order.
    """

    shapes: tuple[Shape, ...]
    place: int


def find_reordering(optimizer: str, chunks: Sequence[Chunk], stored: Sequence[Shape]) -> tuple[int, ...] | None:
    """Return the old places of an optimizer's variables in their new order, or None if that is not certain.

    Args:
        optimizer: Its class.
        chunks: The model's variables, in their old order.
        stored: The shapes of the optimizer's variables.
    """
    shapes = [shape for chunk in chunks for shape in chunk.shapes]
    places = [chunk.place for chunk in chunks for _ in chunk.shapes]
    order = sorted(range(len(shapes)), key=lambda number: (places[number], number))
    fitting = [
        (blocks, head)
        for blocks in _LAYOUTS.get(optimizer, ())
        if (head := len(stored) - len(shapes) * sum(blocks)) in _HEADS
        and list(stored[head:]) == [shapes[number] for number, _ in _lay_out(blocks, range(len(shapes)))]
    ]
    if len(fitting) != 1:
        return None
    ((blocks, head),) = fitting
    starts = {one: head + place for place, one in enumerate(_lay_out(blocks, range(len(shapes))))}
    return (*range(head), *(starts[one] for one in _lay_out(blocks, order)))


def _lay_out(blocks: Blocks, order: Sequence[int]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield, for each variable of an optimizer, the number of the model's variable, and its place in a block."""
    for block, size in enumerate(blocks):
        for number in order:
            for slot in range(size):
                yield number, (block, slot)
