"""A Sequential or Functional model made again, layer by layer: graph, names, weights, flags and sharing are kept."""

import abc
import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar, cast

import attrs
import keras

from serialactivation import errors
from serialactivation.keras_api.internals import producer_of
from serialactivation.keras_api.scopes import Direction, make_once, moving, sharing_scope, unshared_unless_saving
from serialactivation.keras_api.sublayers import inputs_and_layers, sublayers
from serialactivation.keras_api.temporary_attributes import run_with
from serialactivation.layer.fields import activation_fields
from serialactivation.models.comparison import check_code, check_kept
from serialactivation.models.training_state import copy_compile_state
from serialactivation.models.weights import build_like, check_paired, copy_other_state, copy_variables, pair_layers
from serialactivation.spec.layer_spec import is_of_keras
from serialactivation.typing import Config

__all__ = ["Follower", "Rebuilder", "read_layer"]

OperationT = TypeVar("OperationT", bound=keras.Operation)
ResultT = TypeVar("ResultT")
LayerT = TypeVar("LayerT", bound=keras.Layer)

_LINEAR: Final = keras.activations.linear


@attrs.frozen
class Follower:
    """A layer that is applied to what another returns, wherever that one is called.

    Attributes:
        layer: The layer.
        keywords: What it is called with besides.
    """

    layer: keras.Layer
    keywords: Mapping[str, object] = attrs.field(factory=dict)


class Rebuilder(abc.ABC):
    """Makes a model again; a subclass says what is made of one layer.

    Attributes:
        followers: The layers that follow one that was made, by its id.
        names: The names of what is made, where they are not the old ones, by the id of the old.
    """

    def __init__(self) -> None:
        self.followers: dict[int, list[Follower]] = {}
        self.names: dict[int, str] = {}
        # Old and new, in the order in which they were made: a model after its layers.
        self._pairs: list[tuple[keras.Layer, keras.Layer]] = []
        self._paths: dict[int, str] = {}  # by the id of the old

    @abc.abstractmethod
    def make(self, layer: keras.Layer, path: str) -> keras.Layer:
        """Return what takes the place of *layer*, which is no model and stands at *path*."""

    def rebuild(self, model: keras.Model) -> keras.Model:
        """Return the model made of *model*: with weights of its own, of the same values, and compiled if it was.

        Raises:
            ModelKindError: It is, or holds, a model whose graph cannot be seen.
            ActivationError: A layer of it cannot be made again.
        """
        with sharing_scope():
            made = self.remake(model, getattr(model, "name", repr(model)))
            successors = self._copy_state(made)
        copy_compile_state(model, made, successors)
        return made

    def remake(self, layer: OperationT, path: str) -> OperationT:
        """Return what was made of *layer*, which stands at *path*, or make it: what is shared is made once."""
        return make_once(layer, lambda original: cast("OperationT", self._remake(original, path)))

    def make_another(self, layer: keras.Layer, path: str) -> keras.Operation:
        """Make one more of *layer*, which stands at *path*, and has nothing that two could share."""
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
            # Keras's own copies of the inputs lose whether they are sparse or optional
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
        """Make a Sequential, or a Functional model where one layer is called twice, or with keywords."""
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

    # Layers: what subclasses make them with.

    def bare_config(self, layer: keras.Layer) -> Config:
        """Return the config of *layer* with no activation in it: Keras cannot write every one that it runs with."""
        with moving(Direction.LOADING), unshared_unless_saving():
            config = self._named(layer, _without_activations(layer, layer.get_config))
        if "dtype" in config:
            config["dtype"] = cast("Any", layer.dtype_policy)
        return config

    def copy(self, layer: keras.Layer, path: str) -> keras.Layer:
        """Return a copy of *layer*, made by its class from its config.

        Raises:
            UnserializableActivationError: It would not be the same.
        """
        check_code(layer, path)
        with moving(Direction.SAVING):
            config = self._named(layer, layer.get_config())
        made = _reread(layer, config, path)
        check_kept(layer, made, path)
        return made

    def _named(self, layer: keras.Layer, config: Config) -> Config:
        name = self.names.get(id(layer))
        return dict(config) if name is None or "name" not in config else {**config, "name": name}

    def rewrap(self, layer: keras.Layer, path: str) -> keras.Layer | None:
        """Return a wrapper of Keras's made again, around what is made of the layers in it; None for another layer."""
        if type(layer).__module__.split(".")[0] != "keras":
            return None
        inner = self._remake_inner(layer, path)
        if inner is None:
            return None
        config: dict[str, Any] = {**self.bare_config(layer), **inner}
        with moving(Direction.LOADING), unshared_unless_saving():  # what a constructor copies is no second sighting
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
        """Return what is made of a *layer* inside a wrapper that stands at *path*."""
        return self.remake(layer, f"{path}/{layer.name}")

    # What is copied.

    def _pair_layers(self, made: keras.Model) -> list[tuple[keras.Layer, keras.Layer, str]]:
        """Return every layer of the model with its counterpart in *made* and its path, outermost first."""
        live = set(map(id, sublayers(made)))  # some wrappers copy what they are given
        tops = [(old, new) for old, new in self._pairs if id(new) in live]
        partners = {id(old): new for old, new in tops}
        found: list[tuple[keras.Layer, keras.Layer, str]] = []
        for old, new in reversed(tops):
            path = self._paths[id(old)]
            if isinstance(old, keras.Model):  # its layers are pairs
                found.append((old, new, path))
                continue
            build_like(old, new)
            pairs = pair_layers(old, new, partners)
            check_paired(pairs, partners, path)
            found += [(one, other, path) for one, other in pairs]
        return found

    def _copy_state(self, made: keras.Model) -> dict[int, keras.Variable]:
        """Copy all flags and values, and what layers keep besides; return the new variables by the old ones' ids."""
        pairs = self._pair_layers(made)
        for old, new, _ in pairs:  # from the outside in: a model hands its own on to every layer in it
            if new.trainable != old.trainable:
                new.trainable = old.trainable
        layers = [(old, new, path) for old, new, path in reversed(pairs) if not isinstance(old, keras.Model)]
        copy_other_state([(old, new) for old, new, _ in layers])
        return {id(old): new for layer in layers for old, new in copy_variables(*layer)}


