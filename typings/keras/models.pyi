from collections.abc import Callable, Iterable, Mapping, Sequence
from io import IOBase
from os import PathLike
from typing import Any, Self, TypeAlias, overload

from keras import KerasTensor
from keras.callbacks import Callback, History
from keras.dtype_policies import _PolicyLike
from keras.layers import Layer, _Shape
from keras.losses import _LossLike
from keras.metrics import _MetricLike
from keras.optimizers import Optimizer
from keras.regularizers import _RegularizerLike

_Tensors: TypeAlias = KerasTensor | Sequence[_Tensors] | Mapping[str, _Tensors]
_OfOneOutput: TypeAlias = _MetricLike | Sequence[_MetricLike]
_Metrics: TypeAlias = Sequence[_OfOneOutput] | Mapping[str, _OfOneOutput]

class Model(Layer):
    optimizer: Optimizer
    compiled: bool
    run_eagerly: bool
    jit_compile: bool
    steps_per_execution: int
    _compile_config: Any  # what compile was called with, in an object of Keras's
    @overload  # a functional model
    def __init__(
        self, inputs: _Tensors, outputs: _Tensors, name: str | None = None, *, trainable: bool | None = None
    ) -> None: ...
    @overload  # a subclass
    def __init__(
        self,
        *,
        activity_regularizer: _RegularizerLike | None = None,
        trainable: bool = True,
        dtype: _PolicyLike | None = None,
        autocast: bool = True,
        name: str | None = None,
    ) -> None: ...
    @property
    def layers(self) -> list[Layer]: ...
    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer: ...
    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, object] | None = None) -> Self: ...
    def get_compile_config(self) -> dict[str, Any]: ...
    def compile_from_config(self, config: dict[str, Any]) -> None: ...
    def save(
        self, filepath: str | PathLike[str], overwrite: bool = True, zipped: bool | None = None, **kwargs: object
    ) -> None: ...
    def save_weights(
        self, filepath: str | PathLike[str], overwrite: bool = True, max_shard_size: float | None = None
    ) -> None: ...
    def load_weights(self, filepath: str | PathLike[str], skip_mismatch: bool = False, **kwargs: object) -> None: ...
    def to_json(self, **kwargs: object) -> str: ...
    def compile(
        self,
        optimizer: str | Mapping[str, Any] | Optimizer = "rmsprop",
        loss: _LossLike | Sequence[_LossLike | None] | Mapping[str, _LossLike | None] | None = None,
        loss_weights: float | Sequence[float] | Mapping[str, float] | None = None,
        metrics: _Metrics | None = None,
        weighted_metrics: _Metrics | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
    ) -> None: ...
    # Data is an array, a tensor, a structure of them, a data set of a backend or a generator.
    def fit(
        self,
        x: object = None,
        y: object = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Sequence[Callback] | None = None,
        validation_split: float = 0.0,
        validation_data: object = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: object = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
    ) -> History: ...
    # An array, or a structure of them.
    def predict(
        self,
        x: object,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        steps: int | None = None,
        callbacks: Sequence[Callback] | None = None,
    ) -> Any: ...

class Sequential(Model):
    def __init__(
        self, layers: Iterable[Layer | KerasTensor] | None = None, trainable: bool = True, name: str | None = None
    ) -> None: ...
    def add(self, layer: Layer | KerasTensor, rebuild: bool = True) -> None: ...
    @property
    def inputs(self) -> list[KerasTensor]: ...
    def build(self, input_shape: _Shape | None = None) -> None: ...
    def call(self, inputs: Any, training: bool | None = None, mask: Any = None, **kwargs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...
    def compute_output_spec(
        self, inputs: Any, training: bool | None = None, mask: Any = None, **kwargs: Any
    ) -> KerasTensor: ...

def load_model(
    filepath: str | PathLike[str] | IOBase,
    custom_objects: Mapping[str, object] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Model: ...
def clone_model(
    model: Model,
    input_tensors: _Tensors | None = None,
    clone_function: Callable[[Layer], Layer] | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
    **kwargs: object,
) -> Model: ...
def model_from_json(json_string: str, custom_objects: Mapping[str, object] | None = None) -> Model: ...
