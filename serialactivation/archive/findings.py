"""What can be said of a saved model's activations: codes, how much each matters, what it means. Keras-free."""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

__all__ = ["MEANINGS", "Finding", "Severity"]


class Severity(enum.IntEnum):
    """How much a finding matters."""

    NOTE = 1
    """Nothing is lost; worth knowing."""
    WARNING = 2
    """It depends on what is there when the model is loaded."""
    ERROR = 3
    """The model does not load, or computes something else, or would run what it brings along."""


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


MEANINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "SA101": "The activation is the code of a function without a name. Keras runs it on load, or refuses to.",
        "SA102": "The activation is stored as <lambda>: which function it was, is lost. Only its author can say.",
        "SA103": "The activation has a name that Keras does not know: a function that is registered by other code.",
        "SA104": "The activation has a name that is like one of Keras's, and is none: it is mistyped.",
        "SA105": "The activation is one that a newer Keras has, and the Keras aimed at has not.",
        "SA106": "A layer of Keras holds an object as its activation, which Keras reads since 3.10 only.",
        "SA107": "An argument has the name that an older Keras had for it.",
        "SA108": "The activation comes from another package, which has to be imported before the model is loaded.",
        "SA109": "The activation names something that is no activation, and that a load should never resolve.",
    }
)
"""What each code means."""
