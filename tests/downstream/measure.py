"""What becomes of each check of a layer, plain and decorated."""

import functools
import json
import pathlib
from collections.abc import Callable, Iterator

import keras

import serialactivation as sa
from serialactivation import testing
from serialactivation.testing.cases import USUAL
from tests.downstream.rows import Package, Row
from tests.downstream.subclasses import FORMS, find_class

__all__ = ["CASES", "Measured", "Outcomes", "make_checks", "make_factory", "measure", "run"]

CASES = [case for case in USUAL if case.name != "function"]
"""What each layer is given: a function of ``keras.activations`` is stored by its name, and is the name once more."""

Outcomes = dict[str, str]
"""By the name of a check: ``kept``, or how it is broken, and why."""

Measured = dict[str, dict[str, Outcomes]]
"""By the path of a class, and by its form: plain, or decorated."""


def make_factory(package: Package, row: Row, form: str) -> Callable[..., keras.layers.Layer]:
    """Return what makes a layer of the class."""
    factory = functools.partial(find_class(package, row, form), **row.arguments, **row.given)
    return functools.partial(_make_named, factory) if row.named else factory


def _make_named(factory: Callable[..., keras.layers.Layer], **activations: object) -> keras.layers.Layer:
    return factory(name=f"layer_{keras.backend.get_uid('layer')}", **activations)


def make_checks(package: Package, row: Row, form: str) -> list[testing.LayerCheck]:
    """Return the checks of one class, but for the new process: each would import the whole package once more."""
    checks = testing.layer_checks(
        make_factory(package, row, form),
        input_shape=row.shape,
        input_dtype=row.dtype,
        call=row.call,
        fields=row.fields,
        activations=CASES,
    )
    return [check for check in checks if check.promise.name != "new_process"]


def run(checks: list[testing.LayerCheck]) -> Iterator[tuple[str, str]]:
    """Run checks, and yield the name of each with what becomes of it."""
    for check in checks:
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(0)
        try:
            check()
        except sa.errors.PromiseBrokenError as error:
            yield str(check), _describe(error)
        else:
            yield str(check), "kept"


def _describe(error: sa.errors.PromiseBrokenError) -> str:
    reason = " ".join(error.reason.split())
    if isinstance(error.__cause__, sa.ActivationError):
        return f"refused: {reason}"
    return f"different: {reason}" if "computes something else" in reason else f"fails: {reason}"


def measure(package: Package, path: pathlib.Path) -> None:
    """Run every check of a package, and leave what becomes of them in a file, class by class.

    What a file has already is not measured again.
    """
    found: Measured = json.loads(path.read_text()) if path.exists() else {}
    for row in package.rows:
        if row.unbuildable is None and row.path not in found:
            found[row.path] = {form: dict(run(make_checks(package, row, form))) for form in FORMS}
            path.write_text(json.dumps(found, indent=1))
