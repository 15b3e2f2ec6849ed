"""Makes what a page shows of a model in memory."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

import keras

from serialactivation.codec.silence import looking
from serialactivation.errors.lost import ModelFinding
from serialactivation.files.atomic import write_atomically
from serialactivation.files.formats.hdf5_values import Spread
from serialactivation.files.printable import LONGEST_TEXT, printable, printable_lines
from serialactivation.keras_api.scopes import contained
from serialactivation.model_check.activations.curves import draw, name_activation
from serialactivation.model_check.activations.places import Held, Spot, find_held
from serialactivation.model_check.activations.places import find_shared as find_held_together
from serialactivation.model_check.list_rows import find_rows
from serialactivation.model_check.rows import ActivationRow, LayerRow
from serialactivation.pages.drawings import describe_spread
from serialactivation.pages.extra import require
from serialactivation.pages.records import ActivationEntry, Drawing, FindingEntry, LayerEntry, ModelEntry, Tone
from serialactivation.pages.sharing import find_shared
from serialactivation.pages.write import write_page
from serialactivation.spec.nested import flatten

__all__ = ["Checked", "write_model_page"]

_ITSELF: Final = (
    keras.layers.ELU,
    keras.layers.LeakyReLU,
    keras.layers.PReLU,
    keras.layers.ReLU,
    keras.layers.Softmax,
)
"""Layers that are activations, wherever they stand."""


class Checked(Protocol):
    """What a page shows of the check of a model; see :class:`~serialactivation.model_check.report.ModelReport`."""

    @property
    def kind(self) -> str:
        """The name of its class."""

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways back that were tried."""

    @property
    def findings(self) -> tuple[ModelFinding, ...]:
        """What would be lost."""

    @property
    def how_far(self) -> str:
        """How far the model was checked, in a sentence."""


def write_model_page(model: keras.Model, report: Checked, path: str) -> None:
    """Write the page about a *model*, which is not changed, and the *report* on it to the file at *path*.

    Raises:
        MissingExtraError: Matplotlib or Jinja2 is not installed.
    """
    require("a page", "matplotlib", "jinja2")
    page = write_page([_describe_model(model, report)], from_files=False)
    write_atomically(f"{page}\n".encode(), path)


@contained
def _describe_model(model: keras.Model, report: Checked) -> ModelEntry:
    findings = report.findings
    lost = {(one.path, one.field or ""): one.reason for one in findings}
    lost |= dict.fromkeys(_find_holders(model, findings), "it is shared")
    with looking():
        rows = list(find_rows(model, lost))
        numbers = {row.path: number for number, (_, row) in enumerate(rows)}
        placed = _place(findings, numbers)
        drawings = _Drawings()
        layers = tuple(
            _make_layer(number, spot, row, model, drawings, placed.get(number, ()))
            for number, (spot, row) in enumerate(rows)
        )
    is_kept = not findings
    tried, weights = ", ".join(report.ways), f"{model.count_params():,}" if model.built else "not built"
    return ModelEntry(
        title=f"{printable(report.kind)} {printable(model.name)}",
        verdict=f"It comes back as it is ({tried})." if is_kept else f"It would not come back as it is ({tried}).",
        tone=Tone.GOOD if is_kept else Tone.BAD,
        facts=(("Layers", f"{len(layers):,}"), ("Weights", weights)),
        remarks=(printable(report.how_far, LONGEST_TEXT),),
        layers=layers,
        findings=tuple(placed.get(None, ())),
        shared=find_shared(layers),
    )


def _find_holders(model: keras.Model, findings: Iterable[ModelFinding]) -> Iterator[tuple[str, str]]:
    """Yield the layers and fields that hold an activation of which the sharing would be lost."""
    named = {(one.path, one.field) for one in findings if one.kind == "sharing"}
    for group in find_held_together(model) if named else ():
        fields = [(held.spot.path, held.field) for held in group]
        yield from fields if named.intersection(fields) else ()


class _Drawings:
    """The drawings of activations, each of which is called once."""

    def __init__(self) -> None:
        self._known: dict[object, Drawing | str] = {}

    def find(self, activation: object) -> tuple[Drawing | None, str]:
        """Return the drawing of an activation, or None and why there is none."""
        key = activation if isinstance(activation, str) else id(activation)  # which a layer of the model holds
        if key not in self._known:
            self._known[key] = draw(activation)
        found = self._known[key]
        return (None, found) if isinstance(found, str) else (found, "")


def _make_layer(
    number: int,
    spot: Spot,
    row: LayerRow,
    model: keras.Model,
    drawings: _Drawings,
    findings: Iterable[FindingEntry],
) -> LayerEntry:
    held = zip(find_held(spot), row.activations, strict=True)
    activations = [entry for one, shown in held for entry in _make_activations(one, shown, drawings)]
    if isinstance(spot.layer, _ITSELF):
        activations.append(_make_activation("", spot.layer, None, drawings))
    return LayerEntry(
        number=number,
        name=printable(row.path.removeprefix(f"{model.name}/")),
        kind=printable(row.kind),
        details=tuple(_list_details(row)),
        activations=tuple(activations),
        findings=tuple(findings),
    )


def _list_details(row: LayerRow) -> Iterator[str]:
    if row.output_shape is not None:
        yield row.output_shape
    yield "not built" if row.weights is None else f"{row.weights:,} weights"
    if row.policy != "float32":
        yield f"dtype policy {printable(row.policy)}"


def _make_activations(held: Held, row: ActivationRow, drawings: _Drawings) -> Iterator[ActivationEntry]:
    """Yield an entry for each activation in a field, which may be a container of several."""
    parts = flatten(held.value)
    for place, one in enumerate(parts):
        field = row.field if len(parts) == 1 else f"{row.field}[{place}]"
        yield _make_activation(field, one, row, drawings)


def _make_activation(field: str, activation: object, row: ActivationRow | None, drawings: _Drawings) -> ActivationEntry:
    drawing, reason = drawings.find(activation)
    return ActivationEntry(
        field=printable(field),
        text=name_activation(activation),
        drawing=drawing,
        reason=printable(reason),
        shared=None if row is None else row.shared,
        notes=tuple(_list_notes(None if drawing is None else drawing.spread, row)),
        is_lost=row is not None and row.lost is not None,
    )


def _list_notes(spread: Spread | None, row: ActivationRow | None) -> Iterator[str]:
    if spread is not None:
        yield describe_spread(spread)
    elif row is not None and row.weights:
        yield f"{row.weights:,} weights"
    for policy in () if row is None else row.policies:
        yield f"computes in {printable(policy)}"


def _place(findings: Iterable[ModelFinding], numbers: Mapping[str, int]) -> dict[int | None, list[FindingEntry]]:
    """Return the findings by the number of their layer, or None for the whole model."""
    placed: dict[int | None, list[FindingEntry]] = {}
    for finding in findings:
        number = numbers.get(finding.path)
        placed.setdefault(number, []).append(_make_finding(finding, number))
    return placed


def _make_finding(finding: ModelFinding, number: int | None) -> FindingEntry:
    field = "" if finding.field is None else f": {finding.field}={finding.value}"
    back = "" if finding.came_back is None else f". It would come back as {finding.came_back}"
    return FindingEntry(
        code=finding.code or "",
        severity="error",
        place=printable(f"{finding.path}{field}", LONGEST_TEXT),
        text=printable(f"{finding.reason}{back}", LONGEST_TEXT),
        path="",
        cure=printable_lines(finding.cure, LONGEST_TEXT),
        note=f"on the ways back: {', '.join(finding.ways)}",
        layer=number,
    )
