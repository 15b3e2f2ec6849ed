"""The finding on a layer class that is not registered: SA411. Keras-free."""

import re
from collections.abc import Iterator
from typing import Final

from serialactivation.lint.edits import register
from serialactivation.lint.make_finding import make_source_finding
from serialactivation.rules.finding import Finding
from serialactivation.syntax.classes.constructor import find_arguments
from serialactivation.syntax.classes.layer_classes import LayerClass
from serialactivation.syntax.module import Module

__all__ = ["find_registration_findings"]

_FOR_OTHERS: Final = re.compile(r"_.*|(Base|Abstract)[A-Z].*|.*(Base|Mixin)")
"""The names of classes that are meant as base classes, and are not used in models themselves."""


def find_registration_findings(module: Module, layer: LayerClass) -> Iterator[Finding]:
    """Yield a finding if *layer* is not registered, and takes activations."""
    if layer.registered or layer.has_children or _FOR_OTHERS.fullmatch(layer.node.name):
        return
    if module.passes_custom_objects or module.is_keras_itself:
        return
    arguments = find_arguments(layer)
    if arguments:
        evidence = f"it takes {arguments[0].name!r}, but is not registered"
        edits = register(module, layer.node)
        yield make_source_finding(module, "SA411", layer.node, layer.node.name, evidence, edits)
