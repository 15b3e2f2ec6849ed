"""medicai."""

from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="medicai",
    name="medicai",
    rows=[
        Row(
            path="blocks.unet.UNetOutBlock",
            arguments={"num_classes": 3},
            shape=(None, 8, 8, 8),
            named=True,
        ),
        Row(
            path="layers.attention.SqueezeExcitation",
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="layers.conv.AtrousSpatialPyramidPooling",
            arguments={"dilation_rates": [1, 2], "num_channels": 8},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="layers.conv.DepthwiseConv3D",
            arguments={"kernel_size": 3},
            shape=(None, 8, 8, 8, 8),
        ),
        Row(
            path="layers.conv.SeparableConv3D",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8, 8),
        ),
        Row(
            path="layers.mlp.MLPBlock",
            arguments={"hidden_dim": 8, "output_dim": 8},
            shape=(None, 8),
        ),
        Row(
            path="layers.mlp.SwinMLP",
            arguments={"hidden_dim": 8, "output_dim": 8},
            shape=(None, 8),
        ),
        Row(
            path="layers.mlp.TransUNetMLP",
            arguments={"hidden_dim": 8, "output_dim": 8},
            shape=(None, 8),
        ),
        Row(
            path="layers.mlp.ViTMLP",
            arguments={"hidden_dim": 8, "output_dim": 8},
            shape=(None, 8),
        ),
        Row(
            path="models.swin.swin_layers.SwinTransformerBlockV2",
            arguments={"input_dim": 8, "num_heads": 2, "window_size": (2, 2, 2), "shift_size": (0, 0, 0)},
            shape=(None, 4, 4, 4, 8),
        ),
    ],
)

define(PACKAGE, globals())
