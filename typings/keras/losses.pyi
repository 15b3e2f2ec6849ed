from collections.abc import Callable
from typing import Any, TypeAlias

class Loss:
    def __init__(
        self, name: str | None = None, reduction: str | None = "sum_over_batch_size", dtype: str | None = None
    ) -> None: ...
    # Tensors of the backend.
    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any: ...
    def call(self, y_true: Any, y_pred: Any) -> Any: ...

_LossLike: TypeAlias = str | Loss | Callable[[Any, Any], Any]
