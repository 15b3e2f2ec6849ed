"""What the marshaled code of a function names: read from its bytes, without making a code object. Keras-free.

Source:
    ``Python/marshal.c`` and ``Objects/codeobject.c`` of CPython 2.7 to 3.14.
"""

import itertools
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

__all__ = ["find_names"]

Constant: TypeAlias = object
"""What stands in marshaled code: None, a bool, a number, a text, bytes, :class:`_Code`, or a tuple of these."""


class _Code(NamedTuple):
    names: tuple[Constant, ...]
    constants: tuple[Constant, ...]


class _Layout(NamedTuple):
    """How a Python writes a code object: so many integers, objects, the number of a line, more objects.

    Attributes:
        integers: How many integers come first.
        objects: The types of the objects that follow; the second has the constants, the third the names.
        rest: How many objects follow the number of the line.
    """

    integers: int
    objects: tuple[type, ...]
    rest: int


_BEFORE_3_11: Final = (bytes, tuple, tuple, tuple, tuple, tuple, object, object)
_LAYOUTS: Final = (
    _Layout(5, (bytes, tuple, tuple, tuple, bytes, str, str, str), 2),  # from Python 3.11
    _Layout(6, _BEFORE_3_11, 1),  # 3.8 to 3.10
    _Layout(5, _BEFORE_3_11, 1),  # 3.0 to 3.7
    _Layout(4, _BEFORE_3_11, 1),  # 2.7
)

_MOST_OBJECTS: Final = 10_000
_DEEPEST: Final = 50
_MOST_VISITED: Final = 1_000
_MOST_DIGITS: Final = 20  # of a long integer, 15 bits each

_REFERENCED: Final = 0x80  # on the type of an object to which others refer
_CONSTANTS: Final[Mapping[str, Constant]] = {"N": None, "T": True, "F": False, "S": None, ".": None, "0": None}
_TEXTS: Final[Mapping[str, str]] = {"u": "utf-8", "t": "utf-8", "a": "ascii", "A": "ascii", "z": "ascii", "Z": "ascii"}
_SHORT: Final = frozenset("zZ)")  # their size is one byte


class _UnreadableError(Exception):
    """The bytes are no marshaled code of this layout."""


def find_names(content: bytes) -> tuple[str, ...]:
    """Return what marshaled code names, each once: variables and attributes, then texts, then numbers as Python writes.

    Code that cannot be read, or is too large, names nothing.
    """
    for layout in _LAYOUTS:
        try:
            code = _Reader(content, layout).read_whole()
        except (_UnreadableError, ValueError):  # a number is written as a text that is none
            continue
        return tuple(dict.fromkeys(_list_names(code)))
    return ()


def _list_names(code: _Code) -> Iterator[str]:
    visited = list(itertools.islice(_visit(code), _MOST_VISITED))
    for one in visited:
        if isinstance(one, _Code):
            yield from (name for name in one.names if isinstance(name, str))
    yield from (one for one in visited if isinstance(one, str) and "<" not in one)  # "<lambda>" is the name of code
    numbers = (one for one in visited if isinstance(one, int | float | complex) and not isinstance(one, bool))
    yield from map(repr, numbers)


def _visit(value: Constant) -> Iterator[Constant]:
    """Yield *value* and the constants in it; a hostile tuple may refer to another one many times."""
    yield value
    if isinstance(value, _Code):
        yield from itertools.chain.from_iterable(map(_visit, value.constants))
    elif isinstance(value, tuple):
        yield from itertools.chain.from_iterable(map(_visit, value))


