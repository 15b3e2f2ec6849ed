"""The repair ``modernize``: what Keras 1 and 2 stored and Keras 3 refuses, in an equal form of Keras 3. Keras-free.

Keras 3.6.0 and 3.15.1 refuse each of these: a keyword that Keras 3 has removed, with the value that Keras 3 assumes
(``groups`` of 1, ``time_major`` of False) or without effect; the class ``ThresholdedReLU``, whose formula is that of
``ReLU`` with a threshold; ``softmax_v2``, TensorFlow's name for softmax; a layer as an activation, stored without its
module; a dtype policy of tf_keras; a list as the axis of a batch normalization.
"""

from collections.abc import Iterator
from typing import Any, Final

from serialactivation.catalog.keras2 import RENAMED_ACTIVATIONS
from serialactivation.catalog.layer_kinds import WITHOUT_WEIGHTS
from serialactivation.repairs.keras2 import keywords
from serialactivation.repairs.keras2.make_repair import edit_at, make_repair
from serialactivation.repairs.repair import IN_LAYERS, Edit, replace, update
from serialactivation.tree.stored_config import StoredConfig

__all__ = ["MODERNIZE"]

_THRESHOLDED: Final = "ThresholdedReLU"


def _replace_thresholds(config: StoredConfig) -> Iterator[Edit]:
    for steps, node in config.stock_objects:
        if node.of is not None and node.of.name == _THRESHOLDED and "theta" in node.config:
            yield edit_at(steps, f"{_THRESHOLDED} replaced with ReLU and its threshold", _make_relu)


def _make_relu(stored: Any) -> None:
    stored["class_name"] = "ReLU"
    stored["config"]["threshold"] = stored["config"].pop("theta")


def _rename_activations(config: StoredConfig) -> Iterator[Edit]:
    for node in config.nodes:
        old = node.stored
        if node.is_activation and isinstance(old, str) and old in RENAMED_ACTIVATIONS and node.site.stock:
            new = RENAMED_ACTIVATIONS[old]
            yield replace(config.find_steps(node), new, f"{old!r} renamed to {new!r}")


def _add_modules(config: StoredConfig) -> Iterator[Edit]:
    # layers with weights are left out: as activations in an HDF5 file, Keras 3 does not find their weights
    for steps, node in config.stock_objects:
        if node.of is None or node.of.name not in WITHOUT_WEIGHTS or not isinstance(node.stored, dict):
            continue
        if node.is_activation and "module" not in node.stored and node.site.stock:
            yield update(steps, IN_LAYERS, f"module 'keras.layers' added to {node.of.name}")


MODERNIZE: Final = make_repair(
    "modernize",
    keywords.drop_keywords,
    _replace_thresholds,
    _rename_activations,
    _add_modules,
    keywords.drop_trainable,
    keywords.drop_initializer_dtypes,
    keywords.drop_build_shapes,
    keywords.unpack_axes,
    keywords.unpack_policies,
    keywords.complete_grus,
    removes="what Keras 1 and 2 wrote and Keras 3 refuses",
)
"""The repair."""
