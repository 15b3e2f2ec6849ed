from collections.abc import Mapping, Sequence
from typing import Any, Self

from keras import Variable

class Optimizer:
    built: bool
    _trainable_variables: list[Variable]
    learning_rate: Any  # given as a number, a schedule or a callable; read as a tensor of the backend
    @property
    def variables(self) -> list[Variable]: ...
    def build(self, variables: Sequence[Variable]) -> None: ...
    def get_config(self) -> dict[str, Any]: ...
    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, object] | None = None) -> Self: ...

class Adam(Optimizer):
    def __init__(
        self,
        learning_rate: float | Mapping[str, Any] | object = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: object,
    ) -> None: ...
