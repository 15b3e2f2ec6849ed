"""Write the files of the newest Keras: ``python -m tests.verdicts``, once for a version of Keras, on JAX."""

import os
import pathlib
import tempfile
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

from tests.matrix.cells import randomize
from tests.verdicts.files import FILE
from tests.verdicts.models import MODELS


def write(name: str, model: keras.Model, folder: pathlib.Path) -> None:
    """Write a model in two formats, with inputs and the outputs that it must compute from them."""
    generator = np.random.default_rng(5)
    randomize(model, generator)
    inputs = [generator.uniform(1, 4, size=(2, *one.shape[1:])).astype(one.dtype) for one in model.inputs]
    outputs = keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0], training=False))
    arrays = {f"x{place}": value for place, value in enumerate(inputs)}
    arrays |= {f"y{place}": keras.ops.convert_to_numpy(value) for place, value in enumerate(outputs)}
    np.savez(folder / f"{name}.npz", **arrays)
    for suffix in (".keras", ".h5"):
        model.save(folder / f"{name}{suffix}")


def main() -> None:
    with tempfile.TemporaryDirectory() as written, zipfile.ZipFile(FILE, "w", zipfile.ZIP_LZMA) as archive:
        for name, make in MODELS.items():
            keras.utils.clear_session()
            write(name, make(), pathlib.Path(written))
        for file in sorted(pathlib.Path(written).iterdir()):
            archive.write(file, file.name)


if __name__ == "__main__":
    main()
