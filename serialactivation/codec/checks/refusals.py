"""The reasons for which an activation is refused, and the lines to write instead."""

import functools
import inspect
import math
from collections.abc import Mapping
from typing import Final

import keras

from serialactivation.catalog import functions as catalog
from serialactivation.codec.definitions.by_value import explain_registration
from serialactivation.codec.definitions.same_definition import Definition, closed_over, default_values, is_rewritten
from serialactivation.codec.definitions.suggested_code import (
    MY_FUNCTION,
    PLAIN,
    above,
    define,
    define_layer,
    define_with_ops,
    free_name,
    register_call,
)
from serialactivation.codec.known_functions.keywords import function_label, keyword_names
from serialactivation.codec.known_functions.libraries import FUNCTION_TYPE, KERAS_MODULES
from serialactivation.codec.known_functions.registered_names import find_holder, find_registered_name
from serialactivation.errors import REGISTER
from serialactivation.typing import Function

__all__ = [
    "ANY_ACTIVATION",
    "diagnose",
    "give_names",
    "hold_as_weights",
    "write_by_keyword",
    "write_get_config",
    "write_instance",
]

ANY_ACTIVATION: Final = "'relu'  # or another name, a function, or a layer"


def write_by_keyword(partial: "functools.partial[object]") -> str:
    """Return the code of *partial* with its values given by keyword, where its function has names for them."""
    name = function_label(partial.func)
    names = keyword_names(partial.func) or []
    if len(names) < len(partial.args):
        return f"functools.partial({name})  # with keywords only: {', '.join(names) or 'it has none'}"
    keywords = {**dict(zip(names, partial.args, strict=False)), **partial.keywords}
    return _write_partial(name, keywords)


def _write_partial(name: str, keywords: Mapping[str, object]) -> str:
    return f"functools.partial({', '.join([name, *(f'{key}={_literal(value)}' for key, value in keywords.items())])})"


def _literal(value: object) -> str:
    is_number = isinstance(value, float) and not math.isfinite(value)
    return f"float({str(value)!r})" if is_number else repr(value)


def diagnose(value: Function) -> tuple[str, str]:
    """Return why Keras would lose *value*, and the lines to write instead."""
    name = getattr(value, "__name__", type(value).__name__)
    if name == "<lambda>":
        return "Keras cannot store a lambda by name", _as_function(value, free_name(MY_FUNCTION))
    if type(value).__module__ == "numpy":
        return "a NumPy function computes outside the Keras backend", _keras_equal(name)
    if inspect.ismethod(value):
        return "a bound method needs its object, which is not stored", define(value, name)
    wrapped = getattr(value, "__wrapped__", None)
    if wrapped is not None and find_registered_name(wrapped) is not None:
        return "only the function that it wraps is registered", f"{REGISTER}  # above its decorator, such as @jax.jit"
    if isinstance(value, FUNCTION_TYPE):
        return _diagnose_function(value, name)
    if wrapped is not None:
        return "no name is registered for it", register_call(_find_variable(value, wrapped) or name)
    if inspect.isbuiltin(value) or not _has_python_call(value):
        return "no name is registered for it", _keras_equal(name)
    return f"{type(value).__name__} has no get_config()", write_get_config(value)


def _diagnose_function(value: Function, name: str) -> tuple[str, str]:
    registered = keras.saving.get_registered_name(value)
    holder = find_holder(registered, value) if ">" in registered else None
    if holder is not None and is_rewritten(value, holder):
        found = f"keras.saving.get_registered_object({registered!r})"  # a partial takes no name
        return f"{registered!r} has been redefined since", f"{found}  # the function that has the name now"
    if holder is not None:
        return f"{registered!r} now stands for another function, {holder!r}", give_names(registered, value)
    if (value.__module__ or "").startswith("keras."):
        return "Keras cannot store this function by name", _wrap(value, name)
    where, cure = explain_registration(value, f"def {name}")
    if where:
        return f"no name is registered for it{where}", cure
    if closed_over(value):
        return "no name is registered for it", _as_function(value, name)
    if catalog.find_activation(name) is not None:
        return f"Keras has a function of the same name, {name!r}, and would load that one", above(f"def {name}")
    return "no name is registered for it", cure


def _find_variable(value: object, wrapped: object) -> str | None:
    """Return the variable that holds *value* in the module of the function *wrapped* in it, or None."""
    variables = getattr(wrapped, "__globals__", {})
    return next((name for name, held in variables.items() if held is value), None)


