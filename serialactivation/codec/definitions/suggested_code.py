"""Code for messages: a function that cannot be stored, rewritten as a registered definition that can."""

import ast
import inspect
import itertools
import textwrap
import threading
import tokenize
import types
from collections.abc import Iterable, Mapping
from typing import Final, cast

import keras

from serialactivation.codec.definitions.same_definition import closed_over, default_values
from serialactivation.errors import REGISTER

__all__ = [
    "MY_FUNCTION",
    "PLAIN",
    "above",
    "define",
    "define_layer",
    "define_replacement",
    "define_with_ops",
    "free_name",
    "register_call",
    "register_object",
]

MY_FUNCTION: Final = "my_activation"
PLAIN: Final = (bool, int, float, str, type(None))
"""The types of values that are written into code."""

# Python 3.11 counts the depth of syntax trees for all threads together: two that parse at once raise SystemError.
_PARSING: Final = threading.Lock()


def above(what: str) -> str:
    """Return the line that registers *what*, a ``def`` or a ``class``, with a comment that says where to put it."""
    return f"{REGISTER}  # above {what}"


def register_call(name: str, package: str = "my_package", registered: str | None = None) -> str:
    """Return the line that registers the function or class *name*, to be put below its definition."""
    asked = "" if registered is None else f", name={registered!r}"
    return f"keras.saving.register_keras_serializable(package={package!r}{asked})({name})"


def register_object(kind: type) -> str:
    """Return the line that registers *kind*, a class that Keras's decorator refuses; it is put below the definition."""
    return f"keras.saving.get_custom_objects()['my_package>{kind.__name__}'] = {kind.__name__}"


def free_name(name: str, package: str = "my_package") -> str:
    """Return *name*, with a number if it is already registered."""
    names = itertools.chain([name], (f"{name}_{number}" for number in itertools.count(2)))
    return next(free for free in names if keras.saving.get_registered_object(f"{package}>{free}") is None)


def define(function: object, name: str, *, package: str = "my_package", keywords: Iterable[str] = ()) -> str:
    """Return the code of a registered function *name* that computes *function*.

    Args:
        function: A lambda, a function or a bound method.
        name: The name of the new function.
        package: The package to register it in.
        keywords: The variables that it closes over, which become arguments after the tensor.
    """
    register = f"@{register_call('', package)[:-2]}"
    written = _find_definition(function)
    if written is None:
        return f"{register}\ndef {name}({', '.join(['x', *keywords])}):\n    ...  # the code of your function"
    arguments, body = written
    _fill_in_defaults(arguments, default_values(function))
    for keyword in keywords:
        arguments.args.append(ast.arg(keyword))
        if arguments.defaults:  # no argument without a default can follow
            arguments.defaults.append(_constant(closed_over(function)[keyword]))
    lines = textwrap.indent("\n".join(map(ast.unparse, body)), "    ")
    return f"{register}\ndef {name}({ast.unparse(arguments)}):\n{lines}"


def define_replacement(function: object, name: str, what: str, given: str = "{}") -> str:
    """Return the code of a registered function that computes *function*, and the line to put in place of *what*."""
    name = free_name(name)
    return f"{define(function, name)}\n{given.format(name)}  # in place of {what}"


def define_with_ops(path: str, besides: str = "") -> str:
    """Return the start of a registered function that computes the function at *path* with ``keras.ops``."""
    return f"{REGISTER}\ndef {free_name(MY_FUNCTION)}(x):\n    ...  # what {path} does, with keras.ops{besides}"


def define_layer(function: object, name: str, variable: str, line: str) -> str:
    """Return the code of a registered layer *name* that computes *function* and owns *variable*.

    Args:
        function: The function.
        name: The name of the layer class.
        variable: The name of the outer variable that the function uses.
        line: The line that makes the layer's own variable.
    """
    written = _find_definition(function)
    arguments, body = "x", "        ...  # the code of your function"
    if written is not None:
        arguments = ast.unparse(written[0])
        own = _OwnVariable(variable)
        body = textwrap.indent("\n".join(ast.unparse(own.visit(statement)) for statement in written[1]), " " * 8)
    made = f"    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n        {line}"
    return f"{REGISTER}\nclass {name}(keras.layers.Layer):\n{made}\n\n    def call(self, {arguments}):\n{body}"


class _OwnVariable(ast.NodeTransformer):
    """Puts ``self.`` before a variable's name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Attribute(ast.Name("self"), node.id) if node.id == self._name else node


def _fill_in_defaults(arguments: ast.arguments, values: Mapping[str, object]) -> None:
    """Write the values of the defaults into *arguments*: in a loop or a factory, the source may name variables."""
    named = [*arguments.posonlyargs, *arguments.args]
    for index, argument in enumerate(named[len(named) - len(arguments.defaults) :]):
        if isinstance(values.get(argument.arg, ...), PLAIN):
            arguments.defaults[index] = _constant(values[argument.arg])
    for index, argument in enumerate(arguments.kwonlyargs):
        if isinstance(values.get(argument.arg, ...), PLAIN):
            arguments.kw_defaults[index] = _constant(values[argument.arg])


def _constant(value: object) -> ast.Constant:
    return ast.Constant(cast("str | bool | int | float | None", value))


def _find_definition(function: object) -> tuple[ast.arguments, list[ast.stmt]] | None:
    """Return the arguments and the body in the source of *function*, or None if the source is not known."""
    bound = isinstance(function, types.MethodType)
    plain = function.__func__ if isinstance(function, types.MethodType) else function
    if not isinstance(plain, types.FunctionType):
        return None
    try:
        with _PARSING:
            tree = ast.parse(textwrap.dedent(inspect.getsource(plain)))
    except (OSError, SyntaxError, tokenize.TokenError):  # no source file, an edited one, or a lambda in a longer call
        return None
    kind = ast.Lambda if plain.__name__ == "<lambda>" else ast.FunctionDef
    found = [node for node in ast.walk(tree) if isinstance(node, kind)]
    if not found or (kind is ast.Lambda and len(found) > 1):
        return None
    node = found[0]
    body: list[ast.stmt] = [ast.Return(node.body)] if isinstance(node, ast.Lambda) else node.body
    arguments = node.args
    if bound:
        self_name = arguments.args.pop(0).arg
        if any(isinstance(part, ast.Name) and part.id == self_name for line in body for part in ast.walk(line)):
            return None  # it needs its object
    return arguments, body
