"""The rules of a repair, one applied after another. Keras-free."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

from serialactivation.repairs.repair import Edit, Repair
from serialactivation.tree.activations import Steps, follow
from serialactivation.tree.stored_config import StoredConfig

__all__ = ["EditRule", "edit_at", "make_repair"]

EditRule: TypeAlias = Callable[[StoredConfig], Iterator[Edit]]
"""A function of a config that yields edits, each of which leaves the steps of those after it valid."""


_OLD_FORMS: Final = "what Keras 1 and 2 and tf_keras wrote; see below"


def make_repair(name: str, *rules: EditRule, removes: str = _OLD_FORMS) -> Repair:
    """Return the repair that applies *rules*: each to a config in which those before it find nothing more.

    Args:
        name: Its name.
        rules: The rules.
        removes: What it removes, if that is not a row of the table in the reference.
    """

    def find(config: StoredConfig, _: str | None) -> Iterable[Edit]:
        return next((edits for rule in rules if (edits := list(rule(config)))), ())

    return Repair(name, find, removes)


def edit_at(steps: Steps, what: str, edit: Callable[[Any], object], inside: Steps = ()) -> Edit:
    """Return the edit that *edit* makes of the value at *steps*; *inside* leads on to what is reported."""

    def make(config: Any) -> None:
        edit(follow(config, steps))

    return Edit((*steps, *inside), what, make)
