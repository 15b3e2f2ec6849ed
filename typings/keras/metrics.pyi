from collections.abc import Callable
from typing import Any, TypeAlias

class Metric:
    def __init__(self, dtype: str | None = None, name: str | None = None) -> None: ...
    # Tensors of the backend.
    def update_state(self, *args: Any, **kwargs: Any) -> None: ...
    def result(self) -> Any: ...

_MetricLike: TypeAlias = str | Metric | Callable[[Any, Any], Any]
