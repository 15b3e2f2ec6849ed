"""kerasfactory."""

from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="kerasfactory",
    name="kerasfactory",
    rows=[
        Row(
            path="layers.BoostingBlock.BoostingBlock",
            shape=(None, 8),
        ),
        Row(
            path="layers.BoostingEnsembleLayer.BoostingEnsembleLayer",
            shape=(None, 8),
        ),
        Row(
            path="layers.GatedFeatureFusion.GatedFeatureFusion",
            shape=[(None, 4, 8), (None, 4, 8)],
        ),
    ],
)

define(PACKAGE, globals())
