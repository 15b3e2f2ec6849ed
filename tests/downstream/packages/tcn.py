"""keras-tcn."""

from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="keras-tcn",
    name="tcn",
    rows=[
        Row(
            path="tcn.ResidualBlock",
            arguments={"dilation_rate": 1, "nb_filters": 4, "kernel_size": 3, "padding": "same"},
            shape=(None, 4, 8),
        ),
        Row(
            path="tcn.TCN",
            arguments={"nb_filters": 4},
            shape=(None, 4, 8),
        ),
    ],
)

define(PACKAGE, globals())
