"""The checks of the values of arguments: whether the class of a layer takes them. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.stored_axis import read_config
from serialactivation.catalog.values.argument_values import find_demands
from serialactivation.catalog.values.usual_values import BACKENDS, find_usual, is_plain_shape, is_shape
from serialactivation.catalog.values.value_kinds import takes
from serialactivation.catalog.versions import is_newer
from serialactivation.rules.issue import Issue, make_issue, show
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.activations import is_lambda
from serialactivation.tree.built import is_built
from serialactivation.tree.classes import KERAS
from serialactivation.tree.nodes import Node
from serialactivation.typing import JSON

__all__ = ["VALUES", "check_values"]

REFUSED_VALUE: Final = Rule(
    code="SA234",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="modernize optimizer",
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

UNUSUAL_VALUE: Final = Rule(
    code="SA254",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    advice=("correct it where the model is made, and save the model again",),
    meaning="An argument holds a value of a type that Keras does not write: what a load makes of it is not known.",
    why="The config was written or changed by hand or by another program. Keras does not look at every value when it "
    "makes a layer: some are taken, and some fail later.",
    example='"use_bias": "yes" of a Dense, or a text in the shape of a build_config',
    cure="Correct the value where the model is made, and save the model again.",
)

ONE_BACKEND: Final = Rule(
    code="SA255",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    meaning="An argument needs what some backends of Keras do not have: they refuse the model.",
    why="Only TensorFlow has ragged tensors and synchronized BatchNormalization, and PyTorch has no sparse tensors.",
    example='"ragged": true of an InputLayer',
    cure="Load the model with a backend that has it.",
)

VALUES: Final = (REFUSED_VALUE, UNUSABLE_VALUE, UNUSUAL_VALUE, ONE_BACKEND)
"""The rules on values, in the order of their codes."""

_LAYERS: Final = "keras.layers."
_PLACES: Final = ("keras.layers.", "keras.dtype_policies.", "keras.optimizers.")
_USUAL_PLACES: Final = (*_PLACES, "keras.initializers.", "keras.regularizers.")
_BUILT_WITH: Final = ("input_shape", "shapes_dict")
_SHAPES: Final = ("batch_input_shape", "batch_shape", "input_shape", "input_tensor", "shape")


def check_values(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with the values that an object of Keras is stored with."""
    signature = node.of.signature if node.of is not None and node.of.package == KERAS else None
    if signature is None or not signature.owner.startswith(_USUAL_PLACES):
        return
    if signature.owner == "keras.layers.InputLayer" and all(node.config.get(name) is None for name in _SHAPES):
        yield make_issue(node, REFUSED_VALUE, f"{signature.owner} has no shape")
    for name, value in read_config(node.stored, target).items():
        if name in signature.keywords and not is_lambda(value):
            yield from _check_value(node, signature.owner, name, value, target)
    yield from _check_bins(node, signature.owner, target)
    if signature.owner == _SCALING and not node.config.get("dynamic", True):
        yield make_issue(node, REFUSED_VALUE, f"{signature.owner} has a scale that does not change")
    yield from _check_shapes(node)


_SCALING: Final = "keras.optimizers.LossScaleOptimizer"

_BINS_SINCE: Final = "3.15"
"""The first Keras that certainly refuses neither bins nor boundaries."""
_EITHER_UNTIL: Final = "3.6"
"""The last Keras that certainly refuses bins and boundaries that do not fit; newer ones take the boundaries."""


def _check_bins(node: Node, owner: str, target: str) -> Iterator[Issue]:
    """Yield the issue with a ``Discretization`` that is stored with another number of bins than of boundaries."""
    bins, boundaries = node.config.get("num_bins"), node.config.get("bin_boundaries")
    is_empty = bins is None and boundaries is None
    if owner == "keras.layers.Discretization" and is_empty and not is_newer(_BINS_SINCE, target):
        yield make_issue(node, REFUSED_VALUE, f"{owner} has neither num_bins nor bin_boundaries")
    if owner != "keras.layers.Discretization" or is_newer(target, _EITHER_UNTIL):
        return
    if isinstance(bins, int | float) and isinstance(boundaries, list) and len(boundaries) != bins - 1:
        evidence = f"{owner} has num_bins={bins} and {len(boundaries)} boundaries, of which {bins - 1} would fit"
        yield make_issue(node, REFUSED_VALUE, evidence, inner=("config", "num_bins"))


def _check_value(node: Node, owner: str, name: str, value: JSON, target: str) -> Iterator[Issue]:
    """Yield the first issue with the value of one argument."""
    class_name, inner = owner.rpartition(".")[2], ("config", name)
    for demand in find_demands(class_name, name) if owner.startswith(_PLACES) else ():
        if demand.is_in_force(target) and demand.refuses(value):
            is_made = demand.is_made or (demand.is_for_build and not is_built(node))
            evidence = f"{owner}({name}={show(value)}): {name!r} takes {demand.label}"
            yield make_issue(node, UNUSABLE_VALUE if is_made else REFUSED_VALUE, evidence, inner=inner)
            return
    usual = find_usual(class_name, name)
    if usual and not takes(usual, value):
        evidence = f"{owner}({name}={show(value)}): Keras writes {', or '.join(kind.label for kind in usual)}"
        yield make_issue(node, UNUSUAL_VALUE, evidence, inner=inner)
    elif value and (class_name, name) in BACKENDS and not _is_newer_keyword(node, name, target):
        backends = BACKENDS[class_name, name]
        evidence = f"{owner}({name}={show(value)}) is only for {backends}"
        yield make_issue(node, ONE_BACKEND, evidence, inner=inner, cure=f"load it with {backends}")


def _is_taken(key: str, value: JSON, *, is_of_layer: bool) -> bool:
    """Return whether an object may be built with a value: a layer that is no model takes a shape, or a list of them."""
    if not is_of_layer or key != _BUILT_WITH[0]:
        return value is None or is_shape(value)
    return is_plain_shape(value) or (isinstance(value, list) and all(map(is_plain_shape, value)))


def _is_newer_keyword(node: Node, name: str, target: str) -> bool:
    """Return whether Keras *target* does not have an argument."""
    signature = None if node.of is None else node.of.signature
    newer = None if signature is None else signature.newer.get(name)
    return newer is not None and is_newer(newer.since, target)


def _check_shapes(node: Node) -> Iterator[Issue]:
    """Yield the issue with the shapes that an object is built with, if they are none."""
    built = node.stored.get("build_config") if isinstance(node.stored, dict) else None
    if not built or isinstance(built, int | float):
        return
    shapes = {key: built[key] for key in _BUILT_WITH if key in built} if isinstance(built, dict) else {}
    is_of_layer = node.of is not None and node.of.owner.startswith(_LAYERS)
    if not shapes or not all(_is_taken(key, value, is_of_layer=is_of_layer) for key, value in shapes.items()):
        evidence = f"its build_config is {show(built)}, which has no shape"
        yield make_issue(node, UNUSUAL_VALUE, evidence, inner=("build_config",))
