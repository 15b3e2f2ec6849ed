"""The repair ``operate``: TensorFlow's functions in a graph, as the operations of Keras that compute the same.

tf_keras stores a call of a TensorFlow function as a layer, a ``TFOpLambda`` or a ``SlicingOpLambda``, which Keras 3
lacks. Keras-free.
"""

import copy
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from serialactivation.repairs.keras2.calls import find_layers
from serialactivation.repairs.keras2.make_repair import edit_at, make_repair
from serialactivation.repairs.keras2.tensors import make_call, make_tensor
from serialactivation.repairs.repair import Edit
from serialactivation.tree.activations import Steps
from serialactivation.tree.graph_layers import is_reference
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import JSON, Config

__all__ = ["OPERATE"]

_LAYERS: Final = ("TFOpLambda", "SlicingOpLambda")
_CONSTANT: Final = "_CONSTANT_VALUE"
_IGNORED: Final = ("name", "num")


class _Operation(NamedTuple):
    """An operation of Keras that computes what a function of TensorFlow does.

    Attributes:
        module: Its module.
        name: Its class.
        second: The second argument of the function, if it is another input of the operation.
        options: The arguments of the operation by those of the function.
        config: Arguments of the operation whose defaults are not those of the function.
    """

    module: str
    name: str
    second: str | None = None
    options: Mapping[str, str] = MappingProxyType({})
    config: Mapping[str, JSON] = MappingProxyType({})


_NN: Final = "keras.src.ops.nn"
_NUMPY: Final = "keras.src.ops.numpy"
_MATH: Final = "keras.src.ops.math"
_REDUCED: Final = MappingProxyType({"axis": "axis", "keepdims": "keepdims"})
_AXIS: Final = MappingProxyType({"axis": "axis"})

# Functions of one tensor, and of two tensors or numbers: each with the class of the operation.
_OF_ONE: Final = {
    _MATH: {"math.erf": "Erf", "math.rsqrt": "Rsqrt"},
    _NN: {
        "math.sigmoid": "Sigmoid",
        "nn.elu": "Elu",
        "nn.relu": "Relu",
        "nn.relu6": "Relu6",
        "nn.selu": "Selu",
        "nn.sigmoid": "Sigmoid",
        "nn.silu": "Silu",
        "nn.softplus": "Softplus",
        "nn.softsign": "Softsign",
        "nn.swish": "Silu",
    },
    _NUMPY: {
        "math.abs": "Absolute",
        "math.ceil": "Ceil",
        "math.cos": "Cos",
        "math.exp": "Exp",
        "math.expm1": "Expm1",
        "math.floor": "Floor",
        "math.log": "Log",
        "math.log1p": "Log1p",
        "math.negative": "Negative",
        "math.reciprocal": "Reciprocal",
        "math.sign": "Sign",
        "math.sin": "Sin",
        "math.sqrt": "Sqrt",
        "math.square": "Square",
        "math.tanh": "Tanh",
        "nn.tanh": "Tanh",
    },
}
_OF_TWO: Final = {
    "__operators__.add": "Add",
    "math.add": "Add",
    "math.divide": "Divide",
    "math.equal": "Equal",
    "math.greater": "Greater",
    "math.greater_equal": "GreaterEqual",
    "math.less": "Less",
    "math.less_equal": "LessEqual",
    "math.maximum": "Maximum",
    "math.minimum": "Minimum",
    "math.mod": "Mod",
    "math.multiply": "Multiply",
    "math.pow": "Power",
    "math.subtract": "Subtract",
    "math.truediv": "TrueDivide",
}
_REDUCING: Final = {
    "math.reduce_max": "Max",
    "math.reduce_mean": "Mean",
    "math.reduce_min": "Min",
    "math.reduce_prod": "Prod",
    "math.reduce_std": "Std",
    "math.reduce_sum": "Sum",
    "math.reduce_variance": "Var",
}
_TABLE: Final[Mapping[str, _Operation]] = MappingProxyType(
    {
        **{function: _Operation(module, name) for module, names in _OF_ONE.items() for function, name in names.items()},
        **{function: _Operation(_NUMPY, name, "y") for function, name in _OF_TWO.items()},
        **{function: _Operation(_NUMPY, name, None, _REDUCED) for function, name in _REDUCING.items()},
        "cast": _Operation("keras.src.ops.core", "Cast", None, {"dtype": "dtype"}),
        "clip_by_value": _Operation(_NUMPY, "Clip", None, {"clip_value_min": "x_min", "clip_value_max": "x_max"}),
        "concat": _Operation(_NUMPY, "Concatenate", None, _AXIS),
        "expand_dims": _Operation(_NUMPY, "ExpandDims", None, _AXIS),
        "linalg.matmul": _Operation(_NUMPY, "Matmul", "b"),
        "math.reduce_logsumexp": _Operation(_MATH, "Logsumexp", None, _REDUCED),
        "nn.gelu": _Operation(_NN, "Gelu", None, {"approximate": "approximate"}, {"approximate": False}),
        "nn.leaky_relu": _Operation(_NN, "LeakyRelu", None, {"alpha": "negative_slope"}),
        "nn.log_softmax": _Operation(_NN, "LogSoftmax", None, _AXIS),
        "nn.softmax": _Operation(_NN, "Softmax", None, _AXIS),
        "reshape": _Operation(_NUMPY, "Reshape", None, {"shape": "newshape"}),
        "squeeze": _Operation(_NUMPY, "Squeeze", None, _AXIS),
        "stack": _Operation(_NUMPY, "Stack", None, _AXIS),
        "tile": _Operation(_NUMPY, "Tile", None, {"multiples": "repeats"}),
        "transpose": _Operation(_NUMPY, "Transpose", None, {"perm": "axes"}),
    }
)


