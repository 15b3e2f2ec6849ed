"""What Keras 1 wrote into files, and neither Keras 3 nor tf_keras reads: the arguments of its layers. Keras-free.

Source:
    ``keras/legacy/interfaces.py`` of Keras 2.0 to 2.3, which read these and named what took their place.
"""

from collections.abc import Container, Mapping
from typing import Final

from serialactivation.typing import JSON

__all__ = ["find_arguments"]

_ARGUMENTS: Final = """
W_constraint W_learning_rate_multiplier W_regularizer U_regularizer b_constraint b_regularizer beta_init border_mode
consume_less dim_ordering dropout_U dropout_W forget_bias_init gamma_init init inner_activation inner_init input_dtype
nb_col nb_filter nb_row output_dim sigma subsample subsample_length filter_length pool_length
""".split()  # noqa: SIM905


def find_arguments(config: Mapping[str, JSON], known: Container[str]) -> list[str]:
    """Return the arguments of Keras 1 in the *config* of a layer, which are not among those *known* of Keras 3."""
    return [name for name in _ARGUMENTS if name in config and name not in known]
