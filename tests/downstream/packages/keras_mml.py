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
                    reason="it takes the names of its own list alone",
                ),
                Broken(
                    promises=["state"], cases=["layer with weights"], reason="it takes the names of its own list alone"
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
                    reason="it hands a variable to a function of JAX as its weights are loaded, which this JAX refuses",
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
                    reason="it hands a variable to a function of JAX as its weights are loaded, which this JAX refuses",
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
                    reason="it takes the names of its own list alone",
                ),
                Broken(
                    promises=["state"], cases=["layer with weights"], reason="it takes the names of its own list alone"
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
                    reason="it takes the names of its own list alone",
                ),
                Broken(
                    promises=["state"], cases=["layer with weights"], reason="it takes the names of its own list alone"
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
                    reason="it takes the names of its own list alone",
                ),
                Broken(
                    promises=["state"], cases=["layer with weights"], reason="it takes the names of its own list alone"
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
                    reason="it takes the names of its own list alone",
                ),
                Broken(
                    promises=["state"], cases=["layer with weights"], reason="it takes the names of its own list alone"
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
                    reason="it takes the names of its own list alone",
                ),
                Broken(
                    promises=["state"], cases=["layer with weights"], reason="it takes the names of its own list alone"
                ),
            ],
        ),
        Row(
            path="layers.recurrent.gru.GRUCellMML",
            unbuildable="called alone, on an input and a state, it fails: its kernel has three times the units",
        ),
    ],
)

define(PACKAGE, globals())
