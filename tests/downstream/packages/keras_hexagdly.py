"""keras-hexagdly."""

from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="keras-hexagdly",
    name="keras_hexagdly",
    rows=[
        Row(
            path="layers.Conv2d",
            arguments={"filters": 4},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="layers.Conv3d",
            arguments={"filters": 4},
            shape=(None, 8, 8, 8, 8),
        ),
        Row(path="quantized.QConv2d", arguments={"filters": 4}, shape=(None, 8, 8, 8)),
        Row(path="quantized.QConv3d", arguments={"filters": 4}, shape=(None, 8, 8, 8, 8)),
    ],
)

define(PACKAGE, globals())
