"""tkan."""

from tests.downstream.calls import step
from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="tkan",
    name="tkan",
    rows=[
        Row(
            path="tkan.TKAN",
            arguments={"units": 4},
            shape=(None, 4, 8),
        ),
        Row(
            path="tkan.TKANCell", arguments={"units": 4}, shape=[(None, 8), (None, 4), (None, 4), (None, 8)], call=step
        ),
    ],
)

define(PACKAGE, globals())
