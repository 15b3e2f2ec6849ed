"""kecam."""

from tests.downstream.rows import BUILT, Broken, Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="kecam",
    name="keras_cv_attention_models",
    rows=[
        Row(
            path="beit.beit.PatchConv2DWithResampleWeights",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="model_surgery.model_surgery.SplitConv2D",
            arguments={"filters": 4, "kernel_size": 3, "groups": 2},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="The layer makes its convolutions from its config: each has its own copy of the activation, and nothing uses the one that was given.",
                ),
                Broken(
                    promises=["keras_file", "weights_file", "dtype_policy"],
                    cases=["name", "operation", "partial", "layer"],
                    reason="`Conv2D`, its parent class, saves and loads a kernel and a bias, which the layer does not have.",
                ),
                Broken(
                    promises=["sharing"],
                    cases=["layer"],
                    reason="`Conv2D`, its parent class, saves and loads a kernel and a bias, which the layer does not have.",
                ),
            ],
        ),
        Row(
            path="model_surgery.model_surgery.SplitScaledStandardizedConv2D",
            arguments={"filters": 4, "kernel_size": 3, "groups": 2},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="The layer makes its convolutions from its config: each has its own copy of the activation, and nothing uses the one that was given.",
                ),
                Broken(
                    promises=["keras_file", "weights_file", "dtype_policy"],
                    cases=["name", "operation", "partial", "layer"],
                    reason="`Conv2D`, its parent class, saves and loads a kernel and a bias, which the layer does not have.",
                ),
                Broken(
                    promises=["sharing"],
                    cases=["layer"],
                    reason="`Conv2D`, its parent class, saves and loads a kernel and a bias, which the layer does not have.",
                ),
            ],
        ),
        Row(
            path="nfnets.nfnets.ScaledStandardizedConv2D",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=["keras_file", "weights_file", "sharing", "dtype_policy"],
                    reason="`Conv2D`, its parent class, saves only a kernel and a bias, and not the layer's own weight, `gain`.",
                ),
            ],
        ),
    ],
)

define(PACKAGE, globals())
