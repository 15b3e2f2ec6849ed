"""Replaces activations in a config, chosen by what is stored or by their path. Keras-free."""

import copy
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from serialactivation import errors
from serialactivation.files.printable import cut
from serialactivation.repairs.replace.activation_expression import parse_expression
from serialactivation.repairs.replace.activation_forms import write_expression
from serialactivation.tree.activations import LAMBDA, Site, Steps, follow, show_path
from serialactivation.tree.nodes import find_sites
from serialactivation.typing import JSON

__all__ = ["ReplacedActivation", "Replacement", "parse_replacement", "replace_activations"]

_SHOWN: Final = 100  # names or paths in an error


class Replacement(NamedTuple):
    """What to replace, and with what.

    Attributes:
        old: The stored activation, as :attr:`Site.label` names it, or a path that starts with ``$``.
        new: The new stored form.
    """

    old: str
    new: JSON


class ReplacedActivation(NamedTuple):
    """A replaced activation, and its new stored form."""

    site: Site
    new: JSON


def parse_replacement(text: str, target: str | None = None, *, ours: bool = False) -> Replacement:
    """Return the parsed ``OLD=NEW``.

    Args:
        text: The text of the user, which is split at the first ``=``.
        target: The target Keras, or None for the newest.
        ours: Whether a form of this package may be written if Keras has none.

    Raises:
        ExpressionError: There is no OLD, or NEW is not an activation that a file can hold.
    """
    old, equals, new = text.partition("=")
    if not old.strip() or not equals or not new.strip():
        raise errors.ExpressionError(
            text, "it does not have the form OLD=NEW", "Write '<lambda>=keras.activations.relu'."
        )
    return Replacement(old.strip(), write_expression(new, parse_expression(new), target, ours=ours))


def replace_activations(config: JSON, replacements: Sequence[Replacement]) -> tuple[JSON, list[ReplacedActivation]]:
    """Return *config* with its activations replaced, and the changes; *config* itself is not changed.

    Raises:
        RepairError: A replacement matches nothing, or matches lambdas that are not the same function.
    """
    sites = list(find_sites(config)) if replacements else []
    chosen = {site.steps: ReplacedActivation(site, one.new) for one in replacements for site in _match(one, sites)}
    changes = [change for change in chosen.values() if change.site.stored != change.new]
    changed: Any = copy.deepcopy(config) if changes else config
    for change in changes:
        _put(changed, change.site.steps, change.new)
    return changed, changes


def _match(replacement: Replacement, sites: Iterable[Site]) -> list[Site]:
    """Return the sites that *replacement* matches, including those that already hold the new form."""
    old = replacement.old
    if old.startswith("$"):
        found = [site for site in sites if show_path(site.steps, len(old)) == old]
    else:
        found = [site for site in sites if site.label == old or site.stored == replacement.new]
    if not found:
        known = ", ".join(cut(label) for label in sorted({site.label for site in sites})[:_SHOWN]) or "none"
        cure = f"It holds: {known}." if not old.startswith("$") else "Give a path that check shows."
        raise errors.RepairError(old, "no activation of the model matches it", cure)
    lambdas = [site for site in found if site.label == LAMBDA]
    if any(site.stored != lambdas[0].stored for site in lambdas):
        paths = ", ".join(site.path for site in lambdas[:_SHOWN])
        raise errors.RepairError(old, "its lambdas are not the same function", f"Give each by its path: {paths}.")
    return found


def _put(config: Any, steps: Steps, value: JSON) -> None:
    """Put *value* at *steps* in *config*."""
    *leading, last = steps
    follow(config, leading)[last] = copy.deepcopy(value)
