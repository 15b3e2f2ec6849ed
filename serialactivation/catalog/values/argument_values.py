"""What the arguments of Keras's layers take, as far as a value alone decides whether it is refused. Keras-free.

A value that depends on the input, such as an axis, is not examined here, and neither is one that only some backends
refuse, such as ``synchronized``.

Source:
    The constructors, ``build`` and ``call`` of these classes, Keras 3.6.0 to 3.15.1; ``tests/verdicts/test_values.py``
    tries each with values of every type.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from serialactivation.catalog.values.demand import Demand
from serialactivation.catalog.values.image_values import IMAGE_ROWS
from serialactivation.catalog.values.signal_values import SIGNAL_ROWS
from serialactivation.catalog.values.value_kinds import (
    DTYPE,
    EQUATION,
    FLAG,
    FLOAT,
    MAPPING,
    NAME,
    NOTHING,
    NULL,
    ORDER,
    SIZE,
    TEXT,
    Kind,
    exactly,
    items,
    number,
    numeral,
    one_of,
    whole,
)

__all__ = ["ANY_CLASS", "find_demands"]

ANY_CLASS: Final = ""
"""Stands for every layer of Keras that has the argument."""


_COUNT: Final = Demand((whole(1),))
_COUNT_OR_NULL: Final = Demand((whole(1), NULL))
_OLD_COUNT: Final = Demand((whole(0),))
_TRUE_COUNT: Final = Demand((whole(1)._replace(has=lambda value: value is not True and whole(1).has(value)),), "3.15")
_EMBEDDINGS: Final = "Embedding ReversibleEmbedding"
_BUILT_COUNT: Final = Demand((whole(0),), is_for_build=True)
_LENGTHS: Final = Demand((whole(0), items(least=1)))
_RATE: Final = Demand((number(0, 1),))
_POSITIVE: Final = Demand((number(0),))
_POSITIVE_OR_NULL: Final = Demand((number(0), NULL))
_AXES: Final = Demand((whole(), items()))
_OBJECT: Final = Demand((TEXT, NULL))
_EPSILON: Final = Demand((number(), items(1), NULL), is_made=True)
_CALLED_NUMBER: Final = Demand((number(),), is_made=True)
_INTERPOLATIONS: Final = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")

_ABOVE_ZERO: Final = Kind("a number above 0", lambda value: number(0).has(value) and value != 0)
_ATTENTION: Final = "MultiHeadAttention"
_ATTENTIONS: Final = f"{_ATTENTION} GroupQueryAttention GroupedQueryAttention"
_ADAPTIVE: Final = " ".join(f"Adaptive{kind}Pooling{rank}D" for kind in ("Average", "Max") for rank in (1, 2, 3))
_NOTHING: Final = one_of()._replace(label="no value with which this Keras puts the layer into a model")
_DROPOUT: Final = "Dropout AlphaDropout GaussianDropout SpatialDropout1D SpatialDropout2D SpatialDropout3D"
_RECURRENT: Final = "LSTM GRU SimpleRNN LSTMCell GRUCell SimpleRNNCell"
_CONV_LSTM: Final = "ConvLSTM1D ConvLSTM2D ConvLSTM3D"
_WHOLE_FLOAT: Final = Kind("a whole number", lambda value: number(1).has(value) and float(str(value)).is_integer())
_Rows: TypeAlias = tuple[tuple[str, str, tuple[Demand, ...]], ...]


def _make_sides(rank: int) -> Demand:
    """Return what is taken for the numbers of cells at both sides of each of *rank* dimensions."""
    both = items(2, of=whole(0))
    each = both if rank == 1 else items(rank, of=Kind("", lambda value: whole(0).has(value) or both.has(value)))
    return Demand((whole(0), each))


def _make_rows(rank: int) -> _Rows:
    """Return the rows of the layers whose input has *rank* spatial dimensions."""
    convolutions = f"Conv{rank}D Conv{rank}DTranspose"
    depthwise = "" if rank == 3 else f"DepthwiseConv{rank}D SeparableConv{rank}D"
    pooling = f"MaxPooling{rank}D AveragePooling{rank}D"
    counts = whole(1), items(rank, of=whole(1))
    return (
        (f"{convolutions} {depthwise}", "filters", (_COUNT,)),
        (f"{convolutions} {depthwise} ConvLSTM{rank}D", "kernel_size", (Demand(counts),)),
        (
            f"{convolutions} {depthwise} ConvLSTM{rank}D",
            "strides dilation_rate",
            (Demand((*counts, items(rank, of=_WHOLE_FLOAT))), Demand(counts, is_made=True)),
        ),
        (f"{convolutions} {depthwise} {pooling}", "padding", (Demand((one_of("valid", "same", "causal"),)),)),
        (depthwise or f"DepthwiseConv{rank}D", "depth_multiplier", (_COUNT,)),
        (pooling, "pool_size", (Demand(counts, until="3.15" if rank == 1 else None),)),
        (pooling, "strides", (Demand((*counts, NULL)),)),
        (f"ConvLSTM{rank}D", "padding", (Demand((one_of("valid", "same"),)),)),
        (f"Conv{rank}D", "groups", (_COUNT,)),
        (f"Conv{rank}DTranspose", "output_padding", (Demand((whole(0), items(rank, of=whole(0)), NULL)),)),
        (f"Cropping{rank}D ZeroPadding{rank}D", "cropping padding", (_make_sides(rank),)),
    )


# The arguments of each class, or of every class, and what they take.
_ROWS: Final[_Rows] = (
    *_make_rows(1),
    *_make_rows(2),
    *_make_rows(3),
    ("ZeroPadding2D", "padding", (Demand((whole(), items(2))), _make_sides(2)._replace(is_made=True))),
    (_RECURRENT, "units", (_COUNT,)),
    (f"{_RECURRENT} {_CONV_LSTM}", "dropout recurrent_dropout", (Demand((number(),)),)),
    (_CONV_LSTM, "filters", (_OLD_COUNT,)),
    ("Attention AdditiveAttention", "dropout", (Demand((number(),)),)),
    ("Attention", "score_mode", (Demand((exactly("dot", "concat"),)),)),
    ("Bidirectional", "merge_mode", (Demand((exactly("sum", "mul", "ave", "concat"), NULL)),)),
    ("CategoryEncoding", "num_tokens", (_COUNT,)),
    ("CategoryEncoding", "output_mode", (Demand((exactly("count", "one_hot", "multi_hot", "binary"),)),)),
    ("Concatenate", "axis", (Demand((whole(),)),)),
    ("Dot", "axes", (Demand((whole(), items(2, of=whole()))),)),
    ("Dense", "units", (_COUNT._replace(since="3.13"), _BUILT_COUNT)),
    (_EMBEDDINGS, "input_dim", (_TRUE_COUNT, _BUILT_COUNT, _COUNT._replace(is_made=True))),
    (_EMBEDDINGS, "output_dim", (_TRUE_COUNT, _BUILT_COUNT)),
    ("RepeatVector", "n", (_OLD_COUNT, _COUNT._replace(since="3.15"))),
    ("UpSampling1D", "size", (Demand((numeral(0),)), _COUNT._replace(since="3.15"))),
    ("UpSampling2D", "size", (Demand((whole(1), items(2, of=whole(1)))),)),
    ("UpSampling3D", "size", (Demand((whole(1), items(3, of=whole(1)))),)),
    ("UpSampling2D", "interpolation", (Demand((TEXT,)), Demand((one_of(*_INTERPOLATIONS),), is_made=True))),
    (_DROPOUT, "rate", (_RATE,)),
    ("Dropout", "noise_shape", (Demand((items(), NULL, MAPPING), "3.14"),)),
    (f"{_DROPOUT} GaussianNoise LSTM GRU", "seed", (Demand((whole(), NULL)),)),
    ("GaussianNoise", "stddev", (_RATE,)),
    ("LeakyReLU ReLU", "negative_slope", (_POSITIVE,)),
    ("ReLU", "max_value", (_POSITIVE_OR_NULL,)),
    ("ReLU", "threshold", (_POSITIVE,)),
    ("ActivityRegularization", "l1 l2", (_POSITIVE_OR_NULL,)),
    ("BatchNormalization", "axis", (Demand((number(),)),)),
    ("GroupNormalization", "axis", (Demand((whole(),)),)),
    ("LayerNormalization UnitNormalization", "axis", (_AXES,)),
    ("PReLU", "shared_axes", (Demand((whole(), items(of=whole()), NULL)),)),
    ("SpectralNormalization", "power_iterations", (Demand((_ABOVE_ZERO,)),)),
    ("RandomGrayscale", "factor", (Demand((_NOTHING,), "3.10", "3.10", is_for_build=True),)),
    *IMAGE_ROWS,
    *SIGNAL_ROWS,
    ("Discretization", "bin_boundaries", (Demand((items(), NULL), is_made=True),)),
    ("Discretization", "num_bins", (Demand((whole(0), number(0), NULL)),)),
    ("Discretization", "output_mode", (Demand((exactly("int", "one_hot", "multi_hot", "count"),)),)),
    ("Normalization", "mean variance", (Demand((number(), items(), NULL)),)),
    (_ADAPTIVE, "data_format", (Demand((one_of("channels_last", "channels_first"), NOTHING)),)),
    ("Softmax", "axis", (Demand((whole(), items(least=1), NULL, MAPPING), is_made=True),)),
    ("GroupNormalization", "groups", (Demand((number(None, -1), number(1))), Demand((whole(),), since="3.15"))),
    ("BatchNormalization", "epsilon momentum", (Demand((numeral(),)),)),
    ("LayerNormalization", "epsilon", (_EPSILON, Demand((number(), items(1)), until="3.6", is_made=True))),
    ("GroupNormalization", "epsilon", (_CALLED_NUMBER,)),
    ("ELU", "alpha", (_CALLED_NUMBER,)),
    ("Masking", "mask_value", (Demand((number(), items(least=1)), is_made=True),)),
    ("Rescaling", "scale offset", (Demand((numeral(), items(least=1)), is_made=True),)),
    ("Reshape", "target_shape", (Demand((items(), TEXT)),)),
    ("Permute", "dims", (Demand((ORDER,)),)),
    ("EinsumDense", "equation", (Demand((EQUATION,)),)),
    ("EinsumDense", "output_shape", (Demand((whole(0), items(least=1, of=SIZE))),)),
    ("MultiHeadAttention", "output_shape", (Demand((NOTHING,), until="3.6", is_for_build=True),)),
    (_ATTENTION, "num_heads key_dim", (Demand((whole(1),), since="3.15"),)),
    (_ATTENTION, "attention_axes", (Demand((whole(), items(of=whole()), NULL)),)),
    (_ATTENTIONS, "dropout", (_RATE,)),
    (_ATTENTIONS, "sliding_window", (_COUNT_OR_NULL,)),
    (_ATTENTION, "value_dim", (Demand((whole(1), NULL), since="3.15"),)),
    ("Pipeline", "layers", (Demand((items(0),), until="3.6", is_for_build=True),)),
    ("InputLayer", "batch_shape", (Demand((items(of=SIZE), NULL)),)),
    ("DTypePolicy", "name", (Demand((DTYPE, NULL)),)),
    ("EinsumDense", "bias_axes", (Demand((TEXT, NULL)),)),
    ("SGD", "momentum", (Demand((FLOAT,)), _RATE)),
    (ANY_CLASS, "learning_rate", (Demand((FLOAT,)),)),
    (ANY_CLASS, "data_format", (Demand((one_of("channels_last", "channels_first"), NULL)),)),
    (ANY_CLASS, "dtype", (Demand((DTYPE, NULL)),)),
    (ANY_CLASS, "name", (Demand((NAME, NULL)),)),
    (ANY_CLASS, "trainable", (Demand((FLAG,), "3.15"),)),
)


def _spread() -> Mapping[str, Mapping[str, tuple[Demand, ...]]]:
    table: dict[str, dict[str, tuple[Demand, ...]]] = {ANY_CLASS: {}}
    for classes, names, demands in _ROWS:
        for class_name in (ANY_CLASS,) if classes == ANY_CLASS else classes.split():
            table.setdefault(class_name, {}).update(dict.fromkeys(names.split(), demands))
    return MappingProxyType(table)


_TABLE: Final = _spread()
_OBJECTS: Final = ("activation", "_constraint", "_initializer", "_regularizer")
_UNCHECKED: Final = ("SimpleRNN", "activity_regularizer")
"""What that layer never looks at."""


def find_demands(class_name: str, name: str) -> tuple[Demand, ...]:
    """Return what the argument *name* of a layer of Keras takes, or nothing if that is not known.

    Args:
        class_name: The class of the layer.
        name: The name of the argument, which the class has.
    """
    found = _TABLE.get(class_name, {}).get(name) or _TABLE[ANY_CLASS].get(name)
    if found is None and name.endswith(_OBJECTS) and (class_name, name) != _UNCHECKED:
        return (_OBJECT,)
    return found or ()
