"""The weights of recurrent layers, converted in place in an HDF5 file. Keras-free; numpy and h5py do the work.

Source:
    The order of the gates, and of the halves of a bias, is that of ``call`` of ``GRUCell``, ``LSTMCell`` and
    ``ConvLSTMCell`` of Keras 3.15, and of ``_convert_rnn_weights`` of tf_keras 2.21, which reads cuDNN's weights.
"""

import pathlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

__all__ = ["Conversion", "convert_weights"]

_MODEL_WEIGHTS: Final = "model_weights"
_NAMES: Final = "weight_names"
_FACTOR: Final = 1.2  # Keras 1 and 2: clip(0.2 x + 0.5); Keras 3: clip(x / 6 + 0.5)


class Conversion(NamedTuple):
    """How the weights of one cell are converted.

    Attributes:
        kind: The formula, one of ``_FORMULAS``.
        has_bias: Whether the cell has a bias after the two kernels.
        groups: The groups of a ``.keras`` file that may hold its variables; empty for an HDF5 file.
        owner: The layer of the model that it is, or is in, which has the group in an HDF5 file.
        names: The names of layers, one of which is a part of the weights' names; empty to take them in their order.
    """

    kind: str
    has_bias: bool
    groups: tuple[str, ...] = ()
    owner: str = ""
    names: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The number of its weights."""
        return 3 if self.has_bias else 2


def convert_weights(path: pathlib.Path, conversions: Sequence[Conversion]) -> None:
    """Convert the weights in the HDF5 file at *path*.

    Raises:
        RuntimeError: The file does not have the weights of a cell.
    """
    import h5py

    with path.open("r+b") as opened, h5py.File(opened, "r+") as file:  # HDF5 opens no file without a name
        taken: dict[str, int] = {}
        for one in conversions:
            group, names = _find(file, one, taken)
            _convert(group, names, _FORMULAS[one.kind])


def _find(file: Any, conversion: Conversion, taken: dict[str, int]) -> tuple[Any, list[str]]:
    """Return the group with the weights of a cell, and their names in it."""
    for group in conversion.groups:
        if f"{group}/vars" in file:
            return file[f"{group}/vars"], [str(number) for number in range(conversion.size)]
    if conversion.groups or conversion.owner not in file[_MODEL_WEIGHTS]:
        raise RuntimeError(f"it has no weights of the layer {conversion.owner or conversion.groups[0]!r}")
    group = file[_MODEL_WEIGHTS][conversion.owner]
    listed = [name.decode() if isinstance(name, bytes) else str(name) for name in group.attrs[_NAMES]]
    own = [name for name in listed if not conversion.names or _is_of(name, conversion.names)]
    key = f"{conversion.owner}\0{conversion.names}"
    start = taken.get(key, 0)
    taken[key] = start + conversion.size
    found = own[start : start + conversion.size]
    if len(found) < conversion.size:
        raise RuntimeError(f"it has no weights of a layer in {conversion.owner!r}")
    return group, found


def _is_of(name: str, layers: Sequence[str]) -> bool:
    return not set(layers).isdisjoint(name.split("/"))


def _convert(group: Any, names: Sequence[str], formula: Callable[..., Iterator[Any]]) -> None:
    values = [group[name][()] for name in names]
    for name, old, new in zip(names, values, formula(*values), strict=True):
        if new.shape == old.shape:
            group[name][...] = new.astype(old.dtype)
            continue
        attributes = dict(group[name].attrs)
        del group[name]
        group.create_dataset(name, data=new.astype(old.dtype)).attrs.update(attributes)


def _scale_lstm(*weights: Any) -> Iterator[Any]:
    """Yield the weights with the gates i, f and o scaled, and the candidate between them as it is."""
    for weight in weights:
        units = weight.shape[-1] // 4
        yield _scale(weight, slice(0, 2 * units), slice(3 * units, 4 * units))


def _scale_gru(*weights: Any) -> Iterator[Any]:
    """Yield the weights with the gates z and r scaled, and the candidate after them as it is."""
    for weight in weights:
        yield _scale(weight, slice(0, weight.shape[-1] // 3 * 2))


def _scale(weight: Any, *columns: slice) -> Any:
    scaled = weight.copy()
    for one in columns:
        scaled[..., one] = (weight[..., one].astype("float64") * _FACTOR).astype(weight.dtype)
    return scaled


def _from_cudnn_lstm(kernel: Any, recurrent: Any, bias: Any) -> Iterator[Any]:
    import numpy as np

    yield from _from_cudnn(kernel, recurrent, 4)
    yield np.sum(np.split(bias, 2), axis=0)


def _from_cudnn_gru(kernel: Any, recurrent: Any, bias: Any) -> Iterator[Any]:
    yield from _from_cudnn(kernel, recurrent, 3)
    yield bias.reshape(2, -1)


def _from_cudnn(kernel: Any, recurrent: Any, gates: int) -> Iterator[Any]:
    """Yield the kernels with each gate transposed: cuDNN has them by columns."""
    import numpy as np

    yield np.hstack([gate.T.reshape(gate.shape, order="F") for gate in np.hsplit(kernel, gates)])
    yield np.hstack([gate.T for gate in np.hsplit(recurrent, gates)])


_FORMULAS: Final[dict[str, Callable[..., Iterator[Any]]]] = {
    "CuDNNGRU": _from_cudnn_gru,
    "CuDNNLSTM": _from_cudnn_lstm,
    "scaled GRU": _scale_gru,
    "scaled LSTM": _scale_lstm,
}
