"""Why an activation is refused, and the line to write instead."""

import functools
import inspect
from typing import Final

from serialactivation import catalog
from serialactivation.by_value import REGISTER, say_how_to_register
from serialactivation.keywords import keyword_names
from serialactivation.libraries import FUNCTION_TYPE
from serialactivation.names import find_registered_name
from serialactivation.typing import Activation

__all__ = ["diagnose", "write_by_keyword"]

_OWN_FUNCTION: Final = f"def my_activation(x): ..., with {REGISTER} above it"


def write_by_keyword(partial: "functools.partial[object]") -> str:
    """Return *partial* with its values given by keyword, as far as its function names them."""
    name = getattr(partial.func, "__name__", type(partial.func).__name__)
    names = keyword_names(partial.func) or []
    keywords = {**dict(zip(names, partial.args, strict=False)), **partial.keywords}
    if len(names) < len(partial.args):
        return f"functools.partial({name}, ...) with keywords only"
    return f"functools.partial({name}, {', '.join(f'{key}={value!r}' for key, value in keywords.items())})"


def diagnose(value: Activation) -> tuple[str, str]:
    """Return why Keras would lose *value*, and the line to write instead."""
    name = getattr(value, "__name__", type(value).__name__)
    if name == "<lambda>":
        return "a lambda has no name to be stored by", _OWN_FUNCTION
    if type(value).__module__ == "numpy":
        return "a NumPy function leaves the backend", _keras_equal(name)
    wrapped = getattr(value, "__wrapped__", None)
    if wrapped is not None and find_registered_name(wrapped) is not None:
        return "what is registered is the function inside it", f"{REGISTER} above its decorator, such as @jax.jit"
    if inspect.ismethod(value):
        return "a bound method belongs to one object", f"a function, with {REGISTER} above it"
    if not isinstance(value, FUNCTION_TYPE) and not hasattr(value, "__name__"):
        return (
            f"{type(value).__name__} has no get_config()",
            f"a get_config() in class {name} that returns its arguments, and {REGISTER} above the class",
        )
    if (getattr(value, "__module__", None) or "").startswith("keras."):
        return (
            "it is none of the functions that can be stored by name",
            f"def my_activation(x): ..., with {REGISTER} above it",
        )
    if catalog.find_activation(name) is not None:
        return (
            f"it is not Keras's {name!r}, but would load as Keras's",
            f"{REGISTER} above your function, or the built-in {name!r}",
        )
    where, cure = say_how_to_register(value, f"def {name}")
    return f"no name is registered for it{where}", cure


def _keras_equal(name: str) -> str:
    return f"keras.ops.{name}" if name in catalog.LIBRARIES["keras.ops"] else "a function of keras.ops"
