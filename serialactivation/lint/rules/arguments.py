"""The findings on activations that are given to layers: SA407 to SA410, SA413 to SA416. Keras-free."""

import ast
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from serialactivation.catalog.functions import LIBRARIES, find_activation
from serialactivation.catalog.near_names import LAYER_NAMES, find_near_names
from serialactivation.catalog.versions import is_newer
from serialactivation.lint.make_finding import make_given_finding
from serialactivation.lint.rules.loaded_functions import FINDS_FUNCTIONS, comes_back, describe_load
from serialactivation.lint.rules.shared_weights import find_shared_findings
from serialactivation.rules.finding import Finding
from serialactivation.rules.source import RULES
from serialactivation.syntax.layer_calls import Given, find_given
from serialactivation.syntax.module import Module

__all__ = ["find_argument_findings"]

_FUNCTION: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_PARTIAL: Final = "functools.partial"

_OURS: Final = "Use the layer of the same name in serialactivation.layers, which stores it exactly."
_WITH_OPS: Final = (
    "Write a function of your own that uses keras.ops, put @keras.saving.register_keras_serializable() above it, "
    "and give that."
)

# Functions that compute on the processor, outside any backend.
_PLAIN: Final = re.compile(r"(numpy|math|scipy\.special)\.[a-z_]\w*")
_LAYER_CLASS: Final = re.compile(r"(keras|serialactivation)\.layers\.[A-Z]\w*")


def find_argument_findings(module: Module, target: str | None = None) -> Iterator[Finding]:
    """Yield the findings on the activations that are given to layers.

    Args:
        module: The module.
        target: The Keras that will load the models; None for the newest release.
    """
    every = list(find_given(module))
    finds_functions = target is not None and not is_newer(FINDS_FUNCTIONS, target)
    for given in every:
        yield from _GivenChecks(module, given, finds_functions).find()
    yield from find_shared_findings(module, every)


class _GivenChecks(NamedTuple):
    """The checks of an activation that a layer is given.

    Attributes:
        module: The module.
        given: The activation.
        finds_functions: Whether the Keras that will load the models looks for a function in its module.
    """

    module: Module
    given: Given
    finds_functions: bool

    def find(self) -> Iterator[Finding]:
        """Yield the findings on the activation."""
        names = self.module.names
        meaning = names.meaning(self.given.node)
        if not isinstance(meaning, ast.Call) or names.callee(meaning) != _PARTIAL:
            yield from self._check(meaning)
        elif not self.given.ours:
            yield self._report("SA409", "it is a functools.partial, which Keras cannot save")
        elif meaning.args:
            yield from self._check(names.meaning(meaning.args[0]))

    def _check(self, meaning: object) -> Iterator[Finding]:
        """Yield the findings on what the activation means, or on what it binds arguments of."""
        if isinstance(meaning, ast.Lambda):
            lost = self._lost("which Keras stores as bytecode, but refuses to load")
            yield self._report("SA407", f"it is a lambda, {lost}")
        elif isinstance(meaning, _FUNCTION):
            yield from self._check_definition(meaning)
        elif self._is_layer_class(meaning):
            name = ast.unparse(self.given.node)
            lost = self._lost("so each call creates a layer instead of computing an output")
            yield self._report("SA413", f"{name} is a class, {lost}", f"Call the class: activation={name}().")
        elif isinstance(meaning, ast.Constant) and isinstance(meaning.value, str):
            yield from self._check_name(meaning.value)
        elif isinstance(meaning, str) and _PLAIN.fullmatch(meaning):
            lost = self._lost("so backends cannot trace it, and Keras cannot save it")
            cure = _cure_outside_backend(meaning.rpartition(".")[2])
            yield self._report("SA415", f"{meaning} computes outside the backend, {lost}", cure)
        elif isinstance(meaning, str) and not self.given.ours:
            yield from self._check_library(meaning)

    def _lost(self, by_keras: str) -> str:
        """Return what becomes of an activation that our layers refuse, and Keras's lose as *by_keras* says."""
        return "which the layer refuses when it is created" if self.given.ours else by_keras

    def _is_layer_class(self, meaning: object) -> bool:
        if isinstance(meaning, ast.ClassDef):
            return meaning in self.module.layers
        return isinstance(meaning, str) and _LAYER_CLASS.fullmatch(meaning) is not None

    def _check_name(self, name: str) -> Iterator[Finding]:
        """Yield a finding for a name that Keras does not have; for our layers, only if it is that of a layer class."""
        if find_activation(name) is not None or (not self.given.stock and name not in LAYER_NAMES):
            return
        if self.module.passes_custom_objects:  # Keras 2 looked names up there
            return
        near = find_near_names(name)
        proposed = f"; similar names: {', '.join(near)}" if near else ""
        written = " or ".join(one if "." in one else repr(one) for one in near)
        cure = f"Write {written} if that was meant; otherwise pass the registered function itself." if near else None
        yield self._report("SA414", f"no activation is called {name!r}{proposed}", cure)

    def _check_definition(self, function: "ast.FunctionDef | ast.AsyncFunctionDef") -> Iterator[Finding]:
        """Yield a finding for a function of the module that nothing registers; an unknown decorator may register it."""
        if function.decorator_list or function in self.module.passed_on:
            return
        name, is_inner = function.name, not self.module.names.scopes.of[function].is_module
        if find_activation(name) is not None and not self.finds_functions:
            evidence = f"{name!r} is not registered, and Keras loads its own function of that name"
            yield self._report("SA410", evidence, RULES["SA408"].cure)
        elif not self.module.passes_custom_objects:
            what = "a function inside a function, and" if is_inner else "a function that"
            yield self._report("SA408", f"{name!r} is {what} is not registered")

    def _check_library(self, path: str) -> Iterator[Finding]:
        """Yield a finding for a function of Keras or of a backend that Keras loads as another one, or cannot load."""
        library, _, name = path.rpartition(".")
        function = LIBRARIES.get(library, {}).get(name)
        if library == "keras.activations" or function is None or comes_back(function, self.finds_functions):
            return
        known = find_activation(name)
        lost = "but keras.activations has no function of that name" if known is None else describe_load(library, name)
        evidence = f"Keras stores {path} as {name!r}, {lost}"
        if self.finds_functions:
            evidence = f"{path} is not of Keras: since {FINDS_FUNCTIONS}, Keras cannot save it, or cannot load it"
        cure = _OURS if known is None else f"Give {known.path}, or {known.name!r}. Or {_OURS[0].lower()}{_OURS[1:]}"
        yield self._report("SA410", evidence, cure)

    def _report(self, code: str, evidence: str, cure: str | None = None) -> Finding:
        return make_given_finding(self.module, self.given, code, evidence, cure)


def _cure_outside_backend(name: str) -> str:
    """Return what to give instead of a function of this *name* that computes outside the backend."""
    found = find_activation(name)
    known = [] if found is None else [f"{found.path}, or {found.name!r}"]
    if name in LIBRARIES["keras.ops"]:
        known.append(f"to a layer of serialactivation.layers, keras.ops.{name}")
    return f"Give {'; or, '.join(known)}." if known else _WITH_OPS
