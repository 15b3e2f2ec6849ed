"""keras-rs."""

from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="keras-rs",
    name="keras_rs",
    rows=[
        Row(
            path="src.layers.feature_interaction.feature_cross.FeatureCross",
            shape=(None, 8),
        ),
    ],
)

define(PACKAGE, globals())
