"""Checks of round trips: a model is stored and made again, and has to compute the same."""

import copy
import json
import pathlib
import tempfile
from collections.abc import Callable

import keras

from serialactivation.testing.cases import ActivationCase
from serialactivation.testing.check_errors import Broken
from serialactivation.testing.compare import compare
from serialactivation.testing.numbers import compute
from serialactivation.testing.subject import Subject

__all__ = ["check_clone", "check_config", "check_h5_file", "check_json", "check_keras_file", "check_weights_file"]


def check_config(subject: Subject, case: ActivationCase) -> None:
    """Compare the configs of a layer, of the layer made from its config, and of the layer made from that config.

    Raises:
        Broken: Two of them differ.
    """
    layer = subject.make(case.make())
    subject.make_model(layer)
    config = layer.get_config()
    for _ in range(2):
        layer = type(layer).from_config(copy.deepcopy(config))
        again = layer.get_config()
        if again != config:
            keys = sorted(key for key in {*config, *again} if config.get(key) != again.get(key))
            raise Broken(f"a layer that is made from the config has another one: {', '.join(keys)} differ")


def check_json(subject: Subject, case: ActivationCase) -> None:
    """Make a model from its JSON text.

    Raises:
        Broken: It computes something else.
    """

    def go(model: keras.Model, _: pathlib.Path) -> keras.Model:
        text = model.to_json()
        json.loads(text)
        return _give_weights(model, keras.models.model_from_json(text))

    _check_way(subject, case, go)


def check_keras_file(subject: Subject, case: ActivationCase) -> None:
    """Save a model as ``.keras``, and load it.

    Raises:
        Broken: It computes something else.
    """
    _check_way(subject, case, lambda model, folder: _save_and_load(model, folder / "model.keras"))


def check_h5_file(subject: Subject, case: ActivationCase) -> None:
    """Save a model as ``.h5``, and load it.

    Raises:
        Broken: It computes something else.
    """
    _check_way(subject, case, lambda model, folder: _save_and_load(model, folder / "model.h5"))


def check_weights_file(subject: Subject, case: ActivationCase) -> None:
    """Load the weights of a model into a new one that has not been called.

    Raises:
        Broken: It computes something else.
    """

    def go(model: keras.Model, folder: pathlib.Path) -> keras.Model:
        model.save_weights(folder / "model.weights.h5")
        fresh = subject.make_model(subject.make(case.make()))
        fresh.load_weights(folder / "model.weights.h5")
        return fresh

    _check_way(subject, case, go)


def check_clone(subject: Subject, case: ActivationCase) -> None:
    """Clone a model.

    Raises:
        Broken: The clone computes something else.
    """
    _check_way(subject, case, lambda model, _: _give_weights(model, keras.models.clone_model(model)))


def _check_way(subject: Subject, case: ActivationCase, go: Callable[[keras.Model, pathlib.Path], keras.Model]) -> None:
    model, inputs = subject.make_called(case.make()), subject.make_inputs()
    expected = compute(model, inputs)
    with tempfile.TemporaryDirectory() as folder:
        back = go(model, pathlib.Path(folder))
    compare(compute(back, inputs), expected)


def _save_and_load(model: keras.Model, path: pathlib.Path) -> keras.Model:
    model.save(path)
    return keras.models.load_model(path)


def _give_weights(model: keras.Model, other: keras.Model) -> keras.Model:
    other.set_weights(model.get_weights())
    return other
