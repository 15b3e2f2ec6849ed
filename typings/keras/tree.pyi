from collections.abc import Callable
from typing import Any

def map_structure(func: Callable[..., object], *structures: object, none_is_leaf: bool = True) -> Any: ...

# A structure of what *func* returns, shaped like *structure*.
def map_shape_structure(func: Callable[[tuple[int | None, ...]], object], structure: object) -> Any: ...
