"""What Keras notes down of the objects that it has written, and configs of layers that it need not copy.

The ``get_config`` of a model copies the configs of its layers, which were made a moment before and which nobody else
holds: a tenth of the time that a text of JSON takes. In a sharing scope Keras notes each config down, in a mapping that
is ours where the scope is ours, and that puts one in its place whose first copy is itself.
"""

import copy
from collections.abc import Container
from typing import Any, cast

import keras

from serialactivation.spec.layer_spec import is_of_keras
from serialactivation.typing import Config

__all__ = ["Notes", "UnsharedNotes", "layers_of_graph"]


def layers_of_graph(model: object) -> frozenset[int]:
    """Return the ids of the layers of *model*, and of the models in it, whose configs Keras's ``get_config`` copies.

    Where an author wrote it, what is copied there, and how often, is the author's.
    """
    if not isinstance(model, keras.Model):
        return frozenset()
    copied = model._layers if is_of_keras(type(model), "get_config") else ()
    models = [layer for layer in model._layers if isinstance(layer, keras.Model)]
    return frozenset(map(id, copied)).union(*map(layers_of_graph, models))


class _Fresh(dict[str, Any]):
    """A config that has just been made: its first deep copy is itself, the next ones are copies."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._is_fresh = True

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        if not self._is_fresh:
            return copy.deepcopy(dict(self), memo)
        self._is_fresh = False
        return self


class UnsharedNotes(dict[int, Config]):
    """What Keras notes of a model that shares nothing: every object is new to it, and nothing is kept.

    Args:
        layers: The ids of the layers whose configs are copied once, by the model that they are layers of.
    """

    def __init__(self, layers: Container[int]) -> None:
        super().__init__()
        self._layers = layers

    def __setitem__(self, key: int, config: Config) -> None:
        if key in self._layers:
            config["config"] = _Fresh(cast("Config", config["config"]))


class Notes(UnsharedNotes):
    """The configs that Keras has written, by the ids of the objects: it writes the id of one that it meets again."""

    def __setitem__(self, key: int, config: Config) -> None:
        super().__setitem__(key, config)
        dict.__setitem__(self, key, config)
