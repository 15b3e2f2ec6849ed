"""Makes the summary of a model in memory: its layers, their activations, and which of these would be lost."""

from collections.abc import Iterator

import keras

from serialactivation.codec.silence import looking
from serialactivation.errors.lost import ModelFinding
from serialactivation.keras_api.scopes import contained
from serialactivation.model_check.activations.places import Held, find_held, find_shared_state, repeats_owner, walk
from serialactivation.model_check.display import ModelSummary
from serialactivation.model_check.failures import find_lost
from serialactivation.model_check.findings import make_unshared
from serialactivation.model_check.list_rows import find_rows
from serialactivation.models.copies.comparison import is_ours

__all__ = ["summary"]

_WAY = "keras"


@contained
def summary(model: keras.Model) -> ModelSummary:
    """Return a table of the layers of a *model* with their activations.

    For each layer, it has the shape of the output, the number of weights, the dtype policy, and the activations with
    their keywords; activations that are one object have the same number. An activation that Keras's own functions would
    lose is marked. Only what each layer shows by itself is marked: :func:`serialactivation.check_model` saves and loads
    the model, and finds the rest.

    Args:
        model: The model; it is not changed.
    """
    with looking():
        found = list(_find_lost(model))
        lost = {(held.spot.path, held.field): finding.reason for finding, group in reversed(found) for held in group}
        return ModelSummary(
            model=model.name,
            kind=type(model).__name__,
            layers=tuple(row for _, row in find_rows(model, lost)),
            findings=tuple(finding for finding, _ in found),
        )


def _find_lost(model: keras.Model) -> Iterator[tuple[ModelFinding, list[Held]]]:
    """Yield what would be lost of *model*, each with the fields that hold it."""
    for spot in walk(model):
        if spot.owners and not repeats_owner(spot):
            fields = list(find_held(spot))
            for finding in find_lost(spot, _WAY):
                yield finding, [held for held in fields if held.field == finding.field]
    for group in find_shared_state(model):
        if not all(is_ours(held.spot.layer) for held in group):
            yield make_unshared(group, _WAY), group
