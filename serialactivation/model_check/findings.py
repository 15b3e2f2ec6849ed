"""Makes the findings on a model."""

from typing import Any

from serialactivation.errors.lost import ModelFinding
from serialactivation.model_check.activations.cures import cure_format
from serialactivation.model_check.activations.places import Held, Spot
from serialactivation.model_check.activations.same import show

__all__ = ["make_finding", "make_unshared"]


def make_finding(spot: Spot, way: str, kind: str, reason: str, cure: str, **more: Any) -> ModelFinding:
    """Return a finding on a layer."""
    given = {"field": None, "value": spot.kind, "came_back": None, "code": None, **more}
    return ModelFinding(kind=kind, path=spot.path, reason=reason, cure=cure, ways=(way,), **given)


def make_unshared(group: list[Held], way: str) -> ModelFinding:
    """Return a finding on an activation that several fields, a *group*, hold."""
    first = group[0]
    places = ", ".join(held.spot.path for held in group)
    reason = f"one activation that is shared by {places} comes back as several"
    given = {"field": first.field, "value": show(first.value), "code": "SA110"}
    return make_finding(first.spot, way, "sharing", reason, cure_format(first.spot, way), **given)
