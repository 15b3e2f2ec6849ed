"""Makes a Sequential or Functional model again, layer by layer, with its graph, names, weights, flags and sharing."""

import abc
import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar, cast

import attrs
import keras

from serialactivation import errors
from serialactivation.keras_api.internals import attributes_of, producer_of
from serialactivation.keras_api.scopes import Direction, make_once, moving, sharing_scope, unshared_unless_saving
from serialactivation.keras_api.sublayers import inputs_and_layers, sublayers
from serialactivation.keras_api.temporary_attributes import run_with
from serialactivation.layer.fields import activation_fields
from serialactivation.models.copies.comparison import check_code, check_same_activations
from serialactivation.models.copies.training_state import copy_compile_state
from serialactivation.models.copies.weights import (
    build_like,
    check_paired,
    copy_other_state,
    copy_variables,
    pair_layers,
)
from serialactivation.spec.layer_spec import is_of_keras
from serialactivation.typing import Config

__all__ = ["Follower", "Rebuilder", "read_layer"]

OperationT = TypeVar("OperationT", bound=keras.Operation)
ResultT = TypeVar("ResultT")
LayerT = TypeVar("LayerT", bound=keras.Layer)

_LINEAR: Final = keras.activations.linear


@attrs.frozen
class Follower:
    """A layer that is applied to the output of another layer, at each of its calls.

    Attributes:
        layer: The layer.
        keywords: Further arguments of its call.
    """

    layer: keras.Layer
    keywords: Mapping[str, object] = attrs.field(factory=dict)


