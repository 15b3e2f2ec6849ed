"""The findings on weights of activations: shared and saved twice, or missing. Keras-free."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias, cast

from serialactivation.catalog.layer_kinds import WITH_WEIGHTS
from serialactivation.files.printable import cut
from serialactivation.rules.finding import Finding, make_site_finding
from serialactivation.rules.issue import show
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.activations import Site, Steps, follow
from serialactivation.tree.nodes import Node, walk
from serialactivation.tree.shared_objects import find_lost_sharing, find_number
from serialactivation.tree.weight_groups import StoredObject, find_objects
from serialactivation.typing import JSON

__all__ = ["SAVED_TWICE", "WEIGHTS", "ListVariables", "WeightState", "find_state", "holds_weights", "is_weighted"]

SAVED_TWICE: Final = Rule(
    code="SA110",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    repair="unify",
    meaning="One activation with weights was shared by several layers, but was saved as several activations.",
    why="Keras gives a shared object an ID only when it saves the object for the second time. The first copy has been "
    "written by then, without the ID. A .keras file holds the weights once, and load_model looks for them twice. An "
    ".h5 file loads, but the copies are then separate activations, which are trained separately.",
    example='"activation": {"class_name": "PReLU", ..., "shared_object_id": 139976746463312}, in the second '
    "layer alone",
    cure="serialactivation repair FILE -o OUT writes the ID into every copy in a .keras file, which then loads. "
    "Or save the model again with serialactivation's layers, which write the ID into the first copy, too: "
    "serialactivation.convert(model) makes them from Keras's layers, and serialactivation.save_model and "
    "load_model keep the activation one object in an .h5 file, too.",
)

WEIGHTS_MISSING: Final = Rule(
    code="SA111",
    severity=Severity.WARNING,
    verdict=Verdict.OTHERWISE,
    meaning="The weights of an activation are not in the file: after a load, it has its initial weights.",
    why="A Keras layer builds its activation when the layer is first called. A model that is saved before has no "
    "weights of the activation to save, and load_model skips an activation that is not built, without a warning.",
    example='"activation": {"class_name": "PReLU", ...}, and no alpha among the weights',
    cure="Call the model once before you save it, or use serialactivation's layers, which build an activation when "
    "they are built themselves.",
)

_SAVED_TWICE_IN_HDF5: Final = SAVED_TWICE._replace(severity=Severity.WARNING, verdict=Verdict.LOADS)
"""The same rule for an HDF5 file, which loads, with one activation for each layer."""

WEIGHTS: Final = (SAVED_TWICE, WEIGHTS_MISSING)
"""The rules on weights, in the order of their codes."""

ListVariables: TypeAlias = Callable[[], Iterable[str] | None]
"""A function that lists the paths of the model's variables, called only if they are needed."""

Groups: TypeAlias = set[str]


class WeightState(NamedTuple):
    """The state of the weights of a model's activations in its file.

    Attributes:
        findings: The findings on them.
        weights: Whether the weights are in the file, by the activation's steps, where that is known. A second
            occurrence of an activation has the weights of the first.
    """

    findings: tuple[Finding, ...] = ()
    weights: Mapping[Steps, bool] = MappingProxyType({})


_CURE: Final = (
    "save serialactivation.convert(model) with serialactivation.save_model, and load it with "
    "serialactivation.load_model, which keep it one object"
)
_MISSING: Final = "call the model once before it is saved, or save serialactivation.convert(model)"


def is_weighted(node: Node) -> bool:
    """Return whether *node* is a layer of Keras that always has weights."""
    class_name = node.stored.get("class_name") if isinstance(node.stored, dict) else None
    return isinstance(class_name, str) and WITH_WEIGHTS.fullmatch(class_name) is not None


def holds_weights(stored: JSON) -> bool:
    """Return whether an activation is a layer of Keras that always has weights, or a model with such a layer."""
    return any(map(is_weighted, walk(stored)))


def find_state(config: JSON, sites: Sequence[Site], list_variables: ListVariables, *, is_hdf5: bool) -> WeightState:
    """Return the state of the weights of a model's activations in its file.

    Args:
        config: The model's config.
        sites: The activations that have weights.
        list_variables: A function that lists the variables; it is called only if there are such activations.
        is_hdf5: Whether the model is an HDF5 file, which holds the weights of a shared activation once for each layer.

    Raises:
        ArchiveError: The weights are damaged or crafted to mislead readers.
    """
    if not sites:
        return WeightState()
    listing = list_variables()
    if is_hdf5:
        found = _find_variables(sites, config, listing or ())
        weights = {one.site.steps: bool(one.its) for one in found if one.its or (one.all and one.site.stock)}
        return WeightState(tuple(_check_hdf5_file(found)), weights)
    labels = {site.label for site in sites}
    objects = {one.steps: one for one in find_objects(config) if one.stored["class_name"] in labels}
    filled = None if listing is None else _find_filled(listing)
    return WeightState(
        tuple(_check_keras_file(sites, objects, filled)), dict(_find_weights(sites, objects, filled or ()))
    )


def _find_weights(
    sites: Iterable[Site], objects: Mapping[Steps, StoredObject], filled: Container[str]
) -> Iterator[tuple[Steps, bool]]:
    firsts = _find_firsts(objects.values())
    for site in sites:
        place = objects.get(site.steps)
        if place is not None:
            first = firsts.get(find_number(place), place)
            is_there = _has_weights(first, filled)
            if is_there or (site.stock and _is_owner_found(first, filled)):
                yield site.steps, is_there


