"""The repair ``modernize``: what Keras 1 and 2 stored and Keras 3 refuses, in an equal form of Keras 3. Keras-free.

Keras 3.6.0 and 3.15.1 refuse each of these: a keyword that Keras 3 has removed, with the value that Keras 3 assumes
(``groups`` of 1, ``time_major`` of False); the class ``ThresholdedReLU``, whose formula is that of ``ReLU`` with a
threshold; ``softmax_v2``, TensorFlow's name for softmax; a layer as an activation, stored without its module.
"""

from collections.abc import Container, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from serialactivation.catalog.weighted_layers import WITHOUT_WEIGHTS
from serialactivation.repairs.repair import Edit, Repair, remove, replace, update
from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.nodes import find_sites
from serialactivation.tree.weight_groups import StoredObject, find_objects
from serialactivation.typing import JSON

__all__ = ["MODERNIZE"]

_GROUPED: Final = (
    *(f"Conv{rank}DTranspose" for rank in (1, 2, 3)),
    *(f"{kind}Conv{rank}D" for kind in ("Depthwise", "Separable") for rank in (1, 2)),
)
_RECURRENT: Final = ("GRU", "LSTM", "SimpleRNN")
_GONE: Final[Mapping[str, tuple[str, JSON]]] = MappingProxyType(
    {**dict.fromkeys(_GROUPED, ("groups", 1)), **dict.fromkeys(_RECURRENT, ("time_major", False))}
)
_THRESHOLDED: Final = "ThresholdedReLU"
_MODULE: Final = {"module": "keras.layers", "registered_name": None}
_NAMES: Final[Mapping[str, str]] = MappingProxyType({"softmax_v2": "softmax"})


def _find(config: JSON, *_: object) -> Iterator[Edit]:
    yield from _find_keywords(config)
    yield from _find_thresholds(config)
    yield from _find_names(config)
    yield from _find_modules(config)


def _find_keywords(config: JSON) -> Iterator[Edit]:
    for one in _find_objects(config, _GONE):
        keyword, value = _GONE[str(one.stored["class_name"])]
        inner = follow(one.stored, ("config",))
        if keyword in inner and inner[keyword] == value:
            what = f"{keyword!r} removed: it is {value!r}, which Keras 3 always assumes"
            yield remove((*one.steps, "config", keyword), what)


def _find_thresholds(config: JSON) -> Iterator[Edit]:
    for one in _find_objects(config, (_THRESHOLDED,)):
        if "theta" in follow(one.stored, ("config",)):
            yield _make_relu(one.steps)


def _make_relu(steps: Steps) -> Edit:
    def make(config: Any) -> None:
        stored = follow(config, steps)
        stored["class_name"] = "ReLU"
        stored["config"]["threshold"] = stored["config"].pop("theta")

    return Edit(steps, f"{_THRESHOLDED} replaced with ReLU and its threshold", make)


def _find_names(config: JSON) -> Iterator[Edit]:
    for site in find_sites(config):
        if site.stock and isinstance(site.stored, str) and site.stored in _NAMES:
            new = _NAMES[site.stored]
            yield replace(site.steps, new, f"{site.stored!r} renamed to {new!r}")


def _find_modules(config: JSON) -> Iterator[Edit]:
    # layers with weights are left out: as activations in an HDF5 file, Keras 3 does not find their weights
    sites = {site.steps for site in find_sites(config) if site.stock and isinstance(site.stored, dict)}
    for one in _find_objects(config, WITHOUT_WEIGHTS):
        if one.steps in sites and "module" not in one.stored:
            yield update(one.steps, _MODULE, f"module 'keras.layers' added to {one.stored['class_name']}")


def _find_objects(config: JSON, classes: Container[JSON]) -> Iterator[StoredObject]:
    return (one for one in find_objects(config) if one.is_keras and one.stored["class_name"] in classes)


MODERNIZE: Final = Repair("modernize", _find)
"""The repair."""
