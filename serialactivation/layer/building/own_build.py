"""The ``build`` that a layer's author wrote, or inherited, as it is called."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["OwnBuild"]


class OwnBuild(NamedTuple):
    """A call of a layer's own ``build``.

    Attributes:
        method: The bound method.
        args: Its arguments by position: shapes.
        kwargs: Its arguments by name.
    """

    method: Callable[..., Any]
    args: Sequence[object]
    kwargs: Mapping[str, object]

    def run(self) -> None:
        """Call it."""
        self.method(*self.args, **self.kwargs)

    def shapes(self) -> dict[str, object]:
        """Return the shapes that it is called with, by the names of its arguments."""
        bound = inspect.signature(self.method).bind(*self.args, **self.kwargs).arguments
        return {name: shape for name, shape in bound.items() if shape is not None}
