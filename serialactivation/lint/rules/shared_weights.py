"""The finding on one activation with weights that is given to several layers of a model: SA416. Keras-free."""

import ast
from collections.abc import Iterable, Iterator

from serialactivation.catalog.layer_kinds import WITH_WEIGHTS
from serialactivation.lint.make_finding import make_given_finding
from serialactivation.rules.finding import Finding
from serialactivation.syntax.layer_calls import Given
from serialactivation.syntax.module import Module
from serialactivation.syntax.one_model import Models

__all__ = ["find_shared_findings"]


def find_shared_findings(module: Module, every: Iterable[Given]) -> Iterator[Finding]:
    """Yield a finding for each activation with weights that several layers of one Keras model are given.

    Args:
        module: The module.
        every: All activations that its layers are given.
    """
    holders: dict[ast.Call, list[Given]] = {}
    for given in every:
        made = module.names.meaning(given.node) if isinstance(given.node, ast.Name) and given.stock else None
        if isinstance(made, ast.Call) and _has_weights(module, made) and _is_made_in_scope_of(module, made, given):
            holders.setdefault(made, []).append(given)
    models = Models(module) if holders else None
    for made, givens in holders.items():
        calls = list(dict.fromkeys(given.call for given in givens))
        if models is not None and len(calls) > 1 and models.are_in_one_model(calls):
            evidence = f"one {ast.unparse(made.func)} is given to {len(calls)} layers, but its weights are saved once"
            yield make_given_finding(module, givens[-1], "SA416", evidence)


def _has_weights(module: Module, made: ast.Call) -> bool:
    package, _, name = (module.names.callee(made) or "").rpartition(".")
    return package == "keras.layers" and WITH_WEIGHTS.fullmatch(name) is not None


def _is_made_in_scope_of(module: Module, made: ast.Call, given: Given) -> bool:
    """Return whether an activation is made in the same scope as the layer, so that a model has only one of it."""
    return module.names.scopes.of[made] is module.names.scopes.of[given.call]
