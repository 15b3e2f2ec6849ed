"""The page of the published models."""

import collections
import re
from collections.abc import Iterable

import keras

from tests.published.survey import Surveyed

__all__ = ["render"]

_HEAD = """# Published models

This page is written by `nox -s published`, from models in packages on PyPI; do not edit it.

Stock Keras {version} loaded and called each model, `serialactivation check` examined it, and `serialactivation repair`
repaired it; stock Keras then loaded and called the repaired model.
The last column compares the output of the repaired model with that of the original in Keras 2 (`tf_keras`), on random
inputs: it is the largest difference, divided by the largest output.

| package | models | stock Keras | `check` says | stock Keras, after `repair` | largest difference |
|---|---|---|---|---|---|
"""

_NOTHING = "-"

_MOST = 110  # characters of an error


def render(surveyed: Iterable[Surveyed]) -> str:
    """Return the page; models of a package with the same results share a row."""
    rows = collections.defaultdict(list)
    for one in surveyed:
        rows[one.package, _say_stock(one), _say_check(one), _say_repaired(one)].append(one.difference)
    lines = [
        f"| {package} | {len(differences)} | {stock} | {check} | {repaired} | {_say_largest(differences)} |\n"
        for (package, stock, check, repaired), differences in rows.items()
    ]
    return _HEAD.format(version=keras.__version__) + "".join(lines)


def _say_stock(one: Surveyed) -> str:
    return "only weights" if one.verdict is None else _say_error(one.stock)


def _say_error(error: str) -> str:
    if not error:
        return "loads"
    cause = error.rpartition("Exception encountered: ")[2]
    said = re.sub(r"^\w+: ", "", cause).split(". ")[0]
    short = said if len(said) <= _MOST else f"{said[:_MOST]}…"
    return "fails: " + short.replace("|", r"\|").replace("<", "&lt;")


def _say_check(one: Surveyed) -> str:
    if one.verdict is None:
        return "weights"
    return f"{one.verdict.value} ({', '.join(one.codes)})" if one.codes else one.verdict.value


def _say_repaired(one: Surveyed) -> str:
    if one.repaired is None:
        return _NOTHING
    return _say_error(one.repaired)


def _say_largest(differences: Iterable[float | None]) -> str:
    known = [one for one in differences if one is not None]
    return f"{max(known):.1e}" if known else _NOTHING
