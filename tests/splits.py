"""Stock models with layers as activations, which Keras before 3.10 does not load, and what they compute.

``python -m tests.splits`` writes their files with the newest Keras, once, on JAX.
"""

import os
import pathlib
import tempfile
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

from tests.archives import DATA
from tests.matrix.values import OLD

__all__ = ["FILE", "MODELS", "write"]

FILE = DATA / "3.15.1" / "splits.zip"
"""The files of the newest Keras."""

layers = keras.layers


def _prelu(seed: int, **options: object) -> keras.Layer:
    return layers.PReLU(alpha_initializer=keras.initializers.RandomNormal(stddev=1.0, seed=seed), **options)


def _dense(units: int, activation: object, **options: object) -> keras.Layer:
    return layers.Dense(units, activation=activation, kernel_initializer="he_normal", **options)


def _normalization(**options: object) -> keras.Layer:
    """Return what is split of the files of a Keras since 3.10, or what is of all."""
    return _prelu(9, **options) if OLD else layers.BatchNormalization(**options)


def _stack() -> keras.Model:
    """Each activation once, and layers of the same classes, whose groups are numbered on."""
    return keras.Sequential(
        [
            keras.Input((4,)),
            _dense(5, _prelu(1)),
            _prelu(2),
            _dense(5, layers.ReLU(max_value=0.7)),
            _dense(4, layers.LeakyReLU(negative_slope=0.4), use_bias=False),
            layers.ReLU(negative_slope=0.1),
            _dense(4, layers.ELU(alpha=0.5)),
            _dense(3, _prelu(3)),
            layers.Activation(_prelu(4)),
            layers.BatchNormalization(),
            _dense(3, layers.Softmax()),
        ]
    )


def _branches() -> keras.Model:
    """A residual, two outputs, and a branch whose layers Keras has in another order when one of them is two."""
    inputs = keras.Input((4,))
    left = _dense(3, _prelu(1), name="left")(inputs)
    right = _dense(3, layers.ReLU(max_value=0.7), name="right")(inputs)
    plain = _dense(3, "tanh", name="plain")(inputs)
    total = layers.Add()([plain, right, left])
    total = _prelu(2)(total)
    wide = _dense(3, _normalization(name="inner"), name="wide")(total)
    residual = layers.Add()([wide, total, left])
    return keras.Model(inputs, [_dense(2, _prelu(3), name="head")(residual), residual])


def _images() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            layers.Conv2D(3, 2, activation=_prelu(1, shared_axes=[1, 2])),
            layers.DepthwiseConv2D(2, activation=_prelu(2)),
            layers.SeparableConv2D(3, 2, activation=layers.LeakyReLU(negative_slope=0.2)),
            layers.Conv2DTranspose(2, 2, activation=_normalization()),
            layers.Reshape((16, 2)),
            layers.EinsumDense("abc,cd->abd", (None, 3), activation=_prelu(3)),
            layers.Conv1D(2, 3, activation=layers.ReLU(threshold=0.1)),
        ]
    )


def _twice() -> keras.Model:
    """A layer that is called on two inputs."""
    one, two = keras.Input((4,)), keras.Input((4,))
    same = _dense(3, _prelu(1), name="same")
    return keras.Model([one, two], layers.Subtract()([same(one), _dense(3, _prelu(2))(same(two))]))


def _shared() -> keras.Model:
    """An activation that two layers have."""
    inputs = keras.Input((4,))
    activation = _prelu(1, name="shared")
    left, right = (_dense(3, activation, name=name)(inputs) for name in ("left", "right"))
    return keras.Model(inputs, layers.Subtract()([left, right]))


def _frozen() -> keras.Model:
    """A layer that is not trained, nor its activation with it, and one whose activation alone is not."""
    model = keras.Sequential([keras.Input((4,)), _dense(4, _prelu(1)), _dense(4, _prelu(2)), _dense(2, _prelu(3))])
    model.layers[0].trainable = False
    model.layers[1].activation.trainable = False
    return model


MODELS = {
    "stack": _stack,
    "branches": _branches,
    "images": _images,
    "twice": _twice,
    "shared": _shared,
    "frozen": _frozen,
}
"""The models, by name."""


def write(name: str, folder: pathlib.Path) -> keras.Model:
    """Write a trained model in two formats, with inputs and the outputs that it must compute from them; return it."""
    generator = np.random.default_rng(3)
    keras.utils.set_random_seed(3)
    model = MODELS[name]()
    inputs = [generator.normal(size=(6, *one.shape[1:])).astype("float32") for one in model.inputs]
    given = inputs if len(inputs) > 1 else inputs[0]
    shapes = [value.shape for value in keras.tree.flatten(model(given))]
    model.compile(keras.optimizers.Adam(0.05, amsgrad=True), [keras.losses.MeanSquaredError() for _ in shapes])
    goals = [generator.normal(size=shape).astype("float32") for shape in shapes]
    for _ in range(3):
        model.train_on_batch(given, goals if len(goals) > 1 else goals[0])
    outputs = keras.tree.flatten(model(given, training=False))
    arrays = {f"x{place}": value for place, value in enumerate(inputs)}
    arrays |= {f"y{place}": keras.ops.convert_to_numpy(value) for place, value in enumerate(outputs)}
    np.savez(folder / f"{name}.npz", **arrays)
    for suffix in (".keras", ".h5"):
        model.save(folder / f"{name}{suffix}")
    return model


def main() -> None:
    with tempfile.TemporaryDirectory() as written, zipfile.ZipFile(FILE, "w", zipfile.ZIP_LZMA) as archive:
        for name in MODELS:
            write(name, pathlib.Path(written))
        for file in sorted(pathlib.Path(written).iterdir()):
            archive.write(file, file.name)


if __name__ == "__main__":
    main()
