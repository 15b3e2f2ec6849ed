"""The recurrent layers of Keras. Keras-free."""

from typing import Final

__all__ = ["RECURRENT", "WITH_OWN_CELL"]

WITH_OWN_CELL: Final = frozenset(["ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "SimpleRNN"])
"""The names of the classes that make their cell from their own arguments."""

RECURRENT: Final = frozenset(["RNN", *WITH_OWN_CELL])
"""The names of all their classes."""
