"""The names of the parts of a saved model."""

from typing import Final

__all__ = [
    "ASSETS",
    "COMPILE_CONFIG",
    "CONFIG",
    "HDF5_SUFFIXES",
    "METADATA",
    "MODEL_CONFIG",
    "OPTIMIZER_GROUP",
    "OPTIMIZER_WEIGHTS",
    "PICKLES",
    "TRAINING_CONFIG",
    "WEIGHTS",
    "WEIGHTS_GROUP",
    "WEIGHTS_SUFFIX",
]

ASSETS: Final = "assets"
"""The folder with files that layers write themselves, in a ``.keras`` archive."""

CONFIG: Final = "config.json"
"""The model's config, in a ``.keras`` archive."""

COMPILE_CONFIG: Final = "compile_config"
"""The key of a model's config with the arguments of ``compile``, if the model was compiled."""

METADATA: Final = "metadata.json"
"""The file with the version of Keras and the date, in a ``.keras`` archive."""

MODEL_CONFIG: Final = "model_config"
"""The attribute with the model's config, in an HDF5 file."""

OPTIMIZER_GROUP: Final = "optimizer"
"""The group with the optimizer's state, in a ``.keras`` archive."""

OPTIMIZER_WEIGHTS: Final = "optimizer_weights"
"""The group with the optimizer's state, in an HDF5 file."""

PICKLES: Final = "model.weights.npz"
"""The model's weights in an older form, which may hold pickles, in a ``.keras`` archive."""

TRAINING_CONFIG: Final = "training_config"
"""The attribute with the arguments of ``compile``, in an HDF5 file."""

WEIGHTS: Final = "model.weights.h5"
"""The model's weights, in a ``.keras`` archive."""

WEIGHTS_GROUP: Final = "model_weights"
"""The group with the model's weights, in an HDF5 file."""

HDF5_SUFFIXES: Final = (".h5", ".hdf5")
"""The endings of the names of HDF5 files."""

WEIGHTS_SUFFIX: Final = ".weights.h5"
"""The ending of the name of an HDF5 file with only weights."""
