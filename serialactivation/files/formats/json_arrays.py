"""Arrays in a config: how much memory NumPy would need, computed before the array is made. Keras-free.

Source:
    ``deserialize_keras_object`` of ``keras/src/saving/serialization_lib.py``, Keras 3.6 to 3.15: ``np.array`` is called
    with the ``value`` and the ``dtype`` of the file. Keras itself writes only its own names of dtypes there.
"""

import math
import re
from collections.abc import Iterator
from typing import Final

from serialactivation.files.limits import Limits
from serialactivation.files.printable import LONGEST_NAME, cut
from serialactivation.files.refusals import FilePart
from serialactivation.typing import JSON, Config

__all__ = ["ARRAYS", "check_array", "is_dtype"]

ARRAYS: Final = ("__numpy__", "__tensor__")
"""The class names with which Keras stores an array and a tensor."""

_DTYPES: Final = re.compile(
    "bool|string|u?int(?:8|16|32|64)|float(?:16|32|64)|bfloat16|float8_e4m3fn|float8_e5m2|complex(?:64|128)"
)
_LARGEST: Final = 16  # bytes of a number without a size
_NUMBER: Final = re.compile("[0-9]+", re.ASCII)
_WIDEST: Final = 4  # bytes of a character
_LONGEST: Final = 1000  # characters of a text that are examined: no dtype of NumPy is longer


def is_dtype(value: JSON) -> bool:
    """Return whether *value* is the name that Keras gives a dtype."""
    return isinstance(value, str) and _DTYPES.fullmatch(value) is not None


def check_array(array: Config, limits: Limits, part: FilePart) -> None:
    """Refuse an array in a config that would take more memory than the limit for unpacked data.

    Raises:
        ArchiveError: The array is too large; *part* names the file.
    """
    inner = array.get("config")
    if not isinstance(inner, dict) or is_dtype(inner.get("dtype")):
        return  # such an array is about as large as its text
    size = sum(1 for _ in _find_items(inner.get("value"))) * _measure(inner.get("dtype"))
    if size > limits.inflated_bytes:
        dtype = cut(repr(inner.get("dtype")), LONGEST_NAME)
        raise part.exceed("inflated_bytes", f"an array of the dtype {dtype} may take {size:,} bytes of memory")


def _find_items(value: JSON) -> Iterator[JSON]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        else:
            yield one


def _measure(dtype: JSON) -> int:
    """Return the most bytes that an item of a *dtype* can take: each number in it may be a count of characters."""
    numbers = [
        int(number) for item in _find_items(_list_all(dtype)) for number in _NUMBER.findall(str(item)[:_LONGEST])
    ]
    return math.prod(max(number, 1) for number in numbers) * _WIDEST if numbers else _LARGEST


def _list_all(value: JSON) -> JSON:
    """Return the contents of a *value* as nested lists."""
    if isinstance(value, dict):
        return [_list_all(item) for item in value.values()]
    return [_list_all(item) for item in value] if isinstance(value, list) else value
