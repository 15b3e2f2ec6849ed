from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeAlias, TypedDict, Unpack

import numpy as np
import numpy.typing as npt
from keras import KerasTensor, Operation, Variable
from keras.constraints import _ConstraintLike
from keras.dtype_policies import DTypePolicy, _PolicyLike
from keras.initializers import _InitializerLike
from keras.regularizers import Regularizer, _RegularizerLike

_ActivationLike: TypeAlias = str | Mapping[str, Any] | Callable[..., Any]
_Sizes: TypeAlias = int | Sequence[int]
_Shape: TypeAlias = tuple[int | None, ...]

class _CommonOptions(TypedDict, total=False):
    trainable: bool
    dtype: _PolicyLike | None
    autocast: bool
    name: str | None

class _LayerOptions(_CommonOptions, total=False):
    activity_regularizer: _RegularizerLike | None

class _DeprecatedOptions(TypedDict, total=False):
    input_shape: Sequence[int | None]
    input_dim: int

class _RNNOptions(_CommonOptions, total=False):
    zero_output_for_mask: bool

class _Tracker:
    locked: bool
    def lock(self, msg: str | None = None) -> None: ...
    def unlock(self) -> None: ...
    def untrack(self, value: object) -> None: ...

class Layer(Operation):
    _tracker: _Tracker
    _remat_mode: Any  # the mode and its options, as a named tuple, or None
    activity_regularizer: Regularizer | Callable[[Any], Any] | None
    autocast: bool
    built: bool
    _inbound_nodes: list[Any]  # one for each call on symbolic tensors
    _trainable_variables: list[Variable]
    _non_trainable_variables: list[Variable]
    _seed_generators: list[Any]
    def __init__(
        self,
        *,
        activity_regularizer: _RegularizerLike | None = None,
        trainable: bool = True,
        dtype: _PolicyLike | None = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Unpack[_DeprecatedOptions],
    ) -> None: ...
    @property
    def compute_dtype(self) -> str: ...
    @property
    def variable_dtype(self) -> str: ...
    @property
    def dtype(self) -> str: ...
    @property
    def dtype_policy(self) -> DTypePolicy: ...
    @dtype_policy.setter
    def dtype_policy(self, value: _PolicyLike | None) -> None: ...
    @property
    def trainable(self) -> bool: ...
    @trainable.setter
    def trainable(self, value: bool) -> None: ...
    @property
    def supports_masking(self) -> bool: ...
    @supports_masking.setter
    def supports_masking(self, value: bool) -> None: ...
    @property
    def variables(self) -> list[Variable]: ...
    @property
    def trainable_variables(self) -> list[Variable]: ...
    @property
    def non_trainable_variables(self) -> list[Variable]: ...
    # The outputs, the values of the variables that are not trainable, and the losses where these are asked for.
    def stateless_call(
        self,
        trainable_variables: Sequence[object],
        non_trainable_variables: Sequence[object],
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> tuple[Any, ...]: ...
    @property
    def weights(self) -> list[Variable]: ...
    @property
    def trainable_weights(self) -> list[Variable]: ...
    @property
    def non_trainable_weights(self) -> list[Variable]: ...
    def get_weights(self) -> list[npt.NDArray[np.generic]]: ...
    def set_weights(self, weights: Sequence[npt.ArrayLike]) -> None: ...
    def count_params(self) -> int: ...
    def quantized_call(self, *args: Any, **kwargs: Any) -> Any: ...
    def add_weight(
        self,
        shape: Sequence[int | None] | None = None,  # every size must be known by then, which no type tells
        initializer: _InitializerLike | None = None,
        dtype: str | None = None,
        *,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: _RegularizerLike | None = None,
        constraint: _ConstraintLike | None = None,
        aggregation: str | None = "none",
        overwrite_with_gradient: bool = False,
        name: str | None = None,
    ) -> Variable: ...
    def build(self, *args: Any, **kwargs: Any) -> None: ...  # shapes, by the names that an author's build gives them
    def get_build_config(self) -> dict[str, Any] | None: ...
    def build_from_config(self, config: dict[str, Any]) -> None: ...
    def compute_output_shape(self, *args: Any, **kwargs: Any) -> Any: ...  # a shape, or a structure of them
    _layers: list[Layer]
    def _flatten_layers(self, include_self: bool = True, recursive: bool = True) -> list[Layer]: ...

class InputLayer(Layer):
    def __init__(
        self,
        shape: Sequence[int | None] | None = None,
        batch_size: int | None = None,
        dtype: str | None = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Sequence[int | None] | None = None,
        input_tensor: KerasTensor | None = None,
        optional: bool = False,
        name: str | None = None,
        **kwargs: object,
    ) -> None: ...
    def call(self) -> None: ...

def Input(
    shape: Sequence[int | None] | None = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: Sequence[int | None] | None = None,
    name: str | None = None,
    tensor: KerasTensor | None = None,
    optional: bool = False,
) -> KerasTensor: ...

class Activation(Layer):
    activation: Callable[..., Any]
    def __init__(self, activation: _ActivationLike | None, **kwargs: Unpack[_LayerOptions]) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class Conv1D(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Sizes = 1,
        groups: int = 1,
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class Conv1DTranspose(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = 1,
        padding: str = "valid",
        output_padding: _Sizes | None = None,
        data_format: str | None = None,
        dilation_rate: _Sizes = 1,
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class Conv2D(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Sizes = (1, 1),
        groups: int = 1,
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class Conv2DTranspose(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = (1, 1),
        padding: str = "valid",
        output_padding: _Sizes | None = None,
        data_format: str | None = None,
        dilation_rate: _Sizes = (1, 1),
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class Conv3D(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Sizes = (1, 1, 1),
        groups: int = 1,
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class Conv3DTranspose(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        output_padding: _Sizes | None = None,
        dilation_rate: _Sizes = (1, 1, 1),
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class Dense(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        units: int,
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: object = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any, training: bool | None = None) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class DepthwiseConv1D(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        kernel_size: _Sizes,
        strides: _Sizes = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: _Sizes = 1,
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        depthwise_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        depthwise_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        depthwise_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class DepthwiseConv2D(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        kernel_size: _Sizes,
        strides: _Sizes = (1, 1),
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: _Sizes = (1, 1),
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        depthwise_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        depthwise_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        depthwise_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class EinsumDense(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        equation: str,
        output_shape: int | Sequence[int | None],
        activation: _ActivationLike | None = None,
        bias_axes: str | None = None,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        gptq_unpacked_column_size: int | None = None,
        quantization_config: object = None,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any, training: bool | None = None) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class SeparableConv1D(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Sizes = 1,
        depth_multiplier: int = 1,
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        depthwise_initializer: _InitializerLike | None = "glorot_uniform",
        pointwise_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        depthwise_regularizer: _RegularizerLike | None = None,
        pointwise_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        depthwise_constraint: _ConstraintLike | None = None,
        pointwise_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class SeparableConv2D(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Sizes = (1, 1),
        depth_multiplier: int = 1,
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        depthwise_initializer: _InitializerLike | None = "glorot_uniform",
        pointwise_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        depthwise_regularizer: _RegularizerLike | None = None,
        pointwise_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        depthwise_constraint: _ConstraintLike | None = None,
        pointwise_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class TernaryDense(Layer):
    activation: Callable[..., Any]
    def __init__(
        self,
        units: int,
        threshold: float | None = None,
        activation: _ActivationLike | None = None,
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        **kwargs: Unpack[_CommonOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any, training: bool | None = None) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class RNN(Layer):
    cell: Layer
    return_sequences: bool
    return_state: bool
    def __init__(
        self,
        cell: Layer | Sequence[Layer],
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def build(self, sequences_shape: _Shape, initial_state_shape: object = None) -> None: ...
    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool | None = False
    ) -> Any: ...
    def compute_output_shape(self, sequences_shape: _Shape, initial_state_shape: object = None) -> Any: ...
    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, object] | None = None) -> Self: ...

class StackedRNNCells(Layer):
    cells: Sequence[Layer]
    def __init__(self, cells: Sequence[Layer], **kwargs: Unpack[_LayerOptions]) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any, states: Any, training: bool = False, **kwargs: Any) -> Any: ...
    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, object] | None = None) -> Self: ...

class Bidirectional(Layer):
    forward_layer: Layer
    backward_layer: Layer
    def __init__(
        self,
        layer: Layer,
        merge_mode: str | None = "concat",
        weights: Sequence[npt.ArrayLike] | None = None,
        backward_layer: Layer | None = None,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def build(self, sequences_shape: _Shape, initial_state_shape: object = None) -> None: ...
    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool | None = None
    ) -> Any: ...
    def compute_output_shape(self, sequences_shape: _Shape, initial_state_shape: object = None) -> Any: ...
    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, object] | None = None) -> Self: ...

class Wrapper(Layer):
    layer: Layer
    def __init__(self, layer: Layer, **kwargs: Unpack[_LayerOptions]) -> None: ...
    def build(self, input_shape: _Shape | None = None) -> None: ...
    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, object] | None = None) -> Self: ...

class TimeDistributed(Wrapper):
    def build(self, input_shape: _Shape) -> None: ...  # type: ignore[override]  # Keras asks for it
    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class SimpleRNNCell(Layer):
    units: int
    state_size: int | list[int]
    activation: Callable[..., Any]
    def __init__(
        self,
        units: int,
        activation: _ActivationLike | None = "tanh",
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        recurrent_initializer: _InitializerLike | None = "orthogonal",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        recurrent_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        recurrent_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, sequence: Any, states: Any, training: bool | None = False) -> Any: ...
    def get_initial_state(self, batch_size: int | None = None) -> list[Any]: ...

class GRUCell(Layer):
    units: int
    state_size: int | list[int]
    activation: Callable[..., Any]
    recurrent_activation: Callable[..., Any]
    def __init__(
        self,
        units: int,
        activation: _ActivationLike | None = "tanh",
        recurrent_activation: _ActivationLike | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        recurrent_initializer: _InitializerLike | None = "orthogonal",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        recurrent_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        recurrent_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        reset_after: bool = True,
        seed: int | None = None,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any, states: Any, training: bool | None = False) -> Any: ...
    def get_initial_state(self, batch_size: int | None = None) -> list[Any]: ...

class LSTMCell(Layer):
    units: int
    state_size: int | list[int]
    activation: Callable[..., Any]
    recurrent_activation: Callable[..., Any]
    def __init__(
        self,
        units: int,
        activation: _ActivationLike | None = "tanh",
        recurrent_activation: _ActivationLike | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        recurrent_initializer: _InitializerLike | None = "orthogonal",
        bias_initializer: _InitializerLike | None = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _RegularizerLike | None = None,
        recurrent_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        recurrent_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any, states: Any, training: bool | None = False) -> Any: ...
    def get_initial_state(self, batch_size: int | None = None) -> list[Any]: ...

class SimpleRNN(RNN):
    @property
    def activation(self) -> Callable[..., Any]: ...
    def __init__(
        self,
        units: int,
        activation: _ActivationLike | None = "tanh",
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        recurrent_initializer: _InitializerLike | None = "orthogonal",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        recurrent_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        recurrent_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        **kwargs: Unpack[_RNNOptions],
    ) -> None: ...
    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self: ...  # type: ignore[override]  # as in Keras
    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool | None = False
    ) -> Any: ...

class GRU(RNN):
    @property
    def activation(self) -> Callable[..., Any]: ...
    @property
    def recurrent_activation(self) -> Callable[..., Any]: ...
    def __init__(
        self,
        units: int,
        activation: _ActivationLike | None = "tanh",
        recurrent_activation: _ActivationLike | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        recurrent_initializer: _InitializerLike | None = "orthogonal",
        bias_initializer: _InitializerLike | None = "zeros",
        kernel_regularizer: _RegularizerLike | None = None,
        recurrent_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        recurrent_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = True,
        use_cudnn: bool | str = "auto",
        **kwargs: Unpack[_RNNOptions],
    ) -> None: ...
    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self: ...  # type: ignore[override]  # as in Keras
    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool | None = False
    ) -> Any: ...

class LSTM(RNN):
    @property
    def activation(self) -> Callable[..., Any]: ...
    @property
    def recurrent_activation(self) -> Callable[..., Any]: ...
    def __init__(
        self,
        units: int,
        activation: _ActivationLike | None = "tanh",
        recurrent_activation: _ActivationLike | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        recurrent_initializer: _InitializerLike | None = "orthogonal",
        bias_initializer: _InitializerLike | None = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _RegularizerLike | None = None,
        recurrent_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        recurrent_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        use_cudnn: bool | str = "auto",
        **kwargs: Unpack[_RNNOptions],
    ) -> None: ...
    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self: ...  # type: ignore[override]  # as in Keras
    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool | None = False
    ) -> Any: ...

