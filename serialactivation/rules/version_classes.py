"""What there is to say of the classes, functions and names in a config: whether a Keras has them. Keras-free."""

from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.classes import NAMED, find_name
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import COMPILE_CONFIG, TRAINING_CONFIG
from serialactivation.files.printable import cut
from serialactivation.rules.version_rules import (
    BACKENDS_OPTIMIZER,
    CODE_ELSEWHERE,
    NEWER_IN_TRAINING,
    NO_KERAS3_CONFIG,
    NOT_KNOWN,
    OPERATION,
    SHORT_NAME,
    UNKNOWN_NAME,
    Issue,
    check_span,
    make_issue,
    show,
)
from serialactivation.tree.activations import is_lambda
from serialactivation.tree.classes import KERAS, is_operation
from serialactivation.tree.objects import Thing
from serialactivation.typing import JSON

__all__ = ["CHOSEN", "check_class", "check_code", "check_form", "check_function", "check_name"]

CHOSEN: Final = ("acc", "accuracy", "ce", "crossentropy")
"""Names of metrics that are read by what they are used with, and so have no object of their own."""


def check_class(thing: Thing, target: str) -> Iterator[Issue]:
    """Yield what there is to say of an object's class."""
    if thing.of is None or thing.is_activation:
        return
    of, signature = thing.of, thing.of.signature
    if signature is not None:
        yield from check_span(thing, signature.owner, signature.since, signature.until, target)
        if of.backend is not None and of.package == KERAS:
            evidence = f"it names the {of.name} of Keras for {of.backend}, which is loaded only where that is installed"
            yield make_issue(thing, BACKENDS_OPTIMIZER, evidence)
    elif of.package not in (KERAS, PACKAGE, None):
        yield make_issue(thing, NOT_KNOWN, f"{cut(of.name)} is a class of {show(of.package)}")
    elif is_operation(thing.stored, of.name, thing.place.hint):
        yield make_issue(thing, OPERATION, f"{cut(of.name)} is an operation, and is looked for among the layers")
    elif of.package != PACKAGE:
        yield make_issue(thing, NOT_KNOWN, f"{cut(of.name)} is no class of Keras that is known")


def check_form(thing: Thing) -> Iterator[Issue]:
    """Yield what there is to say of an object whose config is none: Keras 1 wrote the layers of a model as a list."""
    inner = thing.stored.get("config") if isinstance(thing.stored, dict) else None
    if thing.of is not None and not isinstance(inner, dict | None):
        yield make_issue(
            thing,
            NO_KERAS3_CONFIG,
            f"the config of {cut(thing.of.name)} is {show(inner)}, and no config of Keras 3",
        )


def check_function(thing: Thing, target: str) -> Iterator[Issue]:
    """Yield what there is to say of a function."""
    if not isinstance(thing.stored, dict) or thing.stored.get("class_name") != "function" or thing.is_activation:
        return
    name = thing.stored.get("config")
    module = thing.place.hint or _find_module(name)
    span = find_name(module, name) if isinstance(name, str) and module is not None else None
    if span is None:
        yield make_issue(thing, UNKNOWN_NAME, f"{show(name)} is no function of Keras that is known")
    else:
        yield from check_span(thing, f"{name!r} of keras.{module}", *span, target)


def _find_module(name: JSON) -> str | None:
    return next((module for module in NAMED if isinstance(name, str) and find_name(module, name)), None)


def check_name(thing: Thing, target: str) -> Iterator[Issue]:
    """Yield what there is to say of an object that is stored by a name alone."""
    name, module, steps = thing.stored, thing.place.hint, thing.place.steps
    if not isinstance(name, str) or module not in NAMED or name in CHOSEN or thing.is_activation:
        return
    span = find_name(module, name)
    if span is None:
        yield make_issue(thing, UNKNOWN_NAME, f"{show(name)} is no name in keras.{module} that is known")
    elif COMPILE_CONFIG in steps or TRAINING_CONFIG in steps:
        yield from _check_trained(thing, name, module, span[0], target)
    else:
        yield from check_span(thing, f"{name!r} of keras.{module}", *span, target)


def _check_trained(thing: Thing, name: str, module: str, since: str, target: str) -> Iterator[Issue]:
    """Yield what there is to say of a loss's or a metric's name, which Keras keeps until it trains."""
    if is_newer(since, target):
        evidence = f"{name!r} of keras.{module} is in Keras since {since}: Keras {target} cannot train with it"
        yield make_issue(thing, NEWER_IN_TRAINING, evidence)
    elif TRAINING_CONFIG in thing.place.steps and module in ("losses", "metrics"):
        span = find_name(f"training.{module}", name)
        if span is None or is_newer(span[0], target):
            yield make_issue(thing, SHORT_NAME, f"{name!r} is a short name, which Keras does not find in an HDF5 file")


def check_code(thing: Thing) -> Iterator[Issue]:
    """Yield what there is to say of code, other than an activation's."""
    if is_lambda(thing.stored) and not thing.is_activation:
        yield make_issue(thing, CODE_ELSEWHERE, "it is code, which Keras runs only with safe_mode=False")
