"""keras-sciml."""

from tests.downstream.rows import Broken, Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="keras-sciml",
    name="keras_sciml",
    rows=[
        Row(
            path="models.fno.FNOBlock1D",
            arguments={"modes": 2, "width": 8},
            shape=(None, 4, 8),
            broken=[
                Broken(promises=["dtype_policy"], reason="Its Fourier transform does not support bfloat16."),
            ],
        ),
        Row(
            path="models.fno.FNOBlock2D",
            arguments={"modes": 2, "width": 8},
            shape=(None, 8, 8, 8),
            broken=[
                Broken(promises=["dtype_policy"], reason="Its Fourier transform does not support bfloat16."),
            ],
        ),
    ],
)

define(PACKAGE, globals())
