"""What is to be said of the activations that layers are given: SA407 to SA410. Keras-free."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from serialactivation.archive.findings import Finding
from serialactivation.catalog import ALIASES, LIBRARIES, Function, find_activation, find_name
from serialactivation.likeness import looks_like_activation
from serialactivation.lint.classes import LayerClass
from serialactivation.lint.config import Form, read_config, read_form
from serialactivation.lint.constructor import How, find_arguments, find_stores
from serialactivation.lint.found import find
from serialactivation.lint.module import Module
from serialactivation.lint.scopes import Scope

__all__ = ["comes_back", "find_given_habits"]

_FUNCTION: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_PARTIAL: Final = "functools.partial"

# Where the activations are among the arguments without a name.
_POSITIONS: Final[Mapping[str, tuple[int, ...]]] = {
    "Activation": (0,),
    "Dense": (1,),
    "EinsumDense": (2,),
    "GRU": (1, 2),
    "GRUCell": (1, 2),
    "LSTM": (1, 2),
    "LSTMCell": (1, 2),
    "SimpleRNN": (1,),
    "SimpleRNNCell": (1,),
}

# The functions of the backends that stock Keras finds again, and as the same; found by saving and loading each.
_COME_BACK: Final[Mapping[str, str]] = {
    "jax.nn": "softmax",
    "torch.nn.functional": "celu elu glu log_softmax mish relu relu6 selu sigmoid silu softmax softsign tanh threshold",
    "tf.nn": "elu gelu leaky_relu relu relu6 selu sigmoid softplus softsign tanh",
}

# What keras.activations keeps the logits for, and which computes the same all the same.
_ALIKE: Final = frozenset({"sigmoid", "softmax"})


class _Given(NamedTuple):
    """An activation that a layer is given.

    Attributes:
        layer: The layer, as it is called there.
        field: The argument, or None for one without a name.
        node: What is given.
        ours: Whether the layer is this package's.
    """

    layer: str
    field: str | None
    node: ast.expr
    ours: bool


def find_given_habits(module: Module) -> Iterator[Finding]:
    """Yield what is to be said of the activations that layers are given.

    Not of those within the methods of a layer: it makes its sublayers itself, and no config holds them.
    """
    own = {node: names for node, layer in module.layers.items() if (names := _find_own(module, layer))}
    for node in ast.walk(module.source.tree):
        if isinstance(node, ast.Call) and not _is_in_layer(module, node):
            for given in _read_call(module, node, own):
                yield from _judge(module, given)


def _is_in_layer(module: Module, node: ast.Call) -> bool:
    """Tell whether a call stands in a class: a layer, or what may be one."""
    scope: Scope | None = module.names.scopes.of[node]
    while scope is not None and not scope.is_class:
        scope = scope.parent
    return scope is not None


def _read_call(module: Module, call: ast.Call, own: Mapping[ast.ClassDef, frozenset[str]]) -> Iterator[_Given]:
    meaning = module.names.meaning(call.func)
    if isinstance(meaning, str):
        package, _, name = meaning.rpartition(".")
        if package in ("keras.layers", "serialactivation.layers") and name[:1].isupper():
            yield from _read_stock(call, name, ours=package != "keras.layers")
    elif isinstance(meaning, ast.ClassDef) and meaning in own:
        for keyword in call.keywords:
            if keyword.arg in own[meaning]:
                ours = module.layers[meaning].kept
                yield _Given(layer=meaning.name, field=keyword.arg, node=keyword.value, ours=ours)


def _read_stock(call: ast.Call, name: str, *, ours: bool) -> Iterator[_Given]:
    for position in _POSITIONS.get(name, ()):
        before = call.args[: position + 1]
        if len(before) > position and not any(isinstance(one, ast.Starred) for one in before):
            yield _Given(layer=name, field=None, node=call.args[position], ours=ours)
    for keyword in call.keywords:
        if keyword.arg is not None and looks_like_activation(keyword.arg, None):
            yield _Given(layer=name, field=keyword.arg, node=keyword.value, ours=ours)


def _find_own(module: Module, layer: LayerClass) -> frozenset[str]:
    """Return the arguments of a class of the module's own whose fate is known."""
    known = layer.kept or _is_simple(module, layer)
    return frozenset(argument.name for argument in find_arguments(layer) if known)


