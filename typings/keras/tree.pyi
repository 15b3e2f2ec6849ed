from collections.abc import Callable
from typing import Any

# A structure of what *func* returns, shaped like *structure*.
def map_shape_structure(func: Callable[[tuple[int | None, ...]], object], structure: object) -> Any: ...
