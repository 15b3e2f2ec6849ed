"""kecam."""

from tests.downstream.rows import Package, Row
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
        ),
        Row(
            path="model_surgery.model_surgery.SplitScaledStandardizedConv2D",
            arguments={"filters": 4, "kernel_size": 3, "groups": 2},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="nfnets.nfnets.ScaledStandardizedConv2D",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8),
        ),
    ],
)

define(PACKAGE, globals())
