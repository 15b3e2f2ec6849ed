"""The repair ``modernize``: what Keras 1 and 2 stored and Keras 3 refuses, in an equal form of Keras 3. Keras-free.

Keras 3.6.0 and 3.15.1 refuse each of these: a keyword that Keras 3 has removed, with the value that Keras 3 assumes
(``groups`` of 1, ``time_major`` of False); the class ``ThresholdedReLU``, whose formula is that of ``ReLU`` with a
threshold; ``softmax_v2``, TensorFlow's name for softmax; a layer as an activation, stored without its module.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from serialactivation.catalog.weighted_layers import WITHOUT_WEIGHTS
from serialactivation.repairs.repair import Change, Repair
from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.nodes import Root, find_sites
from serialactivation.tree.weight_groups import StoredObject, find_objects
from serialactivation.typing import JSON

__all__ = ["MODERNIZE"]

_NAME: Final = "modernize"

_GROUPED: Final = (
    *(f"Conv{rank}DTranspose" for rank in (1, 2, 3)),
    *(f"{kind}Conv{rank}D" for kind in ("Depthwise", "Separable") for rank in (1, 2)),
)
_RECURRENT: Final = ("GRU", "LSTM", "SimpleRNN")
_GONE: Final[Mapping[str, tuple[str, JSON]]] = MappingProxyType(
    {**dict.fromkeys(_GROUPED, ("groups", 1)), **dict.fromkeys(_RECURRENT, ("time_major", False))}
)
_THRESHOLDED: Final = "ThresholdedReLU"
_NAMES: Final[Mapping[str, str]] = MappingProxyType({"softmax_v2": "softmax"})


_Edit: TypeAlias = tuple[Steps, str, Callable[[Any], None]]
"""The place of a change, what is done, and the function that changes the config."""


def _modernize(config: JSON, root: Root, _: str | None) -> tuple[JSON, tuple[Change, ...]]:
    modern: Any = config
    changes: list[Change] = []
    for rule in _RULES:
        edits = list(rule(modern))
        if edits and modern is config:
            modern = copy.deepcopy(config)
        for steps, what, edit in edits:
            edit(modern)
            changes.append(Change(repair=_NAME, steps=(*root.steps, *steps), what=what))
    return (modern, tuple(changes)) if changes else (config, ())


def _keywords(config: JSON) -> Iterator[_Edit]:
    for one in _find(config, _GONE):
        keyword, value = _GONE[str(one.stored["class_name"])]
        inner = follow(one.stored, ("config",))
        if keyword in inner and inner[keyword] == value:
            steps = (*one.steps, "config")
            what = f"{keyword!r} removed: it is {value!r}, which Keras 3 always assumes"
            yield (*steps, keyword), what, _taker(steps, keyword)


def _taker(steps: Steps, keyword: str) -> Callable[[Any], None]:
    def take(config: Any) -> None:
        del follow(config, steps)[keyword]

    return take


def _thresholds(config: JSON) -> Iterator[_Edit]:
    for one in _find(config, (_THRESHOLDED,)):
        if "theta" in follow(one.stored, ("config",)):
            yield one.steps, f"{_THRESHOLDED} replaced with ReLU and its threshold", _relu_maker(one.steps)


def _relu_maker(steps: Steps) -> Callable[[Any], None]:
    def make(config: Any) -> None:
        stored = follow(config, steps)
        stored["class_name"] = "ReLU"
        stored["config"]["threshold"] = stored["config"].pop("theta")

    return make


def _names(config: JSON) -> Iterator[_Edit]:
    for site in find_sites(config):
        if site.stock and isinstance(site.stored, str) and site.stored in _NAMES:
            new = _NAMES[site.stored]
            yield site.steps, f"{site.stored!r} renamed to {new!r}", _setter(site.steps, new)


def _setter(steps: Steps, value: JSON) -> Callable[[Any], None]:
    def put(config: Any) -> None:
        follow(config, steps[:-1])[steps[-1]] = value

    return put


def _modules(config: JSON) -> Iterator[_Edit]:
    # layers with weights are left out: as activations in an HDF5 file, Keras 3 does not find their weights
    sites = {site.steps for site in find_sites(config) if site.stock and isinstance(site.stored, dict)}
    for one in _find(config, WITHOUT_WEIGHTS):
        if one.steps in sites and "module" not in one.stored:
            what = f"module 'keras.layers' added to {one.stored['class_name']}"
            yield one.steps, what, _placer(one.steps)


def _placer(steps: Steps) -> Callable[[Any], None]:
    def place(config: Any) -> None:
        follow(config, steps).update(module="keras.layers", registered_name=None)

    return place


def _find(config: JSON, classes: Any) -> Iterator[StoredObject]:
    return (one for one in find_objects(config) if one.is_keras and one.stored["class_name"] in classes)


_RULES: Final = (_keywords, _thresholds, _names, _modules)

MODERNIZE: Final = Repair(name=_NAME, apply=_modernize)
"""The repair."""
