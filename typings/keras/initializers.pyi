from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

class Initializer:
    def __call__(self, shape: Sequence[int], dtype: str | None = None) -> Any: ...  # a tensor of the backend

class Zeros(Initializer): ...

_InitializerLike: TypeAlias = str | Mapping[str, Any] | Initializer | type[Initializer] | Callable[..., Any]
