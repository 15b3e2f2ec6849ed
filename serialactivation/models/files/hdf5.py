"""``.h5`` files of models of users' classes, which Keras writes but often cannot read.

Keras reads such a file only if it is given the class by its bare name, and the class makes its weights in its
constructor. This package writes a config with the registered name of the class and its build shapes. It makes and
builds the model from that config, and then Keras reads the weights.
"""

import json
import os
import pathlib
from collections.abc import Mapping
from typing import Any

import h5py
import keras

from serialactivation import errors
from serialactivation.catalog.layer_kinds import MODELS
from serialactivation.codec.silence import looking
from serialactivation.files.layout import COMPILE_CONFIG, HDF5_SUFFIXES, MODEL_CONFIG, TRAINING_CONFIG
from serialactivation.keras_api.scopes import compile_as_stored

__all__ = ["check_readable", "check_types", "find_own_config", "load_own_model"]


def check_types(model: keras.Model) -> None:
    """Refuse *model* if Keras reads a weight of it from no ``.h5`` file: HDF5 has no type for it.

    Raises:
        ModelFileError: A weight is of the type bfloat16.
    """
    for weight in model.weights:
        if weight.dtype == "bfloat16":
            reason = f"its weight {weight.path!r} is of the type bfloat16, which Keras cannot read from HDF5"
            raise _refuse(model, reason, "Save it as a .keras file.")


def check_readable(model: keras.Model, path: str | os.PathLike[str]) -> None:
    """Refuse the ``.h5`` file of *model* at *path* if the loaded model would have other weights.

    If *model* is of a user's class, a second model is made from the file to find that out.

    Raises:
        ModelFileError: The loaded model would have other weights, or cannot be made.
    """
    config = find_own_config(path)
    if config is None or not model.weights:
        return
    try:
        with looking():  # Keras warns of a model that cannot be built, which we refuse
            made = _make(config, {type(model).__name__: type(model)}, safe_mode=False)
    except errors.READ_ERRORS as error:
        reason = f"it cannot be recreated from its own config: {error}".splitlines()[0]
        cure = f"Make get_config() of {type(model).__name__} return every argument of its constructor."
        raise _refuse(model, reason, cure) from error
    shapes = [[tuple(weight.shape) for weight in one.weights] for one in (model, made)]
    if shapes[0] != shapes[1]:
        raise _refuse(
            model,
            "a loaded model lacks its weights until it is called",
            f"Make the layers and weights of {type(model).__name__} in its constructor or in build(): a .keras file "
            "would lack them, too.",
        )


def _refuse(model: keras.Model, reason: str, cure: str) -> errors.ModelFileError:
    return errors.ModelFileError(model.name, type(model).__name__, ".h5", reason, cure)


def find_own_config(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Return the config in an HDF5 file at *path*, if its model is of a user's class and this package wrote it."""
    if pathlib.Path(path).suffix not in HDF5_SUFFIXES or not os.path.isfile(path):
        return None
    config = _read(path, MODEL_CONFIG)
    if not isinstance(config, dict) or "registered_name" not in config:
        return None  # Keras's own form has the bare name of the class
    is_by_keras = config.get("class_name") in MODELS and str(config.get("module")).split(".")[0] == "keras"
    return None if is_by_keras else config


def load_own_model(
    path: str | os.PathLike[str],
    config: dict[str, Any],
    custom: Mapping[str, object],
    *,
    compiled: bool,
    safe_mode: bool,
) -> keras.Model:
    """Return the model in the file at *path*.

    Args:
        path: The file.
        config: The model's config in it.
        custom: Functions and classes by their names in the file.
        compiled: Whether to compile the model, if it was compiled when it was saved.
        safe_mode: Whether to refuse Python code in the file.
    """
    model = _make(config, custom, safe_mode=safe_mode)
    with keras.saving.CustomObjectScope(dict(custom)):
        if model.weights:
            model.load_weights(path)
        stored = _read(path, TRAINING_CONFIG) if compiled else None
        if isinstance(stored, dict):
            compile_as_stored(model, stored, custom)
    return model


def _make(config: dict[str, Any], custom: Mapping[str, object], *, safe_mode: bool) -> keras.Model:
    uncompiled = {name: value for name, value in config.items() if name != COMPILE_CONFIG}  # Keras has emptied it
    model: keras.Model = keras.saving.deserialize_keras_object(
        uncompiled, custom_objects=dict(custom), safe_mode=safe_mode
    )
    return model


def _read(path: str | os.PathLike[str], name: str) -> object:
    with h5py.File(path, "r") as file:
        text = file.attrs.get(name)
    return None if text is None else json.loads(text)