def read_layer(layer_class: type[LayerT], config: Config) -> LayerT:
    """Return the layer that *config* says, while a model is made again: what a constructor copies is not shared."""
    with moving(Direction.LOADING), unshared_unless_saving():
        return layer_class.from_config(config)


def _reread(layer: LayerT, config: Config, path: str) -> LayerT:
    """Return a copy of *layer* by the *config* that its class wrote, which that class may not be able to read."""
    try:
        return read_layer(type(layer), config)
    except errors.ActivationError:
        raise
    except errors.READ_ERRORS as error:
        name = type(layer).__name__
        reason = f"{name} cannot be made again from its own config: {error}"
        rest = "" if is_of_keras(type(layer), "get_config") else ", without its get_config()"
        cure = f"@serialactivation.serializable_activation  # above class {name}{rest}"
        raise errors.UnserializableActivationError(layer, reason, cure, path) from error


@contextlib.contextmanager
def _located(path: str) -> Iterator[None]:
    """Within it, what is refused for a layer is refused with the layer's *path*; the innermost one tells most."""
    try:
        yield
    except errors.ActivationError as error:
        layer = getattr(error, "layer", path)
        if f"{layer}/".startswith(f"{path}/") or not attrs.has(type(error)):
            raise
        raise attrs.evolve(cast("Any", error), layer=path) from error.__cause__


def _without_activations(layer: keras.Layer, run: Callable[[], ResultT]) -> ResultT:
    """Return what *run* returns while the activations of *layer* and of the layers in it are linear, past Keras."""
    for owner in sublayers(layer):
        kept = (owner.__dict__, getattr(owner, "_modules", ()))  # PyTorch's place for it
        names = [field.name for field in activation_fields(owner) if any(field.name in place for place in kept)]
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
