"""The layers in a config, with their activations, as a page shows them. Keras-free."""

import collections
import itertools
from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.layer_kinds import WITHOUT_WEIGHTS
from serialactivation.curves.stored import Curve, Learned, NoCurve, find_curve
from serialactivation.files.formats.hdf5_values import Spread
from serialactivation.files.printable import LONGEST_TEXT, printable
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.pages.drawings import describe_spread, draw_curve, draw_learned
from serialactivation.pages.records import ActivationEntry, LayerEntry
from serialactivation.rules.check import Report
from serialactivation.tree.activations import Site, Steps, find_policy, find_shared_id
from serialactivation.tree.describe import describe
from serialactivation.tree.learned import find_alphas
from serialactivation.tree.nodes import Node, walk
from serialactivation.typing import JSON

__all__ = ["StoredLayers"]

_ITSELF: Final = (*WITHOUT_WEIGHTS, "PReLU")
"""Layers that are activations, wherever they stand."""


class StoredLayers:
    """The layers of a model, and what is stored for their activations."""

    def __init__(self, archive: Archive, report: Report) -> None:
        self._weights = report.weights
        self.nodes: list[Node] = []
        self._sites: list[list[Site]] = []
        self._collect(archive.config)
        self.steps: list[Steps] = [node.steps for node in self.nodes]
        self._alphas = _find_spreads(archive)
        self._shared = self._number_shared()

    def _collect(self, config: JSON) -> None:
        places: dict[int, int] = {}
        for node in walk(config):
            if node.is_activation and not _is_inside_activation(node):
                holder = _find_holder(node)
                self._sites[self._add(holder, places)].append(node.site)
            elif node.is_object and _is_in_model(node):
                self._add(node, places)

    def _add(self, node: Node, places: dict[int, int]) -> int:
        if id(node) not in places:
            places[id(node)] = len(self.nodes)
            self.nodes.append(node)
            self._sites.append([])
        return places[id(node)]

    def _number_shared(self) -> dict[int, int]:
        """Return a number for each of Keras's numbers that several places have."""
        ids = collections.Counter(find_shared_id(node.stored) for node in self.nodes)
        ids.update(site.shared_id for sites in self._sites for site in sites)
        several = [one for one, times in ids.items() if one is not None and times > 1]
        return {one: number for number, one in enumerate(several, 1)}

    def make(self, most: int) -> tuple[list[LayerEntry], int]:
        """Return the entries of the first layers, and how many more there are."""
        entries = [self._make_layer(number) for number in range(min(most, len(self.nodes)))]
        return entries, len(self.nodes) - len(entries)

    def _make_layer(self, number: int) -> LayerEntry:
        node = self.nodes[number]
        stored = node.stored if isinstance(node.stored, dict) else {}
        kind = str(stored.get("class_name", "object"))
        policy = find_policy(node.config.get("dtype"))
        activations = [self._make_activation(site.field, site.stored, site.steps) for site in self._sites[number]]
        if kind in _ITSELF:
            activations.append(self._make_activation("", node.stored, self.steps[number]))
        return LayerEntry(
            number=number,
            name=printable("/".join(node.owners[1:]) or kind),
            kind=printable(kind),
            details=() if policy in (None, "float32") else (f"dtype policy {printable(str(policy))}",),
            activations=tuple(activations),
        )

    def _make_activation(self, field: str, stored: JSON, steps: Steps) -> ActivationEntry:
        found, shared = find_curve(stored), find_shared_id(stored)
        spread = self._alphas.get(steps) if isinstance(found, Learned) else None
        text = printable(describe(stored), LONGEST_TEXT)
        drawing = draw_curve(found) if isinstance(found, Curve) else spread and draw_learned(text, spread)
        reason = found.reason if isinstance(found, NoCurve) else "" if drawing else _UNREAD
        return ActivationEntry(
            field=printable(field),
            text=text,
            drawing=drawing,
            reason=reason,
            shared=None if shared is None else self._shared.get(shared),
            notes=tuple(_list_notes(self._weights.get(steps), spread)),
        )


_UNREAD: Final = "its weights are not in the file, or cannot be told apart"


def _list_notes(has_weights: bool | None, spread: Spread | None) -> Iterator[str]:
    if spread is not None:
        yield describe_spread(spread)
    elif has_weights is not None:
        yield "weights in the file" if has_weights else "weights missing"


def _find_spreads(archive: Archive) -> dict[Steps, Spread]:
    alphas = find_alphas(
        archive.config, lambda: archive.variables() if archive.is_listable else None, is_hdf5=archive.kind is Kind.HDF5
    )
    spreads = archive.summarize(sorted(set(alphas.values()))) if alphas else {}
    return {steps: spreads[path] for steps, path in alphas.items() if path in spreads}


def _is_inside_activation(node: Node) -> bool:
    return any(one.is_activation for one in itertools.islice(node.climb(), 1, None))


def _find_holder(node: Node) -> Node:
    """Return the object whose activation *node* is, or the whole config."""
    return next((one for one in itertools.islice(node.climb(), 1, None) if one.is_object), list(node.climb())[-1])


def _is_in_model(node: Node) -> bool:
    """Return whether an object is a layer in the list of a model's layers, and not in an activation."""
    return node.parent is not None and node.parent.key == "layers" and not _is_inside_activation(node)
