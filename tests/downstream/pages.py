"""The page of the layers that nobody here wrote: what survives in each package, and what does not, and why."""

import collections
import importlib.metadata
import json
import pathlib

import keras

from serialactivation.testing import PROMISES
from tests.downstream.measure import CASES, Measured, Outcomes
from tests.downstream.packages import PACKAGES, load
from tests.downstream.rows import Broken, Package, Row, split_name
from tests.downstream.subclasses import FORMS

__all__ = ["render"]

KINDS = ("kept", "refused", "different", "fails")

HEAD = """# What survives in layers of other packages

This page is written by `nox -s downstream`, from the layers of packages on PyPI; do not edit it. [Keras's own layers](../survival.md).

The page covers every public layer class of these packages that takes an activation, but no whole models.
Each class is measured twice, as a user of the package could use it: as a subclass that is only registered with Keras, and as a subclass that is decorated with `serialactivation.serializable_activation`.
The packages themselves are not changed.
Each activation argument of each class is given {cases}, one at a time, and the layer is checked against the promises of [`serialactivation.testing`](../reference/testing.md).
A check is one promise, one argument and one activation.
Loading in a new process is not measured here; the tests do that for one layer of each package.

| sign | meaning |
|---|---|
| kept | comes back, and computes the same |
| refused | refused with an `ActivationError`, which says what to do |
| different | **computes something else, silently** |
| fails | fails when it is made, saved or loaded |

## By package

Keras {version}.

| package | backend | layer classes | measured | | kept | refused | different | fails | classes that keep all |
|---|---|---|---|---|---|---|---|---|---|
"""

LABELS = {"plain": "as they are", "decorated": "decorated"}


def render(folder: pathlib.Path) -> str:
    """Return the page of what was measured, package by package, in *folder*."""
    packages = [load(name) for name in PACKAGES if (folder / f"{name}.json").exists()]
    measured = {package.name: _read(folder, package) for package in packages}
    cases = ", ".join(f"a {case.name}" if case.name[0] not in "aeiou" else f"an {case.name}" for case in CASES)
    lines = [HEAD.format(cases=cases, version=keras.__version__) + "\n".join(_render_totals(packages, measured))]
    lines += [
        "",
        *_render_shares(measured),
        *_render_promises(measured),
        *_render_broken(packages, measured),
        *_render_unbuilt(packages),
    ]
    return "\n".join(lines)


def _read(folder: pathlib.Path, package: Package) -> Measured:
    """Return what was measured of the rows that are there, for the activations that are given now."""
    found: Measured = json.loads((folder / f"{package.name}.json").read_text())
    cases = tuple(f"-{case.name}" for case in CASES)
    return {
        row.path: {
            form: {name: one for name, one in found[row.path][form].items() if name.endswith(cases) or _is_alone(name)}
            for form in FORMS
        }
        for row in package.rows
        if row.path in found
    }


def _is_alone(check: str) -> bool:
    """Return whether a check is not of one activation alone."""
    return check.startswith("refusal")


def _render_totals(packages: list[Package], measured: dict[str, Measured]) -> list[str]:
    lines = []
    for package in packages:
        version = importlib.metadata.version(package.distribution)
        built = [row for row in package.rows if row.path in measured[package.name]]
        facts = f"| {package.distribution} {version} | {PACKAGES[package.name]} | {len(package.rows)} | {len(built)} |"
        for form in FORMS:
            lines.append(f"{facts} {_render_counts([measured[package.name]], form)} |")
            facts = "| | | | |"
    all_rows = sum(len(package.rows) for package in packages)
    facts = f"| **all** | | {all_rows} | {sum(map(len, measured.values()))} |"
    for form in FORMS:
        lines.append(f"{facts} {_render_counts(list(measured.values()), form)} |")
        facts = "| | | | |"
    return lines


