"""keras-matmulless."""

from tests.downstream.rows import MADE, Broken, Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="keras-matmulless",
    name="keras_mml",
    rows=[
        Row(
            path="layers.activations.glu.GLUMML",
            arguments={"units": 4},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=MADE,
                    reason="The layer accepts only the names in its own list.",
                ),
                Broken(
                    promises=["state"],
                    cases=["layer with weights"],
                    reason="The layer accepts only the names in its own list.",
                ),
            ],
        ),
        Row(
            path="layers.core.dense.DenseMML",
            arguments={"units": 4},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=["keras_file", "weights_file", "sharing", "dtype_policy"],
                    reason="The layer passes a variable to a JAX function when its weights are loaded, which this version of JAX refuses.",
                ),
            ],
        ),
        Row(
            path="layers.recurrent.gru.GRUMML",
            arguments={"units": 4},
            shape=(None, 4, 8),
            broken=[
                Broken(
                    promises=["keras_file", "weights_file", "sharing", "dtype_policy"],
                    reason="The layer passes a variable to a JAX function when its weights are loaded, which this version of JAX refuses.",
                ),
            ],
        ),
        Row(
            path="layers.activations.bilinear.BilinearMML",
            arguments={"units": 4},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=MADE,
                    reason="The layer accepts only the names in its own list.",
                ),
                Broken(
                    promises=["state"],
                    cases=["layer with weights"],
                    reason="The layer accepts only the names in its own list.",
                ),
            ],
        ),
        Row(
            path="layers.activations.geglu.GeGLUMML",
            arguments={"units": 4},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=MADE,
                    reason="The layer accepts only the names in its own list.",
                ),
                Broken(
                    promises=["state"],
                    cases=["layer with weights"],
                    reason="The layer accepts only the names in its own list.",
                ),
            ],
        ),
        Row(
            path="layers.activations.reglu.ReGLUMML",
            arguments={"units": 4},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=MADE,
                    reason="The layer accepts only the names in its own list.",
                ),
                Broken(
                    promises=["state"],
                    cases=["layer with weights"],
                    reason="The layer accepts only the names in its own list.",
                ),
            ],
        ),
        Row(
            path="layers.activations.seglu.SeGLUMML",
            arguments={"units": 4},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=MADE,
                    reason="The layer accepts only the names in its own list.",
                ),
                Broken(
                    promises=["state"],
                    cases=["layer with weights"],
                    reason="The layer accepts only the names in its own list.",
                ),
            ],
        ),
        Row(
            path="layers.activations.swiglu.SwiGLUMML",
            arguments={"units": 4},
            shape=(None, 8),
            broken=[
                Broken(
                    promises=MADE,
                    reason="The layer accepts only the names in its own list.",
                ),
                Broken(
                    promises=["state"],
                    cases=["layer with weights"],
                    reason="The layer accepts only the names in its own list.",
                ),
            ],
        ),
        Row(
            path="layers.recurrent.gru.GRUCellMML",
            unbuildable="The cell fails when it is called by itself, with an input and a state: its kernel has three times the units.",
        ),
    ],
)

define(PACKAGE, globals())
