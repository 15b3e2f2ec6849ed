"""Benign files: what Keras wrote, and unusual ones that mean no harm."""

import functools
import json
import pathlib
import tempfile
import zipfile

import h5py
import keras
import numpy as np

import serialactivation as sa
from tests.archives import DATA
from tests.corpus.texts import config, file, holding
from tests.helpers.raw_zip import CONFIG, Entry, write_zip

KERAS_1 = (
    b'{"class_name": "Sequential", "keras_version": "1.2.2", "config": [{"class_name": "Dense", "config": '
    b'{"W_constraint": null, "activation": "relu", "name": "dense_1", '
    b'"output_dim": 4, "batch_input_shape": [null, 3]}}]}'
)
KERAS_2 = (
    b'{"class_name": "Sequential", "config": {"name": "sequential", "layers": [{"class_name": "Dense", "config": '
    b'{"name": "dense", "units": 4, "activation": "relu"}}]}}'
)


def small() -> keras.Model:
    layers = [keras.Input((3,)), keras.layers.Dense(4, "relu", name="hidden"), keras.layers.Dense(2, name="head")]
    return keras.Sequential(layers, name="small")


def sharing() -> keras.Model:
    """Two layers that share an activation with weights."""
    shared = keras.layers.PReLU(name="shared")
    inputs = keras.Input((4,))
    hidden = sa.layers.Dense(4, activation=shared, name="first")(inputs)
    return keras.Model(inputs, sa.layers.Dense(4, activation=shared, name="second")(hidden))


def compiled() -> keras.Model:
    model = small()
    model.compile("adam", "mse", metrics=["mae"])
    model.train_on_batch(np.ones((2, 3)), np.ones((2, 2)))
    return model


def bfloat16() -> keras.Model:
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, dtype="bfloat16")])


def saved(make: object) -> functools.partial:
    """Return what saves a model in the format of the path's ending."""
    return functools.partial(_write_saved, make=make)


def _write_saved(path: pathlib.Path, make: object) -> None:
    sa.save_model(make(), path)


def write_weights(path: pathlib.Path) -> None:
    small().save_weights(path)


def _read_members(make: object) -> dict[str, bytes]:
    """Return the members of the archive that a model is saved to."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.keras")
        make().save(path)
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def write_folder(path: pathlib.Path) -> None:
    path.mkdir()
    for name, data in _read_members(small).items():
        (path / name).write_bytes(data)


def write_linked_folder(path: pathlib.Path) -> None:
    """A folder whose files are links, as a cache of downloaded models has them."""
    kept = path.with_name(f"{path.name}.kept")
    write_folder(kept)
    path.mkdir()
    for member in kept.iterdir():
        (path / member.name).symlink_to(member)


def write_config(path: pathlib.Path) -> None:
    path.write_text(small().to_json())


def zipped_again(method: int, *without: str) -> functools.partial:
    """Return what saves a model, and zips the members again as another program would."""
    return functools.partial(_write_zipped_again, method=method, without=without)


def _write_zipped_again(path: pathlib.Path, method: int, without: tuple[str, ...]) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.mkdir("assets") if hasattr(archive, "mkdir") else archive.writestr("assets/", b"")
        for name, data in _read_members(small).items():
            if name not in without:
                with archive.open(name, "w", force_zip64=True) as member:
                    member.write(data)


def write_streamed(path: pathlib.Path) -> None:
    """Zipped to a pipe: the sizes stand behind the members."""
    with path.open("wb") as file, zipfile.ZipFile(_Unseekable(file), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _read_members(small).items():
            archive.writestr(name, data)


class _Unseekable:
    """A file that cannot go back."""

    def __init__(self, file: object) -> None:
        self.write = file.write
        self.flush = file.flush


def write_zeros(path: pathlib.Path) -> None:
    """40 MB of zeros, of which a thousandth is stored."""
    with tempfile.TemporaryFile() as written:
        with h5py.File(written, "w") as file:
            file["layers/dense/vars/0"] = np.zeros((10_000, 1_000), "float32")
        written.seek(0)
        entries = [Entry(), Entry(name=b"model.weights.h5", data=written.read(), method=8)]
    write_zip(path, *entries)


def write_deep_model(path: pathlib.Path) -> None:
    """5,000 layers, each as Keras writes it."""
    model = json.loads(small().to_json())
    layers = model["config"]["layers"]
    one = layers[1]
    size = one["config"]["units"]
    model["config"]["layers"] = [
        layers[0],
        *(
            {**one, "config": {**one["config"], "name": f"dense_{index}"}, "build_config": {"input_shape": shape}}
            for index, shape in enumerate([[None, 3], *[[None, size]] * 4_999])
        ),
    ]
    path.write_text(json.dumps(model))


def write_npz(path: pathlib.Path) -> None:
    write_zip(path, Entry(), Entry(name=b"model.weights.npz", data=b"PK\5\6" + bytes(18)))


def write_shards(path: pathlib.Path) -> None:
    """Weights in two files, as Keras 3.11 and newer can write them."""
    stem = path.name.removesuffix(".weights.json")
    for index in range(2):
        with h5py.File(path.with_name(f"{stem}_{index:05}.weights.h5"), "w") as file:
            file[f"layers/dense_{index}/vars/0"] = np.ones((2, 3), "float32")
    weight_map = {f"/layers/dense_{index}/vars": f"{stem}_{index:05}.weights.h5" for index in range(2)}
    path.write_text(json.dumps({"metadata": {"total_size": 48}, "weight_map": weight_map}))


def write_lone_shards(path: pathlib.Path) -> None:
    path.write_text(json.dumps({"metadata": {"total_size": 48}, "weight_map": {}}))


def write_sharded_archive(path: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_shards(pathlib.Path(folder, "model.weights.json"))
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("config.json", CONFIG)
            for file in sorted(pathlib.Path(folder).iterdir()):
                archive.write(file, file.name)


def hdf5(config: object, **attributes: object) -> functools.partial:
    """Return what writes a whole model's file as an older Keras did."""
    return functools.partial(_write_hdf5, config=config, attributes=attributes)


