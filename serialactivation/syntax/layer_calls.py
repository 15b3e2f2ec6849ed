"""The activations that the calls of a module give to layers, by themselves or in a configuration object. Keras-free."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from serialactivation.catalog.argument_names import looks_like_activation
from serialactivation.syntax.classes.config_objects import find_config_arguments, read_config_class
from serialactivation.syntax.classes.constructor import How, find_arguments, find_stores
from serialactivation.syntax.classes.get_config import Form, read_config, read_form
from serialactivation.syntax.classes.layer_classes import LayerClass
from serialactivation.syntax.module import Module
from serialactivation.syntax.scopes import Scope

__all__ = ["Given", "find_given"]

# The positions of activations among positional arguments.
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


class Given(NamedTuple):
    """An activation that a layer is given.

    Attributes:
        layer: The layer, as the call names it.
        field: The name of the argument, or None for a positional argument.
        node: The activation.
        call: The call that makes the layer.
        ours: Whether this package stores the layer's activations.
        stock: Whether it is a Keras layer.
    """

    layer: str
    field: str | None
    node: ast.expr
    call: ast.Call
    ours: bool
    stock: bool


def find_given(module: Module) -> Iterator[Given]:
    """Yield the activations that layers are given.

    Calls in the methods of a layer are left out: the layer makes its sublayers again, and no config holds them.
    """
    own = {node: names for node, layer in module.layers.items() if (names := _find_own(module, layer))}
    for node in ast.walk(module.source.tree):
        if isinstance(node, ast.Call) and not _is_in_layer(module, node):
            yield from _read_call(module, node, own)


def _is_in_layer(module: Module, node: ast.Call) -> bool:
    """Return whether a call is inside a class that is, or may be, a layer."""
    scope: Scope | None = module.names.scopes.of[node]
    while scope is not None and not scope.is_class:
        scope = scope.parent
    return scope is not None


def _read_call(module: Module, call: ast.Call, own: Mapping[ast.ClassDef, frozenset[str]]) -> Iterator[Given]:
    meaning = module.names.meaning(call.func)
    if isinstance(meaning, str):
        package, _, name = meaning.rpartition(".")
        if package in ("keras.layers", "serialactivation.layers") and name[:1].isupper():
            yield from _read_stock(call, name, stock=package == "keras.layers")
    elif isinstance(meaning, ast.ClassDef) and meaning in module.layers:
        layer = module.layers[meaning]
        for keyword in call.keywords:
            if keyword.arg in own.get(meaning, ()):
                yield Given(meaning.name, keyword.arg, keyword.value, call, ours=layer.is_ours, stock=False)
        if not layer.is_ours:
            yield from _read_config_arguments(module, call, layer)


def _read_stock(call: ast.Call, name: str, *, stock: bool) -> Iterator[Given]:
    for position in _POSITIONS.get(name, ()):
        before = call.args[: position + 1]
        if len(before) > position and not any(isinstance(one, ast.Starred) for one in before):
            yield Given(name, None, call.args[position], call, ours=not stock, stock=stock)
    for keyword in call.keywords:
        if keyword.arg is not None and looks_like_activation(keyword.arg, None):
            yield Given(name, keyword.arg, keyword.value, call, ours=not stock, stock=stock)


def _read_config_arguments(module: Module, call: ast.Call, layer: LayerClass) -> Iterator[Given]:
    """Yield the activations in a configuration object, if the layer stores it as Keras stores functions."""
    for held in find_config_arguments(module.names, layer):
        value = held.find_in(call)
        made = None if value is None else module.names.meaning(value)
        config_class = read_config_class(module.names, made.func) if isinstance(made, ast.Call) else None
        if config_class is not None and isinstance(made, ast.Call):
            for field, node in config_class.find_given(made):
                if field in held.fields or (held.is_whole and config_class.is_stored_raw):
                    yield Given(layer.node.name, f"{held.argument}.{field}", node, call, ours=False, stock=False)


def _find_own(module: Module, layer: LayerClass) -> frozenset[str]:
    """Return the arguments of a class of the module for which it is known how they are stored."""
    known = layer.is_ours or _is_simple(module, layer)
    return frozenset(argument.name for argument in find_arguments(layer) if known)


def _is_simple(module: Module, layer: LayerClass) -> bool:
    """Return whether a class of the module stores its activations as Keras's layers do."""
    method = layer.own("get_config")
    if method is None or not layer.extends_bare_layer or layer.parents or layer.binds("from_config"):
        return False
    stores = find_stores(layer, module.names)
    config = read_config(method)
    forms = [read_form(value, method, module.names) for values in config.values.values() for value in values]
    kept = {form[1] for form in forms if form is not None and form[0] is Form.ACTIVATION}
    got = {store.argument.name for name, store in stores.items() if store.how is How.GOT and name in kept}
    return bool(got) and got == {argument.name for argument in find_arguments(layer)}
