"""The checks of the values of arguments: whether the class of a layer takes them. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.argument_values import find_demands
from serialactivation.catalog.stored_axis import read_config
from serialactivation.rules.issue import Issue, make_issue, show
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.activations import is_lambda
from serialactivation.tree.built import is_built
from serialactivation.tree.classes import KERAS
from serialactivation.tree.nodes import Node

__all__ = ["VALUES", "check_values"]

REFUSED_VALUE: Final = Rule(
    code="SA234",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="modernize",
    advice=("correct it where the model is made, and save the model again",),
    meaning="An argument of a layer holds a value of a type or a size that the layer refuses.",
    why="The config was written or changed by hand or by another program, or by a Keras that took such a value.",
    example='"units": "4" of a Dense',
    cure="Correct the value where the model is made, and save the model again, or load the model with the Keras that "
    "wrote it.",
)

UNUSABLE_VALUE: Final = Rule(
    code="SA235",
    severity=Severity.ERROR,
    verdict=Verdict.UNCALLABLE,
    advice=("correct it where the model is made, and save the model again",),
    meaning="An argument of a layer holds a value with which no call of the layer works.",
    why="The layer does not look at the value when it is made, and computes with it when it is called.",
    example='"epsilon": "small" of a LayerNormalization',
    cure="Correct the value where the model is made, and save the model again.",
)

VALUES: Final = (REFUSED_VALUE, UNUSABLE_VALUE)
"""The rules on values, in the order of their codes."""

_PLACES: Final = ("keras.layers.", "keras.dtype_policies.", "keras.optimizers.")
_SHAPES: Final = ("batch_input_shape", "batch_shape", "input_shape", "input_tensor", "shape")


def check_values(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with the values that a layer of Keras is stored with."""
    signature = node.of.signature if node.of is not None and node.of.package == KERAS else None
    if signature is None or not signature.owner.startswith(_PLACES):
        return
    class_name = signature.owner.rpartition(".")[2]
    if class_name == "InputLayer" and all(node.config.get(name) is None for name in _SHAPES):
        yield make_issue(node, REFUSED_VALUE, f"{signature.owner} has no shape")
    for name, value in read_config(node.stored, target).items():
        if name not in signature.keywords or is_lambda(value):
            continue
        for demand in find_demands(class_name, name):
            if demand.is_in_force(target) and demand.refuses(value):
                is_made = demand.is_made or (demand.is_for_build and not is_built(node))
                rule = UNUSABLE_VALUE if is_made else REFUSED_VALUE
                evidence = f"{signature.owner}({name}={show(value)}): {name!r} takes {demand.label}"
                yield make_issue(node, rule, evidence, inner=("config", name))
                break
