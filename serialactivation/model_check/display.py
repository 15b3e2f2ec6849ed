"""What is shown of a summary: a table, as text and as HTML."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from serialactivation.model_check.summary import ActivationRow, LayerRow, ModelSummary

__all__ = ["to_html", "to_text"]

_COLUMNS: Final = ("Layer", "Output shape", "Weights", "Dtype policy", "Activations")
_NUMBERS: Final = ("Weights",)
_WIDTH: Final = 110
_FUNCTIONS: Final = "keras.activations."
_HTML: Final = '<pre style="white-space:pre;overflow-x:auto;line-height:normal">{code}</pre>'


def to_text(summary: "ModelSummary") -> str:
    """Return a summary as text."""
    console = Console(file=io.StringIO(), width=_WIDTH, color_system=None)
    return "\n".join(line.rstrip() for line in _record(console, summary).export_text().splitlines())


def to_html(summary: "ModelSummary") -> str:
    """Return a summary as an HTML element."""
    console = Console(file=io.StringIO(), width=_WIDTH, color_system="truecolor")
    return _record(console, summary).export_html(inline_styles=True, code_format=_HTML)


def _record(console: Console, summary: "ModelSummary") -> Console:
    console.record = True
    console.print(Text(f"{summary.kind} {summary.model!r}", style="bold"))
    console.print(_make_table(summary))
    for finding in summary.findings:
        console.print(Text(f"LOST: {finding}"))
    return console


def _make_table(summary: "ModelSummary") -> Table:
    """Return the table; names are texts, in which a square bracket has no meaning."""
    table = Table()
    for column in _COLUMNS:
        table.add_column(column, justify="right" if column in _NUMBERS else "left", overflow="fold")
    for row in summary.layers:
        activations = Text("\n").join(map(_show_activation, row.activations))
        table.add_row(*map(Text, _show_layer(row, summary.model)), activations)
    return table


def _show_layer(row: "LayerRow", model: str) -> tuple[str, str, str, str]:
    name = f"{row.path.removeprefix(f'{model}/')} ({row.kind})"
    weights = "not built" if row.weights is None else f"{row.weights:,}"
    return name, row.output_shape or "?", weights, row.policy


def _show_activation(row: "ActivationRow") -> Text:
    shown = Text(f"{row.field}={row.value.replace(_FUNCTIONS, '')}")
    for note in _list_notes(row):
        shown.append(f", {note}", style="dim")
    if row.lost is not None:
        shown.append(" LOST", style="bold red")
    return shown


def _list_notes(row: "ActivationRow") -> Iterator[str]:
    if row.shared is not None:
        yield f"shared #{row.shared}"
    if row.weights:
        yield f"{row.weights:,} weights"
    for policy in row.policies:
        yield f"computes in {policy}"
