from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

class Constraint:
    def __call__(self, w: Any) -> Any: ...  # tensors of the backend

_ConstraintLike: TypeAlias = str | Mapping[str, Any] | Constraint | type[Constraint] | Callable[[Any], Any]
