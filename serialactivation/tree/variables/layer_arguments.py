"""The arguments of a stored layer, and what is known of the layer once it is built. Keras-free."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.versions import is_newer
from serialactivation.tree.variables.shapes import NotKnownError, OddValueError, Shapes, UnfitError, UnsizedError, need
from serialactivation.typing import JSON, Config, Shape

__all__ = ["NOT_KNOWN", "Arguments", "Build", "Built", "Inputs", "Part", "Variable", "make_variables", "read_numbers"]

_LARGEST: Final = 2**31
_TRUE_SINCE: Final = "3.15"
"""The first Keras that certainly takes true for the number one."""


class Variable(NamedTuple):
    """A variable of a layer.

    Attributes:
        name: Its name in the layer.
        shape: Its shape.
        trainable: Whether the layer makes it trainable.
        is_shared: Whether it is a variable of a part of the layer, too.
        is_early: Whether the layer makes it before those that a ``.keras`` file has ahead of it.
        is_merged: Whether a ``.keras`` file has it merged with another variable.
        is_lost: Whether Keras leaves it out of the file that it writes.
    """

    name: str
    shape: tuple[int, ...]
    trainable: bool = True
    is_shared: bool = False
    is_early: bool = False
    is_merged: bool = False
    is_lost: bool = False


class Part(NamedTuple):
    """A layer inside a layer.

    Attributes:
        paths: The paths at which Keras may store it, from the group of the layer that holds it.
        built: What is known of it.
        stored: Its config, if it has one of its own.
    """

    paths: tuple[str, ...]
    built: "Built"
    stored: JSON = None


class Built(NamedTuple):
    """What is known of a layer once it is built.

    Attributes:
        variables: Its own variables, in Keras's order, or None.
        parts: The layers inside it, in the order in which it tracks them, or None.
        output: The shapes of what it returns.
    """

    variables: tuple[Variable, ...] | None = ()
    parts: tuple[Part, ...] | None = ()
    output: Shapes = None


NOT_KNOWN: Final = Built(None, None)
"""A layer of which nothing is known."""


class Inputs(NamedTuple):
    """The shapes of what a layer is built with, or called with.

    Attributes:
        first: Those of the first argument.
        others: Those of the other arguments: by number as text for those without a name, by name for the others.
    """

    first: Shapes = None
    others: Mapping[str, Shapes] = MappingProxyType({})

    @property
    def shape(self) -> Shape:
        """The shape of the only tensor, which has a batch."""
        one = self.first
        if isinstance(one, list) and len(one) == 1:
            one = one[0]
        if not isinstance(one, tuple) or not one:
            raise NotKnownError
        return one

    @property
    def shapes(self) -> list[Shape]:
        """The shapes of a list of tensors."""
        if isinstance(self.first, tuple):
            raise UnfitError("it needs a list of tensors, and is given one")
        if self.is_nested:
            raise UnfitError(f"it needs a list of tensors, and is given {self.first}")
        if not isinstance(self.first, list):
            raise NotKnownError
        found = [one for one in self.first if isinstance(one, tuple) and one]
        if len(found) != len(self.first) or not found:
            raise NotKnownError
        return found

    @property
    def is_nested(self) -> bool:
        """Whether the tensors are in a dict, or in lists in a list."""
        first = self.first
        return isinstance(first, dict) or (
            isinstance(first, list) and any(isinstance(one, list | dict) for one in first)
        )


class Arguments:
    """The arguments of a stored layer, each checked for its type as it is read.

    Args:
        config: The config of the layer.
        build: The function that builds another layer from what is stored of it.
        target: The Keras that reads it.
    """

    def __init__(self, config: Config, build: "Callable[[JSON, Inputs], Built]", target: str = NEWEST) -> None:
        self.config = config
        self.build = build
        self.target = target

    def number(self, name: str, default: int | None = None) -> int:
        """Return a whole number from 1 on; true counts as one, as it does in Python."""
        value = self.config.get(name, default)
        if not isinstance(value, int) or not 0 < value < _LARGEST:
            raise OddValueError(name)
        self._check_true(name, value)
        return int(value)

    def _check_true(self, name: str, value: JSON) -> None:
        """Refuse true in the place of a number, which some Kerases do not take for a size."""
        values = value if isinstance(value, list) else [value]
        if is_newer(_TRUE_SINCE, self.target) and any(one is True for one in values):
            raise OddValueError(name)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return whether an argument is true."""
        value = self.config.get(name, default)
        if not isinstance(value, int) or value not in (0, 1):
            raise OddValueError(name)
        return bool(value)

    def choice(self, name: str, default: str, others: tuple[str, ...]) -> str:
        """Return a text that is the default or one of the *others*."""
        value = self.config.get(name, default)
        if value != default and value not in others:
            raise OddValueError(name)
        return str(value)

    def numbers(self, name: str, length: int, default: int | None = None) -> tuple[int, ...]:
        """Return whole numbers; one number stands for *length* equal ones."""
        value = self.config.get(name, default)
        found = _read_numbers(name, value if isinstance(value, list) else [value] * length)
        if len(found) != length or min(found, default=0) < 0:
            raise OddValueError(name)
        self._check_true(name, value)
        return found

    def axes(self, name: str, default: int) -> tuple[int, ...]:
        """Return the axes that an argument names: one, or a list of them."""
        value = self.config.get(name, default)
        return _read_numbers(name, value if isinstance(value, list) else [value])

    @property
    def is_channels_first(self) -> bool:
        """Whether the channels come before the other axes."""
        value = self.config.get("data_format")
        if value not in ("channels_first", "channels_last"):
            raise NotKnownError
        return value == "channels_first"


def read_numbers(value: JSON) -> tuple[int, ...]:
    """Return a list of whole numbers, of any sign; true counts as one, as it does in Python."""
    if not isinstance(value, list):
        raise NotKnownError
    found = tuple(int(one) for one in value if isinstance(one, int) and abs(one) < _LARGEST)
    if len(found) != len(value):
        raise NotKnownError
    return found


def _read_numbers(name: str, value: JSON) -> tuple[int, ...]:
    try:
        return read_numbers(value)
    except NotKnownError as error:
        raise OddValueError(name) from error


Build: TypeAlias = Callable[[Arguments, Inputs], Built]
"""A function that returns what is known of a layer once it is built and called.

Raises:
    NotKnownError: It is not known.
    UnfitError: The layer refuses the shapes.
"""


def make_variables(*found: tuple[str, tuple[int | None, ...]] | None, trainable: bool = True) -> tuple[Variable, ...]:
    """Return variables by their names and shapes; those that are None do not exist."""
    made = []
    for one in found:
        if one is not None:
            name, shape = one
            if None in shape:
                raise UnsizedError(f"its {name} would have the shape {shape}, and every size has to be known")
            made.append(Variable(name, tuple(map(need, shape)), trainable))
    return tuple(made)
