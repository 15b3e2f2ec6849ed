"""Which activation, or which layer, is the reason why a model cannot be saved or loaded."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import keras

from serialactivation import errors
from serialactivation.codec.checks.objects import first_sentence
from serialactivation.codec.known_functions.libraries import FUNCTION_TYPE
from serialactivation.errors import REGISTER
from serialactivation.errors.lost import ModelFinding
from serialactivation.files.printable import cut
from serialactivation.keras_api.internals import compile_arguments, is_compiled
from serialactivation.layer.state.layer_activations import ABSENT
from serialactivation.model_check.activations.cures import (
    cure_activation,
    cure_format,
    cure_layer,
    find_code,
    find_refusal,
)
from serialactivation.model_check.activations.places import (
    Held,
    Spot,
    find_held,
    find_shared_state,
    read_field,
    repeats_owner,
    walk,
)
from serialactivation.model_check.activations.same import are_same, show
from serialactivation.model_check.findings import make_finding, make_unshared
from serialactivation.model_check.journey.subject import FAILURES
from serialactivation.models.copies.comparison import check_code, is_ours
from serialactivation.spec.nested import flatten

__all__ = ["find_lost", "find_reasons"]

_LONGEST: Final = 160
_UNKNOWN: Final = re.compile(r"(?:Could not locate class|Unknown (?:layer|object)):? '?(\w+)")
"""How Keras names a class that it does not find."""


def find_reasons(model: keras.Model, way: str, stage: str, error: Exception) -> list[ModelFinding]:
    """Return the reasons why a *stage*, ``save`` or ``load``, raises an *error* on a *way* back: one at least."""
    spots = list(walk(model))
    alone = [spot for spot in spots if not repeats_owner(spot)]
    found = [*_find_unknown(spots, way, error), *(finding for spot in alone for finding in find_lost(spot, way))]
    found = found or [make_unshared(group, way) for group in find_shared_state(model)]
    return found or [_make_whole(spots[0], way, stage, error)]


def _shorten(error: Exception) -> str:
    """Return the first sentence of the message of an error, cut."""
    return cut(first_sentence(error), _LONGEST)


def _find_unknown(spots: Iterable[Spot], way: str, error: Exception) -> Iterator[ModelFinding]:
    """Yield the first layer, or model, whose class Keras does not find, as the *error* says."""
    named = set(_UNKNOWN.findall(str(error)))
    for spot in spots:
        if not spot.is_stock and spot.kind in named:
            reason = "its class is not registered with Keras, which does not find it in a load"
            cure = cure_format(spot, way) if is_ours(spot.layer) else cure_layer(spot)
            yield make_finding(spot, way, "model", reason, cure, code="SA230")
            return


def find_lost(spot: Spot, way: str) -> Iterator[ModelFinding]:
    """Yield what is lost of one layer on a *way* back, as far as the layer alone shows it."""
    lost = [finding for held in find_held(spot) for finding in _find_lost_activation(held, way)]
    if lost or isinstance(spot.layer, keras.Model) or (spot.is_stock and not _is_code(spot.layer)):
        yield from lost
        return
    try:
        again = _reread(spot.layer)
    except FAILURES as error:
        reason = f"Keras cannot write or read its config ({_shorten(error)})"
        cure, code = _cure_class(spot)
        yield make_finding(spot, way, "model", reason, cure, code=code)
        return
    for held in find_held(spot):
        value = read_field(again, held.field)
        if value is not ABSENT and are_same(held.value, value) is False:
            yield _make_lost(held, way, "another activation comes back", show(value))


def _is_code(layer: keras.Layer) -> bool:
    return isinstance(layer, keras.layers.Lambda)


def _cure_class(spot: Spot) -> tuple[str, str | None]:
    """Return the cure of a layer that Keras cannot make again, and the code of that."""
    try:
        check_code(spot.layer, spot.path)
    except errors.UnserializableActivationError as error:
        return error.cure, "SA215"
    return cure_layer(spot), "SA230"


def _reread(layer: keras.Layer) -> keras.Layer:
    """Return the layer that Keras makes from the config of *layer*."""
    text = json.dumps(keras.saving.serialize_keras_object(layer))
    made: keras.Layer = keras.saving.deserialize_keras_object(json.loads(text))
    return made


def _find_lost_activation(held: Held, way: str) -> Iterator[ModelFinding]:
    """Yield an activation that Keras cannot store for a layer, or stores as another one."""
    if is_ours(held.spot.layer):
        refusals = filter(None, map(find_refusal, flatten(held.value)))
        yield from (_make_lost(held, way, reason, None) for reason, _ in itertools.islice(refusals, 1))
        return
    for one in flatten(held.value):
        try:
            back = keras.activations.get(json.loads(json.dumps(_serialize(one))))
        except FAILURES as error:
            refusal = find_refusal(one)
            reason = f"Keras cannot store it, or not find it again ({_shorten(error)})"
            yield _make_lost(held, way, reason if refusal is None else refusal[0], None)
            return
        if held.spot.is_stock and are_same(one, back) is False:
            yield _make_lost(held, way, "another activation comes back", show(back))
            return


def _serialize(activation: Any) -> Any:
    """Return the stored form of an activation in a layer of Keras, which stores None as linear."""
    return activation if isinstance(activation, str) else keras.activations.serialize(keras.activations.get(activation))


def _make_lost(held: Held, way: str, reason: str, back: str | None) -> ModelFinding:
    given = {"field": held.field, "value": show(held.value), "came_back": back}
    code = find_code(held.spot, held.value, back)
    return make_finding(
        held.spot, way, "activation", reason, cure_activation(held.spot, held.value), code=code, **given
    )


def _make_whole(spot: Spot, way: str, stage: str, error: Exception) -> ModelFinding:
    """Return a finding on the whole model, whose layers and activations come back by themselves."""
    doing = "saves" if stage == "save" else "loads"
    reason = f"Keras's own function raises {type(error).__name__} when it {doing} the model ({_shorten(error)})"
    cures = [f"{REGISTER}  # above def {name}" for name in _find_unregistered(spot.layer)]
    if not cures:
        cures = ["model.save('model.keras')  # in place of .h5" if way == "h5" else cure_layer(spot)]
    return make_finding(spot, way, "model", reason, "\n".join(cures))


def _find_unregistered(model: keras.Layer) -> list[str]:
    """Return the names of the functions that a model is compiled with and that Keras does not find by a name."""
    if not isinstance(model, keras.Model) or not is_compiled(model):
        return []
    given = keras.tree.flatten(compile_arguments(model))
    functions = [one for one in given if isinstance(one, FUNCTION_TYPE) and not _is_of_keras(one)]
    return [one.__name__ for one in functions if ">" not in keras.saving.get_registered_name(one)]


def _is_of_keras(function: object) -> bool:
    """Return whether *function* is defined by Keras."""
    return str(getattr(function, "__module__", "")).partition(".")[0] == "keras"
