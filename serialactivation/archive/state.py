"""The findings on the weights of activations: those shared and saved twice, and those that are missing. Keras-free."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, cast

import attrs

from serialactivation.archive.findings import Finding, tell_of_site
from serialactivation.archive.groups import Held, find_held
from serialactivation.archive.reader import Archive, Kind
from serialactivation.archive.severity import Severity
from serialactivation.archive.shared import find_lost, find_number
from serialactivation.archive.sites import Site, follow
from serialactivation.typing import JSON

__all__ = ["List", "find_state", "holds_weights"]

List: TypeAlias = Callable[[], Iterable[str] | None]
"""What lists the variables of the model by their paths, when they are needed."""

Groups: TypeAlias = set[str]

# Layers of Keras that have weights whatever they are made with.
_WITH_WEIGHTS: Final = re.compile(
    r"BatchNormalization|Conv[123]D|Dense|DepthwiseConv[12]D|EinsumDense|PReLU|SeparableConv[12]D"
)
_CURE: Final = "save serialactivation.convert(model), whose layers keep it one, instead of the model"
_MISSING: Final = "call the model once before it is saved, or save serialactivation.convert(model)"


def holds_weights(stored: JSON) -> bool:
    """Tell whether an activation is a layer of Keras that always has weights, or a model with one in it."""
    if isinstance(stored, list):
        return any(map(holds_weights, stored))
    if not isinstance(stored, Mapping):
        return False
    class_name = stored.get("class_name")
    if isinstance(class_name, str) and _WITH_WEIGHTS.fullmatch(class_name):
        return True
    return any(map(holds_weights, stored.values()))


def find_state(archive: Archive, sites: Sequence[Site], list_variables: List) -> Iterator[Finding]:
    """Yield what is to be said of the weights of a model's activations.

    Args:
        archive: The model.
        sites: Its activations.
        list_variables: What lists its variables; it is called where an activation has weights.

    Raises:
        ArchiveError: The weights are damaged, or made to deceive.
    """
    with_weights = [site for site in sites if holds_weights(site.stored)]
    if not with_weights:
        return
    listing = list_variables()
    if archive.kind is Kind.HDF5:
        yield from _find_in_hdf5(with_weights, archive.config, listing or ())
    else:
        yield from _find_in_keras(with_weights, archive.config, None if listing is None else _find_filled(listing))


def _find_in_keras(sites: Sequence[Site], config: JSON, filled: Groups | None) -> Iterator[Finding]:
    places = {one.steps: one for one in find_held(config)}
    at = {site.steps: site for site in sites}
    found = find_lost(places.values(), {site.label for site in sites})
    lost = {one.numbered[0]: one.unnumbered[0] for one in found}
    for second, first in lost.items():
        site, other = (at.get(second), first) if second in at else (at.get(first), second)
        if site is not None and not _has_weights(places[second], filled):
            what = f"{at[other].layer}'s {at[other].field}" if other in at else f"the layer {_called(places[other])}"
            evidence = f"it is one object with {what}, and only the later of the two has the number that says so"
            yield tell_of_site("SA110", site, evidence, "serialactivation repair FILE -o OUT")
    if filled is None:
        return
    firsts = _find_firsts(places.values())
    for site in sites:
        place = places.get(site.steps)
        if place is None or site.steps in lost or firsts.get(find_number(place), place) is not place:
            continue  # where an object stands again, there are no weights
        if site.stock and _is_owner_found(place, filled) and not _has_weights(place, filled):
            yield tell_of_site("SA111", site, "its weights are not in the file", _MISSING)


def _find_firsts(held: Iterable[Held]) -> dict[int | None, Held]:
    """Return where each number stands first."""
    firsts: dict[int | None, Held] = {}
    for one in held:
        if find_number(one) is not None:
            firsts.setdefault(find_number(one), one)
    return firsts


def _called(held: Held) -> str:
    inner = cast("Mapping[str, JSON]", held.stored["config"])
    return repr(inner.get("name") or held.stored["class_name"])


def _has_weights(held: Held, filled: Groups | None) -> bool:
    return filled is not None and not filled.isdisjoint(held.groups)


def _is_owner_found(held: Held, filled: Groups) -> bool:
    """Tell whether its owner's own weights lie where they are looked for: then the activation's would, too."""
    return any(f"{group.rpartition('/')[0]}/vars" in filled for group in held.groups)


def _find_filled(listing: Iterable[str]) -> Groups:
    """Return the groups that have variables in them, at any depth."""
    filled: set[str] = set()
    for path in listing:
        group = path.rpartition("/")[0]
        while group and group not in filled:
            filled.add(group)
            group = group.rpartition("/")[0]
    return filled


def _find_in_hdf5(sites: Sequence[Site], config: JSON, listing: Iterable[str]) -> Iterator[Finding]:
    tops = {site.steps: _find_top(site, config) for site in sites if site.stock}
    variables = _sort_variables(listing, {top for top in tops.values() if top})
    owners: dict[str, Site] = {}
    for site in sites:
        own = variables.get(tops.get(site.steps) or "", [])
        its = [path for path in own if f"/{_name(site.stored)}/" in path]
        other = next((owners[path] for path in its if path in owners), None)
        for path in its:
            owners.setdefault(path, site)
        if own and not its:
            yield tell_of_site("SA111", site, "its weights are not in the file", _MISSING)
        elif other is not None and tops[site.steps] != tops[other.steps] and not _is_numbered(site, other):
            evidence = f"it is one object with {other.layer}'s {other.field}: their weights have one path"
            yield attrs.evolve(tell_of_site("SA110", site, evidence, _CURE), severity=Severity.WARNING)  # it loads


def _is_numbered(site: Site, other: Site) -> bool:
    return site.shared_id is not None and site.shared_id == other.shared_id


def _sort_variables(listing: Iterable[str], tops: Container[str]) -> dict[str, list[str]]:
    """Return the paths that variables had in the model, by the layer of the model whose weights they are."""
    sorted_: dict[str, list[str]] = {}
    for path in listing:
        parts = path.removeprefix("model_weights/").split("/")
        for end in range(1, len(parts)):
            if (top := "/".join(parts[:end])) in tops:
                sorted_.setdefault(top, []).append("/".join(parts[end:]))
    return sorted_


def _find_top(site: Site, config: JSON) -> str | None:
    """Return the name of the model's layer that *site* stands in."""
    is_list = len(site.steps) > 1 and isinstance(site.steps[1], int)  # as Keras 1 wrote a Sequential
    return _name(follow(config, site.steps[: 2 if is_list else 3]))


def _name(stored: JSON) -> str | None:
    inner = stored.get("config") if isinstance(stored, Mapping) else None
    name = inner.get("name") if isinstance(inner, Mapping) else None
    return name if isinstance(name, str) else None
