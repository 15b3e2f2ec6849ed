"""keras-proba."""

from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import define

PACKAGE = Package(
    distribution="keras-proba",
    name="keras_proba",
    rows=[
        Row(
            path="layers.classification_head.ClassificationHead",
            arguments={"inner_dim": 8, "num_classes": 3},
            shape=(None, 8),
        ),
        Row(
            path="layers.classification_head.GaussianProcessClassificationHead",
            arguments={"inner_dim": 8, "num_classes": 3},
            shape=(None, 8),
        ),
        Row(
            path="layers.gaussian_process.RandomFeatureGaussianProcess",
            arguments={"units": 4},
            shape=(None, 8),
        ),
        Row(
            path="layers.variational.Conv1DFlipout",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.variational.Conv1DReparameterization",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 4, 8),
        ),
        Row(
            path="layers.variational.Conv2DFlipout",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="layers.variational.Conv2DReparameterization",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8),
        ),
        Row(
            path="layers.variational.Conv3DFlipout",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8, 8),
        ),
        Row(
            path="layers.variational.Conv3DReparameterization",
            arguments={"filters": 4, "kernel_size": 3},
            shape=(None, 8, 8, 8, 8),
        ),
        Row(
            path="layers.variational.DenseFlipout",
            arguments={"units": 4},
            shape=(None, 8),
        ),
        Row(
            path="layers.variational.DenseLocalReparameterization",
            arguments={"units": 4},
            shape=(None, 8),
        ),
        Row(
            path="layers.variational.DenseReparameterization",
            arguments={"units": 4},
            shape=(None, 8),
        ),
    ],
)

define(PACKAGE, globals())
