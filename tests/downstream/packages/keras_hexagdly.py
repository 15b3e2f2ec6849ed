"""keras-hexagdly."""

from tests.downstream.rows import Broken, Package, Row
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
        Row(
            path="quantized.QConv2d",
            arguments={"filters": 4},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(
                    promises=["config"],
                    reason="Its argument `kq_conf` does not keep its type: a tuple comes back as a list, or a list as a tuple.",
                ),
            ],
        ),
        Row(
            path="quantized.QConv3d",
            arguments={"filters": 4},
            shape=(None, 8, 8, 8, 8),
            broken=[
                Broken(
                    promises=["config"],
                    reason="Its argument `kq_conf` does not keep its type: a tuple comes back as a list, or a list as a tuple.",
                ),
            ],
        ),
    ],
)

define(PACKAGE, globals())
