"""Which activations can become layers of their own with the same result, and why others cannot. Keras-free."""

import collections
import functools
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias, cast

from serialactivation.catalog.graphs import is_of_keras2
from serialactivation.catalog.versions import OBJECTS_SINCE, is_newer, is_version, reads_activation
from serialactivation.files.layout import COMPILE_CONFIG
from serialactivation.repairs.split.parts import Weights
from serialactivation.rules.activations.weights import holds_weights
from serialactivation.tree.activations import Site, Steps, follow, is_lambda
from serialactivation.tree.layer_order import find_order, find_outputs
from serialactivation.tree.nodes import Node, find_sites, walk
from serialactivation.tree.shared_objects import find_numbers
from serialactivation.tree.weight_groups import find_objects
from serialactivation.typing import JSON

__all__ = ["FUNCTIONAL", "SEQUENTIAL", "Model", "find_names", "find_reasons", "find_unread_activations"]

Config: TypeAlias = Mapping[str, JSON]

SEQUENTIAL: Final = "Sequential"
FUNCTIONAL: Final = "Functional"

_SHARED: Final = "it is shared with a layer or an activation that is not changed"

# Layers that do nothing after their activation, and where keras/src/layers of Keras 3.6 to 3.15 shows that.
_OWNERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Activation": "activations/activation.py: it is all that the layer does",
        "Conv1D": "convolutional/base_conv.py: after the kernel and the bias",
        "Conv1DTranspose": "convolutional/base_conv_transpose.py: after the kernel and the bias",
        "Conv2D": "convolutional/base_conv.py: after the kernel and the bias",
        "Conv2DTranspose": "convolutional/base_conv_transpose.py: after the kernel and the bias",
        "Conv3D": "convolutional/base_conv.py: after the kernel and the bias",
        "Conv3DTranspose": "convolutional/base_conv_transpose.py: after the kernel and the bias",
        "Dense": "core/dense.py: after the kernel and the bias, quantized or not",
        "DepthwiseConv1D": "convolutional/base_depthwise_conv.py: after the kernel and the bias",
        "DepthwiseConv2D": "convolutional/base_depthwise_conv.py: after the kernel and the bias",
        "EinsumDense": "core/einsum_dense.py: after the kernel and the bias, quantized or not",
        "SeparableConv1D": "convolutional/base_separable_conv.py: after both kernels and the bias",
        "SeparableConv2D": "convolutional/base_separable_conv.py: after both kernels and the bias",
    }
)

# Those of them whose outputs have the mask of their inputs. The outputs of the others have no mask.
_PASS_ON_MASKS: Final = ("Activation", "Dense")

# Layers that do the same after a layer as inside it, each with whether a mask changes its result. All support masks, so
# that they pass on the same mask as their owner.
_ACTIVATIONS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "Activation": False,
        "BatchNormalization": True,
        "ELU": False,
        "LeakyReLU": False,
        "PReLU": False,
        "ReLU": False,
        "Softmax": True,
    }
)


_TRAINED_OTHERWISE: Final = ("BatchNormalization",)


class Model:
    """A saved model under examination.

    Args:
        config: Its config.
        target: The target Keras.
        training: Its training config, in an HDF5 file.
        writer: The Keras that wrote it, if the file says so.
        weights: Its weights, or None if they are not in one HDF5 file, or not read yet.
    """

    def __init__(
        self,
        config: JSON,
        target: str,
        *,
        training: JSON = None,
        writer: str | None = None,
        weights: Weights | None = None,
    ) -> None:
        self.config = config
        self.target = target
        self.training = training
        self.writer = writer
        self.weights = weights

    @property
    def class_name(self) -> str:
        """Its class."""
        return str(follow(self.config, ("class_name",)))

    @property
    def inner(self) -> Config:
        """Its inner config."""
        inner = follow(self.config, ("config",))
        return inner if isinstance(inner, Mapping) else {}

    def owner(self, site: Site) -> Config:
        """Return the config of the layer that holds an activation."""
        return cast("Config", follow(self.config, site.steps[:-2]))

    def is_shared(self, site: Site) -> bool:
        """Return whether an activation occurs more than once in the config."""
        return site.shared_id is not None and self._numbers[site.shared_id] > 1

    def find_same(self, site: Site) -> list[Site]:
        """Return the occurrences of an activation, or none if one of them is not an activation."""
        same = [one for one in self.sites if one.steps == site.steps or _is_same(one, site)]
        return same if not self.is_shared(site) or self._numbers[site.shared_id] == len(same) else []

    @functools.cached_property
    def sites(self) -> tuple[Site, ...]:
        """Its activations."""
        return tuple(find_sites(self.config))

    @functools.cached_property
    def groups(self) -> Mapping[Steps, str]:
        """The groups of its objects in a ``.keras`` file."""
        return {one.steps: one.groups[0] for one in find_objects(self.config)}

    @functools.cached_property
    def makes_masks(self) -> bool:
        """Whether one of its layers may make masks."""
        return any(map(_may_make_masks, walk(self.config)))

    @functools.cached_property
    def has_known_order(self) -> bool:
        """Whether its layers have the order that is computed for them, and calls of which the form can be changed."""
        layers = self.inner.get("layers")
        if self.class_name == SEQUENTIAL:
            return True
        return isinstance(layers, list) and not is_of_keras2(layers) and find_order(self.inner) == find_names(layers)

    @functools.cached_property
    def _numbers(self) -> Mapping[int | None, int]:
        return collections.Counter[int | None](find_numbers(self.config))


