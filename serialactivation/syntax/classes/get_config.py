"""What a ``get_config`` returns, as far as its source shows. Keras-free."""

import ast
import enum
from collections.abc import Sequence
from typing import Final

from serialactivation.syntax.names import Names, is_self

__all__ = ["Config", "Form", "read_config", "read_form"]


class Config:
    """The result of a ``get_config``.

    Attributes:
        values: Its keys, with their possible values.
        has_base: Whether it contains the result of the parent's ``get_config``.
        is_whole: Whether it contains nothing else.
        displays: The dict displays in it.
        named: The values that were assigned to a name first, and may have other uses.
    """

    def __init__(self, *, has_base: bool = False, is_whole: bool = True, displays: Sequence[ast.Dict] = ()) -> None:
        self.values: dict[str, list[ast.expr]] = {}
        self.has_base = has_base
        self.is_whole = is_whole
        self.displays = list(displays)
        self.named: set[ast.expr] = set()

    def put(self, key: str, value: ast.expr, meant: ast.expr) -> None:
        """Add a key with a value: the expression in the source, or the expression that its name stands for."""
        self.values.setdefault(key, []).append(meant)
        if meant is not value:
            self.named.add(meant)

    def add(self, other: "Config") -> None:
        """Add the keys of another result."""
        for key, values in other.values.items():
            known = self.values.setdefault(key, [])
            known.extend([value for value in values if value not in known])  # a dict may be added to itself
        self.has_base = self.has_base or other.has_base
        self.is_whole = self.is_whole and other.is_whole
        self.displays.extend([display for display in other.displays if display not in self.displays])
        self.named.update(other.named)


def read_config(method: ast.FunctionDef) -> Config:
    """Return the result of *method*, a ``get_config``."""
    return _Reader(method).read()


class _Reader:
    """Follows the dicts of a ``get_config`` from statement to statement; a dict that it cannot follow is not whole."""

    def __init__(self, method: ast.FunctionDef) -> None:
        self._method = method
        self._configs: dict[str, Config] = {}
        self._values: dict[str, ast.expr] = {}
        self._returned: list[Config] = []
        self._is_whole = True

    def read(self) -> Config:
        self._read_all(self._method.body)
        config = Config(is_whole=self._is_whole and len(self._returned) == 1)
        for returned in self._returned:
            config.add(returned)
        if not isinstance(self._method.body[-1], ast.Return) or self._method.decorator_list:
            config.is_whole = False
        return config

    def _read_all(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self._read(statement)

    def _read(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Return(value=ast.expr() as value):
                self._returned.append(self._make(value))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._assign(name, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._assign(name, value)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)], value=value):
                self._put(self._configs.get(name), key, value)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.BitOr(), value=value) if name in self._configs:
                self._configs[name].add(self._make(value))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update")) as call):
                self._update(self._configs.get(name), call)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.If(body=body, orelse=orelse):
                self._is_whole = False
                self._read_all([*body, *orelse])
            case _:
                self._is_whole = False

    def _assign(self, name: str, value: ast.expr) -> None:
        if name in self._configs or name in self._values:
            self._is_whole = False
        self._configs[name] = self._make(value)
        self._values[name] = value

    def _put(self, config: Config | None, key: ast.expr, value: ast.expr) -> None:
        if config is None or not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            self._is_whole = False
        else:
            config.put(key.value, value, self._look_up(value))

    def _update(self, config: Config | None, call: ast.Call) -> None:
        if config is None:
            self._is_whole = False
        else:
            config.add(self._make(ast.Call(func=ast.Name(id="dict"), args=call.args, keywords=call.keywords)))

    def _look_up(self, value: ast.expr) -> ast.expr:
        """Return the expression that was assigned to a name before."""
        return self._values.get(value.id, value) if isinstance(value, ast.Name) else value

    def _make(self, value: ast.expr) -> Config:
        match value:
            case ast.Name(id=name) if name in self._configs:
                return self._configs[name]
            case ast.Dict():
                return self._make_display(value)
            case ast.BinOp(left=left, op=ast.BitOr() | ast.Add(), right=right):
                return self._make_all(left, right)
            case ast.Call(func=ast.Attribute(attr="get_config", value=ast.Call(func=ast.Name(id="super")))):
                return Config(has_base=True)
            case ast.Call(func=ast.Attribute(value=inner, attr="items" | "copy"), args=[], keywords=[]):
                return self._make(inner)
            case ast.Call(func=ast.Name(id="list" | "dict"), args=args, keywords=keywords):
                config = self._make_all(*args)
                for keyword in keywords:
                    self._put_keyword(config, keyword)
                return config
        return Config(is_whole=False)

    def _make_all(self, *parts: ast.expr) -> Config:
        config = Config()
        for part in parts:
            config.add(self._make(part))
        return config

    def _make_display(self, display: ast.Dict) -> Config:
        config = Config(displays=[display])
        for key, value in zip(display.keys, display.values, strict=True):
            if key is None:
                config.add(self._make(value))
            elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                config.put(key.value, value, self._look_up(value))
            else:
                config.is_whole = False
        return config

    def _put_keyword(self, config: Config, keyword: ast.keyword) -> None:
        if keyword.arg is None:
            config.add(self._make(keyword.value))
        else:
            config.put(keyword.arg, keyword.value, self._look_up(keyword.value))


class Form(enum.Enum):
    """The form that an attribute has in a config."""

    ITSELF = "itself"
    """The attribute itself."""
    ACTIVATION = "keras.activations.serialize"
    """The result of Keras's encoder for functions and layers, which refuses a name."""
    OBJECT = "keras.saving.serialize_keras_object"
    """The result of Keras's encoder for any object."""
    OURS = "serialactivation.serialize"
    """The result of this package's encoder for any activation, including a name."""


_FORMS: Final = {form.value: form for form in Form if form is not Form.ITSELF}


def read_form(value: ast.expr, method: ast.FunctionDef, names: Names) -> tuple[Form, str] | None:
    """Return the form in which *value* holds an attribute, and the attribute; None for any other value.

    Args:
        value: The value of a key.
        method: The ``get_config`` that contains it.
        names: What its names stand for.
    """
    form = Form.ITSELF
    if isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords:
        found = _FORMS.get(names.callee(value) or "")
        if found is None:
            return None
        form, value = found, value.args[0]
    return (form, value.attr) if is_self(value, method) and isinstance(value, ast.Attribute) else None
