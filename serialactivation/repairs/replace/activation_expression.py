"""The NEW of ``--replace``: a name, ``package>name``, or a call with literal keywords. It is never evaluated."""

import ast
import math
import re
from typing import Final, NamedTuple

from serialactivation import errors
from serialactivation.typing import JSON

__all__ = ["Expression", "parse_expression"]

_REGISTERED: Final = re.compile(r"[^\s>]+>[^\s>]+")
_EXAMPLES: Final = "Write a name (gelu), package>name, or a call (keras.activations.relu(max_value=6.0))."


class Expression(NamedTuple):
    """A name, and the keywords of the call.

    Attributes:
        name: ``gelu``, ``keras.ops.gelu``, ``LeakyReLU`` or ``package>name``.
        keywords: The keywords, as plain values, or None if there is no call.
    """

    name: str
    keywords: dict[str, JSON] | None = None


def parse_expression(text: str) -> Expression:
    """Return the parsed *text*.

    Raises:
        ExpressionError: It is neither a name nor a call with literal keywords.
    """
    text = text.strip()
    if _REGISTERED.fullmatch(text):
        return Expression(text)
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise errors.ExpressionError(text, "it is not a Python expression", _EXAMPLES) from error
    if not isinstance(node, ast.Call):
        return Expression(_read_name(node, text))
    if node.args or any(keyword.arg is None for keyword in node.keywords):
        raise errors.ExpressionError(text, "its arguments must all be given by keyword", _EXAMPLES)
    keywords = {str(keyword.arg): _read_value(keyword.value, text) for keyword in node.keywords}
    return Expression(_read_name(node.func, text), keywords)


def _read_name(node: ast.expr, text: str) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_read_name(node.value, text)}.{node.attr}"
    raise errors.ExpressionError(text, "it is neither a name nor a call", _EXAMPLES)


def _read_value(node: ast.expr, text: str) -> JSON:
    """Return the value of a literal: a number, string, bool, None, or a list or tuple of these; ``inf`` is a number."""
    if isinstance(node, ast.List | ast.Tuple):
        return [_read_value(item, text) for item in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _read_value(node.operand, text)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return -value
    if isinstance(node, ast.Name) and node.id == "inf":
        return math.inf
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool | int | float | str)):
        return node.value
    raise errors.ExpressionError(
        text, f"{ast.unparse(node)} is not a literal", "Keywords are numbers, strings, bools and None."
    )
