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
                    reason="Its cell calls one activation on tensors of several shapes, or its `state_size` does not match the states that `call` takes.",
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
                    reason="`state_size` does not match the states that `call` takes, so `call` cannot be traced for the shape of a `PReLU`.",
                ),
            ],
        ),
    ],
)

define(PACKAGE, globals())
