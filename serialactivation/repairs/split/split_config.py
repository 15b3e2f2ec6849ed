"""The repair ``split`` of a config: activations that the target Keras cannot read become layers. Keras-free."""

import copy
import itertools
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from serialactivation.files.printable import LONGEST_NAME, cut
from serialactivation.repairs.repair import Change
from serialactivation.repairs.split.conditions import (
    SEQUENTIAL,
    Model,
    find_names,
    find_reasons,
    find_unread_activations,
)
from serialactivation.repairs.split.parts import Part
from serialactivation.repairs.split.rewire import Rewiring, rewire
from serialactivation.tree.activations import Site, Steps, follow
from serialactivation.tree.layer_order import find_order
from serialactivation.tree.weight_groups import find_objects
from serialactivation.typing import JSON

__all__ = ["SPLIT", "SplitConfig", "split"]

SPLIT: Final = "split"
"""The name of the repair."""

_LINEAR: Final = "linear"
_LAYERS: Final = ("config", "layers")
_TAKEN: Final = "top_level_model_weights"  # the name of another group in HDF5 files, next to those of the layers


class SplitConfig(NamedTuple):
    """The result of splitting a config.

    Attributes:
        config: The new config.
        changes: The activations that have become layers.
        kept: Why the others have not, by their place.
        origins: The old place of each layer, if anything is split.
        parts: The layers that may have weights, in Keras's order.
    """

    config: JSON
    changes: tuple[Change, ...] = ()
    kept: Mapping[Steps, str] = MappingProxyType({})
    origins: tuple[Steps, ...] = ()
    parts: tuple[Part, ...] = ()


class _New(NamedTuple):
    """An activation that becomes a layer: its new name, its config, and the layers that held it."""

    name: str
    sites: tuple[Site, ...]
    config: JSON

    @property
    def owners(self) -> tuple[int, ...]:
        """The places in the model of the layers that held it."""
        return tuple(int(site.steps[2]) for site in self.sites)


def split(model: Model) -> SplitConfig:
    """Return the model's config with activations made layers, where the result is exact.

    The given config is not changed, and is returned itself if nothing is split.
    """
    reasons = find_reasons(model)
    kept = {steps: reason for steps, reason in reasons.items() if reason is not None}
    chosen = [site for site in find_unread_activations(model) if site.steps not in kept]
    if not chosen:
        return SplitConfig(config=model.config, kept=kept)
    news = _name_all(model, chosen)
    changed: Any = copy.deepcopy(model.config)
    layers, origins = _insert(changed["config"]["layers"], news)
    if model.class_name != SEQUENTIAL:
        layers, origins = _connect(changed["config"], layers, origins, news)
    changed["config"]["layers"] = layers
    return SplitConfig(
        config=changed,
        changes=tuple(_describe_changes(news)),
        kept=kept,
        origins=tuple(origins),
        parts=tuple(_find_parts(model, changed, origins)),
    )


def _name_all(model: Model, chosen: Iterable[Site]) -> list[_New]:
    taken = {*find_names(model.inner["layers"]), _TAKEN}
    grouped: dict[object, list[Site]] = {}
    for site in chosen:
        grouped.setdefault(site.shared_id if model.is_shared(site) else site.steps, []).append(site)
    news = []
    for sites in grouped.values():
        stored: Any = copy.deepcopy(sites[0].stored)
        wanted = str(stored["config"].get("name") or stored["class_name"].lower())
        numbered = (f"{wanted}_{number}" for number in itertools.count(1))
        name = next(one for one in itertools.chain([wanted], numbered) if one not in taken)
        taken.add(name)
        stored["config"]["name"] = name
        if not any(_is_trainable(model.owner(site)) for site in sites):  # the layer decides for its activation
            stored["config"]["trainable"] = False
        news.append(_New(name=name, sites=tuple(sites), config=stored))
    return news


def _is_trainable(layer: Mapping[str, JSON]) -> bool:
    return follow(layer, ("config",)).get("trainable") is not False


def _insert(layers: list[Any], news: Sequence[_New]) -> tuple[list[Any], list[Steps]]:
    """Return *layers* with each new layer after the first that held it, and the old places of all layers."""
    firsts = {new.owners[0]: new for new in news}
    held = {index for new in news for index in new.owners}
    inserted: list[Any] = []
    origins: list[Steps] = []
    for index, layer in enumerate(layers):
        inserted.append(layer)
        origins.append((*_LAYERS, index))
        if index in held:
            layer["config"]["activation"] = _LINEAR
        if index in firsts:
            inserted.append(firsts[index].config)
            origins.append(firsts[index].sites[0].steps)
    return inserted, origins


def _connect(
    inner: dict[str, Any], layers: list[Any], origins: list[Steps], news: Sequence[_New]
) -> tuple[list[Any], list[Steps]]:
    """Insert the new layers into the graph, and return all layers in Keras's order."""
    names = find_names(inner["layers"])
    rewirings = [Rewiring(name=new.name, owners=tuple(names[index] for index in new.owners)) for new in news]
    rewire(inner, layers, rewirings)
    order = find_order({**inner, "layers": layers})
    assert order is not None  # it was known before
    places = {name: place for place, name in enumerate(order)}
    pairs = sorted(zip(layers, origins, strict=True), key=lambda pair: places[pair[0]["config"]["name"]])
    return [layer for layer, _ in pairs], [origin for _, origin in pairs]


def _describe_changes(news: Iterable[_New]) -> Iterable[Change]:
    for new in news:
        for site in new.sites:
            owner = cut(site.owners[-1], LONGEST_NAME)
            what = f"{site.label} is a layer of its own, {cut(new.name, LONGEST_NAME)!r}, after {owner!r}"
            yield Change(repair=SPLIT, steps=site.steps, what=what)


def _find_parts(model: Model, after: JSON, origins: Sequence[Steps]) -> Iterable[Part]:
    """Yield the layers that have groups in a file: not operations, and not the input of a Sequential."""
    new = {one.steps: one for one in find_objects(after)}
    for place, origin in enumerate(origins):
        now = new.get((*_LAYERS, place))
        if now is None:
            continue
        owner = follow(model.config, origin[:3])
        then = follow(model.config, origin)
        is_activation = len(origin) > 3
        yield Part(
            name=str(follow(now.stored, ("config", "name"))),
            class_name=str(now.stored["class_name"]),
            origin=origin,
            owner=str(owner["config"]["name"]),
            inner=str(then["config"].get("name")) if is_activation else None,
            old=model.groups[origin],
            new=now.groups[0],
            trainable=_is_trainable(owner) and _is_trainable(then),
        )
