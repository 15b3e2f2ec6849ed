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
                    reason="each of its convolutions is made from the config, with an activation of its own: nothing uses the given one",
                ),
                Broken(
                    promises=["keras_file", "weights_file", "dtype_policy"],
                    cases=["name", "operation", "partial", "layer"],
                    reason="the weights of a `Conv2D` are saved and read in it, and it has none",
                ),
                Broken(
                    promises=["sharing"],
                    cases=["layer"],
                    reason="the weights of a `Conv2D` are saved and read in it, and it has none",
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
                    reason="each of its convolutions is made from the config, with an activation of its own: nothing uses the given one",
                ),
                Broken(
                    promises=["keras_file", "weights_file", "dtype_policy"],
                    cases=["name", "operation", "partial", "layer"],
                    reason="the weights of a `Conv2D` are saved and read in it, and it has none",
                ),
                Broken(
                    promises=["sharing"],
                    cases=["layer"],
                    reason="the weights of a `Conv2D` are saved and read in it, and it has none",
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
                    reason="its own weight, `gain`, is not saved: a `Conv2D` saves its two",
                ),
            ],
        ),
    ],
)

define(PACKAGE, globals())
