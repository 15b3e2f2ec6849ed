"""The rules on the shapes that the layers of a model are given: which ones Keras refuses. Keras-free."""

from collections.abc import Iterable, Iterator
from typing import Final

from serialactivation.rules.configs.graphs import BROKEN_GRAPH
from serialactivation.rules.configs.values import UNUSUAL_VALUE
from serialactivation.rules.files.variables import LayerFault, make_layer_findings
from serialactivation.rules.finding import Finding
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.variables.table import Builder
from serialactivation.typing import JSON

__all__ = ["SHAPES", "find_odd_values", "find_shape_faults"]

_CORRECT: Final = "correct it where the model is made, and save the model again"

REFUSED_SHAPE: Final = Rule(
    code="SA245",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=(_CORRECT,),
    meaning="A layer is given a shape that it refuses: what the layers before it return does not fit it.",
    why="load_model calls each layer of a model with the shapes of its inputs, and a layer refuses what it cannot "
    "compute with. The config was written or changed by hand or by another program.",
    example="a Conv2D with a kernel of 5 after an input of the shape (4, 4, 3)",
    cure="Correct the layers where the model is made, and save the model again.",
)

UNUSABLE_SHAPE: Final = Rule(
    code="SA246",
    severity=Severity.ERROR,
    verdict=Verdict.UNCALLABLE,
    advice=(_CORRECT,),
    meaning="A layer is given a shape with which every call of it fails, and which it checks only in a call.",
    why="Some layers look at their shapes only when they compute. load_model makes such a model, and the first call of "
    "it fails. The config was written or changed by hand or by another program.",
    example='"axis": 3 of a Softmax that is given the shape (5, 3)',
    cure=REFUSED_SHAPE.cure,
)

SHAPES: Final = (REFUSED_SHAPE, UNUSABLE_SHAPE)
"""The rules on shapes, in the order of their codes."""


def find_shape_faults(config: JSON, builder: Builder, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the finding on the first layer that refuses its shape, if there is one.

    Args:
        config: The config of the model.
        builder: What has built the model.
        found: What was found before. A call that is refused for its arguments is not refused again for their shapes.
    """
    refused = [finding.location for finding in found if finding.rule is BROKEN_GRAPH]
    for one in builder.unfit[:1]:  # Keras does not come to another one
        rule = UNUSABLE_SHAPE if one.is_made else REFUSED_SHAPE
        for finding in make_layer_findings(config, iter([LayerFault(rule, one.stored, one.evidence)]), _CORRECT):
            if not any(location[: len(finding.location)] == finding.location for location in refused):
                yield finding


def find_odd_values(config: JSON, builder: Builder) -> Iterator[Finding]:
    """Yield the finding on the first layer of which the shape depends on a value that Keras does not write."""
    for stored, name in builder.odd[:1]:
        evidence = f"its argument {name!r} has a value with which the shape of what it returns is not known"
        yield from make_layer_findings(config, iter([LayerFault(UNUSUAL_VALUE, stored, evidence)]), _CORRECT)
