"""The rules on the axes of layers in HDF5 files, which Keras loses when it reads them. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.rules.issue import Issue, make_issue, show
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.built import is_built
from serialactivation.tree.lost_axes import loses_axis
from serialactivation.tree.nodes import Node

__all__ = ["AXES", "check_axis"]

_CURE: Final = "Let serialactivation repair write the module of the layer, with which Keras reads its axis."
_WHY: Final = (
    "Keras takes the axis of a layer out of an HDF5 file, and puts back only a single one: the layer gets its default "
    "axis, the last one."
)

LOST_AXIS: Final = Rule(
    code="SA251",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="axis",
    advice=("save the model as .keras",),
    meaning="A layer in an HDF5 file has several axes, or none, which Keras loses: its weights have another shape.",
    why=_WHY,
    example='"axis": [1, 2] of a LayerNormalization, in an .h5 file',
    cure=_CURE,
)

OTHER_AXIS: Final = LOST_AXIS._replace(
    code="SA252",
    verdict=Verdict.OTHERWISE,
    meaning="A layer in an HDF5 file has several axes, or none, which Keras loses: it computes something else.",
    example='"axis": [1, 2] of a Softmax, in an .h5 file',
)

UNSURE_AXIS: Final = LOST_AXIS._replace(
    code="SA253",
    severity=Severity.WARNING,
    verdict=Verdict.NOT_KNOWN,
    meaning="The target Keras loses the axis of a layer in an HDF5 file: unless it is the last one, the model fails.",
    why=f"{_WHY} Before Keras 3.9, it puts back no number at all. The file does not say how many axes there are.",
    example='"axis": 1 of a Concatenate, in an .h5 file, with --target-keras 3.8',
)

AXES: Final = (LOST_AXIS, OTHER_AXIS, UNSURE_AXIS)
"""The rules on axes, in the order of their codes."""


def check_axis(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issue with a layer whose axis Keras loses."""
    if loses_axis(node, target):
        axis = node.config["axis"]
        evidence = f"from an HDF5 file, Keras {target} reads it without its axis {show(axis)}, and takes the last one"
        yield make_issue(node, _find_rule(node), evidence, inner=("config", "axis"))


def _find_rule(node: Node) -> Rule:
    config, name = node.config, "" if node.of is None else node.of.name
    if isinstance(config["axis"], int | float) or config.get("mean") is not None:
        return UNSURE_AXIS
    is_plain = name == "LayerNormalization" and not config.get("scale", True) and not config.get("center", True)
    has_weights = name in ("LayerNormalization", "Normalization", "RMSNormalization") and not is_plain
    return LOST_AXIS if has_weights and is_built(node) else OTHER_AXIS
