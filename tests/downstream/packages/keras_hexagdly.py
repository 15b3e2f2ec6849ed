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
                Broken(promises=["config"], reason="its `kq_conf` is a tuple or a list, and comes back as the other"),
            ],
        ),
        Row(
            path="quantized.QConv3d",
            arguments={"filters": 4},
            shape=(None, 8, 8, 8, 8),
            broken=[
                Broken(promises=["config"], reason="its `kq_conf` is a tuple or a list, and comes back as the other"),
            ],
        ),
    ],
)

define(PACKAGE, globals())
