from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from keras import activations as activations
from keras import backend as backend
from keras import callbacks as callbacks
from keras import config as config
from keras import constraints as constraints
from keras import dtype_policies as dtype_policies
from keras import initializers as initializers
from keras import layers as layers
from keras import losses as losses
from keras import metrics as metrics
from keras import models as models
from keras import ops as ops
from keras import optimizers as optimizers
from keras import regularizers as regularizers
from keras import saving as saving
from keras import tree as tree
from keras import utils as utils
from keras.dtype_policies import DTypePolicy as DTypePolicy
from keras.initializers import Initializer as Initializer
from keras.initializers import _InitializerLike
from keras.layers import Input as Input
from keras.layers import Layer as Layer
from keras.models import Model as Model
from keras.models import Sequential as Sequential
from keras.optimizers import Optimizer as Optimizer
from keras.regularizers import Regularizer as Regularizer

__version__: str

class KerasTensor:
    name: str
    _keras_history: Any  # the operation, and which of its outputs this is
    def __init__(
        self,
        shape: Sequence[int | None],
        dtype: str = "float32",
        sparse: bool = False,
        ragged: bool = False,
        record_history: bool = True,
        name: str | None = None,
        *,
        ragged_rank: int | None = None,
        row_splits_dtype: str | None = None,
    ) -> None: ...
    @property
    def shape(self) -> tuple[int | None, ...]: ...
    @property
    def dtype(self) -> str: ...
    @property
    def ndim(self) -> int: ...
    # The other operand is a number, an array or a tensor of any backend.
    def __neg__(self) -> KerasTensor: ...
    def __add__(self, other: object) -> KerasTensor: ...
    def __radd__(self, other: object) -> KerasTensor: ...
    def __sub__(self, other: object) -> KerasTensor: ...
    def __rsub__(self, other: object) -> KerasTensor: ...
    def __mul__(self, other: object) -> KerasTensor: ...
    def __rmul__(self, other: object) -> KerasTensor: ...
    def __truediv__(self, other: object) -> KerasTensor: ...
    def __rtruediv__(self, other: object) -> KerasTensor: ...

class Variable:
    trainable: bool
    def __init__(
        self,
        initializer: _InitializerLike | npt.ArrayLike,
        shape: Sequence[int] | None = None,
        dtype: str | None = None,
        trainable: bool = True,
        autocast: bool = True,
        aggregation: str | None = "none",
        synchronization: str | None = "auto",
        name: str | None = None,
        layout: object = None,
        **kwargs: object,
    ) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def dtype(self) -> str: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def value(self) -> Any: ...  # a tensor of the backend
    def numpy(self) -> npt.NDArray[np.generic]: ...
    def __array__(self, dtype: Any = None) -> npt.NDArray[np.generic]: ...
    def assign(self, value: object) -> Any: ...  # a tensor of the backend

class StatelessScope:
    def __init__(
        self,
        state_mapping: Sequence[tuple[Variable, object]] | None = None,  # a tensor for each variable
        collect_losses: bool = False,
        initialize_variables: bool = True,
    ) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *args: object, **kwargs: object) -> None: ...

class Operation:
    name: str
    def __init__(self, name: str | None = None) -> None: ...
    # What goes in and out is for the operation to say: one tensor of any backend, or a structure of them.
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...
    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any: ...
    # Of the first call: one tensor, or a structure of them.
    @property
    def input(self) -> Any: ...
    @property
    def output(self) -> Any: ...
    def get_config(self) -> dict[str, Any]: ...
    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self: ...

class name_scope:
    name: str
    def __init__(self, name: str, **kwargs: object) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *args: object, **kwargs: object) -> None: ...
