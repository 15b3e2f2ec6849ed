"""keras-efficient-kan."""

from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="keras-efficient-kan",
    name="keras_efficient_kan",
    rows=[
        Row(
            path="kan.KANLinear",
            arguments={"units": 4},
            shape=(None, 8),
        ),
    ],
)

define(PACKAGE, globals())
