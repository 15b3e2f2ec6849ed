"""What differs between a model and the one that came back."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from serialactivation.errors.lost import ModelFinding
from serialactivation.keras_api.internals import own_variables
from serialactivation.keras_api.sublayers import is_unbuilt
from serialactivation.layer.state.layer_activations import ABSENT
from serialactivation.model_check.activations.cures import cure_activation, cure_layer, find_code, is_functional
from serialactivation.model_check.activations.places import Held, Spot, find_held, find_shared_state, read_field, walk
from serialactivation.model_check.activations.same import are_same, read_stored, show
from serialactivation.model_check.findings import make_finding, make_unshared
from serialactivation.model_check.journey.compare import Arrays, find_difference, to_arrays
from serialactivation.model_check.journey.subject import FAILURES, Subject, describe_error, make_equal, weights_of
from serialactivation.model_check.journey.ways import WAYS
from serialactivation.models.copies.weights import Pairs, pair_layers
from serialactivation.spec.nested import flatten

__all__ = ["find_differences", "find_unbuilt"]


def find_differences(subject: Subject, back: keras.Model, way: str) -> list[ModelFinding]:
    """Return what differs between the model and *back*, which came back by a *way*."""
    comparison = _Comparison(subject, back, way)
    findings = comparison.find_activations() if WAYS[way].has_config else find_unbuilt(subject.model, way)
    return findings or comparison.find_rest()


def find_unbuilt(model: keras.Model, way: str) -> list[ModelFinding]:
    """Return the activations with weights that a new model of the same code has not built when it reads weights."""
    return [_make_unbuilt(held, way) for spot in walk(model) for held in find_held(spot) if _is_late(held)]


def _make_unbuilt(held: Held, way: str) -> ModelFinding:
    reason = "a new model has not built it before its first call, and load_weights passes over it or fails"
    given = {"field": held.field, "value": show(held.value), "code": "SA111"}
    return make_finding(held.spot, way, "weight", reason, cure_layer(held.spot), **given)


class _Comparison:
    def __init__(self, subject: Subject, back: keras.Model, way: str) -> None:
        self._subject = subject
        self._back = back
        self._way = way
        self._spots = {id(spot.layer): spot for spot in walk(subject.model)}
        self._pairs: Pairs = pair_layers(subject.model, back, {})
        self._partners = {id(old): new for old, new in self._pairs}
        self._outputs, self._failure = self._run()

    # Running.

    def _run(self) -> tuple[Arrays | None, str]:
        """Return the outputs of the model that came back, or why there are none."""
        if self._subject.inputs is None or not WAYS[self._way].has_config:
            return None, ""
        try:
            if is_unbuilt(self._back):
                self._call()
            if not WAYS[self._way].keeps_weights and not self._give_weights():
                return None, ""
            return self._call(), ""
        except FAILURES as error:
            return None, describe_error(error)

    def _call(self) -> Arrays:
        inputs = self._subject.inputs
        assert inputs is not None
        make_equal(self._back)
        return to_arrays(self._back(*inputs.args, **inputs.kwargs))

    def _give_weights(self) -> bool:
        """Give the weights to a model that came back without, and return whether they fit."""
        if self._find_misfit() is not None:
            return False
        for (_, value), variable in zip(self._expected(), weights_of(self._back), strict=True):
            variable.assign(value)
        return True

    def _expected(self) -> list[tuple[keras.Variable, Any]]:
        """Return the weights of the model, with the values that were written."""
        moved = {id(variable): value for variable, value in self._subject.values}
        return [(one, moved.get(id(one), one.value)) for one in weights_of(self._subject.model)]

    def _find_misfit(self) -> str | None:
        before = [tuple(one.shape) for one in weights_of(self._subject.model)]
        after = [tuple(one.shape) for one in weights_of(self._back)]
        if before == after:
            return None
        return f"the model that comes back has weights of the shapes {_shorten(after)}, and it has {_shorten(before)}"

    # Comparing.

    def find_activations(self) -> list[ModelFinding]:
        """Return the activations that came back as others."""
        return [found for old, _ in self._pairs if id(old) in self._spots for found in self._compare_fields(old)]

    def _compare_fields(self, old: keras.Layer) -> Iterator[ModelFinding]:
        spot, new = self._spots[id(old)], self._partners[id(old)]
        for held in find_held(spot):
            value = read_field(new, held.field)
            if value is not ABSENT and self._is_lost(held, value):
                yield self._make_lost(held, value)

    def _is_lost(self, held: Held, value: object) -> bool:
        stored = read_stored(value)
        if stored is not None and self._outputs is not None:  # the layer reads it where it uses it, as the outputs show
            return self._is_lost(held, stored)
        same = are_same(held.value, value)
        return same is False or (same is None and self._differs() is not None)

    def _make_lost(self, held: Held, value: object) -> ModelFinding:
        shown, back = show(held.value), show(value)
        reason = "another activation comes back" if shown != back else "an activation of the same name comes back"
        cure, code = cure_activation(held.spot, held.value), find_code(held.spot, held.value, back)
        given = {"field": held.field, "value": shown, "came_back": back, "code": code}
        return make_finding(held.spot, self._way, "activation", reason, cure, **given)

    def find_rest(self) -> list[ModelFinding]:
        """Return the first kind of difference, of those that are no activations."""
        searches: tuple[Callable[[], Iterator[ModelFinding]], ...]
        searches = (self._find_sharing, self._find_dtypes, self._find_weights, self._find_outputs)
        if not WAYS[self._way].has_config:
            searches = (self._find_weights,)
        return next(filter(None, (list(search()) for search in searches)), [])

    def _find_sharing(self) -> Iterator[ModelFinding]:
        for group in find_shared_state(self._subject.model):
            backs = [self._partners.get(id(held.spot.layer)) for held in group]
            values = [flatten(read_field(new, held.field)) for held, new in zip(group, backs, strict=True) if new]
            if len({id(one) for value in values for one in value if isinstance(one, keras.Layer)}) > 1:
                yield make_unshared(group, self._way)

    def _find_dtypes(self) -> Iterator[ModelFinding]:
        for old, new in self._pairs:
            before, after = _dtypes_of(old), _dtypes_of(new)
            if before != after and id(old) in self._spots:
                spot = self._spots[id(old)]
                reason = "it computes, or keeps its weights, in another dtype"
                given = {"value": before, "came_back": after}
                yield make_finding(spot, self._way, "dtype", reason, cure_layer(spot), **given)

    def _find_weights(self) -> Iterator[ModelFinding]:
        if is_unbuilt(self._subject.model) or is_unbuilt(self._back):
            return
        whole = self._spots[id(self._subject.model)]
        misfit = self._find_misfit()
        if misfit is not None:
            if not self._is_equal() or self._is_shorter():
                yield make_finding(whole, self._way, "weight", misfit, cure_layer(whole))
            return
        skipped = {id(one) for spot in self._find_rewritten() for one in own_variables(spot.layer)}
        for (variable, value), other in zip(self._expected(), weights_of(self._back), strict=True):
            if id(variable) in skipped:
                continue
            if not np.array_equal(keras.ops.convert_to_numpy(other), keras.ops.convert_to_numpy(value), equal_nan=True):
                yield self._make_lost_weight(variable)

    def _is_shorter(self) -> bool:
        """Return whether the model came back with more or fewer weights, and not only in another order."""
        return len(weights_of(self._subject.model)) != len(weights_of(self._back))

    def _find_rewritten(self) -> Iterator[Spot]:
        """Yield the layers of Keras, and their twins, that may write weights in another form, as with LoRA."""
        for spot in self._spots.values():
            if (spot.is_stock or spot.is_twin) and (self._is_equal() or getattr(spot.layer, "lora_enabled", False)):
                yield spot

    def _make_lost_weight(self, variable: keras.Variable) -> ModelFinding:
        spot = next(spot for spot in reversed(self._spots.values()) if _has_own(spot.layer, variable))
        holder = next((held for held in self._find_all() if spot.layer in _layers_in(held)), None)
        reason = "its value does not come back: after a load, it has its initial value"
        cure = cure_layer(spot if holder is None else holder.spot)
        given = {"value": variable.path, "code": None if holder is None else "SA111"}
        return make_finding(spot, self._way, "weight", reason, cure, **given)

    def _find_all(self) -> Iterator[Held]:
        for spot in self._spots.values():
            yield from find_held(spot)

    def _find_outputs(self) -> Iterator[ModelFinding]:
        reason = self._differs()
        if reason is not None and not self._subject.is_random():
            spot, cure = self._find_cause()
            yield make_finding(spot, self._way, "output", reason, cure)

    def _is_equal(self) -> bool:
        """Return whether the outputs were compared, and are equal."""
        return self._outputs is not None and self._differs() is None

    def _differs(self) -> str | None:
        """Return how the outputs differ, or None if they do not, or were not compared."""
        if self._failure:
            return f"the model that comes back cannot be called: {self._failure}"
        if self._outputs is None:
            return None
        difference = find_difference(self._outputs, self._subject.outputs)
        return None if difference is None else f"the model that comes back computes something else: {difference}"

    def _find_cause(self) -> tuple[Spot, str]:
        """Return the innermost layer whose config comes back as another one, or else one that is not Keras's."""
        spots = [spot for spot in self._spots.values() if id(spot.layer) in self._partners]
        own = [spot for spot in spots if not spot.is_stock]
        cause = (own or spots)[-1 if own else 0]
        return cause, cure_layer(cause)


def _is_late(held: Held) -> bool:
    """Return whether no layer around an activation with weights builds it with itself: all are Keras's own."""
    is_stock = all(Spot(owner, "").is_stock for owner in (*held.spot.owners, held.spot.layer))
    return is_stock and any(one.weights and not is_functional(one) for one in _layers_in(held))


def _layers_in(held: Held) -> list[keras.Layer]:
    return [one for one in flatten(held.value) if isinstance(one, keras.Layer)]


def _has_own(layer: keras.Layer, variable: keras.Variable) -> bool:
    return any(one is variable for one in layer.variables)


def _dtypes_of(layer: keras.Layer) -> str:
    return f"{layer.compute_dtype} with weights in {layer.variable_dtype}"


def _shorten(shapes: list[tuple[int, ...]]) -> str:
    return f"{shapes[:6]}"[:-1] + (", ...]" if len(shapes) > 6 else "]")
