"""Layers around a layer. Keras-free.

Source:
    ``keras/src/layers/core/wrapper.py`` and ``keras/src/layers/rnn/time_distributed.py``, Keras 3.6 to 3.15.
"""

from serialactivation.tree.variables.layer_arguments import Arguments, Built, Inputs, Part
from serialactivation.tree.variables.shapes import UnfitError

__all__ = ["build_time_distributed", "build_wrapper"]


def build_wrapper(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``Wrapper``."""
    stored = given.config.get("layer")
    built = given.build(stored, inputs)
    return Built((), (Part(("layer",), built, stored),))


def build_time_distributed(given: Arguments, inputs: Inputs) -> Built:
    """Build a ``TimeDistributed``."""
    shape = inputs.shape
    if len(shape) < 3:
        raise UnfitError(f"it needs at least 3 axes, and is given the shape {shape}")
    stored = given.config.get("layer")
    built = given.build(stored, Inputs((shape[0], *shape[2:])))
    one = built.output
    output = (one[0], shape[1], *one[1:]) if isinstance(one, tuple) and one else None
    return Built((), (Part(("layer",), built, stored),), output)
