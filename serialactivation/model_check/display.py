"""A summary of a model, shown as a table: as text, and as HTML in notebooks."""

import io
from collections.abc import Iterator
from typing import Final, Literal

import attrs
from rich.console import Console
from rich.table import Table
from rich.text import Text

from serialactivation.errors.lost import ModelFinding
from serialactivation.model_check.rows import ActivationRow, LayerRow

__all__ = ["ModelSummary"]

_COLUMNS: Final = ("Layer", "Output shape", "Weights", "Dtype policy", "Activations")
_NUMBERS: Final = ("Weights",)
_WIDTH: Final = 110
_FUNCTIONS: Final = "keras.activations."
_HTML: Final = '<pre style="white-space:pre;overflow-x:auto;line-height:normal">{code}</pre>'


@attrs.frozen(kw_only=True, repr=False)
class ModelSummary:
    """The layers of a model with their activations; ``print`` and notebooks show it as a table.

    Attributes:
        model: Name of the model.
        kind: The name of its class.
        layers: The layers, in the order of the model.
        findings: What would be lost of single layers and activations, in a ``.keras`` file.
    """

    model: str
    kind: str
    layers: tuple[LayerRow, ...]
    findings: tuple[ModelFinding, ...]

    def __str__(self) -> str:
        text = self._record(color_system=None).export_text()
        return "\n".join(line.rstrip() for line in text.splitlines())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self._record(color_system="truecolor").export_html(inline_styles=True, code_format=_HTML)

    def _record(self, color_system: Literal["truecolor"] | None) -> Console:
        console = Console(file=io.StringIO(), width=_WIDTH, color_system=color_system, record=True)
        console.print(Text(f"{self.kind} {self.model!r}", style="bold"))
        console.print(_make_table(self))
        for finding in self.findings:
            console.print(Text(f"LOST: {finding}"))
        return console


def _make_table(summary: ModelSummary) -> Table:
    """Return the table; names are texts, in which a square bracket has no meaning."""
    table = Table()
    for column in _COLUMNS:
        table.add_column(column, justify="right" if column in _NUMBERS else "left", overflow="fold")
    for row in summary.layers:
        activations = Text("\n").join(map(_show_activation, row.activations))
        table.add_row(*map(Text, _show_layer(row, summary.model)), activations)
    return table


def _show_layer(row: LayerRow, model: str) -> tuple[str, str, str, str]:
    name = f"{row.path.removeprefix(f'{model}/')} ({row.kind})"
    weights = "not built" if row.weights is None else f"{row.weights:,}"
    return name, row.output_shape or "?", weights, row.policy


def _show_activation(row: ActivationRow) -> Text:
    shown = Text(f"{row.field}={row.value.replace(_FUNCTIONS, '')}")
    for note in _list_notes(row):
        shown.append(f", {note}", style="dim")
    if row.lost is not None:
        shown.append(" LOST", style="bold red")
    return shown


def _list_notes(row: ActivationRow) -> Iterator[str]:
    if row.shared is not None:
        yield f"shared #{row.shared}"
    if row.weights:
        yield f"{row.weights:,} weights"
    for policy in row.policies:
        yield f"computes in {policy}"
