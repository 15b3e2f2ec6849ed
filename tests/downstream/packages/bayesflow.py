"""bayesflow."""

from tests.downstream.calls import together
from tests.downstream.rows import Broken, Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="bayesflow",
    name="bayesflow",
    rows=[
        Row(
            path="networks.helpers.blocks.conditional_dense_block.ConditionalDenseBlock",
            arguments={"width": 8},
            shape=[(None, 4, 8), (None, 4, 8)],
        ),
        Row(
            path="networks.helpers.blocks.dense_block.DenseBlock",
            arguments={"width": 8},
            shape=(None, 8),
        ),
        Row(
            path="networks.subnets.mlp.mlp.MLP",
            arguments={"widths": (8, 8)},
            shape=(None, 8),
            broken=[
                Broken(promises=["config"], reason="its `widths` is a tuple or a list, and comes back as the other"),
            ],
        ),
        Row(
            path="networks.subnets.unet.blocks.time_dense.TimeDense2D",
            arguments={"width": 8},
            shape=[(None, 8, 8, 8), (None, 8)],
            call=together,
        ),
        Row(
            path="networks.summary.convolutional.convolutional_network.ConvolutionalNetwork",
            arguments={"summary_dim": 4, "widths": (8, 8)},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=["config"],
                    cases=["name", "operation", "partial", "layer"],
                    reason="its `widths` is a tuple or a list, and comes back as the other",
                ),
                Broken(
                    promises=[
                        "config",
                        "json",
                        "keras_file",
                        "h5_file",
                        "weights_file",
                        "clone",
                        "sharing",
                        "dtype_policy",
                        "state",
                    ],
                    cases=["layer with weights"],
                    reason="one activation is called on tensors of several shapes: the weights of a `PReLU` fit one",
                ),
            ],
        ),
        Row(
            path="networks.summary.convolutional.double_conv.DoubleConv",
            arguments={"width": 8},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="networks.summary.deep_set.deep_set.DeepSet",
            arguments={"summary_dim": 4, "embed_dim": 8, "mlp_widths": (8,)},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=["config"],
                    cases=["name", "operation", "partial", "layer"],
                    reason="its `mlp_widths` is a tuple or a list, and comes back as the other",
                ),
                Broken(
                    promises=[
                        "config",
                        "json",
                        "keras_file",
                        "h5_file",
                        "weights_file",
                        "clone",
                        "sharing",
                        "dtype_policy",
                        "state",
                    ],
                    cases=["layer with weights"],
                    reason="one activation is called on tensors of several shapes: the weights of a `PReLU` fit one",
                ),
            ],
        ),
        Row(
            path="networks.summary.deep_set.equivariant_layer.EquivariantLayer",
            arguments={"embed_dim": 8, "mlp_widths": (8,)},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=["json", "keras_file", "h5_file", "weights_file", "clone", "dtype_policy", "state"],
                    cases=["layer with weights"],
                    reason="one activation is called on tensors of several shapes: the weights of a `PReLU` fit one",
                ),
            ],
        ),
        Row(
            path="networks.summary.deep_set.invariant_layer.InvariantLayer",
            arguments={"embed_dim": 8, "mlp_widths": (8,)},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=["json", "keras_file", "h5_file", "weights_file", "clone", "dtype_policy", "state"],
                    cases=["layer with weights"],
                    reason="one activation is called on tensors of several shapes: the weights of a `PReLU` fit one",
                ),
            ],
        ),
        Row(
            path="networks.summary.recurrent.time_series_network.TimeSeriesNetwork",
            arguments={"summary_dim": 4},
            shape=(None, 4, 8),
        ),
        Row(
            path="networks.subnets.mlp.time_mlp.TimeMLP",
            arguments={"widths": (8, 8), "time_embedding_dim": 8},
            shape=[(None, 8), (None, 1), (None, 4)],
            call=together,
        ),
        Row(
            path="networks.subnets.unet.blocks.residual.ResidualBlock2D",
            arguments={"width": 8, "groups": 2},
            shape=[(None, 8, 8, 8), (None, 8)],
            call=together,
        ),
        Row(
            path="networks.subnets.unet.blocks.transformer.TransformerBlock2D",
            arguments={"width": 8, "num_heads": 2, "attn_groups": 2, "mlp_groups": 2},
            shape=[(None, 8, 8, 8), (None, 8)],
            call=together,
        ),
        Row(
            path="networks.subnets.unet.embeddings.dense_fourier.DenseFourier",
            arguments={"emb_dim": 8},
            shape=(None, 1),
        ),
        Row(
            path="networks.subnets.unet.unet.UNet",
            arguments={"widths": (8, 8), "res_blocks": 1, "attn_stage": (False, True), "time_emb_dim": 8, "groups": 2},
            shape=[(None, 8, 8, 4), (None, 1), (None, 8, 8, 4)],
            call=together,
        ),
        Row(
            path="networks.subnets.unet.uvit.UViT",
            arguments={
                "widths": (8, 8),
                "res_blocks": 1,
                "transformer_blocks": 1,
                "transformer_width": 8,
                "num_heads": 2,
                "time_emb_dim": 8,
                "groups": 2,
            },
            shape=[(None, 8, 8, 4), (None, 1), (None, 8, 8, 4)],
            call=together,
        ),
        Row(
            path="networks.subnets.unet.resuvit.ResidualUViT",
            arguments={
                "widths": (8, 8),
                "res_blocks_down": 1,
                "res_blocks_up": 1,
                "transformer_blocks": 1,
                "transformer_width": 8,
                "num_heads": 2,
                "time_emb_dim": 8,
                "groups": 2,
            },
            shape=[(None, 8, 8, 4), (None, 1), (None, 8, 8, 4)],
            call=together,
        ),
    ],
)

define(PACKAGE, globals())
