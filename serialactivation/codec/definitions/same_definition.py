"""Whether two functions, or two classes, come from one definition that ran twice, or from different ones."""

import inspect
import re
import types
from collections.abc import Iterator, Sequence
from typing import Final

__all__ = ["Definition", "closed_over", "default_values", "is_rewritten", "is_same"]

Definition = object
"""A registered function, or a registered class."""

_PLAIN: Final = (bool, int, float, str, bytes, type(None))
_EMPTY: Final = object()
# The members that Python itself adds to a class; annotations are added when they are first read.
_BY_PYTHON: Final = frozenset(
    {"__dict__", "__weakref__", "__doc__", "__static_attributes__", "__firstlineno__"}
    | {"__annotations__", "__annotations_cache__", "__annotate_func__"}
)
# The members that the mixin and the decorator add.
_BY_WAY_IN: Final = re.compile(r"__serialactivation_\w+|__init_subclass__")


def is_same(first: object, second: object) -> bool:
    """Return whether *first* is *second*, or the same definition run again, as by a notebook's cell."""
    return _is_same(first, second, frozenset())


def is_rewritten(first: object, second: object) -> bool:
    """Return whether *second* replaces *first*: a module or a notebook's cell was changed and run again.

    Functions made by a factory or a loop do not replace one another: the same code runs with other values.
    """
    if _full_name(first) != _full_name(second) or "<locals>" in str(_full_name(first)):
        return False
    shared = set(map(id, _codes(first))) & set(map(id, _codes(second)))
    return not shared


def closed_over(function: object) -> dict[str, object]:
    """Return the variables that *function* closes over and that have a value, by name."""
    if not isinstance(function, types.FunctionType):
        return {}
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    values = {name: _cell_value(cell) for name, cell in cells if name != "__class__"}  # super() adds that one
    return {name: value for name, value in values.items() if value is not _EMPTY}


def default_values(function: object) -> dict[str, object]:
    """Return the defaults of *function*'s arguments, by name."""
    if not isinstance(function, types.FunctionType):
        return {}
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = function.__defaults__ or ()
    positional = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    return {**positional, **(function.__kwdefaults__ or {})}


def _cell_value(cell: types.CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # a variable that has no value yet
        return _EMPTY


def _full_name(value: object) -> tuple[object, object]:
    return getattr(value, "__module__", None), getattr(value, "__qualname__", None)


def _codes(value: object) -> Iterator[types.CodeType]:
    """Yield the code of a function, below its decorators, or of a class's methods."""
    if isinstance(value, type):
        for member in vars(value).values():
            for function in _functions(member):
                yield inspect.unwrap(function).__code__
    elif isinstance(value, types.FunctionType):
        inner = inspect.unwrap(value)
        yield getattr(inner, "__code__", value.__code__)


def _functions(member: object) -> Sequence[types.FunctionType]:
    """Return the functions in a member of a class, such as a property or a class method."""
    found = [getattr(member, name, None) for name in ("fget", "fset", "fdel", "__func__")]
    return [value for value in (member, *found) if isinstance(value, types.FunctionType)]


Pairs = frozenset[tuple[int, int]]


def _is_same(first: object, second: object, above: Pairs) -> bool:
    pair = id(first), id(second)
    if first is second or pair in above:  # a function may close over itself
        return True
    if isinstance(first, types.FunctionType) and isinstance(second, types.FunctionType):
        return _are_same_functions(first, second, above | {pair})
    if isinstance(first, type) and isinstance(second, type):
        return _are_same_classes(first, second, above | {pair})
    if type(first) is not type(second):
        return False
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(_is_same(a, b, above) for a, b in zip(first, second, strict=True))
    return isinstance(first, _PLAIN) and first == second  # anything else, such as an array, is compared by identity


def _are_same_functions(first: types.FunctionType, second: types.FunctionType, above: Pairs) -> bool:
    if _full_name(first) != _full_name(second) or first.__code__ != second.__code__:
        return False
    return all(
        values(first).keys() == values(second).keys()
        and all(_is_same(value, values(second)[name], above) for name, value in values(first).items())
        for values in (closed_over, default_values)
    )


def _are_same_classes(first: type, second: type, above: Pairs) -> bool:
    if _full_name(first) != _full_name(second) or not _is_same(first.__bases__, second.__bases__, above):
        return False
    held, other = _written_members(first), _written_members(second)
    return held.keys() == other.keys() and all(_are_same_members(held[key], other[key], above) for key in held)


def _written_members(kind: type) -> dict[str, object]:
    """Return the members that the author of a class wrote."""
    return {key: value for key, value in vars(kind).items() if key not in _BY_PYTHON and not _BY_WAY_IN.fullmatch(key)}


def _are_same_members(first: object, second: object, above: Pairs) -> bool:
    functions = [list(map(inspect.unwrap, _functions(member))) for member in (first, second)]
    if functions[0] or functions[1]:
        return _is_same(functions[0], functions[1], above)
    return _is_same(first, second, above)
