"""Where a saved model's file has the weights of its ``PReLU`` layers, which are curves. Keras-free."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.shared_objects import find_number
from serialactivation.tree.weight_groups import StoredObject, find_objects
from serialactivation.typing import JSON

__all__ = ["find_alphas"]

_CLASS: Final = "PReLU"
_WEIGHT: Final = "alpha"
_LEADING: Final = 3  # steps to a layer of the outermost model: config, layers, its place


def find_alphas(
    config: JSON, list_variables: Callable[[], Collection[str] | None], *, is_hdf5: bool
) -> dict[Steps, str]:
    """Return the path of the variable of each ``PReLU`` in a model, by the steps to it, as far as there is one.

    Args:
        config: The model's config.
        list_variables: A function that lists the variables in its file; it is called only if there is a ``PReLU``.
        is_hdf5: Whether the file is of the older format, in which a variable has the names of its layers.
    """
    objects = [one for one in find_objects(config) if one.stored["class_name"] == _CLASS]
    listing = (list_variables() if objects else None) or ()
    return dict(_find_by_names(config, objects, listing) if is_hdf5 else _find_by_groups(objects, listing))


def _find_by_groups(objects: Sequence[StoredObject], listing: Collection[str]) -> Iterator[tuple[Steps, str]]:
    """Yield the variables in a ``.keras`` file: the second occurrence of an object has those of the first."""
    firsts: dict[int, StoredObject] = {}
    for one in objects:
        number = find_number(one)
        first = one if number is None else firsts.setdefault(number, one)
        path = next((path for group in first.groups if (path := f"{group}/vars/0") in listing), None)
        if path is not None:
            yield one.steps, path


def _find_by_names(
    config: JSON, objects: Iterable[StoredObject], listing: Iterable[str]
) -> Iterator[tuple[Steps, str]]:
    alphas: dict[tuple[str, str], list[str]] = {}
    for path in listing:
        *owners, name = path.removeprefix("model_weights/").split("/")
        if name.partition(":")[0] == _WEIGHT and owners:
            alphas.setdefault((owners[0], owners[-1]), []).append(path)
    for one in objects:
        top = follow(config, one.steps[:_LEADING])
        found = alphas.get((_name(top), _name(one.stored)), [])
        if len(found) == 1:
            yield one.steps, found[0]


def _name(stored: Mapping[str, JSON]) -> str:
    inner = stored.get("config")
    return str(inner.get("name")) if isinstance(inner, dict) else ""