def _write_hdf5(path: pathlib.Path, config: object, attributes: dict[str, object]) -> None:
    with h5py.File(path, "w") as file:
        for name, value in {"model_config": config, **attributes}.items():
            file.attrs[name] = value
        file["model_weights/dense_1/dense_1_W"] = np.ones((3, 4), "float32")


def write_unusual_hdf5(path: pathlib.Path) -> None:
    """Datasets without values or of other kinds, a type with a name, and one dataset under two paths."""
    with h5py.File(path, "w", libver="latest", track_order=True) as file:
        file.attrs["layer_names"] = [b"scalar"]
        file["scalar"] = 3
        file["text"] = "text"
        file["empty"] = h5py.Empty("float32")
        file["flag"] = np.array([True])
        file["pair"] = np.zeros(2, [("a", "i4"), ("b", "f8")])
        file["type"] = np.dtype("float32")
        file["again"] = file["scalar"]
        file.create_dataset("packed", data=np.zeros((100, 100)), compression="gzip", chunks=True)
        file["näme"] = np.zeros(2)


def archived(version: str, name: str) -> functools.partial:
    """Return what writes an archived file of a version of Keras."""
    return functools.partial(_write_archived, version=version, name=name)


def _write_archived(path: pathlib.Path, version: str, name: str) -> None:
    with zipfile.ZipFile(DATA / version / "models.zip") as archive:
        path.write_bytes(archive.read(name))


VERSIONS = sorted(path.name for path in DATA.iterdir())
ARCHIVED = ["feedforward.h5", "feedforward.keras", "recurrent.h5", "recurrent.keras"]

BENIGN = {
    "small.keras": saved(small),
    "small.h5": saved(small),
    "small.weights.h5": write_weights,
    "sharing.keras": saved(sharing),
    "sharing.h5": saved(sharing),
    "compiled.keras": saved(compiled),
    "compiled.h5": saved(compiled),
    "bfloat16.keras": saved(bfloat16),
    "folder": write_folder,
    "linked_folder": write_linked_folder,
    "to_json.json": write_config,
    "zipped_again.keras": zipped_again(zipfile.ZIP_STORED),
    "deflated.keras": zipped_again(zipfile.ZIP_DEFLATED),
    "streamed.keras": write_streamed,
    "no_metadata.keras": zipped_again(zipfile.ZIP_STORED, "metadata.json"),
    "zeros.keras": write_zeros,
    "deep_model.json": write_deep_model,
    "npz.keras": write_npz,
    "shards.weights.json": write_shards,
    "lone.weights.json": write_lone_shards,
    "keras_2.h5": hdf5(np.bytes_(KERAS_2), keras_version=np.bytes_(b"2.3.1"), backend=np.bytes_(b"tensorflow")),
    "keras_2_text.h5": hdf5(
        KERAS_2,
        keras_version=b"2.15.0",
        training_config=b'{"optimizer_config": {"class_name": "SGD", "config": {"name": "SGD"}}, "loss": "mse"}',
    ),
    "model.hdf5": hdf5(KERAS_2),
    "unusual.h5": write_unusual_hdf5,
    "brackets_in_text.keras": holding(lambda: b'"' + b"[{," * 1_000_000 + rb'\"[\\"'),
    "half_of_a_pair.keras": holding(rb'"\ud800"'),
    "large_integer.keras": holding(b"%d" % 2**100),
    "nan.keras": holding(b"NaN"),
    "infinity.keras": holding(b"-Infinity"),
    "overflow.keras": holding(b"1e999"),
    "spaces.json": file(b"\n\t " + CONFIG + b"\n"),
    "deep_as_allowed.keras": holding(b"[" * 190 + b"]" * 190),
    "empty_sequential.keras": config(CONFIG),
    **{f"{version}-{name}": archived(version, name) for version in VERSIONS for name in ARCHIVED},
}
