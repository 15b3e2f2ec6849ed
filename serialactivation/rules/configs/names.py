"""The rules on names in a config, and the checks of them: functions, losses, metrics and code. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog import keras2
from serialactivation.catalog.classes import NAMED, find_name
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import COMPILE_CONFIG, TRAINING_CONFIG
from serialactivation.rules.configs.classes import GONE, NEWER_CLASS, NOT_KNOWN, check_span
from serialactivation.rules.issue import Issue, NodeCheck, make_issue, show
from serialactivation.rules.provided import cure_for_name
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.activations import is_lambda
from serialactivation.tree.nodes import Node
from serialactivation.typing import JSON

__all__ = ["CHOSEN", "NAMES", "NAME_CHECKS"]

SHORT_NAME: Final = Rule(
    code="SA207",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="respell",
    advice=("serialactivation repair FILE -o OUT", "or load it with compile=False"),
    meaning="A loss or a metric is stored by a short name, which Keras 3 does not find when it reads an HDF5 file.",
    why="When Keras 3 reads an HDF5 file, it looks up the name that compile was given, such as mse, among its public "
    "functions, which have long names, such as mean_squared_error. In a .keras file, Keras 3 reads the short "
    "names too.",
    example='"loss": "mse" in the attribute training_config of an .h5 file',
    cure="Write the full name of the loss with serialactivation repair, or load the file with compile=False.",
)

UNKNOWN_NAME: Final = Rule(
    code="SA212",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    meaning="A function, a loss, an initializer or the like is stored by a name that is not a known name of Keras.",
    why="Other code registers the name, or it comes from Keras 2 or from a newer Keras.",
    example='"kernel_initializer": "mine"',
    cure="Import the module that registers the name, and load the model with the target Keras. If your project "
    "registers it, name it with --known, or in the setting known.",
    part_of=NOT_KNOWN.code,
)

NEWER_IN_TRAINING: Final = Rule(
    code="SA214",
    severity=Severity.NOTE,
    verdict=Verdict.LOADS,
    advice=("train it with Keras {since} or newer, or compile it with another loss or metric",),
    meaning="The model is compiled with a loss or metric that only a newer Keras has: it loads, but cannot be trained.",
    why="Keras looks the name up only when it trains the model. The model therefore loads.",
    example='"loss": "circle", with --target-keras 3.6',
    cure="Train the model with a Keras that has the loss or metric, or compile it again with another one.",
    part_of=NOT_KNOWN.code,
)

CODE_ELSEWHERE: Final = Rule(
    code="SA215",
    severity=Severity.NOTE,
    verdict=Verdict.NOT_KNOWN,
    advice=("write a layer of your own in its place, and register it",),
    meaning="A part of the model other than an activation is code, which Keras runs only with safe_mode=False.",
    why="A loss or a layer, such as Lambda, was given a lambda, and Keras stored its bytecode.",
    example='"function": {"class_name": "__lambda__", "config": {...}}',
    cure="Write a layer of your own in its place, register it, and save the model again.",
    part_of=NOT_KNOWN.code,
)

NO_TRAINING: Final = Rule(
    code="SA233",
    severity=Severity.NOTE,
    verdict=Verdict.LOADS,
    repair="loss",
    advice=("register it before the model is trained, or compile the model with another loss or metric",),
    meaning="The model is compiled with a loss or metric that Keras does not have by its name: it cannot be trained.",
    why="Keras looks the name up only when it trains the model. The model therefore loads. Other code registers the "
    "name, or it comes from Keras 2.",
    example='"loss": "my_loss" in the compile_config of a .keras file',
    cure="Register the function under that name before you train the model, or compile it again.",
    part_of="SA212",
)


NAMES: Final = (
    SHORT_NAME,
    UNKNOWN_NAME,
    NEWER_IN_TRAINING,
    CODE_ELSEWHERE,
    NO_TRAINING,
)
"""The rules on names, in the order of their codes."""

CHOSEN: Final = ("acc", "accuracy", "ce", "crossentropy")
"""Names of metrics whose meaning depends on the model, so that no object has the name."""


def _check_function(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with a function."""
    if not isinstance(node.stored, dict) or node.stored.get("class_name") != "function" or node.is_activation:
        return
    name = node.stored.get("config")
    module = node.hint or _find_module(name)
    span = find_name(module, name) if isinstance(name, str) and module is not None else None
    if span is None:
        needs = name if isinstance(name, str) else ""
        cure = cure_for_name(needs) if needs else None
        yield make_issue(node, UNKNOWN_NAME, f"{show(name)} is not a known function of Keras", cure=cure, needs=needs)
    else:
        yield from check_span(node, f"{name!r} of keras.{module}", *span, target)