def find_unread_activations(model: Model) -> Iterator[Site]:
    """Yield the activations that are objects, and that stock layers of the target Keras do not read."""
    for site in model.sites:
        if site.stock and not is_lambda(site.stored) and not reads_activation(site.stored, model.target):
            yield site


def find_names(layers: JSON) -> tuple[str, ...]:
    """Return the names of a model's *layers*; that of what has none, or is no layer, is empty."""
    return tuple(map(_find_name, layers)) if isinstance(layers, list) else ()


def _find_name(layer: JSON) -> str:
    config = layer.get("config") if isinstance(layer, dict) else None
    name = config.get("name") if isinstance(config, dict) else None
    return name if isinstance(name, str) else ""


def find_reasons(model: Model) -> dict[Steps, str | None]:
    """Return why each such activation cannot be split, as a clause in lower case, or None, by its place."""
    reasons = {site.steps: _find_reason(model, site) for site in find_unread_activations(model)}
    return {
        site.steps: reasons[site.steps] or (_SHARED if any(map(reasons.get, _steps(model.find_same(site)))) else None)
        for site in find_unread_activations(model)
    }


def _find_reason(model: Model, site: Site) -> str | None:
    return next((reason for rule in _RULES if (reason := rule(model, site)) is not None), None)


def _steps(sites: Iterable[Site]) -> list[Steps]:
    return [site.steps for site in sites]


def _owner(model: Model, site: Site) -> str | None:
    if model.class_name not in (SEQUENTIAL, FUNCTIONAL) or not isinstance(model.inner.get("layers"), list):
        return "the model is neither Sequential nor Functional"
    if not all(find_names(model.inner.get("layers"))):
        return "the model has a layer without a name"
    if len(site.steps) != 5 or site.steps[:2] != ("config", "layers"):
        return "its layer is inside another layer, or inside a model in the model"
    if site.class_name not in _OWNERS or site.field != "activation":
        return f"{site.class_name} computes more after its activation"
    if follow(model.owner(site), ("config",)).get("activity_regularizer") is not None:
        return "the activity regularizer of its layer applies to its output"
    return None


def _activation(model: Model, site: Site) -> str | None:
    stored = site.stored
    assert isinstance(stored, Mapping)
    module = stored.get("module")
    is_keras = isinstance(module, str) and module.partition(".")[0] == "keras" and ".ops" not in module
    if not is_keras or site.label not in _ACTIVATIONS or not isinstance(stored.get("config"), Mapping):
        return f"{site.label} is not known to compute the same outside its layer"
    if any(isinstance(one.stored, Mapping) for one in find_sites(stored)):
        return "it holds another object"
    if _ACTIVATIONS[site.label] and site.class_name in _PASS_ON_MASKS and model.makes_masks:
        return "outside its layer, it would receive a mask"
    return None


def _training(model: Model, site: Site) -> str | None:
    """Before 3.10, ``fit`` treated some layers inside layers as not trainable (tried on 3.6.0 and 3.9.2)."""
    writer = model.writer or ""
    if site.label in _TRAINED_OTHERWISE and (not is_version(writer) or is_newer(OBJECTS_SINCE, writer)):
        return f"Keras before {OBJECTS_SINCE} trained it differently inside its layer than outside"
    return None


def _may_make_masks(node: Node) -> bool:
    """Return whether a layer may make masks: a Keras layer that does, or a layer of another package."""
    value = node.stored
    if not isinstance(value, dict):
        return False
    module = value.get("module")
    is_other = isinstance(module, str) and module.partition(".")[0] not in ("keras", "builtins")
    is_known = value.get("class_name") == "Masking" or value.get("mask_zero") is True
    return is_known or is_other or ">" in str(value.get("class_name"))


def _sharing(model: Model, site: Site) -> str | None:
    if not model.is_shared(site):
        return None
    if model.class_name == SEQUENTIAL or (model.weights is not None and model.weights.is_hdf5):
        return "it is shared with another layer"
    return None if model.find_same(site) else _SHARED


def _weights(model: Model, site: Site) -> str | None:
    weights = model.weights
    if weights is None:
        return "the weights are not in one HDF5 file"
    if not holds_weights(site.stored):
        return None
    name, owner = (follow(one, ("config",)).get("name") for one in (site.stored, model.owner(site)))
    if weights.is_hdf5 and name == owner:
        return "its layer has the same name, so their weights cannot be told apart"
    first = model.find_same(site)[0]
    group = model.groups.get(first.steps)
    has = group is not None and weights.has(group, owner=str(owner), activation=str(name))
    return None if has else "its weights are not in the file"


def _is_same(one: Site, other: Site) -> bool:
    return one.shared_id is not None and one.shared_id == other.shared_id


def _graph(model: Model, site: Site) -> str | None:
    if not model.has_known_order:
        return "the order of the layers in the graph is not known"
    name = follow(model.owner(site), ("config", "name"))
    if name in dict(find_outputs(model.inner.get("output_layers"))) and name in _find_named(model):
        return f"the model was compiled with settings for the output {name!r}"
    return None


def _find_named(model: Model) -> set[str]:
    """Return the names of the outputs for which a model was compiled."""
    compiled = follow(model.config, ()).get(COMPILE_CONFIG) or model.training
    parts = compiled.values() if isinstance(compiled, Mapping) else ()
    return {key for part in parts if isinstance(part, Mapping) for key in part}


_RULES: Final = (_owner, _activation, _training, _sharing, _graph, _weights)