def _is_simple(module: Module, layer: LayerClass) -> bool:
    """Tell whether a class of the module's own keeps its activations as Keras's layers do, and no better."""
    method = layer.own("get_config")
    if method is None or not layer.is_plain or layer.parents or layer.binds("from_config"):
        return False
    stores = find_stores(layer, module.names)
    config = read_config(method)
    forms = [read_form(value, method, module.names) for values in config.values.values() for value in values]
    kept = {form[1] for form in forms if form is not None and form[0] is Form.ACTIVATION}
    got = {store.argument.name for name, store in stores.items() if store.how is How.GOT and name in kept}
    return bool(got) and got == {argument.name for argument in find_arguments(layer)}


def _judge(module: Module, given: _Given) -> Iterator[Finding]:
    meaning = module.names.meaning(given.node)
    if isinstance(meaning, ast.Call) and module.names.callee(meaning) == _PARTIAL:
        if not given.ours:
            yield _tell(module, given, "SA409", "it is a functools.partial, which Keras cannot save")
        elif meaning.args:
            yield from _judge_function(module, given, module.names.meaning(meaning.args[0]))
    else:
        yield from _judge_function(module, given, meaning)


def _judge_function(module: Module, given: _Given, meaning: object) -> Iterator[Finding]:
    refused = "which is refused when the layer is made"
    if isinstance(meaning, ast.Lambda):
        lost = refused if given.ours else "which Keras stores as code, and does not load"
        yield _tell(module, given, "SA407", f"it is a lambda, {lost}")
    elif isinstance(meaning, _FUNCTION):
        yield from _judge_definition(module, given, meaning)
    elif isinstance(meaning, str) and not given.ours:
        yield from _judge_library(module, given, meaning)


def _judge_definition(
    module: Module, given: _Given, function: "ast.FunctionDef | ast.AsyncFunctionDef"
) -> Iterator[Finding]:
    """Tell of a function of the module's own, if nothing registers it: a decorator that is not known may."""
    if function.decorator_list or function in module.handed_on:
        return
    name, is_inner = function.name, not module.names.scopes.of[function].is_module
    if find_activation(name) is not None:
        evidence = f"{name!r} is not registered, and is Keras's own when it is loaded"
        yield _tell(module, given, "SA410", evidence)
    elif not module.passes_custom_objects:
        what = "a function within a function" if is_inner else "a function"
        yield _tell(module, given, "SA408", f"{name!r} is {what} that no name is registered for")


def _judge_library(module: Module, given: _Given, path: str) -> Iterator[Finding]:
    library, _, name = path.rpartition(".")
    function = LIBRARIES.get(library, {}).get(name)
    if library == "keras.activations" or function is None or comes_back(function):
        return
    known = find_activation(name)
    lost = "and there is none of that name in keras.activations" if known is None else _say_other(library, name)
    yield _tell(module, given, "SA410", f"Keras stores {path} as {name!r}, {lost}")


def _say_other(library: str, name: str) -> str:
    if library == "keras.ops" or (library, name) in {("jax.nn", "gelu"), ("torch.nn.functional", "leaky_relu")}:
        return f"and loads keras.activations.{name}, which computes something else"
    return "and does not find it again: it is no plain function of Python's"


def comes_back(function: Function) -> bool:
    """Tell whether a stock layer that is given *function* is loaded with one that computes the same."""
    if function.library != "keras.ops":
        return function.name in _COME_BACK.get(function.library, "").split()
    name = ALIASES.get(function.name, function.name)
    keywords = function.translate({})
    if function.operation is None or keywords is None or find_activation(name) is None:
        return False
    return name in _ALIKE or find_name(function.operation, keywords) == name


def _tell(module: Module, given: _Given, code: str, evidence: str) -> Finding:
    field = "" if given.field is None else f"{given.field}: "
    return find(module, code, given.node, given.layer, f"{field}{evidence}")
