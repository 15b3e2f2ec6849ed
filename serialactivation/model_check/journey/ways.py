"""The ways back: how a model is written and read again, with Keras's own functions."""

import pathlib
import pickle
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import attrs
import keras

from serialactivation import errors
from serialactivation.models.copies.training_state import keeping_optimizer

__all__ = ["WAYS", "NotTried", "Way"]


class NotTried(Exception):  # noqa: N818  # callers never see it
    """A way back cannot be tried with this model."""


@attrs.frozen(kw_only=True)
class Way:
    """One way back.

    Attributes:
        write: Writes a model into a folder.
        read: Returns the model of a folder; the first argument is the model that was written.
        keeps_weights: Whether what is written has the weights.
        has_config: Whether what is written has the config of the model, and not its weights alone.
    """

    write: Callable[[keras.Model, pathlib.Path], object]
    read: Callable[[keras.Model, pathlib.Path], keras.Model]
    keeps_weights: bool = True
    has_config: bool = True


def _write_hdf5(model: keras.Model, folder: pathlib.Path) -> None:
    with keeping_optimizer(model):
        keras.saving.save_model(model, folder / "model.h5")


def _write_pickle(model: keras.Model, folder: pathlib.Path) -> None:
    (folder / "model.pickle").write_bytes(pickle.dumps(model))


def _read_pickle(_: keras.Model, folder: pathlib.Path) -> keras.Model:
    model: keras.Model = pickle.loads((folder / "model.pickle").read_bytes())
    return model


def _write_json(model: keras.Model, folder: pathlib.Path) -> None:
    (folder / "model.json").write_text(model.to_json(), encoding="utf-8")


def _read_json(_: keras.Model, folder: pathlib.Path) -> keras.Model:
    return keras.models.model_from_json((folder / "model.json").read_text(encoding="utf-8"))


def _write_weights(model: keras.Model, folder: pathlib.Path) -> None:
    model.save_weights(folder / "model.weights.h5")


def _read_weights(model: keras.Model, folder: pathlib.Path) -> keras.Model:
    """Return a new model with the weights, made from the config of *model*.

    Raises:
        NotTried: Keras cannot make such a model from the config; a user makes it with the code of *model*.
    """
    try:
        fresh = keras.models.model_from_json(model.to_json())
    except (errors.ActivationError, *errors.READ_ERRORS) as error:
        raise NotTried from error
    if [tuple(one.shape) for one in fresh.weights] != [tuple(one.shape) for one in model.weights]:
        raise NotTried  # the config has lost an activation with weights, and the code of the model has not
    fresh.load_weights(folder / "model.weights.h5")
    return fresh


WAYS: Final[Mapping[str, Way]] = MappingProxyType(
    {
        "keras": Way(
            write=lambda model, folder: keras.saving.save_model(model, folder / "model.keras"),
            read=lambda _, folder: keras.saving.load_model(folder / "model.keras"),
        ),
        "h5": Way(write=_write_hdf5, read=lambda _, folder: keras.saving.load_model(folder / "model.h5")),
        "json": Way(write=_write_json, read=_read_json, keeps_weights=False),
        "clone": Way(
            write=lambda model, _: model,
            read=lambda model, _: keras.models.clone_model(model),
            keeps_weights=False,
        ),
        "weights": Way(write=_write_weights, read=_read_weights, has_config=False),
        "pickle": Way(write=_write_pickle, read=_read_pickle),
    }
)
"""The ways back, by their names."""
