from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

class Regularizer:
    def __call__(self, x: Any) -> Any: ...  # tensors of the backend

_RegularizerLike: TypeAlias = str | Mapping[str, Any] | Regularizer | type[Regularizer] | Callable[[Any], Any]

def get(identifier: _RegularizerLike | None) -> Regularizer | Callable[[Any], Any] | None: ...
def serialize(regularizer: Regularizer | Callable[[Any], Any]) -> Any: ...