class Rebuilder(abc.ABC):
    """Makes a model again; subclasses define how one layer is made again.

    Attributes:
        followers: The followers of each new layer, by its id.
        names: The new names of layers that get another name, by the id of the old layer.
    """

    def __init__(self) -> None:
        self.followers: dict[int, list[Follower]] = {}
        self.names: dict[int, str] = {}
        # Pairs of an old and a new layer, in the order in which they were made: a model after its layers.
        self._pairs: list[tuple[keras.Layer, keras.Layer]] = []
        self._paths: dict[int, str] = {}  # by the id of the old layer

    @abc.abstractmethod
    def make(self, layer: keras.Layer, path: str) -> keras.Layer:
        """Return the new layer for *layer*, which is at *path* and is not a model."""

    def rebuild(self, model: keras.Model) -> keras.Model:
        """Return the new model for *model*, with copies of its weights, and compiled if *model* is.

        Raises:
            ModelKindError: *model* is, or holds, a model whose graph is not known.
            ActivationError: One of its layers cannot be made again.
        """
        with sharing_scope():
            made = self.remake(model, getattr(model, "name", repr(model)))
            successors = self._copy_state(made)
        copy_compile_state(model, made, successors)
        return made

    def remake(self, layer: OperationT, path: str) -> OperationT:
        """Return the new layer for *layer*, which is at *path*; a shared layer is made once."""
        return make_once(layer, lambda original: cast("OperationT", self._remake(original, path)))

    def make_another(self, layer: keras.Layer, path: str) -> keras.Operation:
        """Return another new layer for *layer*, which is at *path* and has no state to share."""
        return self._remake(layer, path)

    def _remake(self, layer: keras.Operation, path: str) -> keras.Operation:
        if not isinstance(layer, keras.Layer):
            return _copy_operation(layer)
        if isinstance(layer, keras.Model):
            made: keras.Layer = self._remake_model(layer, path)
        else:
            with _located(path):
                made = self.make(layer, path)
        self._pairs.append((layer, made))
        self._paths[id(layer)] = path
        return made

    # Models.

    def _remake_model(self, model: keras.Model, path: str) -> keras.Model:
        is_sequential = isinstance(model, keras.Sequential)
        if type(model).__module__.split(".")[0] != "keras" or not (is_sequential or hasattr(model, "operations")):
            raise errors.ModelKindError(path, type(model).__name__)
        made = self._remake_sequential(model, path) if is_sequential else self._remake_functional(model, path)
        made.name = self.names.get(id(model), model.name)
        return made

    def _remake_functional(self, model: keras.Model, path: str) -> keras.Model:
        return keras.models.clone_model(
            model,
            # Keras's own copies of the inputs lose the flags sparse and optional
            input_tensors=keras.tree.map_structure(_copy_input, model.input),
            clone_function=lambda layer: self.remake(layer, f"{path}/{layer.name}"),
            call_function=self._call,
        )

    def _call(self, layer: keras.Operation, *args: Any, **kwargs: Any) -> Any:
        outputs = layer(*args, **kwargs)
        for follower in self.followers.get(id(layer), ()):
            outputs = follower.layer(outputs, **follower.keywords)
        return outputs

    def _remake_sequential(self, model: keras.Model, path: str) -> keras.Model:
        """Make a Sequential, or a Functional model if a layer is called twice or with keywords."""
        first = next(iter(inputs_and_layers(model)), None)
        inputs = first if isinstance(first, keras.layers.InputLayer) else None
        steps: list[Follower] = []
        for layer in model.layers:
            made = self.remake(layer, f"{path}/{layer.name}")
            steps += [Follower(made), *self.followers.get(id(made), ())]
        if len({id(step.layer) for step in steps}) == len(steps) and not any(step.keywords for step in steps):
            start = [] if inputs is None else [_copy_input_layer(inputs).output]
            layers = [*start, *(step.layer for step in steps)]
            return keras.Sequential(layers, trainable=model.trainable, name=model.name)
        if inputs is None:
            raise errors.ModelKindError(path, "Sequential without an Input")
        return _chain(model.name, _copy_input_layer(inputs).output, steps)

    # Layers: methods for subclasses.

    def bare_config(self, layer: keras.Layer) -> Config:
        """Return the config of *layer* without activations, some of which Keras cannot write."""
        with moving(Direction.LOADING), unshared_unless_saving():
            config = self._named(layer, _without_activations(layer, layer.get_config))
        if "dtype" in config:
            config["dtype"] = cast("Any", layer.dtype_policy)
        return config

    def copy(self, layer: keras.Layer, path: str) -> keras.Layer:
        """Return a copy of *layer*, made by its class from its config.

        Raises:
            UnserializableActivationError: The copy would have another activation.
        """
        check_code(layer, path)
        with moving(Direction.SAVING):
            config = self._named(layer, layer.get_config())
        made = _reread(layer, config, path)
        check_same_activations(layer, made, path)
        return made

    def _named(self, layer: keras.Layer, config: Config) -> Config:
        name = self.names.get(id(layer))
        return dict(config) if name is None or "name" not in config else {**config, "name": name}

    def rewrap(self, layer: keras.Layer, path: str) -> keras.Layer | None:
        """Return a new wrapper for one of Keras's wrappers, around new inner layers; None for any other layer."""
        if type(layer).__module__.split(".")[0] != "keras":
            return None
        inner = self._remake_inner(layer, path)
        if inner is None:
            return None
        config: dict[str, Any] = {**self.bare_config(layer), **inner}
        with moving(Direction.LOADING), unshared_unless_saving():  # copies that a constructor makes are not shared
            return type(layer)(**config)

    def _remake_inner(self, layer: keras.Layer, path: str) -> dict[str, object] | None:
        if isinstance(layer, keras.layers.Bidirectional):
            forward, backward = layer.forward_layer, layer.backward_layer
            return {"layer": self.inner(forward, path), "backward_layer": self.inner(backward, path)}
        if isinstance(layer, keras.layers.StackedRNNCells):
            return {"cells": [self.inner(cell, path) for cell in layer.cells]}
        if type(layer) is keras.layers.RNN:
            return {"cell": self.inner(layer.cell, path)}
        if isinstance(layer, keras.layers.Wrapper):
            return {"layer": self.inner(layer.layer, path)}
        return None

    def inner(self, layer: keras.Layer, path: str) -> keras.Layer:
        """Return the new layer for a *layer* inside the wrapper at *path*."""
        return self.remake(layer, f"{path}/{layer.name}")

    # State.

    def _pair_layers(self, made: keras.Model) -> list[tuple[keras.Layer, keras.Layer, str]]:
        """Return every layer of the model with its counterpart in *made* and its path, outermost first."""
        live = set(map(id, sublayers(made)))  # some wrappers copy the layers that they are given
        tops = [(old, new) for old, new in self._pairs if id(new) in live]
        partners = {id(old): new for old, new in tops}
        found: list[tuple[keras.Layer, keras.Layer, str]] = []
        for old, new in reversed(tops):
            path = self._paths[id(old)]
            if isinstance(old, keras.Model):  # its layers are pairs of their own
                found.append((old, new, path))
                continue
            build_like(old, new)
            pairs = pair_layers(old, new, partners)
            check_paired(pairs, partners, path)
            found += [(one, other, path) for one, other in pairs]
        return found

    def _copy_state(self, made: keras.Model) -> dict[int, keras.Variable]:
        """Copy all flags, values and other state; return the new variables by the ids of the old ones."""
        pairs = self._pair_layers(made)
        for old, new, _ in pairs:  # outermost first: setting a model's flag sets those of all its layers
            if new.trainable != old.trainable:
                new.trainable = old.trainable
        layers = [(old, new, path) for old, new, path in reversed(pairs) if not isinstance(old, keras.Model)]
        copy_other_state([(old, new) for old, new, _ in layers])
        return {id(old): new for layer in layers for old, new in copy_variables(*layer)}


