"""One cell of the table: a model lives through a stage in one process, and comes back from it in another."""

import importlib.util
import pathlib
import textwrap
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final, TypeAlias

import attrs
import keras
import numpy as np

import serialactivation as sa
from serialactivation.catalog.versions import is_newer
from tests.stages.activations import Chain, X, layer_name, make_model, to_numpy

TOLERANCE: Final = 1e-6
FAILURES: Final = (TypeError, ValueError, NotImplementedError, AttributeError, RuntimeError, OSError)

Called: TypeAlias = Callable[[np.ndarray], object]
"""A model, or what has become of it, called."""

Arrays: TypeAlias = dict[str, np.ndarray]


@attrs.frozen(kw_only=True)
class Place:
    """Where a model lies between the two processes, and what makes it again."""

    library: str
    ids: tuple[str, ...]
    folder: pathlib.Path

    @property
    def path(self) -> pathlib.Path:
        return self.folder / "model.keras"

    def make_model(self) -> keras.Model:
        return make_model(self.library, self.ids)[0]

    def load(self) -> keras.Model:
        return keras.models.load_model(self.path)


@attrs.frozen(kw_only=True)
class Stage:
    """What a model lives through, which also writes it, and how it is read again."""

    id: str
    live: Callable[[keras.Model, Place], None]
    back: Callable[[Place], Called] = Place.load
    scope: Callable[[], AbstractContextManager[object]] = nullcontext
    since: str = "3.6"
    backends: tuple[str, ...] = ("jax", "tensorflow", "torch")
    needs: tuple[str, ...] = ()
    before: Mapping[str, str] = attrs.field(factory=dict)  # the environment of the process in which the model is made
    after: Mapping[str, str] = attrs.field(factory=dict)  # and of the one in which it comes back

    def is_here(self) -> bool:
        """Whether the installed Keras, its backend and the installed packages have this stage."""
        old = is_newer(self.since, keras.__version__)
        return not old and keras.config.backend() in self.backends and all(map(importlib.util.find_spec, self.needs))


def leave(stage: Stage, place: Place) -> str:
    """Make the model and let it live; return what is decided already, or nothing."""
    try:
        with stage.scope():
            model, chains = make_model(place.library, place.ids)
            wrong = find_differences(_outputs(model, place), {id_: chain.compute(X) for id_, chain in chains.items()})
            if wrong:
                return f"different before: {'; '.join(wrong)}"
            stage.live(model, place)
            _write_expected(model, chains, place)
    except sa.ActivationError as error:
        return f"refused: {describe(error)}"
    except FAILURES as error:
        return f"failed before the load: {describe(error)}"
    return ""


def _write_expected(model: keras.Model, chains: Mapping[str, Chain], place: Place) -> None:
    """Keep the outputs of the model, and of each activation that was given by itself."""
    np.savez(place.folder / "outputs.npz", **_outputs(model, place))
    np.savez(place.folder / "activated.npz", **{id_: chain.activate(X) for id_, chain in chains.items()})


def come_back(stage: Stage, place: Place) -> str:
    """Return whether what has been left comes back, in another process."""
    try:
        with stage.scope():
            called = stage.back(place)
            wrong = find_differences(_outputs(called, place), np.load(place.folder / "outputs.npz"))
            if isinstance(called, keras.Model):
                wrong += find_differences(_activated(called, place), np.load(place.folder / "activated.npz"))
    except FAILURES as error:
        return f"failed to come back: {describe(error)}"
    return f"different: {'; '.join(wrong)}" if wrong else "equal"


def _outputs(called: Called, place: Place) -> Arrays:
    return dict(zip(place.ids, map(to_numpy, keras.tree.flatten(called(X))), strict=True))


def _activated(model: keras.Model, place: Place) -> Arrays:
    inputs = keras.ops.convert_to_tensor(X)
    return {id_: to_numpy(model.get_layer(layer_name(id_, 0)).activation(inputs)) for id_ in place.ids}


def find_differences(found: Mapping[str, np.ndarray], expected: Mapping[str, np.ndarray]) -> list[str]:
    """Return what is not as expected, with the largest difference."""
    return [
        f"{id_} by {np.abs(one - expected[id_]).max():.1e}"
        for id_, one in found.items()
        if not np.allclose(one, expected[id_], rtol=TOLERANCE, atol=TOLERANCE)
    ]


def describe(error: Exception) -> str:
    return textwrap.shorten(f"{type(error).__name__}: {error}", 180, placeholder=" …")
