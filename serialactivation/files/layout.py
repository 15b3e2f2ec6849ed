"""What the parts of a saved model are called."""

from typing import Final

__all__ = [
    "ASSETS",
    "COMPILE_CONFIG",
    "CONFIG",
    "HDF5_SUFFIXES",
    "METADATA",
    "MODEL_CONFIG",
    "PICKLES",
    "TRAINING_CONFIG",
    "WEIGHTS",
]

ASSETS: Final = "assets"
"""The folder with what layers keep in files of their own, in a ``.keras`` archive."""

CONFIG: Final = "config.json"
"""The model's config, in a ``.keras`` archive."""

COMPILE_CONFIG: Final = "compile_config"
"""What stands beside a model's config in it, where the model was compiled."""

METADATA: Final = "metadata.json"
"""Which Keras wrote the archive, and when."""

MODEL_CONFIG: Final = "model_config"
"""The attribute with the model's config, in an HDF5 file."""

PICKLES: Final = "model.weights.npz"
"""The model's weights in an older form, which may hold pickles, in a ``.keras`` archive."""

TRAINING_CONFIG: Final = "training_config"
"""The attribute with what the model was compiled with."""

WEIGHTS: Final = "model.weights.h5"
"""The model's weights, in a ``.keras`` archive."""

HDF5_SUFFIXES: Final = (".h5", ".hdf5")
"""What the name of an HDF5 file ends in."""
