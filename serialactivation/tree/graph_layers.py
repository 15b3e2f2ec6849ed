"""The layers and calls in the graph of a Functional model's config, as Keras reads them. Keras-free.

Source:
    ``functional_from_config`` and ``deserialize_node`` of ``keras/src/models/functional.py``, Keras 3.6 to 3.15; for
    the tensors of Keras 2, ``convert_inner_node_data`` of ``tf_keras/src/utils/tf_utils.py``, tf_keras 2.21.
"""

from collections.abc import Callable, Container, Iterator
from typing import Final, NamedTuple

from serialactivation.catalog.graphs import KERAS_TENSOR
from serialactivation.tree.activations import Steps
from serialactivation.typing import JSON, Config

__all__ = [
    "KEYS",
    "MANY",
    "Call",
    "GraphLayer",
    "Tensor",
    "UnreadableGraphError",
    "is_reference",
    "read_ends",
    "read_layers",
]

KEYS: Final = ("name", "layers", "input_layers", "output_layers")
"""The keys of a config from which Keras makes a graph; it needs all of them."""

_INPUT: Final = "InputLayer"
_ONE_OUTPUT: Final = frozenset(
    """
    Activation ActivityRegularization Add AlphaDropout Average AveragePooling1D AveragePooling2D AveragePooling3D
    BatchNormalization Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose Cropping1D
    Cropping2D Cropping3D Dense DepthwiseConv1D DepthwiseConv2D Dot Dropout ELU EinsumDense Embedding Flatten
    GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization InputLayer LayerNormalization LeakyReLU
    Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum Multiply PReLU Permute ReLU RepeatVector Rescaling
    Reshape SeparableConv1D SeparableConv2D Softmax SpatialDropout1D SpatialDropout2D SpatialDropout3D Subtract
    UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D
    """.split()  # noqa: SIM905
)
MANY: Final = 2**31
"""How many calls and outputs there may be of a layer whose class is not known."""


class Tensor(NamedTuple):
    """A reference to an output of a call of a layer.

    Attributes:
        layer: The name of the layer.
        call: The number of the call.
        output: The number of the output.
    """

    layer: str
    call: int
    output: int


class Call(NamedTuple):
    """A call of a layer, as it is stored.

    Attributes:
        tensors: The tensors that it is called with.
        listed: How many of them its first argument is a list of.
        keywords: Its keywords, as Keras 2 wrote them, which Keras 3 does not read.
        node: The call as Keras 3 wrote it, or None.
    """

    tensors: tuple[Tensor, ...]
    listed: int = 1
    keywords: JSON = None
    node: JSON = None


class UnreadableGraphError(Exception):
    """A part of the graph that cannot be read; the argument says why."""


class GraphLayer(NamedTuple):
    """A layer in the graph.

    Attributes:
        steps: Where it stands.
        calls: Its calls.
        stored: What is stored.
        first: How many calls there are of it before the first one that is stored.
        is_model: Whether it is a Functional model, whose calls outputs count from one.
    """

    steps: Steps
    calls: tuple[Call, ...]
    stored: Config
    first: int
    is_model: bool

    def has(self, tensor: Tensor, made: int) -> bool:
        """Return whether *tensor* exists after *made* calls; Keras counts back from the end, as Python does."""
        one = 1 if str(self.stored.get("class_name")) in _ONE_OUTPUT and self.first != MANY else MANY
        return -made <= tensor.call < made and -one <= tensor.output < one

    @property
    def total(self) -> int:
        """The number of its calls."""
        return len(self.calls) + self.first


def is_reference(value: JSON, names: Container[str]) -> bool:
    """Return whether *value* is a tensor as Keras 2 wrote it: one of the *names* of layers, its call and the output.

    The keywords of the call may stand behind these.
    """
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and value[0] in names
        and all(isinstance(one, int) and not isinstance(one, bool) for one in value[1:3])
    )


def read_layers(stored: JSON, is_known: Callable[[JSON], bool]) -> Iterator[tuple[Steps, str, GraphLayer | str]]:
    """Yield the place and name of each layer, with the layer, or with what is wrong with it."""
    if not isinstance(stored, list):
        yield ("layers",), "", "the layers are not a list"
        return
    for index, one in enumerate(stored):
        steps: Steps = ("layers", index)
        name = one.get("name") if isinstance(one, dict) else None
        nodes = one.get("inbound_nodes") if isinstance(one, dict) else None
        if not isinstance(one, dict) or not isinstance(name, str) or not isinstance(nodes, list | dict | str):
            yield steps, "", "a layer of a graph has no name or no inbound_nodes beside its config"
            return
        yield steps, name, _read_layer(one, list(nodes), steps, is_known)


def _read_layer(one: Config, nodes: list[JSON], steps: Steps, is_known: Callable[[JSON], bool]) -> GraphLayer | str:
    try:
        calls = tuple(map(_read_call, nodes))
    except UnreadableGraphError as broken:
        return str(broken)
    inner = one.get("config")
    is_model = isinstance(inner, dict) and all(key in inner for key in KEYS)
    first = 1 if one.get("class_name") == _INPUT else 0
    return GraphLayer(steps, calls, one, first if is_known(one) else MANY, is_model)


def _read_call(node: JSON) -> Call:
    """Return a call, in the form of Keras 3 or in that of Keras 2."""
    if isinstance(node, list) and node:
        tensors = tuple(map(_read_item, node))
        last = node[-1]
        return Call(tensors, len(node), last[3] if isinstance(last, list) and len(last) == 4 else None)
    if not isinstance(node, dict) or "args" not in node or "kwargs" not in node:
        raise UnreadableGraphError("a call of the layer does not have the form of a call")
    found = tuple(_find_tensors([node["args"], node["kwargs"]]))
    if not found:
        raise UnreadableGraphError("a call of the layer has no tensors")
    return Call(found, node=node)


def _read_item(item: JSON) -> Tensor:
    """Return a tensor as Keras 2 wrote it, with the keywords of the call beside it."""
    if not isinstance(item, list) or len(item) not in (3, 4):
        raise UnreadableGraphError("a call of the layer does not have the form of a call")
    return _make_tensor(item[:3])


def _make_tensor(history: JSON) -> Tensor:
    if isinstance(history, list) and len(history) >= 3:
        layer, call, output = history[:3]
        if isinstance(layer, str) and isinstance(call, int) and isinstance(output, int):
            return Tensor(layer, call, output)
    raise UnreadableGraphError("a tensor of a call does not name a layer, a call and an output")


def _find_tensors(value: JSON) -> Iterator[Tensor]:
    """Yield the tensors in the arguments of a call; without recursion, as they may be nested deeply."""
    left: list[JSON] = [value]
    while left:
        one = left.pop()
        if isinstance(one, list):
            left += one
        elif isinstance(one, dict) and one.get("class_name") == KERAS_TENSOR:
            inner = one.get("config")
            yield _make_tensor(inner.get("keras_history") if isinstance(inner, dict) else None)
        elif isinstance(one, dict):
            left += one.values()


def read_ends(value: JSON) -> Iterator[Tensor]:
    """Yield the inputs or the outputs of a model.

    Raises:
        UnreadableGraphError: They do not have the form of tensors.
    """
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str):
        yield _make_tensor(value)
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from read_ends(item)
    else:
        raise UnreadableGraphError("an input or output of the model does not name a layer, a call and an output")
