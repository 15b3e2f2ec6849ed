"""The layers of Keras by kind: models, recurrent layers, and those that have weights or have none. Keras-free."""

import re
from typing import Final

__all__ = ["MODELS", "RECURRENT", "WITHOUT_WEIGHTS", "WITH_OWN_CELL", "WITH_WEIGHTS"]

MODELS: Final = ("Functional", "Model", "Sequential")
"""The names of the classes of models."""

WITH_OWN_CELL: Final = frozenset(["ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "SimpleRNN"])
"""The names of the recurrent layers that make their cell from their own arguments."""

RECURRENT: Final = frozenset(["RNN", *WITH_OWN_CELL])
"""The names of all recurrent layers."""

WITH_WEIGHTS: Final = re.compile(
    r"BatchNormalization|Conv[123]D|Dense|DepthwiseConv[12]D|EinsumDense|PReLU|SeparableConv[12]D"
)
"""The names of layers that always have weights."""

WITHOUT_WEIGHTS: Final = ("ELU", "LeakyReLU", "ReLU", "Softmax")
"""The names of activation layers that have none."""
