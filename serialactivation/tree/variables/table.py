"""How each layer of Keras is built: from its arguments and the shapes of its inputs to its variables. Keras-free.

A layer that is missing here is not known, and neither is what it returns.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from serialactivation.catalog.classes import NEWEST
from serialactivation.catalog.layer_kinds import MODELS
from serialactivation.catalog.marks import PACKAGE
from serialactivation.catalog.stored_axis import read_config
from serialactivation.catalog.versions import is_newer
from serialactivation.tree.classes import KERAS, find_class
from serialactivation.tree.variables import (
    attention,
    convolutions,
    dense,
    models,
    normalizations,
    pooling,
    recurrent,
    weightless,
    wrappers,
)
from serialactivation.tree.variables.built_shapes import check_axis, check_built, check_nested, is_checked, take_sizes
from serialactivation.tree.variables.layer_arguments import NOT_KNOWN, Arguments, Build, Built, Inputs, Part
from serialactivation.tree.variables.low_rank import add_low_rank
from serialactivation.tree.variables.policies import find_mode
from serialactivation.tree.variables.quantized import QUANTIZED, quantize
from serialactivation.tree.variables.second_calls import check_call
from serialactivation.tree.variables.shapes import (
    EMPTY_SINCE,
    EmptyError,
    NotKnownError,
    OddValueError,
    Shapes,
    UncallableError,
    UnfitError,
    UnsizedError,
    read_shapes,
)
from serialactivation.typing import JSON, Config

__all__ = ["LAYERS", "Builder", "Unfit", "find_layer", "is_empty"]

_MOST: Final = 100_000
"""How many layers are built: a model in a model, called twice, is built twice, and all in it again."""
_DEEPEST: Final = 100

_SAME: Final = """
    ActivityRegularization AlphaDropout Dropout ELU GaussianDropout GaussianNoise Identity LeakyReLU Masking ReLU
