"""What may be wrong with the weights in a file: ways to break them; and a model with the calls of Keras 2."""

import io
import json
import zipfile

import h5py
import numpy as np

__all__ = ["BREAKAGES", "LEGACY", "break_file", "list_datasets", "replace", "turn_back"]

MEMBER = "model.weights.h5"


def break_file(source, target, breakage):
    """Write a copy of a model, the weights of which are broken."""
    if source.suffix == ".h5":
        target.write_bytes(source.read_bytes())
        with h5py.File(target, "r+") as file:
            breakage(file)
        return
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == MEMBER:
                buffer = io.BytesIO(data)
                with h5py.File(buffer, "r+") as file:
                    breakage(file)
                data = buffer.getvalue()
            new.writestr(name, data)


def turn_back(file):
    """Write the calls in the graph of a model as Keras 2 wrote them; each has one argument."""
    config = json.loads(file.attrs["model_config"])
    _turn_graphs(config)
    file.attrs["model_config"] = json.dumps(config)


def _turn_graphs(stored):
    for layer in stored["config"].get("layers", ()):
        if layer.get("inbound_nodes"):
            layer["inbound_nodes"] = [_turn_call(**node) for node in layer["inbound_nodes"]]
        _turn_graphs(layer)


def _turn_call(args, kwargs):
    (argument,) = args
    keywords = {name: value for name, value in kwargs.items() if name != "mask"}
    tensors = argument if isinstance(argument, list) else [argument]
    return [[*tensor["config"]["keras_history"], keywords] for tensor in tensors]


def list_datasets(file):
    """Return the datasets of the model's layers, in the order of their paths."""
    found = []
    file.visititems(lambda path, item: found.append(path) if isinstance(item, h5py.Dataset) else None)
    return sorted(path for path in found if not path.startswith("optimizer"))


def replace(file, path, value):
    """Put another dataset at a path, with the attributes of the old one."""
    attributes = dict(file[path].attrs)
    del file[path]
    file.create_dataset(path, data=value).attrs.update(attributes)


def reshape(file):
    """Give the first variable one row more."""
    path = list_datasets(file)[0]
    shape = file[path].shape
    replace(file, path, np.zeros((shape[0] + 1, *shape[1:]) if shape else (1,), "float32"))


def flatten(file):
    """Give the last variable another number of axes."""
    path = list_datasets(file)[-1]
    replace(file, path, np.zeros((1, *file[path].shape), "float32"))


def remove(file):
    """Remove the last variable."""
    del file[list_datasets(file)[-1]]


def rename(file):
    """Give the last variable another name."""
    path = list_datasets(file)[-1]
    file.move(path, f"{path}x")


def add(file):
    """Add a variable beside the last one."""
    file.create_dataset(f"{list_datasets(file)[-1]}0", data=np.zeros((2,), "float32"))


def write_text(file):
    """Put texts in the place of the first variable."""
    path = list_datasets(file)[0]
    replace(file, path, np.full(file[path].shape, b"one"))


def empty(file):
    """Remove all variables of the first layer."""
    del file[list_datasets(file)[0].rpartition("/")[0]]


def stray(file):
    """Add a group that no layer has."""
    file.create_dataset("layers/nobody/vars/0", data=np.zeros((2,), "float32"))


def cast(file):
    """Store the first variable as whole numbers."""
    path = list_datasets(file)[0]
    replace(file, path, np.zeros(file[path].shape, "int16"))


BREAKAGES = {one.__name__: one for one in (reshape, flatten, remove, rename, add, write_text, empty, stray, cast)}
"""Ways to break the weights, by name; the last two do no harm to a ``.keras`` file."""


def _weights(file):
    return file["model_weights"]


def _first(file):
    """Return the first layer that has variables."""
    group = _weights(file)
    names = [name.decode() if isinstance(name, bytes) else name for name in group.attrs["layer_names"]]
    return group[next(name for name in names if len(group[name].attrs["weight_names"]))]


def drop_layer(file):
    """Take the first layer with variables out of the list of layers."""
    group, name = _weights(file), _first(file).name.rpartition("/")[2]
    names = [one for one in group.attrs["layer_names"] if one not in (name, name.encode())]
    group.attrs["layer_names"] = np.array(names, "S64") if names else []


def drop_name(file):
    """Take the last variable of the first layer out of the list of its variables."""
    names = list(_first(file).attrs["weight_names"])[:-1]
    _first(file).attrs["weight_names"] = np.array(names, "S64") if names else []


def double_name(file):
    """Name the last variable of the first layer twice."""
    names = list(_first(file).attrs["weight_names"])
    _first(file).attrs["weight_names"] = np.array([*names, names[-1]], "S64")


def turn_names(file):
    """Turn the list of the variables of the first layer around."""
    _first(file).attrs["weight_names"] = np.array(list(_first(file).attrs["weight_names"])[::-1], "S64")


def lose_group(file):
    """Name a layer that has no group."""
    group = _weights(file)
    group.attrs["layer_names"] = np.array([*group.attrs["layer_names"], b"nobody"], "S64")


def no_list(file):
    """Remove the list of layers."""
    del _weights(file).attrs["layer_names"]


LEGACY = {one.__name__: one for one in (drop_layer, drop_name, double_name, turn_names, lose_group, no_list)}
"""Further ways, for the HDF5 file of a whole model."""