def _find_module(name: JSON) -> str | None:
    return next((module for module in NAMED if isinstance(name, str) and find_name(module, name)), None)


def _check_name(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with an object that is stored as a name."""
    name, module = node.stored, node.hint
    if not isinstance(name, str) or module not in NAMED or name in CHOSEN or node.is_activation:
        return
    span = find_name(module, name)
    if name in keras2.LOSSES and node.steps == (TRAINING_CONFIG, "loss"):
        evidence = f"{name!r} is a loss of Keras 2, which Keras 3 does not have by that name"
        yield make_issue(node, GONE, evidence, until=keras2.LAST)
    elif span is None and _is_looked_up_late(node):
        evidence = f"{show(name)} is not a known name in keras.{module}, which Keras looks up when it trains"
        yield make_issue(node, NO_TRAINING, evidence, needs=name)
    elif span is None:
        evidence = f"{show(name)} is not a known name in keras.{module}"
        yield make_issue(node, UNKNOWN_NAME, evidence, cure=cure_for_name(name), needs=name)
    elif not {COMPILE_CONFIG, TRAINING_CONFIG}.isdisjoint(node.steps):
        yield from _check_trained(node, name, module, span[0], target)
    else:
        yield from check_span(node, f"{name!r} of keras.{module}", *span, target)


def _is_looked_up_late(node: Node) -> bool:
    """Return whether a name is that of a loss or a metric that Keras looks up when it trains, and not in a load."""
    is_of_training = not {COMPILE_CONFIG, TRAINING_CONFIG}.isdisjoint(node.steps)
    is_whole_loss = node.steps == (TRAINING_CONFIG, "loss")
    is_late = not is_whole_loss and node.key not in ("metrics", "weighted_metrics")
    return node.hint in ("losses", "metrics") and is_of_training and is_late


def _check_trained(node: Node, name: str, module: str, since: str, target: str) -> Iterator[Issue]:
    """Yield the issues with the name of a loss or a metric: Keras looks it up when it trains, or loads an HDF5 file."""
    is_looked_up = TRAINING_CONFIG in node.steps and module in ("losses", "metrics")
    span = find_name(f"training.{module}", name) if is_looked_up else None
    if is_newer(since, target):
        evidence = f"{name!r} of keras.{module} was added in Keras {since}: Keras {target} cannot train with it"
        yield make_issue(node, NEWER_CLASS if is_looked_up else NEWER_IN_TRAINING, evidence, since=since)
    elif is_looked_up and (span is None or is_newer(span[0], target)):
        yield make_issue(node, SHORT_NAME, f"{name!r} is a short name, which Keras does not find for an HDF5 file")


def _check_code(node: Node, _: str) -> Iterator[Issue]:
    """Yield an issue for the code of a function that is not an activation."""
    if is_lambda(node.stored) and not node.is_activation:
        yield make_issue(node, CODE_ELSEWHERE, "it is code, which Keras runs only with safe_mode=False")


NAME_CHECKS: Final[tuple[NodeCheck, ...]] = (_check_code, _check_function, _check_name)
"""The checks, in the order of their findings."""
