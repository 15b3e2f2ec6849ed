"""Write what the installed Keras makes of the archived models to ``tests/data/<version>``.

``python -m tests.archives`` is run once for a version of Keras, in an environment that has it; what it wrote is kept,
and must always load. The ``.keras`` and ``.h5`` files lie in ``models.zip``, byte for byte: HDF5 is mostly zeros.
"""

import os
import pathlib
import tempfile
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

import serialactivation as sa
from tests.helpers.archived import MODELS
from tests.matrix.cells import randomize

DATA = pathlib.Path(__file__).parent / "data"
OLDEST = "3.6.0"
FOR_OLDEST = f"for-{OLDEST}"


def write_archives(folder: pathlib.Path) -> None:
    """Write each model in three formats, with inputs and the outputs that it must compute from them."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / "models.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, make in MODELS.items():
            _write_model(name, make(), folder, archive)


def _write_model(name: str, model: keras.Model, folder: pathlib.Path, archive: zipfile.ZipFile) -> None:
    generator = np.random.default_rng(3)
    randomize(model, generator)
    inputs = generator.normal(size=(3, *model.inputs[0].shape[1:])).astype("float32")
    weights = {f"weight_{index}": keras.ops.convert_to_numpy(weight) for index, weight in enumerate(model.weights)}
    np.savez_compressed(
        folder / f"{name}.npz", inputs=inputs, outputs=keras.ops.convert_to_numpy(model(inputs)), **weights
    )
    (folder / f"{name}.json").write_text(sa.model_to_json(model, indent=1) + "\n")
    with tempfile.TemporaryDirectory() as written:
        path = pathlib.Path(written, name)
        model.save(path.with_suffix(".keras"))
        sa.save_model(model, path.with_suffix(".h5"))
        for file in sorted(pathlib.Path(written).iterdir()):
            archive.write(file, file.name)


def write_for_oldest(folder: pathlib.Path) -> None:
    """Write a model of stock layers for the oldest Keras, where this package is not installed."""
    inputs = keras.Input((4,), name="inputs")
    hidden = sa.layers.Dense(4, activation=keras.layers.PReLU(), name="instance")(inputs)
    hidden = keras.layers.BatchNormalization(name="normalizing")(keras.layers.Reshape((4, 1))(hidden))
    hidden = keras.layers.Conv1DTranspose(3, 2, activation="silu", name="convolution")(hidden)
    outputs = sa.layers.Dense(2, activation=keras.layers.LeakyReLU(negative_slope=0.3), name="head")(hidden)
    model = sa.to_stock(keras.Model(inputs, outputs, name="stock"))
    generator = np.random.default_rng(4)
    randomize(model, generator)
    values = generator.normal(size=(3, 4)).astype("float32")
    np.savez_compressed(folder / f"{FOR_OLDEST}.npz", x0=values, y0=keras.ops.convert_to_numpy(model(values)))
    for suffix in (".keras", ".h5"):
        sa.save_model(model, folder / f"{FOR_OLDEST}{suffix}", target_keras=OLDEST)


def main() -> None:
    folder = DATA / keras.__version__
    write_archives(folder)
    write_for_oldest(folder)


if __name__ == "__main__":
    main()
