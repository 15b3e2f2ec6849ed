"""medicai."""

from tests.downstream.rows import COPIED, Broken, Package, Row
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
            broken=[
                Broken(
                    promises=["dtype_policy"],
                    cases=["layer", "layer with weights"],
                    reason="The layer computes in float32 under every dtype policy, but an activation that is a layer follows the policy.",
                ),
            ],
        ),
        Row(
            path="layers.attention.SqueezeExcitation",
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="layers.conv.AtrousSpatialPyramidPooling",
            arguments={"dilation_rates": [1, 2], "num_channels": 8},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=["config", "h5_file"],
                    cases=["name"],
                    reason="The layer contains a `ResizingND`, which is not registered.",
                ),
                Broken(
                    promises=[
                        "config",
                        "json",
                        "keras_file",
                        "h5_file",
                        "weights_file",
                        "clone",
                        "dtype_policy",
                        "sharing",
                    ],
                    cases=["operation", "partial", "layer", "layer with weights"],
                    reason="The layer accepts only a name: it calls `lower` on the argument.",
                ),
                Broken(
                    promises=["state"],
                    cases=["layer with weights"],
                    reason="The layer accepts only a name: it calls `lower` on the argument.",
                ),
                Broken(
                    promises=["json", "keras_file", "dtype_policy"],
                    cases=["name"],
                    reason="`build` adds a tuple to the input shape, which is a list when Keras has read it from a file.",
                ),
            ],
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
            broken=[
                Broken(
                    promises=COPIED,
                    reason="Its config contains `mlp_hidden_dim`, which its constructor does not accept.",
                ),
            ],
        ),
    ],
)

define(PACKAGE, globals())
