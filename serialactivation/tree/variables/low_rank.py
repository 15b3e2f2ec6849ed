"""Layers that are trained with two matrices of low rank beside their weights, as LoRA has it. Keras-free.

Source:
    ``enable_lora`` and ``load_own_variables`` of the layers in ``keras/src/layers/core`` and
    ``keras/src/layers/convolutional/base_conv.py``, Keras 3.6 to 3.15.
"""

from typing import Final

from serialactivation.tree.variables.layer_arguments import Arguments, Built, Variable, make_variables
from serialactivation.tree.variables.shapes import NotKnownError, UnfitError

__all__ = ["add_low_rank"]

_TAKING: Final = ("Conv1D", "Conv2D", "Conv3D", "Dense", "EinsumDense", "Embedding", "ReversibleEmbedding")
"""The layers that have the argument."""

_EMBEDDINGS: Final = "embeddings"
_REVERSE: Final = "reverse_embeddings"


def add_low_rank(built: Built, name: str, given: Arguments, plain: Variable) -> Built:
    """Return a layer with what it has of low rank; a ``.keras`` file has that merged with its first weight.

    Args:
        built: What is known of the layer without.
        name: The name of its class.
        given: Its arguments.
        plain: Its first weight as it would be if it were not quantized.

    Raises:
        NotKnownError: The layer has no argument for it.
        UnfitError: It makes a variable after those, which Keras refuses.
    """
    if name not in _TAKING:
        raise NotKnownError
    if any(one.trainable and one.name == _REVERSE for one in built.variables or ()):
        raise UnfitError(f"it makes its {_REVERSE} after its weights of low rank, when it takes no more")
    rank = given.number("lora_rank")
    pair = make_variables(
        (f"lora_{plain.name}_a", (*plain.shape[:-1], rank)), (f"lora_{plain.name}_b", (rank, plain.shape[-1]))
    )
    low = tuple(one._replace(is_merged=True) for one in pair)
    first, *others = (one._replace(trainable=one.trainable and one.name != plain.name) for one in built.variables or ())
    is_next = plain.name == _EMBEDDINGS
    return built._replace(variables=(first, *low, *others) if is_next else (first, *others, *low))
