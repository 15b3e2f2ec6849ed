"""The rule on models that Keras 1 wrote. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.keras1 import find_arguments
from serialactivation.rules.issue import Issue, make_issue
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.nodes import Node
from serialactivation.typing import JSON, Config

__all__ = ["OLDEST_FILES", "check_keras1"]

KERAS_1: Final = Rule(
    code="SA256",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("load it with Keras 2.0 to 2.3, and save it again, which repair can then fix",),
    meaning="A layer is stored with the arguments of Keras 1, which neither Keras 3 nor tf_keras reads.",
    why="Keras 2 renamed the arguments of its layers, such as output_dim to units and nb_filter to filters. Keras 2.0 "
    "to 2.3 read the old names too; nothing since does.",
    example='"output_dim": 3, "init": "glorot_uniform" of a Dense',
    cure="Load the model with Keras 2.0 to 2.3, save it again, and let serialactivation repair change what Keras 3 "
    "does not read of that.",
)

OLDEST_FILES: Final = (KERAS_1,)
"""The rules on the files of Keras 1."""


def check_keras1(node: Node, _: str) -> Iterator[Issue]:
    """Yield the issue with a layer, or with a bare list of layers, that has arguments of Keras 1."""
    inner = node.stored.get("config") if node.of is not None and isinstance(node.stored, dict) else None
    if isinstance(inner, list):
        names = [name for config in _find_configs(inner) for name in find_arguments(config, ())]
    else:
        signature = None if node.of is None else node.of.signature
        names = [] if signature is None else find_arguments(node.config, signature.keywords)
    if len(names) > 1:
        yield make_issue(node, KERAS_1, f"it has the arguments {', '.join(names[:4])} of Keras 1")


def _find_configs(layers: list[JSON]) -> Iterator[Config]:
    for layer in layers:
        inner = layer.get("config") if isinstance(layer, dict) else None
        if isinstance(inner, dict):
            yield inner
