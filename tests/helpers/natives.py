"""The functions of the running backend, and how its gradients are taken."""

from typing import Final

import keras

from serialactivation.catalog import functions as catalog
from serialactivation.codec.known_functions.foreign_functions import BACKENDS
from serialactivation.codec.known_functions.libraries import load_function

BACKEND: Final = keras.config.backend()
LIBRARY: Final = next(library for library, backend in BACKENDS.items() if backend == BACKEND)

TANH: Final = {"jax": True, "torch": "tanh", "tensorflow": True}[BACKEND]
"""What a backend's gelu calls its approximation."""


def native(name):
    """Return the function of the backend's library that is called *name*."""
    return load_function(catalog.LIBRARIES[LIBRARY][name])


def gradient(function, inputs):
    """Return the gradient of the sum of *function*, in float32, at the tensor *inputs*."""
    return _GRADIENTS[BACKEND](_sum(function), inputs)


def is_same_program(first, second, inputs):
    """Return whether JAX traces two functions, and their gradients, to the same program; False on other backends.

    The same program computes the same bits.
    """
    return BACKEND == "jax" and _trace(first, inputs) == _trace(second, inputs)


def _trace(function, inputs):
    """Return the programs of a function and of its gradient: their text, and the constants that it does not show."""
    import jax

    programs = [jax.make_jaxpr(traced)(inputs) for traced in (function, jax.grad(_sum(function)))]
    return [
        (str(program), [keras.ops.convert_to_numpy(one).tolist() for one in program.consts]) for program in programs
    ]


def _sum(function):
    return lambda inputs: keras.ops.sum(keras.ops.cast(function(inputs), "float32"))


def _jax_gradient(function, inputs):
    import jax

    return jax.jit(jax.grad(function))(inputs)  # as Keras trains; jax.nn.mish is compiled alone, Keras's is not


def _torch_gradient(function, inputs):
    leaf = inputs.detach().clone().requires_grad_(True)
    function(leaf).backward()
    return leaf.grad


def _tensorflow_gradient(function, inputs):
    import tensorflow

    with tensorflow.GradientTape() as tape:
        tape.watch(inputs)
        total = function(inputs)
    return tape.gradient(total, inputs)


_GRADIENTS = {"jax": _jax_gradient, "torch": _torch_gradient, "tensorflow": _tensorflow_gradient}
