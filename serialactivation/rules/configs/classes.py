"""The checks of classes, functions and names in a config: whether the target Keras has them. Keras-free."""

from collections.abc import Iterator
from typing import Final, cast

from serialactivation.catalog import keras2
from serialactivation.catalog.classes import MODULES, NAMED, find_name
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import COMPILE_CONFIG, TRAINING_CONFIG
from serialactivation.files.printable import cut
from serialactivation.rules.configs.target_rules import (
    BACKENDS_OPTIMIZER,
    CODE_ELSEWHERE,
    GONE,
    NEWER_CLASS,
    NEWER_IN_TRAINING,
    NO_KERAS3_CONFIG,
    NO_SUCH_CLASS,
    NOT_KNOWN,
    OPERATION,
    SHORT_NAME,
    UNKNOWN_NAME,
    UNNAMED_MODULE,
)
from serialactivation.rules.configs.training_rules import NO_TRAINING, find_own_optimizer
from serialactivation.rules.issue import Issue, NodeCheck, make_issue, show
from serialactivation.rules.provided import cure_for_class, cure_for_name, find_needed_class
from serialactivation.rules.provided_rules import PROGRAM_CLASS
from serialactivation.tree.activations import is_lambda
from serialactivation.tree.classes import KERAS, Class, is_of_program, is_operation
from serialactivation.tree.nodes import Node
from serialactivation.tree.stand_ins import find_stand_in
from serialactivation.typing import JSON, Config

__all__ = ["CHOSEN", "CLASS_CHECKS"]

_MODELS: Final = "keras.models."
_STRICT: Final = "3.15"
"""The first Keras that does not take an empty list, or zero, for an empty config of another object than a model."""

_INNER: Final = ("backward_layer", "cell", "cells", "layer")

CHOSEN: Final = ("acc", "accuracy", "ce", "crossentropy")
"""Names of metrics whose meaning depends on the model, so that no object has the name."""


def _check_class(node: Node, target: str) -> Iterator[Issue]:
    """Yield the issues with an object's class."""
    if node.of is None or (node.is_activation and not _is_missing(node.of)) or find_own_optimizer(node) is not None:
        return
    of, signature = node.of, node.of.signature
    if find_stand_in(node, target) is not None:
        return  # which another check looks at
    if signature is not None:
        if _is_inside(node) and "module" not in cast("Config", node.stored):
            yield make_issue(node, UNNAMED_MODULE, f"{cut(of.name)} stands inside another layer without its module")
        yield from _check_span(node, signature.owner, signature.since, signature.until, target)
        if of.backend is not None and of.package == KERAS:
            evidence = (
                f"it names the class {of.name} for {of.backend}, which loads only where {of.backend} is installed"
            )
            yield make_issue(node, BACKENDS_OPTIMIZER, evidence)
    elif of.package not in (KERAS, PACKAGE, None, keras2.PACKAGE):
        yield _find_provided(node, of, f"is a class of {show(of.package)}")
    elif is_operation(node.stored, of.name, node.hint):
        yield make_issue(node, OPERATION, f"{cut(of.name)} is an operation, but Keras looks for it among the layers")
    elif of.package != PACKAGE:
        yield _find_missing(node, of)


def _is_inside(node: Node) -> bool:
    """Return whether an object is a layer in an argument of another layer, where Keras looks for no class by itself."""
    place = node.parent if isinstance(node.key, int) and node.parent is not None else node
    return place.key in _INNER and place.parent is not None and place.parent.key == "config"


def _find_missing(node: Node, of: Class) -> Issue:
    """Return the issue with a class that the catalog does not have: Keras 3 certainly lacks it, or it may be known."""
    stored = cast("Config", node.stored)
    module = str(stored.get("module") or "")
    public = module.removeprefix(f"{KERAS}.")
    if of.package is not None and ">" not in of.name and keras2.is_gone_class(_find_home(node, public), of.name):
        return make_issue(
            node, GONE, f"{of.name} is a class of Keras 2, which Keras 3 does not have", until=keras2.LAST
        )
    if module and (public in MODULES or keras2.is_gone_module(module)):
        return make_issue(node, NO_SUCH_CLASS, f"Keras 3 has no {cut(module)}.{cut(of.name)}")
    return _find_provided(node, of, "is not a known class of Keras")


def _is_missing(of: Class) -> bool:
    """Return whether an activation names a class of Keras by its module that no known Keras has."""
    return of.package == KERAS and of.signature is None


def _find_provided(node: Node, of: Class, evidence: str) -> Issue:
    """Return the issue with a class that a program may provide: one of that program, or of another package."""
    stored = cast("Config", node.stored)
    rule, needs = NOT_KNOWN, find_needed_class(stored)
    if ">" not in needs and is_of_program(stored) and node.hint != "dtype_policies":
        rule, evidence = PROGRAM_CLASS, "is a class of the program that saved the model"
    return make_issue(node, rule, f"{cut(of.name)} {evidence}", cure=_suggest_load(node), needs=needs)


def _find_home(node: Node, public: str) -> str | None:
    """Return the module of Keras where the class of an object would be: where it stands decides over what it says."""
    if node.hint is not None:
        return node.hint
    return public if public in MODULES else None


def _suggest_load(node: Node) -> str | None:
    """Return a cure that makes an object's class known to a load, if it may be a user's class: Keras finds its own."""
    stored = node.stored
    if not isinstance(stored, dict) or node.hint == "dtype_policies":
        return None
    is_keras = str(stored.get("module") or "").partition(".")[0] == KERAS
    return None if is_keras else cure_for_class(stored)


def _check_form(node: Node, target: str) -> Iterator[Issue]:
    """Yield an issue if an object's config is not a dict: Keras 1 wrote the layers of a model as a list."""
    inner = node.stored.get("config") if isinstance(node.stored, dict) else None
    is_taken = not inner and is_newer(_STRICT, target) and not _is_model(node)
    if node.of is not None and not isinstance(inner, dict | None) and not is_taken:
        yield make_issue(
            node,
            NO_KERAS3_CONFIG,
            f"the config of {cut(node.of.name)} is {show(inner)}, which is not the form of Keras 3",
        )


def _is_model(node: Node) -> bool:
    return node.of is not None and node.of.owner.startswith(_MODELS)


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
        yield from _check_span(node, f"{name!r} of keras.{module}", *span, target)


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
        yield from _check_span(node, f"{name!r} of keras.{module}", *span, target)


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


def _check_span(node: Node, what: str, since: str, until: str | None, target: str) -> Iterator[Issue]:
    """Yield an issue if the target lacks *what*, which Keras has *since* one version *until* another (None: still)."""
    if is_newer(since, target):
        evidence = f"{what} was added in Keras {since}, and the target is Keras {target}"
        yield make_issue(node, NEWER_CLASS, evidence, since=since)
    elif until is not None and is_newer(target, until):
        yield make_issue(node, GONE, f"{what} is in Keras up to {until}, but not in Keras {target}", until=until)


CLASS_CHECKS: Final[tuple[NodeCheck, ...]] = (_check_code, _check_form, _check_class, _check_function, _check_name)
"""The checks, in the order of their findings."""
