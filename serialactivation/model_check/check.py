"""Checks a model in memory: it goes the ways back for real."""

import pathlib
import tempfile
from collections.abc import Iterable, Iterator

import attrs
import keras

from serialactivation import errors
from serialactivation.catalog.near_names import find_near, suggest_names
from serialactivation.codec.silence import looking
from serialactivation.errors.lost import ModelFinding
from serialactivation.keras_api.other_process import ProcessError
from serialactivation.keras_api.scopes import contained
from serialactivation.keras_api.untouched import keeping_global_state, with_values
from serialactivation.model_check.activations.places import Spot
from serialactivation.model_check.differences import find_differences, find_unbuilt
from serialactivation.model_check.failures import find_reasons
from serialactivation.model_check.findings import make_finding
from serialactivation.model_check.journey.compare import find_difference
from serialactivation.model_check.journey.new_process import READ_ELSEWHERE, cure_elsewhere, load_elsewhere
from serialactivation.model_check.journey.subject import FAILURES, Subject, build, prepare
from serialactivation.model_check.journey.ways import WAYS, NotTried
from serialactivation.model_check.report import ModelReport, keep_model

__all__ = ["check_model", "read_ways"]


@contained
def check_model(
    model: keras.Model, data: object = None, *, ways: Iterable[str] = ("keras",), new_process: bool = False
) -> ModelReport:
    """Return what of a *model* would not come back from where it is saved.

    The model is written and read again with Keras's own functions, with other values for its weights than the initial
    ones; what comes back is compared: activations, weights, sharing, dtypes, and outputs with a tolerance of 1e-6. Any
    model can be checked: of Keras's own layers, of other packages' and of this one's; Sequential, Functional or
    subclassed; compiled or not. *model* itself is not changed: not its weights, nor the states of its random
    generators, its optimizer or its losses.

    A model with a layer that is not built is built with a call on *data*; without data, it is not run, and only its
    config and its activations are compared.

    Args:
        model: The model.
        data: Inputs, as ``model(data)`` takes them, of which the first samples are used; by default, random numbers of
            the shapes that the model was built for.
        ways: The ways back: ``keras`` and ``h5`` for files, ``json``, ``clone`` for ``keras.models.clone_model``,
            ``weights`` for ``save_weights`` and ``load_weights``, and ``pickle``.
        new_process: Whether another process reads the model, too, which imports only the modules that define its
            layers and activations: a function that is registered in a notebook is not known there. For all ways but
            ``clone`` and ``weights``.

    Raises:
        SettingsError: A way has another name.
    """
    names = read_ways(ways)
    build(model, data)
    with keeping_global_state(), looking():
        subject = prepare(model, data)
        found = [finding for name in names for finding in _try_way(subject, name, elsewhere=new_process)]
    report = ModelReport(
        model=model.name,
        kind=type(model).__name__,
        ways=names,
        findings=tuple(_merge(found)),
        was_run=subject.inputs is not None,
        how_far=subject.how_far,
    )
    return keep_model(report, model)


def read_ways(ways: Iterable[str]) -> tuple[str, ...]:
    """Return the names of ways back.

    Raises:
        SettingsError: One is unknown.
    """
    names = (ways,) if isinstance(ways, str) else tuple(ways)
    for name in names:
        if name not in WAYS:
            near = suggest_names(find_near(name, WAYS), WAYS)
            raise errors.SettingsError("ways", f"{name!r} is not the name of a way back.\n{near}")
    return names


def _try_way(subject: Subject, name: str, *, elsewhere: bool) -> list[ModelFinding]:
    """Return what is lost on one way, to another process, too, if it leads *elsewhere*."""
    way, stage = WAYS[name], "save"
    with tempfile.TemporaryDirectory() as folder:
        try:
            with with_values(subject.values):
                way.write(subject.model, pathlib.Path(folder))
            stage = "load"
            back = way.read(subject.model, pathlib.Path(folder))
        except NotTried:
            return find_unbuilt(subject.model, name)
        except FAILURES as error:
            return find_reasons(subject.model, name, stage, error)
        found = find_differences(subject, back, name)
        if found or not elsewhere or name not in READ_ELSEWHERE:
            return found
        return list(_try_elsewhere(subject, name, pathlib.Path(folder)))


def _try_elsewhere(subject: Subject, name: str, folder: pathlib.Path) -> Iterator[ModelFinding]:
    """Yield what another process fails at that reads the model."""
    whole = Spot(subject.model, subject.model.name)
    cure = cure_elsewhere(subject.model)
    try:
        outputs, failure = load_elsewhere(subject, name, folder)
    except ProcessError as error:
        outputs, failure = None, str(error)
    if failure:
        yield make_finding(whole, name, "model", f"another process does not load it ({failure})", cure)
    elif outputs is not None and (difference := find_difference(outputs, subject.outputs)) is not None:
        yield make_finding(whole, name, "output", f"in another process, it computes something else: {difference}", cure)


def _merge(findings: Iterable[ModelFinding]) -> Iterator[ModelFinding]:
    """Yield each of *findings* once, with all its ways."""
    merged: dict[tuple[object, ...], ModelFinding] = {}
    for one in findings:
        key = (one.kind, one.path, one.field, one.value, one.came_back, one.code, one.cure)
        first = merged.setdefault(key, one)
        if first is not one:
            merged[key] = attrs.evolve(first, ways=(*first.ways, *one.ways))
    yield from merged.values()
