"""Hostile HDF5 files."""

import functools
import pathlib
from collections.abc import Callable

import h5py
import numpy as np

from tests.helpers.raw_zip import CONFIG, Entry, write_zip


def model(change: Callable[[h5py.File], object], **options: object) -> functools.partial:
    """Return what writes a whole model's file, and then does something to it."""
    return functools.partial(_write_model, change=change, options=options)


def _write_model(path: pathlib.Path, change: Callable[[h5py.File], object], options: dict[str, object]) -> None:
    with h5py.File(path, "w", **options) as file:
        file.attrs["model_config"] = CONFIG
        file["model_weights/dense/kernel"] = np.ones((2, 3), "float32")
        change(file)


def attribute(name: str, value: object, **options: object) -> functools.partial:
    """Return what writes a whole model's file with another attribute."""
    return model(lambda file: file.attrs.__setitem__(name, value), **options)


def archive(change: Callable[[h5py.File], object], method: int) -> functools.partial:
    """Return what writes an archive whose weights are such a file."""
    return functools.partial(_write_archive, change=change, method=method)


def _write_archive(path: pathlib.Path, change: Callable[[h5py.File], object], method: int) -> None:
    _write_model(path, change, {})
    write_zip(path, Entry(), Entry(name=b"model.weights.h5", data=path.read_bytes(), method=method))


def patched(mark: bytes, offset: int, value: bytes) -> functools.partial:
    """Return what writes a whole model's file with other bytes after the first *mark*."""
    return functools.partial(_write_patched, mark=mark, offset=offset, value=value)


def _write_patched(path: pathlib.Path, mark: bytes, offset: int, value: bytes) -> None:
    _write_model(path, lambda file: None, {})
    data = bytearray(path.read_bytes())
    start = data.index(mark) + offset
    data[start : start + len(value)] = value
    path.write_bytes(data)


def cut(share: float) -> functools.partial:
    """Return what writes the first part of a whole model's file."""
    return functools.partial(_write_cut, share=share)


def _write_cut(path: pathlib.Path, share: float) -> None:
    _write_model(path, lambda file: None, {})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def write_heap_bomb(path: pathlib.Path) -> None:
    """A file of 2 GB, most of it a hole, with a text's heap of 1 GB: as much would be read for a short text."""
    _write_patched(path, b"GCOL", 8, (2**30).to_bytes(8, "little"))
    data = bytearray(path.read_bytes())
    data[40:48] = (2**31).to_bytes(8, "little")  # the end of the file, as the first block says it
    path.write_bytes(data)
    with path.open("r+b") as file:
        file.truncate(2**31)


def link_softly(file: h5py.File) -> None:
    file["soft"] = h5py.SoftLink("/model_weights")


def link_out(file: h5py.File) -> None:
    file["model_weights/out"] = h5py.ExternalLink("/etc/passwd", "/")


def keep_outside(file: h5py.File) -> None:
    file.create_dataset("outside", (4,), "uint8", external=[("/etc/passwd", 0, 4)])


def keep_virtually(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), "uint8")
    layout[:] = h5py.VirtualSource("/etc/other.h5", "data", (4,))
    file.create_virtual_dataset("virtual", layout)


def link_in_a_circle(file: h5py.File) -> None:
    file["model_weights/again"] = file["model_weights"]


def link_to_the_root(file: h5py.File) -> None:
    file["model_weights/root"] = file["/"]


def link_doubly(file: h5py.File) -> None:
    """Thirty groups, each twice in the one before it: a billion paths."""
    group = file.create_group("0")
    for _ in range(30):
        inner = group.create_group("a")
        group["b"] = inner
        group = inner


def declare_much(file: h5py.File) -> None:
    file.create_dataset("much", (2**40, 2**20), "float32", chunks=(1024, 1024))


def declare_overflowing(file: h5py.File) -> None:
    file.create_dataset("much", (2**62, 0, 2**62, 2), "float32", chunks=(1, 1, 1, 1), maxshape=(None,) * 4)
    file.create_dataset("more", (2**31, 2**31, 3), "float64", chunks=(1, 1, 1))


def link_often(file: h5py.File) -> None:
    dataset = file["model_weights/dense/kernel"]
    links = file.create_group("links", track_order=False)
    for index in range(100_001):
        h5py.h5o.link(dataset.id, links.id, str(index).encode())


def nothing(file: h5py.File) -> None:
    """A dataset with attributes in place of the config."""
    file.attrs["model_config"] = h5py.Empty("S10")


LONG = b" " * (32 * 2**20 + 1)

HOSTILE = {
    "soft_link.h5": (model(link_softly), "SA007"),
    "external_link.h5": (model(link_out), "SA007"),
    "external_link.weights.h5": (model(lambda file: (file.attrs.clear(), link_out(file))), "SA007"),
    "external_link.keras": (archive(link_out, 0), "SA007"),
    "external_link_deflated.keras": (archive(link_out, 8), "SA007"),
    "external_data.h5": (model(keep_outside), "SA007"),
    "virtual.h5": (model(keep_virtually), "SA007"),
    "virtual.keras": (archive(keep_virtually, 0), "SA007"),
    "circle.h5": (model(link_in_a_circle), "SA007"),
    "root_in_root.h5": (model(link_to_the_root), "SA007"),
    "billion_paths.h5": (model(link_doubly), "SA007"),
    "declares_much.h5": (model(declare_much), "SA007"),
    "declares_overflowing.h5": (model(declare_overflowing), "SA007"),
    "many_links.h5": (model(link_often, libver="latest"), "SA005"),
    "long_fixed_text.h5": (attribute("model_config", np.bytes_(LONG + b"x"), libver="latest"), "SA005"),
    "long_text.h5": (attribute("model_config", LONG.decode()), "SA005"),
    "long_version.h5": (attribute("keras_version", "3" * 2**21), "SA005"),
    "heap_bomb.h5": (write_heap_bomb, "SA005"),
    "config_is_numbers.h5": (attribute("model_config", np.arange(3)), "SA006"),
    "config_is_a_list.h5": (attribute("model_config", ["a", "b"]), "SA006"),
    "config_is_nothing.h5": (model(nothing), "SA006"),
    "config_is_an_object.h5": (model(lambda file: file.attrs.__setitem__("model_config", file.ref)), "SA006"),
    "config_is_no_json.h5": (attribute("model_config", "cposix\nsystem\n"), "SA004"),
    "config_says_twice.h5": (attribute("model_config", '{"class_name": 1, "class_name": 2}'), "SA004"),
    "config_is_deep.h5": (attribute("model_config", "[" * 100_000), "SA005"),
    "config_is_no_config.h5": (attribute("model_config", "{}"), "SA009"),
    "training_config_is_no_json.h5": (attribute("training_config", "{"), "SA004"),
    "cut.h5": (cut(0.5), "SA006"),
    "cut_short.h5": (cut(0.01), "SA006"),
    "wrong_version.h5": (patched(b"\x89HDF", 8, b"\xff"), "SA006"),
    "wrong_root.h5": (patched(b"\x89HDF", 64, b"\xfe" * 8), "SA006"),
    "wrong_heap.h5": (patched(b"GCOL", 8, b"\xff" * 8), "SA006"),
    "no_heap.h5": (patched(b"GCOL", 0, b"????"), "SA006"),
    "wrong_tree.h5": (patched(b"TREE", 0, b"????"), "SA006"),
    "wrong_names.h5": (patched(b"HEAP", 8, b"\xff" * 8), "SA006"),
}
