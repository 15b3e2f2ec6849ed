"""The page of the table: what stock Keras and this package do in each cell, on each backend."""

import pathlib
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

import keras

from tests.helpers.processes import ROOT
from tests.stages.activations import ACTIVATIONS

__all__ = ["PAGE", "Outcomes", "read_cells", "write_section"]

PAGE: Final = ROOT / "docs" / "survival" / "stages.md"
_BACKENDS: Final = {"jax": "JAX", "tensorflow": "TensorFlow", "torch": "PyTorch"}
_KINDS: Final = {
    "refused": "refuses it",
    "different before": "differs before the stage, by",
    "different": "differs by",
    "failed before the load": "fails in the stage",
    "failed to come back": "fails in the load",
}
_SIGNS: Final = {"equal": "=", "refused": "refused", "different": "≠", "failed": "✗"}

Outcomes: TypeAlias = Mapping[tuple[str, str], tuple[str, str]]
"""What becomes of a stage and an activation: in stock Keras, and here."""

_HEAD: Final = """# What survives in each stage of a model's life

This page is written by `python -m tests.stages docs/survival/stages.md`, which the nox session `stages` runs on each backend; do not edit it.

A model of `Dense` layers with random weights goes through a stage, such as training with a checkpoint, and another process reads what the stage wrote.
The outputs of the model that was read, and those of its activation alone, are compared with those of the model that went through the stage, with a tolerance of 1e-6.
Before the stage, the outputs of the model are compared with those of the function that was passed.
In each cell, stock Keras is on the left, and serialactivation on the right.

| sign | meaning |
|---|---|
| `=` | computes the same |
| `≠` | **computes something else, silently** |
| `✗` | fails in the stage, or in the load |

- "fit, save, load, fit on": after the save, the saved model and the loaded one are both trained further.
- `quantize`: before Keras 3.16, `Model.quantize` skips a layer whose activation is a layer. For `int8`, `int4` and `float8`, the test then calls the layer's own `quantize`; for `gptq` and `awq`, the layer is not quantized, because only `Model.quantize` calibrates.
- RematScope: on JAX, stock Keras always computes with the weights that an activation had at its first call in the scope.
- OrbaxCheckpoint: stock Keras does not restore the weights of an activation, because the loaded layer makes them only in its first call.
- `gptq` and `awq`: Keras 3.14 and 3.15 write a calibrated layer without its zero points, and cannot load it. The layers of `serialactivation.layers` write the zero points.
- TensorFlow, ONNX Runtime, LiteRT, OpenVINO and PyTorch run the exports, without Keras. OpenVINO cannot convert what JAX exports.
"""


def write_section(outcomes: Outcomes, page: pathlib.Path) -> None:
    """Write the section of the running backend, or replace it, and leave the others."""
    sections = _split(page.read_text()) if page.exists() else {}
    sections[_BACKENDS[keras.config.backend()]] = _render(outcomes)
    texts = [f"## {name}\n{sections[name]}" for name in _BACKENDS.values() if name in sections]
    page.write_text("\n".join([_HEAD, *texts]))


def _split(text: str) -> dict[str, str]:
    """Return the sections of a page by their titles."""
    parts = text.split("\n## ")[1:]
    return {title: rest.rstrip("\n") + "\n" for title, _, rest in (part.partition("\n") for part in parts)}


def _render(outcomes: Outcomes) -> str:
    stages = list(dict.fromkeys(stage for stage, _ in outcomes))
    lines = [
        f"\nKeras {keras.__version__}.\n",
        "| stage | " + " | ".join(f"`{id_}`" if "(" in id_ or "." in id_ else id_ for id_ in ACTIVATIONS) + " |",
        "|---|" + "---|" * len(ACTIVATIONS),
    ]
    for stage in stages:
        cells = [" → ".join(map(_sign, outcomes[stage, id_])) for id_ in ACTIVATIONS]
        lines.append(f"| {stage} | {' | '.join(cells)} |")
    return "\n".join([*lines, *_render_reasons(outcomes), ""])


def _sign(outcome: str) -> str:
    return _SIGNS[re.split(r"[ :]", outcome)[0]]


def _render_reasons(outcomes: Outcomes) -> list[str]:
    """Show what stock Keras says, once for each way in which an activation is lost."""
    lines = ["", "What stock Keras says:", "", "| activation | first stage | outcome |", "|---|---|---|"]
    seen = set()
    for (stage, id_), (stock, _) in outcomes.items():
        kind, _, rest = stock.partition(": ")
        way = (id_, kind, "" if kind.startswith("different") else rest.partition(":")[0])
        if stock != "equal" and way not in seen:
            seen.add(way)
            lines.append(f"| `{id_}` | {stage} | {_say(stock)} |")
    return lines


def _say(outcome: str) -> str:
    """Return *outcome* as the page says it: the largest difference, or the error."""
    kind, _, rest = outcome.partition(": ")
    if kind.startswith("different"):
        largest = max(map(float, re.findall(r" by ([\d.e+-]+)", rest)))
        return f"{_KINDS[kind]} {largest:.1e}"
    return f"{_KINDS[kind]}: {_tidy(rest)}"


def _tidy(error: str) -> str:
    """Return the text of an error without what differs from run to run, or would break the table."""
    plain = re.sub(r"\x1b\[\d+m", "", re.sub(r"0x[0-9a-f]+", "0x...", error))
    return re.sub(r"<([^>]*)>", r"`<\1>`", plain.replace("|", "/"))


def read_cells(text: str) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return the signs of a page by backend, stage and activation."""
    return {
        (backend, stage, activation): tuple(cell.split(" → "))
        for backend, section in _split(text).items()
        for stage, cells in re.findall(r"^\| ([^|]+) \| (.* → .*) \|$", section, re.MULTILINE)
        for activation, cell in zip(ACTIVATIONS, cells.split(" | "), strict=True)
    }