def _operate(config: StoredConfig) -> Iterator[Edit]:
    for node in config.nodes:
        model = node.config
        if node.is_object and "input_layers" in model and isinstance(model.get("layers"), list):
            yield from _convert_model((*config.find_steps(node), "config"), model)


def _convert_model(steps: Steps, model: Config) -> Iterator[Edit]:
    layers = find_layers(model)
    for place, layer in layers.values():
        if layer.get("class_name") in _LAYERS and isinstance(layer.get("config"), dict):
            new = _convert_layer(layer, layers)
            if new is not None:
                function = layer["config"]["function"]  # type: ignore[index, call-overload]
                what = f"tf.{function} replaced with {new['class_name']} of Keras"
                yield edit_at((*steps, "layers", place), what, _replacer(new))


def _replacer(new: Mapping[str, JSON]) -> Any:
    def edit(layer: Any) -> None:
        layer.pop("build_config", None)
        layer.update(copy.deepcopy(dict(new)))

    return edit


def _convert_layer(layer: Config, layers: Mapping[str, object]) -> dict[str, JSON] | None:
    """Return an operation with its calls in place of a *layer*, or None if none computes the same for sure."""
    function: Any = layer["config"].get("function")  # type: ignore[union-attr]
    calls: Any = layer.get("inbound_nodes")
    if not isinstance(function, str) or not isinstance(calls, list) or len(calls) != 1:
        return None
    read = _read_call(calls[0], layers)
    if read is None:
        return None
    first, kwargs = read
    if function == "__operators__.getitem":
        made = _convert_slice(first, kwargs)
    else:
        made = _convert_function(function, first, kwargs, layers)
    if made is None:
        return None
    operation, options, args = made
    return {
        "module": operation.module,
        "class_name": operation.name,
        "config": dict(options),
        "registered_name": operation.name,
        "inbound_nodes": [make_call(args, {})],
    }


def _read_call(call: Any, layers: Mapping[str, object]) -> tuple[JSON, dict[str, Any]] | None:
    """Return the first argument of a function, and the others by name."""
    if not isinstance(call, list) or not call:
        return None
    if call[0] == _CONSTANT and len(call) == 4:
        return call[2], _read_keywords(call)
    if is_reference(call, layers):
        return make_tensor(call), _read_keywords(call)
    if all(is_reference(one, layers) for one in call):
        return [make_tensor(one) for one in call], _read_keywords(call[0])
    return None


def _read_keywords(reference: list[Any]) -> dict[str, Any]:
    """Return the keywords of a call, which stand with each of its inputs."""
    return dict(reference[3]) if len(reference) > 3 and isinstance(reference[3], dict) else {}


_Made = tuple[_Operation, Mapping[str, JSON], list[JSON]]


def _convert_function(function: str, first: JSON, kwargs: dict[str, Any], layers: Mapping[str, object]) -> _Made | None:
    operation = _TABLE.get(function.removeprefix("compat.v1."))
    if operation is None:
        return None
    args: list[JSON] = [first]
    if operation.second is not None:
        if operation.second not in kwargs:
            return None
        second = kwargs.pop(operation.second)
        args.append(make_tensor(second) if is_reference(second, layers) else second)
    given = {key: value for key, value in kwargs.items() if value is not None and key not in _IGNORED}
    if any(value for key, value in given.items() if key not in operation.options):
        return None  # an argument that the operation lacks
    options = {**operation.config, **{new: given[key] for key, new in operation.options.items() if key in given}}
    if any(is_reference(value, layers) or _holds_reference(value, layers) for value in options.values()):
        return None  # an argument that is known only when the model runs
    return operation, options, args


def _holds_reference(value: JSON, layers: Mapping[str, object]) -> bool:
    return isinstance(value, list) and any(is_reference(one, layers) for one in value)


def _convert_slice(first: JSON, kwargs: dict[str, Any]) -> _Made | None:
    spec = kwargs.get("slice_spec")
    if not isinstance(spec, list):
        return None
    keys = [_convert_key(one) for one in spec]
    if any(key is _UNKNOWN for key in keys):
        return None
    return _Operation(_NUMPY, "GetItem"), {}, [first, keys]


_UNKNOWN: Final[Any] = object()


def _convert_key(key: Any) -> Any:
    if isinstance(key, int | None):
        return key
    if not isinstance(key, dict):
        return _UNKNOWN
    is_slice = key.keys() == {"start", "stop", "step"} and all(isinstance(one, int | None) for one in key.values())
    if is_slice:
        return {"class_name": "__slice__", "config": dict(key)}
    return {"class_name": "__ellipsis__", "config": {}} if key.get("class_name") == "__ellipsis__" else _UNKNOWN


OPERATE: Final = make_repair("operate", _operate)
"""The repair."""
