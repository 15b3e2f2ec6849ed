"""Compares what a page shows of two models, layer by layer. Keras-free."""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from serialactivation.pages.records import ActivationEntry, LayerEntry, ModelEntry

__all__ = ["Comparison", "Row", "compare"]


@attrs.frozen(kw_only=True)
class Row:
    """A layer in two models.

    Attributes:
        name: Its name, which is the same in both.
        before: The layer in the first model, or None.
        after: The layer in the second model, or None.
        differences: What differs, in words.
    """

    name: str
    before: LayerEntry | None
    after: LayerEntry | None
    differences: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Comparison:
    """Two models side by side: what differs, in a sentence, and their layers."""

    summary: str
    rows: tuple[Row, ...]


def compare(before: ModelEntry, after: ModelEntry) -> Comparison:
    """Return two models side by side: the layers of the first, and those that only the second has."""
    old, new = _number(before.layers), _number(after.layers)
    keys = list(dict.fromkeys([*old, *new]))
    rows = tuple(_make_row(old.get(key), new.get(key)) for key in keys)
    different = sum(bool(row.differences) for row in rows)
    if not different:
        summary = "The layers of both have the same activations and weights of activations."
    else:
        summary = f"{different:,} of {len(rows):,} layers {'differs' if different == 1 else 'differ'}."
    return Comparison(summary=summary, rows=rows)


def _number(layers: Sequence[LayerEntry]) -> dict[tuple[str, int], LayerEntry]:
    """Return layers by their names; those of one name are numbered."""
    found: dict[tuple[str, int], LayerEntry] = {}
    counts: dict[str, int] = {}
    for layer in layers:
        counts[layer.name] = counts.get(layer.name, 0) + 1
        found[layer.name, counts[layer.name]] = layer
    return found


def _make_row(before: LayerEntry | None, after: LayerEntry | None) -> Row:
    known = before or after
    assert known is not None
    return Row(name=known.name, before=before, after=after, differences=tuple(_find_differences(before, after)))


def _find_differences(before: LayerEntry | None, after: LayerEntry | None) -> Iterator[str]:
    if before is None or after is None:
        yield "only in the second" if before is None else "only in the first"
        return
    if before.kind != after.kind:
        yield "another class"
    if before.details != after.details:
        yield "another dtype policy"
    if [_identify(one) for one in before.activations] != [_identify(one) for one in after.activations]:
        yield "another activation"
    elif _list_spreads(before.activations) != _list_spreads(after.activations):
        yield "other weights of an activation"
    if [one.shared is None for one in before.activations] != [one.shared is None for one in after.activations]:
        yield "shared in one of them only"


def _identify(one: ActivationEntry) -> tuple[str, str]:
    """Return the field, and the function by what it computes if that is known, or by what it is called."""
    is_plain = one.drawing is not None and one.drawing.spread is None
    return one.field, one.drawing.label if is_plain and one.drawing is not None else one.text


def _list_spreads(activations: Iterable[ActivationEntry]) -> list[object]:
    return [one.drawing and one.drawing.spread for one in activations]
