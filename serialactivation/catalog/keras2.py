"""What Keras 2 wrote into files and Keras 3 does not have: classes, losses, modules. Keras-free.

Source:
    Names of ``tf_keras`` 2.21 and ``keras`` 2.2 to 2.15 that no Keras from 3.6 to 3.15 has.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.typing import JSON

__all__ = [
    "BATCH_INPUT_SHAPE",
    "LAST",
    "LOSSES",
    "PACKAGE",
    "RENAMED_ACTIVATIONS",
    "RENAMED_LOSSES",
    "is_gone_class",
    "is_gone_module",
    "leaves_out_reset_after",
]

LAST: Final = "2.15"
"""The last release of Keras 2."""

PACKAGE: Final = "tf_keras"
"""The package of Keras 2 since Keras 3; it names its own modules in the configs of classes that it does not export."""

BATCH_INPUT_SHAPE: Final = "batch_input_shape"
"""The input shape in HDF5 files of Keras 2, for the first layer of a model; Keras 3 has another name for it."""

_LAYERS: Final = """
AbstractRNNCell AddLoss AddMetric BaseRandomLayer BatchNormalizationV1 BatchNormalizationV2 ClassMethod CuDNNGRU
CuDNNLSTM DenseFeatures DeviceWrapper DropoutWrapper GRUCellV1 GRUCellV2 GRUV1 GRUV2 Highway InstanceMethod
InstanceProperty LSTMCellV1 LSTMCellV2 LSTMV1 LSTMV2 LinearModel LocallyConnected1D LocallyConnected2D MaxoutDense
Merge RandomHeight RandomWidth ResidualWrapper SequenceFeatures SlicingOpLambda SyncBatchNormalization TFOpLambda
TensorFlowOpLayer ThresholdedReLU TimeDistributedDense WideDeepModel
"""

_CLASSES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "layers": frozenset(_LAYERS.split()),
        "dtype_policies": frozenset(["Policy", "PolicyV1"]),
        "constraints": frozenset(["RadialConstraint"]),
        "metrics": frozenset(["MeanRelativeError", "MeanTensor"]),
    }
)
"""The classes, by the module of Keras where they would be."""

RENAMED_ACTIVATIONS: Final[Mapping[str, str]] = MappingProxyType({"softmax_v2": "softmax"})
"""The names of activations, each with the name that Keras 3 has for the same function."""

RENAMED_LOSSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cosine": "cosine_similarity",
        "cosine_proximity": "cosine_similarity",
        "kullback_leibler_divergence": "kl_divergence",
        "logcosh": "log_cosh",
    }
)
"""The names of losses, each with the name that Keras 3 has for the same function."""

LOSSES: Final = frozenset([*RENAMED_LOSSES, "huber_loss"])
"""The names of losses."""

# The folders in ``keras.src`` of Keras 2 that Keras 3 does not have, and those in ``keras``, which Keras 2.4 to 2.12
# named in the configs of classes that it does not export. Keras 3 has nothing below its public modules but these.
_FOLDERS: Final = frozenset(
    ["distribute", "dtensor", "engine", "feature_column", "mixed_precision", "premade_models", "integration_test"]
)
_SUBMODULES: Final = frozenset(["image", "legacy", "linalg", "losses", "nn", "numpy", "schedules", "layers", "models"])
_HOMES: Final = frozenset(["_tf_keras", "api", "applications", "datasets", "src"])


def is_gone_class(module: str | None, name: str) -> bool:
    """Return whether Keras 2 had the class, and no Keras 3 has it.

    Args:
        module: The module of Keras where it would be, such as ``layers``, or None if that is not known.
        name: Its name.
    """
    return any(name in names for one, names in _CLASSES.items() if module is None or one == module)


def is_gone_module(module: str) -> bool:
    """Return whether no Keras 3 can have a class in *module*, such as ``keras.src.engine.functional``."""
    parts = module.split(".")
    if parts[0] == PACKAGE:
        return True
    if parts[0] != "keras" or len(parts) < 2:
        return False
    if parts[1] == "src":
        return len(parts) > 2 and parts[2] in _FOLDERS
    if parts[1] in _FOLDERS:
        return parts[1] != "mixed_precision" or len(parts) > 2
    return parts[1] not in _HOMES and len(parts) > 2 and parts[2] not in _SUBMODULES


def leaves_out_reset_after(name: str, config: Mapping[str, JSON]) -> bool:
    """Return whether a layer is a GRU of Keras before 2.1: it does what ``reset_after`` of False does."""
    return name in ("GRU", "GRUCell") and "implementation" in config and "reset_after" not in config
