"""The figures in the page that a user reads, ``docs/performance.md``: a few lines out of the tables of all."""

import re
from collections.abc import Iterator, Mapping

from benchmarks.rows import Row

__all__ = ["write_summary"]

STEPS = {
    "make": "make a model",
    "save, `model.save`": "save it, with `model.save`",
    "save, `sa.save_model`": "save it, with `sa.save_model`",
    "load, `keras.models.load_model`": "load it, with `keras.models.load_model`",
    "load, `sa.load_model`": "load it, with `sa.load_model`",
    "clone, `sa.clone_model`": "clone it, with `sa.clone_model`",
    "to JSON, `sa.model_to_json`": "write it as JSON, with `sa.model_to_json`",
    "from JSON, `sa.model_from_json`": "make it from JSON, with `sa.model_from_json`",
}
EXAMPLE = "MLP, 900 layers, `LeakyReLU`: "
# What a row is of, and what it is compared with.
OTHERS = {
    "`import keras`, and then `import serialactivation`": ("`import serialactivation`", "`import keras`"),
    "`check_model` of a ConvNet of 50 layers, layers: stock": (
        "`sa.check_model` of a ConvNet of 50 layers",
        "one save and one load",
    ),
    "`serialactivation check` of a small model": ("`serialactivation check` of a small model", "`import keras`"),
    "`serialactivation repair` of it": ("`serialactivation repair` of a small model", "`import keras`"),
    "`serialactivation lint` of a line": ("`serialactivation lint` of one line", "`import keras`"),
    "`repair` of 1 GiB, the config as long: the command, beside `cp`": ("`serialactivation repair` of 1 GiB", "`cp`"),
}
MODELS_HEAD = "| what you do | stock Keras | with this package | ratio, all models |\n|---|---|---|---|\n"
OTHERS_HEAD = "| what you run | time | compared with | ratio |\n|---|---|---|---|\n"


def write_summary(page: str, rows: Mapping[str, Row], measured: str) -> str:
    """Return the *page* with its figures written anew.

    Args:
        page: What the page says; a table is known by its head.
        rows: The rows of the tables by what they measured; what is not there is left out.
        measured: What whole models were measured with.
    """
    for head, lines in ((MODELS_HEAD, _list_models(rows)), (OTHERS_HEAD, _list_others(rows))):
        before, _, after = page.partition(head)
        page = "".join([before, head, *(f"{line}\n" for line in lines), "\n", after.partition("\n\n")[2]])
    return re.sub(r"^Measured with .*?\n\n", f"{measured}\n\n", page, flags=re.MULTILINE | re.DOTALL)


def _list_models(rows: Mapping[str, Row]) -> Iterator[str]:
    for step, what in STEPS.items():
        ratios = [float(row.ratio.split()[0]) for name, row in rows.items() if name.endswith(f": {step}")]
        example = rows.get(EXAMPLE + step)
        if example is not None:
            stock, ours = (re.match(r"[\d.]+ s", cell) for cell in (example.stock, example.ours))
            seconds = (found[0] if found else "" for found in (stock, ours))
            yield f"| {what} | {' | '.join(seconds)} | {min(ratios):.2f} to {max(ratios):.2f} |"


def _list_others(rows: Mapping[str, Row]) -> Iterator[str]:
    for name, (what, other) in OTHERS.items():
        row = rows.get(name)
        if row is not None:
            yield f"| {what} | {row.ours} | {other}: {row.stock} | {row.ratio.partition(' ')[0]} |"
