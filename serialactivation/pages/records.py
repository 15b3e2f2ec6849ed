"""What a page shows of models: data only, of which every text is printable already. Keras-free."""

import enum

import attrs

from serialactivation.files.formats.hdf5_values import Spread

__all__ = [
    "ActivationEntry",
    "Drawing",
    "FindingEntry",
    "Holder",
    "LayerEntry",
    "ModelEntry",
    "SharedEntry",
    "Tone",
]


class Tone(enum.Enum):
    """How good a verdict is, which a page shows by a colour beside the words."""

    GOOD = "good"
    DOUBT = "doubt"
    BAD = "bad"


@attrs.frozen
class Drawing:
    """A curve to draw; equal ones are drawn once.

    Attributes:
        label: The function as Python code.
        values: Its values at :data:`~serialactivation.pages.drawings.POINTS`.
        band: The values of the curves between which nine tenths of the weights are, or None without weights.
        spread: How its weights are spread, or None without weights.
    """

    label: str
    values: tuple[float, ...]
    band: tuple[tuple[float, ...], tuple[float, ...]] | None = None
    spread: Spread | None = None


@attrs.frozen(kw_only=True)
class ActivationEntry:
    """One activation of a layer.

    Attributes:
        field: The argument that holds it, or nothing if the layer is the activation itself.
        text: The activation, as Python code would write it.
        drawing: Its curve, or None.
        reason: Why it has no curve, as a clause; nothing if it has one.
        shared: The number of the object, if several fields hold it, or None.
        notes: What else is to be said of it.
        is_lost: Whether it would not come back.
    """

    field: str
    text: str
    drawing: Drawing | None = None
    reason: str = ""
    shared: int | None = None
    notes: tuple[str, ...] = ()
    is_lost: bool = False


@attrs.frozen(kw_only=True)
class FindingEntry:
    """One finding.

    Attributes:
        code: Its code, or nothing.
        severity: ``note``, ``warning`` or ``error``.
        place: The layer and the argument, in words.
        text: What was found.
        path: Where it is in the config, or nothing.
        cure: The lines to paste, or what to do.
        note: A note below the cure, or nothing.
        layer: The number of the layer on the page, or None.
    """

    code: str
    severity: str
    place: str
    text: str
    path: str
    cure: str
    note: str
    layer: int | None


@attrs.frozen(kw_only=True)
class LayerEntry:
    """One layer.

    Attributes:
        number: Its number on the page of the model.
        name: Its place in the model, such as ``encoder/dense``.
        kind: The name of its class.
        details: What else is known of it: its shape, its weights, its dtype policy.
        activations: Its activations.
        findings: The findings on it.
    """

    number: int
    name: str
    kind: str
    details: tuple[str, ...]
    activations: tuple[ActivationEntry, ...]
    findings: tuple[FindingEntry, ...] = ()


@attrs.frozen
class Holder:
    """A field that holds a shared activation: the number and the name of the layer, and the argument."""

    layer: int
    name: str
    field: str


@attrs.frozen
class SharedEntry:
    """One activation that several fields hold: its number, what it is, and the fields."""

    number: int
    text: str
    holders: tuple[Holder, ...]


@attrs.frozen(kw_only=True)
class ModelEntry:
    """One model.

    Attributes:
        title: The name of the file, or of the model.
        verdict: What a load does with it, in a sentence.
        tone: How good that is.
        facts: What else is known of it: names and values.
        remarks: What is not on the page, in sentences.
        layers: The layers that are listed.
        findings: The findings that belong to no listed layer.
        shared: The activations that several fields hold.
    """

    title: str
    verdict: str
    tone: Tone
    facts: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    layers: tuple[LayerEntry, ...] = ()
    findings: tuple[FindingEntry, ...] = ()
    shared: tuple[SharedEntry, ...] = ()

    @property
    def all_findings(self) -> tuple[FindingEntry, ...]:
        """The findings on the whole model, then those on its layers."""
        return (*self.findings, *(finding for layer in self.layers for finding in layer.findings))