def _check_keras_file(
    sites: Sequence[Site], objects: Mapping[Steps, StoredObject], filled: Groups | None
) -> Iterator[Finding]:
    at = {site.steps: site for site in sites}
    found = find_lost_sharing(objects.values(), {site.label for site in sites})
    lost = {one.numbered[0]: one.unnumbered[0] for one in found}
    for second, first in lost.items():
        site, other = (at.get(second), first) if second in at else (at.get(first), second)
        if site is not None and not _has_weights(objects[second], filled or ()):
            what = (
                f"{at[other].layer}'s {cut(at[other].field)}"
                if other in at
                else f"the layer {_show_name(objects[other])}"
            )
            evidence = f"it is the same object as {what}, but only the second config has a shared_object_id"
            yield make_site_finding(SAVED_TWICE, site, evidence, "serialactivation repair FILE -o OUT")
    if filled is None:
        return
    firsts = _find_firsts(objects.values())
    for site in sites:
        place = objects.get(site.steps)
        if place is None or site.steps in lost or firsts.get(find_number(place), place) is not place:
            continue  # only the first occurrence of an object has weights
        if site.stock and _is_owner_found(place, filled) and not _has_weights(place, filled):
            yield make_site_finding(WEIGHTS_MISSING, site, "its weights are not in the file", _MISSING)


def _find_firsts(objects: Iterable[StoredObject]) -> dict[int | None, StoredObject]:
    """Return the first occurrence of each number."""
    firsts: dict[int | None, StoredObject] = {}
    for one in objects:
        if find_number(one) is not None:
            firsts.setdefault(find_number(one), one)
    return firsts


def _show_name(one: StoredObject) -> str:
    inner = cast("Mapping[str, JSON]", one.stored["config"])
    return show(inner.get("name") or one.stored["class_name"])


def _has_weights(one: StoredObject, filled: Container[str]) -> bool:
    return any(group in filled for group in one.groups)


def _is_owner_found(one: StoredObject, filled: Container[str]) -> bool:
    """Return whether the weights of its owner are in the expected place: then those of the activation would be, too."""
    return any(f"{group.rpartition('/')[0]}/vars" in filled for group in one.groups)


def _find_filled(listing: Iterable[str]) -> Groups:
    """Return the groups that have variables in them, at any depth."""
    filled: set[str] = set()
    for path in listing:
        group = path.rpartition("/")[0]
        while group and group not in filled:
            filled.add(group)
            group = group.rpartition("/")[0]
    return filled


class _Variables(NamedTuple):
    """The variables of the top-level layer that holds an activation, and those of the activation itself."""

    site: Site
    top: str | None
    all: list[str]
    its: list[str]


def _find_variables(sites: Sequence[Site], config: JSON, listing: Iterable[str]) -> list[_Variables]:
    tops = [_find_top(site, config) for site in sites]
    variables = _sort_variables(listing, {top for top in tops if top})
    index = {top: _index(paths) for top, paths in variables.items()}
    found = []
    for site, top in zip(sites, tops, strict=True):
        its = index.get(top or "", {}).get(_name(site.stored) or "", [])
        found.append(_Variables(site, top, variables.get(top or "", []), its))
    return found


def _index(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return the *paths*, indexed by every sequence of names inside them except the first name."""
    index: dict[str, list[str]] = {}
    for path in paths:
        parts = path.split("/")
        ends = range(1, len(parts))
        for name in dict.fromkeys("/".join(parts[start:end]) for start in ends for end in ends if start < end):
            index.setdefault(name, []).append(path)
    return index


def _check_hdf5_file(found: Iterable[_Variables]) -> Iterator[Finding]:
    owners: dict[str, _Variables] = {}
    for one in found:
        if not one.site.stock:
            continue
        other = next((owners[path] for path in one.its if path in owners), None)
        for path in one.its:
            owners.setdefault(path, one)
        if one.all and not one.its:
            yield make_site_finding(WEIGHTS_MISSING, one.site, "its weights are not in the file", _MISSING)
        elif other is not None and one.top != other.top and not _is_numbered(one.site, other.site):
            evidence = (
                f"it is the same object as {other.site.layer}'s {cut(other.site.field)}: their weights have one path"
            )
            yield make_site_finding(_SAVED_TWICE_IN_HDF5, one.site, evidence, _CURE)


def _is_numbered(site: Site, other: Site) -> bool:
    return site.shared_id is not None and site.shared_id == other.shared_id


def _sort_variables(listing: Iterable[str], tops: Container[str]) -> dict[str, list[str]]:
    """Return the paths of variables in the model, grouped by top-level layer."""
    sorted_: dict[str, list[str]] = {}
    for path in listing:
        parts = path.removeprefix("model_weights/").split("/")
        for end in range(1, len(parts)):
            if (top := "/".join(parts[:end])) in tops:
                sorted_.setdefault(top, []).append("/".join(parts[end:]))
    return sorted_


def _find_top(site: Site, config: JSON) -> str | None:
    """Return the name of the top-level layer that contains *site*."""
    is_list = len(site.steps) > 1 and isinstance(site.steps[1], int)  # as Keras 1 wrote a Sequential
    return _name(follow(config, site.steps[: 2 if is_list else 3]))


def _name(stored: JSON) -> str | None:
    inner = stored.get("config") if isinstance(stored, dict) else None
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else None
