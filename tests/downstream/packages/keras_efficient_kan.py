"""keras-efficient-kan."""

from tests.downstream.rows import Broken, Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="keras-efficient-kan",
    name="keras_efficient_kan",
    rows=[
        Row(
            path="kan.KANLinear",
            arguments={"units": 4},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=["config", "state"],
                    cases=["layer with weights"],
                    reason="The layer looks the activation up by name in `keras.ops`, and accepts nothing else, not even 'linear'.",
                ),
                Broken(
                    promises=["json", "keras_file", "h5_file", "weights_file", "clone"],
                    cases=["operation", "partial", "layer", "layer with weights"],
                    reason="The layer looks the activation up by name in `keras.ops`, and accepts nothing else, not even 'linear'.",
                ),
                Broken(
                    promises=["sharing", "dtype_policy"],
                    reason="The layer looks the activation up by name in `keras.ops`, and accepts nothing else, not even 'linear'.",
                ),
            ],
        ),
    ],
)

define(PACKAGE, globals())
