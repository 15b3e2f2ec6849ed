"""Clones a model layer by layer with Keras's function, and copies the state that Keras leaves out."""

from collections.abc import Callable, Mapping
from typing import Any, TypeGuard, cast

import keras

from serialactivation.keras_api.scopes import Direction, make_once, moving, unshared_unless_saving
from serialactivation.keras_api.sublayers import inputs_and_layers, sublayers
from serialactivation.models.copies.comparison import check_cloned, is_ours
from serialactivation.models.copies.training_state import restore_optimizer
from serialactivation.models.copies.weights import Pairs, build_like, copy_other_state, has_other_state, pair_layers
from serialactivation.typing import Config

__all__ = ["Cloner"]

Function = Callable[..., Any]


class Cloner:
    """Clones a model and, on request, the models inside it.

    Args:
        clone_function: Returns the clone of a layer, or None to use its class and its config.
        call_function: Calls a layer in a Functional model, or None.
        recursive: Whether inner models are cloned layer by layer.
        shares: Whether layers may be shared: the sharing scope then knows their clones.
        options: Further arguments of Keras's function.
    """

    def __init__(
        self,
        clone_function: Function | None,
        call_function: Function | None,
        *,
        recursive: bool,
        shares: bool,
        options: Mapping[str, Any],
    ) -> None:
        self._given = clone_function
        self._call = call_function
        self._recursive = recursive
        self._options = {"cache": {}, **options}  # one cache for all inner models
        self._make = clone_function or (_clone_shared if shares else _copy_layer)
        self._pairs: Pairs = []

    def clone(self, model: keras.Model, input_tensors: Any = None) -> keras.Model:
        """Return a clone of *model*, on *input_tensors* where they are given.

        Raises:
            CloneError: The clone would have another activation.
        """
        clone = self._clone(model, input_tensors, self._call)
        self._copy_other_state()
        return clone

    def _clone(self, model: keras.Model, input_tensors: Any, call_function: Function | None) -> keras.Model:
        has_options = input_tensors is not None or self._given is not None or call_function is not None
        if _is_graph(model) and is_ours(model) and not has_options:
            clone = cast("keras.Model", self._clone_layer(model))
            _compile_like(model, clone)
            return clone
        if isinstance(model, keras.Sequential) and not inputs_and_layers(model):
            clone = _clone_empty(model, input_tensors)
        else:
            clone = keras.models.clone_model(
                model,
                input_tensors=input_tensors,
                clone_function=self._clone_inside if _is_graph(model) else self._given,
                call_function=call_function,
                **self._options,
            )
        if isinstance(clone, keras.Layer) and not _is_graph(model):
            self._pairs.append((model, clone))
        check_cloned(model, clone)
        return clone

    def _clone_inside(self, layer: keras.Layer) -> keras.Layer:
        if not (self._recursive and _is_graph(layer)):
            return self._clone_layer(layer)
        restore_optimizer(layer)
        return self._clone(layer, None, None if isinstance(layer, keras.Sequential) else self._call)

    def _clone_layer(self, layer: keras.Layer) -> keras.Layer:
        made: keras.Layer = self._make(layer)
        if self._given is None and not is_ours(layer):  # else its config is complete, or the caller decides
            check_cloned(layer, made)
        self._pairs.append((layer, made))
        return made

    def _copy_other_state(self) -> None:
        """Copy the state that layers keep besides weights. The trainable variables of the clone stay new."""
        keeping: Pairs = []
        for old, new in self._pairs:
            if isinstance(old, keras.Layer) and type(old) is type(new) and any(map(has_other_state, sublayers(old))):
                keeping += [pair for pair in pair_layers(old, new, {}) if has_other_state(pair[0])]
        for old, new in keeping:
            build_like(old, new)
        fresh = [
            (variable, keras.ops.copy(variable.value)) for _, new in keeping for variable in new.trainable_variables
        ]
        copy_other_state(keeping)
        for variable, value in fresh:
            variable.assign(value)


def _is_graph(model: object) -> TypeGuard[keras.Model]:
    return isinstance(model, keras.Sequential) or (isinstance(model, keras.Model) and hasattr(model, "operations"))


def _clone_empty(model: keras.Sequential, input_tensors: Any) -> keras.Model:
    """Return a clone of a Sequential without layers, for which Keras's function fails."""
    given = [] if input_tensors is None else keras.tree.flatten(input_tensors)
    inputs = [keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype, tensor=tensor) for tensor in given]
    clone = keras.Sequential(inputs, trainable=model.trainable, name=model.name)
    _compile_like(model, clone)
    return clone


def _compile_like(model: keras.Model, clone: keras.Model) -> None:
    if model.compiled:
        clone.compile_from_config(model.get_compile_config())


def _clone_shared(layer: keras.Layer) -> keras.Layer:
    """Return a copy of *layer*, or the earlier copy: an activation may also be a layer of the graph."""
    return make_once(layer, _copy_layer)


def _copy_layer(layer: keras.Layer) -> keras.Layer:
    with moving(Direction.SAVING):
        config = cast("Config", layer.get_config())
    with moving(Direction.LOADING), unshared_unless_saving():  # copies that a constructor makes are not shared
        return type(layer).from_config(config)
