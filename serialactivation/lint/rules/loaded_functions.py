"""Which functions of Keras and of backends a stock layer is loaded with again, when it was given them. Keras-free."""

from collections.abc import Mapping
from typing import Final

from serialactivation.catalog.function_tables import ALIASES
from serialactivation.catalog.functions import Function, find_activation, find_name

__all__ = ["FINDS_FUNCTIONS", "comes_back", "describe_load"]

FINDS_FUNCTIONS: Final = "3.16"
"""The first Keras that stores the module of a function, and looks for it only there, or among registered ones."""

# The functions of the backends that stock Keras loads again as the same function, found by saving and loading each.
_COME_BACK: Final[Mapping[str, str]] = {
    "jax.nn": "softmax",
    "torch.nn.functional": "celu elu glu log_softmax mish relu relu6 selu sigmoid silu softmax softsign tanh threshold",
    "tf.nn": "elu gelu leaky_relu relu relu6 selu sigmoid softplus softsign tanh",
}

# Functions for which keras.activations stores the logits, and which compute the same nevertheless.
_ALIKE: Final = frozenset({"sigmoid", "softmax"})


def comes_back(function: Function, finds_functions: bool = False) -> bool:
    """Return whether a stock layer that is given *function* is loaded with a function that computes the same.

    Args:
        function: A function of Keras or of a backend.
        finds_functions: Whether Keras looks for a function in its module, see :data:`FINDS_FUNCTIONS`.
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


def describe_load(library: str, name: str) -> str:
    """Return what Keras makes of a function that does not come back, but whose *name* is that of an activation."""
    if library == "keras.ops" or (library, name) in {("jax.nn", "gelu"), ("torch.nn.functional", "leaky_relu")}:
        return f"and loads keras.activations.{name}, which computes something else"
    return "but cannot load it: it is not a plain Python function"
