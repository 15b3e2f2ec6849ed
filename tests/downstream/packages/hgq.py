"""HGQ2."""

from tests.downstream.calls import step
from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="HGQ2",
    name="hgq",
    rows=[
        Row(
            path="layers.activation.QAffinedUnaryFunctionLUT",
            given={"activation": "tanh"},
            shape=(None, 8),
        ),
        Row(
            path="layers.activation.QUnaryFunctionLUT",
            given={"activation": "tanh"},
            shape=(None, 8),
        ),
        Row(
            path="layers.attn.linformer.QLinformerAttentionT",
            arguments={"num_heads": 2, "lin_kv_proj_dim": 2, "key_dim": 4},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.attn.mha.QMultiHeadAttentionT",
            arguments={"num_heads": 2, "key_dim": 4},
            shape=(None, 8),
        ),
        Row(
            path="layers.conv.QBaseConv",
            arguments={"rank": 1, "filters": 4, "kernel_size": 3},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.conv.QConv1D",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.conv.QConv2D",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="layers.conv.QConv3D",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8, 8),
        ),
        Row(
            path="layers.core.dense.QBatchNormDense",
            arguments={"units": 4},
            shape=(None, 8),
        ),
        Row(
            path="layers.core.dense.QDense",
            arguments={"units": 4},
            shape=(None, 8),
        ),
        Row(
            path="layers.core.einsum_dense.QEinsumDense",
            arguments={"equation": "abc,cd->abd", "output_shape": (None, 4)},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.rnn.gru.QGRU",
            arguments={"units": 4},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.rnn.simple_rnn.QSimpleRNN",
            arguments={"units": 4},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.table.conv.QConvT1D",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.table.conv.QConvT2D",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="layers.table.conv.QConvTBase",
            arguments={"filters": 4, "kernel_size": 3, "rank": 1},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.table.dense.QDenseT",
            arguments={"n_out": 4},
            shape=(None, 8),
        ),
        Row(
            path="layers.table.dense.QEinsumDenseT",
            arguments={"equation": "abc,cd->abd", "output_shape": (None, 4)},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.einsum_dense_batchnorm.QEinsumDenseBatchnorm",
            arguments={"equation": "abc,cd->abd", "output_shape": (4, 4), "bias_axes": "d"},
            shape=(None, 4, 8),
        ),
        Row(path="layers.rnn.gru.QGRUCell", arguments={"units": 4}, shape=[(None, 8), (None, 4)], call=step),
        Row(
            path="layers.rnn.simple_rnn.QSimpleRNNCell", arguments={"units": 4}, shape=[(None, 8), (None, 4)], call=step
        ),
    ],
)

define(PACKAGE, globals())