class ConvLSTM1D(RNN):
    @property
    def activation(self) -> Callable[..., Any]: ...
    @property
    def recurrent_activation(self) -> Callable[..., Any]: ...
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Sizes = 1,
        activation: _ActivationLike | None = "tanh",
        recurrent_activation: _ActivationLike | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        recurrent_initializer: _InitializerLike | None = "orthogonal",
        bias_initializer: _InitializerLike | None = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _RegularizerLike | None = None,
        recurrent_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        recurrent_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **kwargs: Unpack[_RNNOptions],
    ) -> None: ...
    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool | None = False
    ) -> Any: ...

class ConvLSTM2D(RNN):
    @property
    def activation(self) -> Callable[..., Any]: ...
    @property
    def recurrent_activation(self) -> Callable[..., Any]: ...
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Sizes = 1,
        activation: _ActivationLike | None = "tanh",
        recurrent_activation: _ActivationLike | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        recurrent_initializer: _InitializerLike | None = "orthogonal",
        bias_initializer: _InitializerLike | None = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _RegularizerLike | None = None,
        recurrent_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        recurrent_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **kwargs: Unpack[_RNNOptions],
    ) -> None: ...
    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool | None = False
    ) -> Any: ...

class ConvLSTM3D(RNN):
    @property
    def activation(self) -> Callable[..., Any]: ...
    @property
    def recurrent_activation(self) -> Callable[..., Any]: ...
    def __init__(
        self,
        filters: int,
        kernel_size: _Sizes,
        strides: _Sizes = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: _Sizes = 1,
        activation: _ActivationLike | None = "tanh",
        recurrent_activation: _ActivationLike | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: _InitializerLike | None = "glorot_uniform",
        recurrent_initializer: _InitializerLike | None = "orthogonal",
        bias_initializer: _InitializerLike | None = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: _RegularizerLike | None = None,
        recurrent_regularizer: _RegularizerLike | None = None,
        bias_regularizer: _RegularizerLike | None = None,
        activity_regularizer: _RegularizerLike | None = None,
        kernel_constraint: _ConstraintLike | None = None,
        recurrent_constraint: _ConstraintLike | None = None,
        bias_constraint: _ConstraintLike | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **kwargs: Unpack[_RNNOptions],
    ) -> None: ...
    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool | None = False
    ) -> Any: ...

