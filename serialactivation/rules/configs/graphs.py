"""The rules on how the layers of a model hang together: what Keras cannot follow. Keras-free."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Final, cast

from serialactivation.catalog.graphs import ANY_ORDER, find_early_call
from serialactivation.catalog.keras2 import BATCH_INPUT_SHAPE
from serialactivation.catalog.versions import is_newer
from serialactivation.rules.configs.values import UNUSUAL_VALUE
from serialactivation.rules.issue import Issue, NodeCheck, make_issue, show
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.classes import KERAS, STACK, find_class
from serialactivation.tree.graph import Fault, find_graph_faults
from serialactivation.tree.nodes import Node
from serialactivation.typing import JSON, Config

__all__ = [
    "BROKEN_GRAPH",
    "BROKEN_STACK",
    "EXTRA_DIMENSION",
    "GRAPHS",
    "GRAPH_CHECKS",
    "NO_CALL",
    "UNFIT_DIMENSION",
]

LATER_INPUT: Final = Rule(
    code="SA205",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    advice=("load it with Keras {since} or newer",),
    meaning="A layer is called on the output of a later layer, which Keras reads only since 3.7.",
    why="Keras 3.6 makes the calls of a graph in the order of the config. A layer that is called twice may stand "
    "before a layer that feeds its second call.",
    example="twice(between(twice(inputs))), with --target-keras 3.6",
    cure="Load the model with Keras 3.7 or newer, or build the model with two layers in the place of this one.",
)

BROKEN_GRAPH: Final = Rule(
    code="SA221",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="operate renumber tensors",
    advice=("load it with the Keras that wrote it",),
    meaning="The graph of a functional model names what is not there, has a circle, or calls a layer with wrong "
    "arguments.",
    why="The file was changed by hand or by another program, or Keras 2 wrote it: Keras 2 counts the calls of a nested "
    "model from 1, and writes initial states and other tensors of a call in a form that Keras 3 does not read.",
    example='"inbound_nodes": [[["inner", 1, 0, {}]]], where inner is a model',
    cure="Let serialactivation repair count the calls again, or load the model with the Keras that wrote it.",
)

BROKEN_STACK: Final = Rule(
    code="SA222",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="renumber",
    advice=("load it with the Keras that wrote it",),
    meaning="The layers of a Sequential do not fit: two of one name, two inputs, an object that is no layer, a list.",
    why="The file was changed by hand or by another program, or Keras 2 wrote it: a model in a Sequential returns a "
    "list if its output_layers are a list of lists, and the layer after it does not take one.",
    example='"layers": [{"config": {"name": "a"}, ...}, {"config": {"name": "a"}, ...}]',
    cure="Let serialactivation repair change it, or load the model with the Keras that wrote it.",
)

EXTRA_DIMENSION: Final = Rule(
    code="SA223",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="input",
    advice=("load it with the Keras that wrote it",),
    meaning="A layer has batch_input_shape, which Keras 3 reads with a dimension too many, and refuses.",
    why="Keras 2 before 2.4 wrote a Sequential without an InputLayer: the first layer holds the shape of the input, "
    "with that of the batch. Keras 3 takes it for the shape without the batch, and puts one more in front.",
    example='{"class_name": "LSTM", "config": {"batch_input_shape": [null, 9, 3], ...}}, first in a Sequential',
    cure="Let serialactivation repair put an InputLayer before the layer, or load the model with the Keras that wrote "
    "it, and save it again with Keras 2.4 to 2.15.",
)

UNFIT_DIMENSION: Final = Rule(
    code="SA224",
    severity=Severity.ERROR,
    verdict=Verdict.UNCALLABLE,
    repair="input",
    advice=("load it with the Keras that wrote it",),
    meaning="A layer has batch_input_shape, which Keras 3 reads with a dimension too many: no input fits.",
    why=EXTRA_DIMENSION.why,
    example='{"class_name": "Dense", "config": {"batch_input_shape": [null, 25], ...}}, first in a Sequential',
    cure=EXTRA_DIMENSION.cure,
)

NO_CALL: Final = Rule(
    code="SA225",
    severity=Severity.ERROR,
    verdict=Verdict.UNCALLABLE,
    advice=("load it with the Keras that wrote it",),
    meaning="The model loads, but no call of it works: an input is missing, or is not the first layer.",
    why="The file was changed by hand or by another program. Keras 3.14 and newer refuse a missing input, and older "
    "ones notice it when the model is called.",
    example='"input_layers": [["a", 0, 0]] of a graph that begins with two inputs, with --target-keras 3.13',
    cure="Load the model with the program that wrote it, and save it again.",
)

GRAPHS: Final = (LATER_INPUT, BROKEN_GRAPH, BROKEN_STACK, EXTRA_DIMENSION, UNFIT_DIMENSION, NO_CALL)
"""The rules on graphs, in the order of their codes."""

_GRAPHS: Final = ("keras.models.Functional", "keras.models.Model")
_OF_LAYERS: Final = ("keras.layers.", "keras.models.")

# The layers that take one tensor, and no list of one.
_TAKE_ONE: Final = frozenset(
    """
    AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CenterCrop Conv1D Conv1DTranspose Conv2D
    Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D Cropping2D Cropping3D Dense
    DepthwiseConv1D DepthwiseConv2D EinsumDense Embedding Flatten GRU GroupNormalization LSTM LayerNormalization
    Masking MaxPooling2D MaxPooling3D MelSpectrogram Normalization PReLU Permute RMSNormalization RNN RandomCrop
    RandomGrayscale RepeatVector Reshape Resizing ReversibleEmbedding SeparableConv1D SeparableConv2D SimpleRNN
    SpectralNormalization TimeDistributed UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D
    ZeroPadding3D
    """.split()  # noqa: SIM905
)


# The layers that take a tensor of any rank, and keep the rank.
_ANY_RANK: Final = frozenset(
    """
    Activation ActivityRegularization AlphaDropout BatchNormalization Dense Dropout ELU Embedding GaussianDropout
    GaussianNoise LayerNormalization LeakyReLU Masking PReLU ReLU Rescaling Softmax
    """.split()  # noqa: SIM905
)

_NEVER: Final = "4.0"  # no Keras 3 refuses it


def _check_graph(node: Node, target: str) -> Iterator[Issue]:
    """Yield an issue if the graph of a functional model breaks."""
    if node.of is None or node.of.owner not in _GRAPHS:
        return
    yield from _find_issues(node, BROKEN_GRAPH, find_graph_faults(node.config, _is_known), target)


def _check_stack(node: Node, target: str) -> Iterator[Issue]:
    """Yield an issue if a Sequential model cannot be made of its layers."""
    if node.of is None or node.of.owner != STACK:
        return
    if isinstance(node.stored, dict) and isinstance(node.stored.get("config"), dict):
        yield from _find_issues(node, BROKEN_STACK, _find_stack_faults(node.config), target)
        yield from _check_first(node)


def _check_order(node: Node, target: str) -> Iterator[Issue]:
    """Yield an issue if a layer is called on the output of a later layer, which the target does not read."""
    if not is_newer(ANY_ORDER, target) or node.of is None:
        return
    early = find_early_call(node.config)
    if early is not None:
        evidence = (
            f"the layer {show(early)} is called on the output of a later layer, which Keras reads only since "
            f"{ANY_ORDER}"
        )
        yield make_issue(node, LATER_INPUT, evidence, inner=("config", "layers"), since=ANY_ORDER)


def _find_issues(node: Node, rule: Rule, faults: Iterable[Fault], target: str) -> Iterator[Issue]:
    for fault in faults:
        if fault.is_refused(target):
            yield make_issue(node, rule, fault.evidence, inner=("config", *fault.steps))
        elif fault.is_odd:
            yield make_issue(node, UNUSUAL_VALUE, fault.evidence, inner=("config", *fault.steps))
        elif fault.is_uncallable:
            yield make_issue(node, NO_CALL, fault.evidence, inner=("config", *fault.steps))


def _check_first(node: Node) -> Iterator[Issue]:
    """Yield an issue if the first layer of a Sequential, in an HDF5 file, has the shape of the input."""
    layers = node.config.get("layers")
    first = layers[0] if isinstance(layers, list) and layers else None
    inner = first.get("config") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(inner, dict) or "module" in first or not _is_known(first):
        return
    shape = inner.get(BATCH_INPUT_SHAPE)
    if isinstance(shape, list) and first["class_name"] != "InputLayer":
        rule = UNFIT_DIMENSION if all(map(_takes_any_rank, cast("list[JSON]", layers))) else EXTRA_DIMENSION
        evidence = f"Keras 3 reads the shape {show(shape)} as {show([None, *shape])}"
        yield make_issue(node, rule, evidence, inner=("config", "layers", 0, "config", BATCH_INPUT_SHAPE))


def _takes_any_rank(layer: JSON) -> bool:
    return _find_class_name(layer) in _ANY_RANK or not _is_known(layer)


def _is_known(stored: JSON) -> bool:
    """Return whether a layer's class is one of Keras's, and neither another package's nor the user's."""
    if not isinstance(stored, dict) or not isinstance(stored.get("class_name"), str):
        return False
    of = find_class(stored, "layers")
    return of.package == KERAS and of.signature is not None


def _find_stack_faults(config: Config) -> Iterator[Fault]:
    layers = config.get("layers")
    if "name" not in config:
        yield Fault((), "the config of a Sequential lacks its name")
    if not isinstance(layers, list):
        yield Fault(("layers",) if "layers" in config else (), "the layers of a Sequential are not a list")
        return
    for check in (_find_other, _find_twins, _find_second_input, _find_list):
        yield from check(layers)


def _find_other(layers: list[JSON]) -> Iterator[Fault]:
    """Yield the first object of Keras that is no layer, such as an operation."""
    for index, layer in enumerate(layers):
        is_object = isinstance(layer, dict) and isinstance(layer.get("class_name"), str)
        signature = find_class(cast("Config", layer), "layers").signature if is_object else None
        if signature is not None and not signature.owner.startswith(_OF_LAYERS):
            evidence = f"{signature.owner} is no layer, and a Sequential has only layers"
            yield Fault(("layers", index), evidence, signature.since, signature.until)
            return


def _find_twins(layers: list[JSON]) -> Iterator[Fault]:
    """Yield the first layer that has the name of one before it."""
    seen: set[str] = set()
    for index, layer in enumerate(layers):
        name = _find_name(layer)
        if name in seen:
            yield Fault(("layers", index), f"two layers of a Sequential have the name {name!r}")
            return
        if name is not None:
            seen.add(name)


def _find_second_input(layers: list[JSON]) -> Iterator[Fault]:
    places = [index for index, layer in enumerate(layers) if _find_class_name(layer) == "InputLayer"]
    if places[:1] == [0] and len(places) > 1:
        yield Fault(("layers", places[1]), "a Sequential has a second InputLayer")
    elif places and places[0] > 0:
        evidence = "a Sequential has an InputLayer that is not its first layer"
        yield Fault(("layers", places[0]), evidence, since=_NEVER, is_uncallable=True)


def _find_list(layers: list[JSON]) -> Iterator[Fault]:
    """Yield the first layer that is given the list that a model before it returns."""
    for index, (model, layer) in enumerate(itertools.pairwise(layers)):
        inner = model.get("config") if isinstance(model, dict) else None
        outputs = inner.get("output_layers") if isinstance(inner, dict) else None
        is_list = isinstance(outputs, list) and bool(outputs) and isinstance(outputs[0], list)
        if is_list and _is_known(layer) and _find_class_name(layer) in _TAKE_ONE:
            evidence = f"it is given the list that the model before it returns, whose output_layers are {show(outputs)}"
            yield Fault(("layers", index + 1), evidence, since="3.11")
            return


def _find_class_name(layer: JSON) -> JSON:
    return layer.get("class_name") if isinstance(layer, dict) else None


def _find_name(layer: JSON) -> str | None:
    inner = layer.get("config") if isinstance(layer, dict) else None
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else None


GRAPH_CHECKS: Final[tuple[NodeCheck, ...]] = (_check_graph, _check_stack, _check_order)
"""The checks, in the order of their findings."""