def read_layer(layer_class: type[LayerT], config: Config) -> LayerT:
    """Return the layer of *config* while a model is made again; copies that a constructor makes are not shared."""
    with moving(Direction.LOADING), unshared_unless_saving():
        return layer_class.from_config(config)


def _reread(layer: LayerT, config: Config, path: str) -> LayerT:
    """Return a copy of *layer* from its *config*, which its class may be unable to read."""
    try:
        return read_layer(type(layer), config)
    except errors.ActivationError:
        raise
    except errors.READ_ERRORS as error:
        name = type(layer).__name__
        reason = f"{name} cannot be recreated from its own config: {error}"
        rest = "" if is_of_keras(type(layer), "get_config") else ", without its get_config()"
        cure = f"@serialactivation.serializable_activation  # above class {name}{rest}"
        raise errors.UnserializableActivationError(layer, reason, cure, path) from error


@contextlib.contextmanager
def _located(path: str) -> Iterator[None]:
    """Add the layer's *path* to errors that are raised within it, unless they already have a longer path."""
    try:
        yield
    except errors.ActivationError as error:
        layer = getattr(error, "layer", path)
        if f"{layer}/".startswith(f"{path}/") or not attrs.has(type(error)):
            raise
        raise attrs.evolve(cast("Any", error), layer=path) from error.__cause__


def _without_activations(layer: keras.Layer, run: Callable[[], ResultT]) -> ResultT:
    """Return the result of *run* while the activations of *layer* and of its sublayers are linear."""
    for owner in sublayers(layer):
        holders = attributes_of(owner)
        names = [field.name for field in activation_fields(owner) if any(field.name in holder for holder in holders)]
        if names:
            run = functools.partial(run_with, owner, dict.fromkeys(names, _LINEAR), run)
    return run()


def _copy_operation(operation: keras.Operation) -> keras.Operation:
    copied = type(operation).from_config(operation.get_config())
    copied.name = operation.name
    return copied


def _copy_input(tensor: keras.KerasTensor) -> keras.KerasTensor:
    return cast("keras.KerasTensor", _copy_input_layer(cast("keras.layers.InputLayer", producer_of(tensor))).output)


def _copy_input_layer(layer: keras.layers.InputLayer) -> keras.layers.InputLayer:
    return keras.layers.InputLayer.from_config(layer.get_config())


def _chain(name: str, inputs: keras.KerasTensor, steps: Iterable[Follower]) -> keras.Model:
    outputs = inputs
    for step in steps:
        outputs = step.layer(outputs, **step.keywords)
    return keras.Model(inputs, outputs, name=name)
