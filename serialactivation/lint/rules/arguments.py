"""The findings on activations that are given to layers: SA407 to SA410, SA413 to SA416. Keras-free."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from serialactivation.catalog.function_tables import ALIASES
from serialactivation.catalog.functions import LIBRARIES, Function, find_activation, find_name
from serialactivation.catalog.near_names import LAYER_NAMES, find_near_names
from serialactivation.catalog.versions import is_newer
from serialactivation.catalog.weighted_layers import WITH_WEIGHTS
from serialactivation.lint.make_finding import make_source_finding
from serialactivation.rules.finding import Finding
from serialactivation.rules.source import RULES
from serialactivation.syntax.layer_calls import Given, find_given
from serialactivation.syntax.module import Module
from serialactivation.syntax.one_model import Models

__all__ = ["comes_back", "find_argument_findings"]

# The first Keras that stores the module of a function beside its name, and looks only there, or among registered ones.
_FINDS_FUNCTIONS: Final = "3.16"

_FUNCTION: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_PARTIAL: Final = "functools.partial"

# The functions of the backends that stock Keras loads again as the same function, found by saving and loading each.
_COME_BACK: Final[Mapping[str, str]] = {
    "jax.nn": "softmax",
    "torch.nn.functional": "celu elu glu log_softmax mish relu relu6 selu sigmoid silu softmax softsign tanh threshold",
    "tf.nn": "elu gelu leaky_relu relu relu6 selu sigmoid softplus softsign tanh",
}

# Functions for which keras.activations stores the logits, and which compute the same nevertheless.
_ALIKE: Final = frozenset({"sigmoid", "softmax"})


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
    finds_functions = target is not None and not is_newer(_FINDS_FUNCTIONS, target)
    for given in every:
        yield from _check(module, given, finds_functions)
    yield from _find_shared(module, every)


def _check(module: Module, given: Given, finds_functions: bool) -> Iterator[Finding]:
    meaning = module.names.meaning(given.node)
    if isinstance(meaning, ast.Call) and module.names.callee(meaning) == _PARTIAL:
        if not given.ours:
            yield _report(module, given, "SA409", "it is a functools.partial, which Keras cannot save")
        elif meaning.args:
            yield from _check_function(module, given, module.names.meaning(meaning.args[0]), finds_functions)
    else:
        yield from _check_function(module, given, meaning, finds_functions)


def _check_function(module: Module, given: Given, meaning: object, finds_functions: bool) -> Iterator[Finding]:
    refused = "which the layer refuses when it is created"
    if isinstance(meaning, ast.Lambda):
        lost = refused if given.ours else "which Keras stores as bytecode, but refuses to load"
        yield _report(module, given, "SA407", f"it is a lambda, {lost}")
    elif isinstance(meaning, _FUNCTION):
        yield from _check_definition(module, given, meaning, finds_functions)
    elif _is_class(module, meaning):
        lost = refused if given.ours else "so each call creates a layer instead of computing an output"
        name = ast.unparse(given.node)
        yield _report(module, given, "SA413", f"{name} is a class, {lost}", f"Call the class: activation={name}().")
    elif isinstance(meaning, ast.Constant) and isinstance(meaning.value, str):
        yield from _check_name(module, given, meaning.value)
    elif isinstance(meaning, str) and _PLAIN.fullmatch(meaning):
        lost = refused if given.ours else "so backends cannot trace it, and Keras cannot save it"
        evidence = f"{meaning} computes outside the backend, {lost}"
        yield _report(module, given, "SA415", evidence, _cure_outside_backend(meaning.rpartition(".")[2]))
    elif isinstance(meaning, str) and not given.ours:
        yield from _check_library(module, given, meaning, finds_functions)


def _is_class(module: Module, meaning: object) -> bool:
    if isinstance(meaning, ast.ClassDef):
        return meaning in module.layers
    return isinstance(meaning, str) and _LAYER_CLASS.fullmatch(meaning) is not None


def _check_name(module: Module, given: Given, name: str) -> Iterator[Finding]:
    """Yield a finding for a name that Keras does not have; for our layers, only if it is the name of a layer class."""
    if find_activation(name) is not None or (not given.stock and name not in LAYER_NAMES):
        return
    if module.passes_custom_objects:  # Keras 2 looked names up there
        return
    near = find_near_names(name)
    proposed = f"; similar names: {', '.join(near)}" if near else ""
    written = " or ".join(one if "." in one else repr(one) for one in near)
    cure = f"Write {written} if that was meant; otherwise pass the registered function itself." if near else None
    yield _report(module, given, "SA414", f"no activation is called {name!r}{proposed}", cure)


def _find_shared(module: Module, every: Iterable[Given]) -> Iterator[Finding]:
    """SA416: one activation with weights is given to several layers of one Keras model."""
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
            yield _report(module, givens[-1], "SA416", evidence)


def _has_weights(module: Module, made: ast.Call) -> bool:
    package, _, name = (module.names.callee(made) or "").rpartition(".")
    return package == "keras.layers" and WITH_WEIGHTS.fullmatch(name) is not None


def _is_made_in_scope_of(module: Module, made: ast.Call, given: Given) -> bool:
    """Return whether an activation is made in the same scope as the layer, so that a model has only one of it."""
    return module.names.scopes.of[made] is module.names.scopes.of[given.call]


def _check_definition(
    module: Module, given: Given, function: "ast.FunctionDef | ast.AsyncFunctionDef", finds_functions: bool
) -> Iterator[Finding]:
    """Yield a finding for a function of the module that nothing registers; an unknown decorator may register it."""
    if function.decorator_list or function in module.passed_on:
        return
    name, is_inner = function.name, not module.names.scopes.of[function].is_module
    if find_activation(name) is not None and not finds_functions:
        evidence = f"{name!r} is not registered, and Keras loads its own function of that name"
        yield _report(module, given, "SA410", evidence, RULES["SA408"].cure)
    elif not module.passes_custom_objects:
        what = "a function inside a function, and" if is_inner else "a function that"
        yield _report(module, given, "SA408", f"{name!r} is {what} is not registered")


def _check_library(module: Module, given: Given, path: str, finds_functions: bool) -> Iterator[Finding]:
    library, _, name = path.rpartition(".")
    function = LIBRARIES.get(library, {}).get(name)
    if library == "keras.activations" or function is None or comes_back(function, finds_functions):
        return
    known = find_activation(name)
    lost = "but keras.activations has no function of that name" if known is None else _describe_load(library, name)
    evidence = f"Keras stores {path} as {name!r}, {lost}"
    if finds_functions:
        evidence = f"{path} is not of Keras: since {_FINDS_FUNCTIONS}, Keras cannot save it, or cannot load it"
    cure = _OURS if known is None else f"Give {known.path}, or {known.name!r}. Or {_OURS[0].lower()}{_OURS[1:]}"
    yield _report(module, given, "SA410", evidence, cure)


def _describe_load(library: str, name: str) -> str:
    if library == "keras.ops" or (library, name) in {("jax.nn", "gelu"), ("torch.nn.functional", "leaky_relu")}:
        return f"and loads keras.activations.{name}, which computes something else"
    return "but cannot load it: it is not a plain Python function"


def comes_back(function: Function, finds_functions: bool = False) -> bool:
    """Return whether a stock layer that is given *function* is loaded with a function that computes the same.

    Args:
        function: A function of Keras or of a backend.
        finds_functions: Whether Keras finds a function in its module, as since 3.16.
    """
    if finds_functions:
        return function.library == "keras.ops"
    if function.library != "keras.ops":
        return function.name in _COME_BACK.get(function.library, "").split()
    name = ALIASES.get(function.name, function.name)
    keywords = function.translate({})
    if function.operation is None or keywords is None or find_activation(name) is None:
        return False
    return name in _ALIKE or find_name(function.operation, keywords) == name


def _cure_outside_backend(name: str) -> str:
    """Return what to give instead of a function of this *name* that computes outside the backend."""
    found = find_activation(name)
    known = [] if found is None else [f"{found.path}, or {found.name!r}"]
    if name in LIBRARIES["keras.ops"]:
        known.append(f"to a layer of serialactivation.layers, keras.ops.{name}")
    return f"Give {'; or, '.join(known)}." if known else _WITH_OPS


def _report(module: Module, given: Given, code: str, evidence: str, cure: str | None = None) -> Finding:
    field = "" if given.field is None else f"{given.field}: "
    found = make_source_finding(module, code, given.node, given.layer, f"{field}{evidence}")
    return found if cure is None else found._replace(cure=cure)