def _render_counts(several: list[Measured], form: str) -> str:
    layers = [forms[form] for measured in several for forms in measured.values()]
    counts = _count(layers)
    total = sum(counts.values())
    shares = [f"{counts[kind]} ({100 * counts[kind] / total:.0f} %)" for kind in KINDS]
    whole = sum(set(outcomes.values()) == {"kept"} for outcomes in layers)
    return f"{LABELS[form]} | {' | '.join(shares)} | {whole} of {len(layers)}"


def _count(layers: list[Outcomes]) -> collections.Counter[str]:
    return collections.Counter(outcome.split(":")[0] for outcomes in layers for outcome in outcomes.values())


def _render_shares(measured: dict[str, Measured]) -> list[str]:
    """Tell how much of what a decorated layer does not keep is no matter of activations."""
    kinds: collections.Counter[tuple[str, bool]] = collections.Counter()
    for layers in measured.values():
        for forms in layers.values():
            for name, outcome in forms["decorated"].items():
                case = split_name(name)[1]
                named = name.removesuffix(case) + "name"
                if outcome != "kept":
                    kinds[outcome.split(":")[0], forms["plain"].get(named, "kept") != "kept"] += 1
    facts = [
        f"{kinds[kind, True]} of the {kinds[kind, True] + kinds[kind, False]} that are {label}"
        for kind, label in (("refused", "refused"), ("different", "different"), ("fails", "failing"))
    ]
    return [
        "Many of the promises that a decorated layer does not keep are also broken by the layer as it is when that argument is a *name*: "
        + ", ".join(facts)
        + ".",
        "",
    ]


def _render_promises(measured: dict[str, Measured]) -> list[str]:
    lines = ["## By promise", "", "| promise | checks | kept as they are | kept when decorated |", "|---|---|---|---|"]
    for promise in PROMISES:
        counts = {form: _count(_pick(measured, form, promise.name)) for form in FORMS}
        if total := sum(counts["plain"].values()):
            kept = [f"{counts[form]['kept']} ({100 * counts[form]['kept'] / total:.0f} %)" for form in FORMS]
            lines.append(f"| {promise.name} | {total} | {' | '.join(kept)} |")
    return [*lines, ""]


def _pick(measured: dict[str, Measured], form: str, promise: str) -> list[Outcomes]:
    return [
        {name: outcome for name, outcome in forms[form].items() if split_name(name)[0] == promise}
        for layers in measured.values()
        for forms in layers.values()
    ]


def _render_broken(packages: list[Package], measured: dict[str, Measured]) -> list[str]:
    lines = [
        "## What a decorated layer does not keep, and why",
        "",
        "The last column says whether the layer as it is also breaks the promises with a *name* as its activation, for the promises that are checked with one.",
        "If it does, the activation is not the cause.",
        "",
        "| package | class | promises | given | checks | why | as it is, with a name |",
        "|---|---|---|---|---|---|---|",
    ]
    for package in packages:
        for row in package.rows:
            forms = measured[package.name].get(row.path)
            lines += [_render_reason(package, row, forms, broken) for broken in (row.broken if forms else ())]
    return [*lines, ""]


def _render_reason(package: Package, row: Row, forms: dict[str, Outcomes], broken: Broken) -> str:
    names = [name for name, outcome in forms["decorated"].items() if outcome != "kept" and broken.covers(name)]
    named = {split_name(name)[0]: outcome for name, outcome in forms["plain"].items() if split_name(name)[1] == "name"}
    theirs = {named[promise] != "kept" for name in names if (promise := split_name(name)[0]) in named}
    as_it_is = "broken too" if theirs == {True} else "in part broken too" if True in theirs else "kept"
    facts = [", ".join(broken.promises or ["all"]), ", ".join(broken.cases or ["any"]), str(len(names)), broken.reason]
    return f"| {package.distribution} | `{row.name}` | {' | '.join(facts)} | {as_it_is} |"


def _render_unbuilt(packages: list[Package]) -> list[str]:
    lines = ["## Classes that were not measured", "", "| package | class | why |", "|---|---|---|"]
    lines += [
        f"| {package.distribution} | `{row.name}` | {row.unbuildable} |"
        for package in packages
        for row in package.rows
        if row.unbuildable is not None
    ]
    return [*lines, ""]
