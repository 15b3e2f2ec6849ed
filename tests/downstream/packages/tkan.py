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
                    reason="Its cell calls `recurrent_activation` on tensors of several shapes, and the weights of a `PReLU` fit only one of them.",
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
                    reason="The cell calls `recurrent_activation` on tensors of several shapes, and the weights of a `PReLU` fit only one of them.",
                ),
            ],
        ),
    ],
)

define(PACKAGE, globals())
