"""Finds the activations on a page that several fields hold. Keras-free."""

from collections.abc import Iterable

from serialactivation.pages.records import Holder, LayerEntry, SharedEntry

__all__ = ["find_shared"]


def find_shared(layers: Iterable[LayerEntry]) -> tuple[SharedEntry, ...]:
    """Return the activations that have a number, each with the fields that hold it."""
    texts: dict[int, str] = {}
    holders: dict[int, list[Holder]] = {}
    for layer in layers:
        for one in layer.activations:
            if one.shared is not None:
                texts.setdefault(one.shared, one.text)
                holders.setdefault(one.shared, []).append(Holder(layer.number, layer.name, one.field))
    return tuple(SharedEntry(number, texts[number], tuple(held)) for number, held in sorted(holders.items()))
