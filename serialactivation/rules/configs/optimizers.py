"""The check of optimizers of Keras that Keras 2 stored as registered classes. Keras-free.

Source:
    ``compile_args_from_training_config`` and ``_resolve_compile_arguments_compat`` of
    ``keras/src/legacy/saving/saving_utils.py``, Keras 3.6 to 3.15: an optimizer of an HDF5 file whose class Keras does
    not have is made anew by its name, with the default settings.
"""

from collections.abc import Iterator
from typing import Final, cast

from serialactivation.catalog.classes import find_name
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import TRAINING_CONFIG
from serialactivation.rules.configs.training_rules import DEFAULT_SETTINGS, REGISTERED_OPTIMIZER, find_own_optimizer
from serialactivation.rules.issue import Issue, make_issue
from serialactivation.tree.nodes import Node
from serialactivation.typing import Config

__all__ = ["check_own_optimizer"]

_STRICT: Final = "3.15"
"""The first Keras that refuses a registered name for one of its own classes."""


def check_own_optimizer(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issue with an optimizer of Keras that is stored as a registered class."""
    name = find_own_optimizer(node)
    if name is None:
        return
    stored = cast("Config", node.stored)
    is_named, is_hdf5 = stored["class_name"] == name, TRAINING_CONFIG in node.steps
    if is_named and stored.get("module") is not None and (is_hdf5 or is_newer(_STRICT, target)):
        return  # its class is found by its name
    evidence = f"Custom>{name} is the {name} of Keras"
    again = str(node.config.get("name"))
    if is_hdf5 and not is_named and stored.get("module", "") is not None and find_name("optimizers", again):
        evidence = f"{evidence}, which Keras 3 replaces with {again} with default settings"
        yield make_issue(node, DEFAULT_SETTINGS, evidence)
    else:
        yield make_issue(node, REGISTERED_OPTIMIZER, evidence)
