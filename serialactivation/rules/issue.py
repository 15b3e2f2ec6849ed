"""One thing that a Keras would not take of a config, or of which nobody knows. Keras-free."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from serialactivation.catalog.versions import is_newer
from serialactivation.files.printable import cut
from serialactivation.tree.activations import Steps
from serialactivation.tree.objects import Thing
from serialactivation.typing import JSON

__all__ = ["Issue", "check_span", "make_issue", "show"]

_LONGEST: Final = 60


class Issue(NamedTuple):
    """One thing that a Keras would not take of a config, or of which nobody knows.

    Attributes:
        code: The code of what is said of it: ``SA201``.
        owners: The names of the models and layers that lead to it.
        steps: The keys and indices that lead to it.
        evidence: What was found, as a clause that starts in lower case.
        since: The Keras that takes it, or None.
        told: Whether it matters: not where a class that is no class of Keras reads it, and sees to it.
    """

    code: str
    owners: tuple[str, ...]
    steps: Steps
    evidence: str
    since: str | None = None
    told: bool = True


def make_issue(thing: Thing, code: str, evidence: str, *, inner: Steps = (), since: str | None = None) -> Issue:
    """Return an issue with *thing*, or with what *inner* leads to in it."""
    place = thing.place
    return Issue(code=code, owners=place.owners, steps=(*place.steps, *inner), evidence=evidence, since=since)


def check_span(thing: Thing, what: str, since: str, until: str | None, target: str) -> Iterator[Issue]:
    """Yield what there is to say of *what* Keras has *since* one version *until* another, or None for the newest."""
    if is_newer(since, target):
        evidence = f"{what} is in Keras since {since}, and Keras {target} was asked for"
        yield make_issue(thing, "SA203", evidence, since=since)
    elif until is not None and is_newer(target, until):
        yield make_issue(thing, "SA206", f"{what} is in Keras up to {until}, and not in Keras {target}")


def show(value: JSON) -> str:
    """Return *value* as Python has it, and not at length."""
    text = ""
    for part in _show_parts(value):
        text += part
        if len(text) > _LONGEST:
            break  # the rest of it may be long
    return cut(text, _LONGEST)


def _show_parts(value: JSON) -> Iterator[str]:
    if isinstance(value, list):
        yield from _show_all("[", ((None, item) for item in value), "]")
    elif isinstance(value, dict):
        yield from _show_all("{", value.items(), "}")
    else:
        yield repr(value[: _LONGEST + 1] if isinstance(value, str) else value)


def _show_all(start: str, items: Iterable[tuple[str | None, JSON]], end: str) -> Iterator[str]:
    yield start
    for number, (key, item) in enumerate(items):
        yield ", " if number else ""
        if key is not None:
            yield from (*_show_parts(key), ": ")
        yield from _show_parts(item)
    yield end
