"""What can be said of a saved model's activations: codes, how much each matters, what it means. Keras-free."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from serialactivation.archive.codes.table import FINDINGS
from serialactivation.archive.severity import Severity

__all__ = ["MEANINGS", "Finding", "Severity"]


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that is wrong with an activation in a saved model, or may be.

    Attributes:
        code: Its stable code, such as ``SA101``.
        severity: How much it matters.
        layer: The layer that holds the activation: ``model/encoder/dense``.
        path: Where it stands in the config: ``$.config.layers[3].config.activation``.
        evidence: What was found, as a clause that starts in lower case.
        cure: What to do: a command, or a line of code.
    """

    code: str
    severity: Severity
    layer: str
    path: str
    evidence: str
    cure: str


MEANINGS: Final[Mapping[str, str]] = MappingProxyType({code: entry.meaning for code, entry in FINDINGS.items()})
"""What each code means; :mod:`serialactivation.archive.codes` has all that is said of it."""