def _has_python_call(value: object) -> bool:
    return isinstance(getattr(type(value), "__call__", None), FUNCTION_TYPE)  # noqa: B004  # its author can add methods


def _as_function(value: object, name: str, package: str = "my_package") -> str:
    """Return the code of a registered function that computes *value*, and a partial with its outer variables."""
    outer = {key: held for key, held in closed_over(value).items() if isinstance(held, PLAIN)}
    definition = define(value, name, package=package, keywords=outer)
    return f"{definition}\n{_write_partial(name, outer)}" if outer else definition


def give_names(registered: str, value: Definition) -> str:
    """Return the cure for several functions or classes of one registered name, made by a factory or a loop."""
    package, _, name = registered.partition(">")
    outer, defaults = closed_over(value), default_values(value)
    if isinstance(value, FUNCTION_TYPE) and all(isinstance(held, PLAIN) for held in outer.values()):
        plain = {key: held for key, held in defaults.items() if isinstance(held, PLAIN)}
        if outer or plain:
            name = free_name(f"{name}_with_{'_'.join({**plain, **outer})}", package)  # the other one keeps its name
            return f"{define(value, name, package=package, keywords=outer)}\n{_write_partial(name, {**plain, **outer})}"
    label = getattr(value, "__name__", name)
    return f"{register_call(label, package, free_name(name, package))}  # a different name for each"


def hold_as_weights(function: object, variable: str, value: object) -> str:
    """Return the code of a layer that computes *function* and holds the outer *variable* that it uses."""
    name = str(getattr(function, "__name__", MY_FUNCTION))
    if isinstance(value, keras.Layer):
        line = f"self.{variable} = {write_instance(type(value))}"
    else:
        array = keras.ops.convert_to_numpy(value)
        held, shape = array.tolist(), array.shape
        is_short = len(repr(held)) < 200
        initial = f"keras.initializers.Constant({held!r})" if is_short else "'zeros'"
        line = f"self.{variable} = self.add_weight(shape={shape}, initializer={initial}, name={variable!r})"
    return define_layer(function, name.title().replace("_", ""), variable, line)


def write_instance(kind: type) -> str:
    """Return the code that makes an object of the class *kind*."""
    public = getattr(keras.layers, kind.__name__, None) is kind
    needed = ", ".join(f"{each.name}=..." for each in _parameters(kind) if each.default is each.empty)
    return f"{'keras.layers.' if public else ''}{kind.__name__}({needed})"


def write_get_config(value: object) -> str:
    """Return the code of the decorator and the methods that the class of *value* lacks."""
    kind = type(value)
    stored = ", ".join(f"{each.name!r}: self.{_attribute(value, each.name)}" for each in _parameters(kind))
    own = f"{{**super().get_config(), {stored}}}" if isinstance(value, keras.Layer) else f"{{{stored}}}"
    lines = [
        f"class {kind.__name__}:  # in addition to its other methods",
        "    def get_config(self):",
        f"        return {own}",
    ]
    if not isinstance(value, keras.Layer):
        lines += ["", "    @classmethod", "    def from_config(cls, config):", "        return cls(**config)"]
    return "\n".join([REGISTER, *lines])


def _parameters(kind: type) -> list[inspect.Parameter]:
    """Return the named arguments of the constructor of *kind*; none if it is not written in Python."""
    constructor = getattr(kind, "__init__")  # noqa: B009  # mypy refuses __init__ of a class
    if not isinstance(constructor, FUNCTION_TYPE):
        return []
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [each for each in list(inspect.signature(constructor).parameters.values())[1:] if each.kind in named]


def _attribute(value: object, name: str) -> str:
    return next((held for held in (name, f"_{name}") if hasattr(value, held)), name)


def _keras_equal(name: str) -> str:
    if name in catalog.LIBRARIES["keras.ops"]:
        return f"keras.ops.{name}"
    if hasattr(keras.ops, name):
        return f"{REGISTER}\ndef {free_name(MY_FUNCTION)}(x):\n    return keras.ops.{name}(x)"
    return define_with_ops(name)


def _wrap(value: object, name: str) -> str:
    """Return the code of a registered function that calls *value*, a function of Keras."""
    path = next(
        (f"{home}.{name}" for home, module in KERAS_MODULES.items() if getattr(module, name, None) is value), None
    )
    body = f"return {path}(x)" if path else f"...  # what {name} does"
    return f"{REGISTER}\ndef {free_name(MY_FUNCTION)}(x):\n    {body}"