class _Reader:
    """Reads marshaled objects, one after another."""

    def __init__(self, content: bytes, layout: _Layout) -> None:
        self._content = content
        self._layout = layout
        self._position = 0
        self._left = _MOST_OBJECTS
        self._depth = 0
        self._referenced: list[Constant] = []
        self._interned: list[Constant] = []  # Python 2 refers to these by another number
        self._readers: Mapping[str, Callable[[], Constant]] = {
            "i": lambda: self._unpack("<i"),
            "I": lambda: self._unpack("<q"),
            "f": self._read_text_float,
            "g": lambda: self._unpack("<d"),
            "x": lambda: complex(self._read_text_float(), self._read_text_float()),
            "y": lambda: complex(self._unpack("<d"), self._unpack("<d")),
            "l": self._read_long,
            "s": lambda: self._take(self._unpack("<i")),
            "{": self._read_dict,
            ":": lambda: self._read_tuple(3),
            "c": self._read_code,
            "r": lambda: self._refer(self._referenced),
            "R": lambda: self._refer(self._interned),
        }

    def read_whole(self) -> _Code:
        """Return the code that all bytes are.

        Raises:
            _UnreadableError: They are something else.
        """
        read = self._read()
        if not isinstance(read, _Code) or self._position != len(self._content):
            raise _UnreadableError
        return read

    def _take(self, size: int) -> bytes:
        taken = self._content[self._position : self._position + size]
        if size < 0 or len(taken) != size:
            raise _UnreadableError
        self._position += size
        return taken

    def _unpack(self, form: str) -> int:
        value: int = struct.unpack(form, self._take(struct.calcsize(form)))[0]
        return value

    def _read(self) -> Constant:
        self._left -= 1
        self._depth += 1
        if self._left < 0 or self._depth > _DEEPEST:
            raise _UnreadableError
        kind = self._take(1)[0]
        place = len(self._referenced)
        if kind & _REFERENCED:
            self._referenced.append(None)
        value = self._read_kind(chr(kind & ~_REFERENCED))
        if kind & _REFERENCED:
            self._referenced[place] = value
        self._depth -= 1
        return value

    def _read_kind(self, kind: str) -> Constant:
        if kind in _CONSTANTS:
            return _CONSTANTS[kind]
        if kind in self._readers:
            return self._readers[kind]()
        size = self._unpack("<B" if kind in _SHORT else "<i") if kind in "()[<>uaAtzZ" else -1
        if kind in _TEXTS:
            text = self._take(size).decode(_TEXTS[kind], "replace")
            if kind == "t":
                self._interned.append(text)
            return text
        return self._read_tuple(size)

    def _read_tuple(self, size: int) -> tuple[Constant, ...]:
        if not 0 <= size <= _MOST_OBJECTS:
            raise _UnreadableError
        return tuple(self._read() for _ in range(size))

    def _read_dict(self) -> tuple[Constant, ...]:
        found = []
        while self._content[self._position : self._position + 1] != b"0":
            found += [self._read(), self._read()]
        self._take(1)
        return tuple(found)

    def _read_text_float(self) -> float:
        return float(self._take(self._unpack("<B")))

    def _read_long(self) -> int | None:
        size = self._unpack("<i")
        written = self._take(2 * abs(size))
        if abs(size) > _MOST_DIGITS:
            return None  # Python itself refuses to write very long numbers
        digits: tuple[int, ...] = struct.unpack(f"<{abs(size)}H", written)
        value = sum(digit << (15 * place) for place, digit in enumerate(digits))
        return value if size >= 0 else -value

    def _refer(self, known: Sequence[Constant]) -> Constant:
        place = self._unpack("<i")
        if not 0 <= place < len(known):
            raise _UnreadableError
        return known[place]

    def _read_code(self) -> _Code:
        self._take(4 * self._layout.integers)
        parts = [self._read_part(kind) for kind in self._layout.objects]
        self._take(4)
        for _ in range(self._layout.rest):
            self._read()
        constants, names = parts[1:3]
        if not (isinstance(constants, tuple) and isinstance(names, tuple)):
            raise _UnreadableError
        return _Code(names, constants)

    def _read_part(self, kind: type) -> Constant:
        value = self._read()
        if not isinstance(value, kind):
            raise _UnreadableError
        return value
