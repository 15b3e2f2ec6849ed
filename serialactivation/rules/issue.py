"""An issue: a part of a config that the target Keras does not accept, and how it is described. Keras-free."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from serialactivation.files.printable import cut
from serialactivation.rules.rule import Rule
from serialactivation.tree.activations import Steps
from serialactivation.tree.nodes import Node
from serialactivation.typing import JSON

__all__ = ["Issue", "NodeCheck", "make_issue", "show"]

_LONGEST: Final = 60


class Issue(NamedTuple):
    """One part of a config that the target Keras does not accept, or may not accept.

    Attributes:
        rule: The rule that it breaks.
        owners: The names of the models and layers that lead to it.
        steps: The keys and indices that lead to it.
        evidence: What was found, as a clause that starts in lower case.
        since: The first Keras that accepts it, or None.
        until: The last Keras that accepts it, or None.
        cure: What to do, if that differs from the cure of the rule.
        reported: Whether it is reported: not if a class outside Keras reads this part, and handles it.
        needs: The name that a program has to provide so that the target Keras accepts it, or nothing.
    """

    rule: Rule
    owners: tuple[str, ...]
    steps: Steps
    evidence: str
    since: str | None = None
    until: str | None = None
    cure: str | None = None
    reported: bool = True
    needs: str = ""


NodeCheck: TypeAlias = Callable[[Node, str], Iterator[Issue]]
"""A function that yields the issues with one node of a config on the target Keras."""


def make_issue(
    node: Node,
    rule: Rule,
    evidence: str,
    *,
    inner: Steps = (),
    since: str | None = None,
    until: str | None = None,
    cure: str | None = None,
    needs: str = "",
) -> Issue:
    """Return an issue with *node*, or with the value inside it that *inner* leads to."""
    return Issue(rule, node.owners, (*node.steps, *inner), evidence, since, until, cure, needs=needs)


def show(value: JSON) -> str:
    """Return *value* as Python writes it, shortened."""
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