class ReLU(Layer):
    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class BatchNormalization(Layer):
    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: _InitializerLike | None = "zeros",
        gamma_initializer: _InitializerLike | None = "ones",
        moving_mean_initializer: _InitializerLike | None = "zeros",
        moving_variance_initializer: _InitializerLike | None = "ones",
        beta_regularizer: _RegularizerLike | None = None,
        gamma_regularizer: _RegularizerLike | None = None,
        beta_constraint: _ConstraintLike | None = None,
        gamma_constraint: _ConstraintLike | None = None,
        renorm: bool = False,
        renorm_clipping: Mapping[str, float] | None = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class LeakyReLU(Layer):
    def __init__(self, negative_slope: float = 0.3, **kwargs: Unpack[_LayerOptions]) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class PReLU(Layer):
    def __init__(
        self,
        alpha_initializer: _InitializerLike | None = "Zeros",
        alpha_regularizer: _RegularizerLike | None = None,
        alpha_constraint: _ConstraintLike | None = None,
        shared_axes: Sequence[int] | None = None,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def build(self, input_shape: _Shape) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class ELU(Layer):
    def __init__(self, alpha: float = 1.0, **kwargs: Unpack[_LayerOptions]) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class Softmax(Layer):
    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Unpack[_LayerOptions]) -> None: ...
    def call(self, inputs: Any, mask: Any = None) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...

class Flatten(Layer):
    def __init__(self, data_format: str | None = None, **kwargs: Unpack[_LayerOptions]) -> None: ...
    def call(self, inputs: Any) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...
    def compute_output_spec(self, inputs: Any) -> KerasTensor: ...

class Lambda(Layer):
    function: Callable[..., Any]
    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Sequence[int | None] | Callable[..., Any] | None = None,
        mask: object = None,
        arguments: Mapping[str, object] | None = None,
        **kwargs: Unpack[_LayerOptions],
    ) -> None: ...
    def call(self, inputs: Any, mask: Any = None, training: bool | None = None) -> Any: ...
    def compute_output_shape(self, input_shape: _Shape) -> _Shape: ...
    @classmethod
    def from_config(
        cls,
        config: dict[str, Any],
        custom_objects: Mapping[str, object] | None = None,
        safe_mode: bool | None = None,
    ) -> Self: ...
