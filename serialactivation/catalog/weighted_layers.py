"""Layers of Keras that always have weights, and activation layers that have none. Keras-free."""

import re
from typing import Final

__all__ = ["WITHOUT_WEIGHTS", "WITH_WEIGHTS"]

WITH_WEIGHTS: Final = re.compile(
    r"BatchNormalization|Conv[123]D|Dense|DepthwiseConv[12]D|EinsumDense|PReLU|SeparableConv[12]D"
)
"""The names of their classes."""

WITHOUT_WEIGHTS: Final = ("ELU", "LeakyReLU", "ReLU", "Softmax")
"""The names of the classes of activation layers without weights."""
