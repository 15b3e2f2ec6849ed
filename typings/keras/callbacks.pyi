from collections.abc import Mapping

from keras.models import Model

class Callback:
    params: Mapping[str, object] | None
    def __init__(self) -> None: ...
    @property
    def model(self) -> Model: ...
    def on_train_begin(self, logs: dict[str, float] | None = None) -> None: ...
    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None: ...

class History(Callback):
    history: dict[str, list[float]]
    epoch: list[int]