"""
_IMAGES: Final = "RandomBrightness RandomContrast RandomFlip RandomRotation RandomTranslation RandomZoom"
_MERGES: Final = "Add Average Maximum Minimum Multiply"
_RESIZING: Final = "CenterCrop RandomCrop Resizing"
_OTHERS: Final = "HashedCrossing Hashing Lambda"


def _list_ranks(names: str, make: Callable[[int], Build], ranks: tuple[int, ...] = (1, 2, 3)) -> dict[str, Build]:
    return {name.format(rank): make(rank) for name in names.split() for rank in ranks}


LAYERS: Final[Mapping[str, Build]] = {
    **dict.fromkeys(_SAME.split(), weightless.build_same),
    **dict.fromkeys(_IMAGES.split(), weightless.build_image),
    **dict.fromkeys(_MERGES.split(), weightless.build_merge),
    **dict.fromkeys(_OTHERS.split(), weightless.build_weightless),
    **dict.fromkeys(_RESIZING.split(), weightless.build_resizing),
    "Activation": weightless.build_same,
    "CategoryEncoding": weightless.build_category_encoding,
    "Concatenate": weightless.build_concatenation,
    "Dot": weightless.build_dot,
    "Flatten": weightless.build_flatten,
    "Permute": weightless.build_permute,
    "RepeatVector": weightless.build_repeat,
    "Rescaling": weightless.build_rescaling,
    "Reshape": weightless.build_reshape,
    "Softmax": weightless.build_softmax,
    "Subtract": weightless.build_subtraction,
    "UnitNormalization": weightless.build_unit_normalization,
    **_list_ranks("SpatialDropout{}D", weightless.make_spatial_dropout),
    **_list_ranks("AdaptiveAveragePooling{}D AdaptiveMaxPooling{}D", pooling.make_adaptive_pooling),
    **_list_ranks("AveragePooling{}D MaxPooling{}D", pooling.make_pooling),
    **_list_ranks("Cropping{}D", pooling.make_cropping),
    **_list_ranks("GlobalAveragePooling{}D GlobalMaxPooling{}D", pooling.make_global_pooling),
    **_list_ranks("UpSampling{}D", pooling.make_upsampling),
    **_list_ranks("ZeroPadding{}D", pooling.make_padding),
    "Dense": dense.build_dense,
    "EinsumDense": dense.build_einsum_dense,
    "Embedding": dense.build_embedding,
    "PReLU": dense.build_prelu,
    "ReversibleEmbedding": dense.build_reversible_embedding,
    **_list_ranks("Conv{}D", convolutions.make_convolution),
    **_list_ranks("Conv{}DTranspose", convolutions.make_transposed),
    **_list_ranks("DepthwiseConv{}D", convolutions.make_depthwise, (1, 2)),
    **_list_ranks("SeparableConv{}D", convolutions.make_separable, (1, 2)),
    "BatchNormalization": normalizations.build_batch_normalization,
    "GroupNormalization": normalizations.build_group_normalization,
    "LayerNormalization": normalizations.build_layer_normalization,
    "Normalization": normalizations.build_normalization,
    "RMSNormalization": normalizations.build_rms_normalization,
    "SpectralNormalization": normalizations.build_spectral_normalization,
    "AdditiveAttention": attention.build_additive_attention,
    "Attention": attention.build_attention,
    "GroupQueryAttention": attention.build_grouped_attention,
    "GroupedQueryAttention": attention.build_grouped_attention,  # its first name since Keras 3.16
    "MultiHeadAttention": attention.build_multi_head_attention,
    "Bidirectional": recurrent.build_bidirectional,
    "RNN": recurrent.build_rnn,
    "StackedRNNCells": recurrent.build_stacked_cells,
    **{kind: recurrent.make_recurrent(kind) for kind in ("GRU", "LSTM", "SimpleRNN")},
    **{f"{kind}Cell": recurrent.make_cell(kind) for kind in ("GRU", "LSTM", "SimpleRNN")},
    **_list_ranks("ConvLSTM{}D", recurrent.make_conv_lstm),
    "TimeDistributed": wrappers.build_time_distributed,
    "Wrapper": wrappers.build_wrapper,
    "Functional": models.build_functional,
    "InputLayer": models.build_input,
    "Model": models.build_functional,
    "Sequential": models.build_sequential,
}
"""The function that builds each layer, by the name of its class."""

_PLACES: Final = ("keras.layers.", "keras.models.")  # operations have names of layers, too
_CALLING: Final = (*MODELS, "Bidirectional", "RNN", "SpectralNormalization", "StackedRNNCells", "TimeDistributed")
"""The layers that call the layers in them with what they are given themselves."""
_WITHOUT_VARIABLES: Final = frozenset(
    name for name, build in LAYERS.items() if build.__module__ in (weightless.__name__, pooling.__name__)
)


class Unfit(NamedTuple):
    """A layer that refuses the shapes that it is given.

    Attributes:
        stored: What is stored of the layer.
        evidence: Why, as a clause that starts in lower case.
        is_made: Whether the model is made, and cannot be called.
        is_unsized: Whether a variable of it would have no size: it is not even built.
        is_built: Whether Keras builds it with them, and does not call it.
    """

    stored: Config
    evidence: str
    is_made: bool
    is_unsized: bool
    is_built: bool = False


class Builder:
    """Builds the layers of one model.

    Args:
        target: The Keras that reads it.

    Attributes:
        unfit: The layers that refuse their shapes.
        odd: The layers with an argument of which nothing is known, and its name.
    """

    def __init__(self, target: str = NEWEST) -> None:
        self._target = target
        self.unfit: list[Unfit] = []
        self.odd: list[tuple[Config, str]] = []
        self._first: dict[int, Built] = {}
        self._left = _MOST
        self._within: list[str] = []
        self._earlier: dict[int, Inputs] = {}
        self._is_building = False

    def build(self, stored: JSON, inputs: Inputs) -> Built:
        """Return what is known of a layer once it is built, and called with *inputs*."""
        self._left -= 1
        name = find_layer(stored)
        if name is None or not isinstance(stored, dict) or self._left < 0 or len(self._within) > _DEEPEST:
            return NOT_KNOWN
        self._within.append(name)
        try:
            return self._build(name, stored, inputs)
        finally:
            self._within.pop()

    def _build(self, name: str, stored: Config, inputs: Inputs) -> Built:
        """Build a layer with the shapes that it was built with, or else with those of its first call."""
        earlier = _read_build_config(stored)
        if earlier is not None and earlier != inputs and id(stored) not in self._first:
            self._earlier[id(stored)] = earlier
            self._first[id(stored)] = self._build_first(name, stored, earlier)
        built = self._make(name, stored, inputs)
        first = self._first.setdefault(id(stored), built)
        if len(self._within) > 1 and self._within[-2] in _CALLING:
            try:
                self._check_call(stored, first, built, inputs)
            except UnfitError as error:
                self._refuse(stored, error)
        return first._replace(output=built.output)

    def _check_call(self, stored: Config, first: Built, built: Built, inputs: Inputs) -> None:
        config = stored.get("config")
        is_shared = isinstance(config, dict) and bool(config.get("shared_axes"))
        if id(stored) in self._earlier:
            check_built(self._within[-1], self._earlier[id(stored)], inputs)
        check_call(self._within, first, built, is_shared=is_shared)

    def _build_first(self, name: str, stored: Config, built: Inputs) -> Built:
        """Build a layer with shapes that Keras does not call it with, and which few layers look at."""
        known, outer = len(self.unfit), self._is_building
        self._is_building = name not in MODELS  # which call what is in them
        try:
            made = self._make(name, stored, take_sizes(name, read_config(stored, self._target), built))
        except UnfitError as error:
            made = NOT_KNOWN
            self._refuse(stored, error, is_built=True)
        self._is_building = outer
        self.unfit[known:] = [one for one in self.unfit[known:] if one.is_unsized or one.is_built]
        return made

    def _make(self, name: str, stored: Config, inputs: Inputs) -> Built:
        given = Arguments(read_config(stored, self._target), self.build, self._target)
        try:
            check_axis(name, inputs)
            check_nested(name, inputs)
            built = LAYERS[name](given, inputs)
            if name not in _WITHOUT_VARIABLES and name not in MODELS:
                built = _follow_policy(built, name, given, inputs)
        except (NotKnownError, UnfitError) as error:
            if isinstance(error, OddValueError):
                self.odd.append((stored, str(error)))
            if isinstance(error, UnfitError):
                is_first = self._is_building and id(stored) not in self._first
                self._refuse(stored, error, is_built=is_first and is_checked(name))
            built = Built() if name in _WITHOUT_VARIABLES else NOT_KNOWN
        return _add_activations(built, given, name, is_ours=find_class(stored, "layers").package == PACKAGE)

    def _refuse(self, stored: Config, error: UnfitError, *, is_built: bool = False) -> None:
        is_there = isinstance(error, UnsizedError) and id(stored) in self._first
        is_made = isinstance(error, EmptyError) and is_newer(EMPTY_SINCE, self._target)
        if not is_there and not is_made:
            is_called, is_unsized = (isinstance(error, kind) for kind in (UncallableError, UnsizedError))
            self.unfit.append(Unfit(stored, str(error), is_called, is_unsized, is_built and not is_called))


def find_layer(stored: JSON) -> str | None:
    """Return the name of the class of a layer that is known, Keras's or this package's subclass of it; or None."""
    if not isinstance(stored, dict) or not isinstance(stored.get("class_name"), str):
        return None
    of = find_class(stored, "layers")
    if of.signature is None or of.package not in (KERAS, PACKAGE) or not of.signature.owner.startswith(_PLACES):
        return None
    name = of.signature.owner.rpartition(".")[2]
    return name if name in LAYERS else None


def _read_build_config(stored: Config) -> Inputs | None:
    """Return the shapes that a layer was built with, where it says so; Keras builds it with them as it reads it."""
    config = stored.get("build_config")
    if not isinstance(config, dict) or not config:
        return None
    if "input_shape" in config:
        return Inputs(read_shapes(config["input_shape"]))
    named = config.get("shapes_dict")
    if not isinstance(named, dict) or not named:
        return Inputs()
    shapes = {name.removesuffix("_shape"): read_shapes(value) for name, value in named.items() if value is not None}
    return Inputs(next((shapes[name] for name in _FIRST if name in shapes), None), shapes)


def _follow_policy(built: Built, name: str, given: Arguments, inputs: Inputs) -> Built:
    """Return a layer with the variables that its dtype policy and its rank demand, or none if these are not known."""
    try:
        mode = find_mode(given)
        if mode.method and name not in QUANTIZED:
            raise NotKnownError
        changed = quantize(built, name, given, inputs, mode) if mode.method else built
        if given.config.get("lora_rank"):
            changed = add_low_rank(changed, name, given, (built.variables or ())[0])
    except NotKnownError:
        return NOT_KNOWN._replace(output=built.output)
    return changed


_FUNCTIONS: Final = ("keras.src.ops.", "builtins")
_FIRST: Final = ("query", "sequences", "inputs", "input")
"""The names that the first argument of a layer may have."""


_ON_OUTPUT: Final = ("Dense", "EinsumDense", "Conv", "DepthwiseConv", "SeparableConv")
"""How the names of layers begin that call their activation with what they return."""


def _add_activations(built: Built, given: Arguments, name: str, *, is_ours: bool) -> Built:
    """Return a layer with its activations that may have variables among its parts; this package's build theirs."""
    if built.parts is None or name in MODELS:
        return built
    inputs = Inputs(_find_activated(name, built)) if is_ours else Inputs()
    found = [part for part in _find_activations(given, inputs) if not is_empty(part.built)]
    return built._replace(parts=(*built.parts, *found)) if found else built


def _find_activated(name: str, built: Built) -> Shapes:
    """Return the shape of what a layer of this package calls its activations with."""
    steps = [part.built.output for part in built.parts or () if part.paths == ("cell",)]
    if steps:
        return steps[0]  # its cell calls them, with what it returns for one step
    return built.output if name.startswith(_ON_OUTPUT) or name.endswith("Cell") else None


def _find_activations(given: Arguments, inputs: Inputs) -> Iterator[Part]:
    for key, value in given.config.items():
        if not key.endswith("activation") or not isinstance(value, dict) or not isinstance(value.get("config"), dict):
            continue
        if not str(value.get("module")).startswith(_FUNCTIONS):
            yield Part((key, f"cell/{key}"), given.build(value, inputs), value)


def is_empty(built: Built) -> bool:
    """Return whether a layer is known to have no variables, neither its own nor in its parts."""
    return built.variables == () and built.parts is not None and all(is_empty(part.built) for part in built.parts)
