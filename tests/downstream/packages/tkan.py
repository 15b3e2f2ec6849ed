"""tkan."""

from tests.downstream.calls import step
from tests.downstream.rows import BUILT, Broken, Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="tkan",
    name="tkan",
    rows=[
        Row(
            path="tkan.TKAN",
            arguments={"units": 4},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="its cell calls one activation on tensors of several shapes, or has a `state_size` that its call does not take",
                ),
            ],
        ),
        Row(
            path="tkan.TKANCell",
            arguments={"units": 4},
            shape=[(None, 8), (None, 4), (None, 4), (None, 8)],
            call=step,
            broken=[
                Broken(
                    promises=BUILT,
                    cases=["layer with weights"],
                    reason="its `state_size` tells sizes that its call does not take: its call cannot be traced for a `PReLU`",
                ),
            ],
        ),
    ],
)

define(PACKAGE, globals())
