"""The checks of a layer: each promise, held for each activation."""

import functools
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import attrs
import keras

from serialactivation import errors
from serialactivation.catalog.near_names import find_near, say_near
from serialactivation.keras_api.tracing import BACKEND_ERRORS
from serialactivation.layer.fields import activation_fields
from serialactivation.testing import behavior, elsewhere, extent, promises, ways
from serialactivation.testing.broken import Broken, NotTried
from serialactivation.testing.cases import ActivationCase, settle_cases
from serialactivation.testing.hooked import chooses
from serialactivation.testing.promises import Promise
from serialactivation.testing.subject import Call, Dtypes, Factory, Shapes, Subject

__all__ = ["LayerCheck", "check_layer", "layer_checks"]

_ForOne: TypeAlias = Callable[[Subject, ActivationCase], None]

_FOREIGN_ERRORS: Final[tuple[type[Exception], ...]] = (
    errors.ActivationError,
    *errors.READ_ERRORS,
    *BACKEND_ERRORS,
    AssertionError,
)
"""What a layer may raise while it is checked."""


@attrs.frozen(kw_only=True)
class LayerCheck:
    """One promise, held for one argument of a layer and one activation; call it to check.

    Attributes:
        promise: The promise.
        layer: The layer's class.
        field: The argument.
        activation: What the activation is called, or None where the check is not of one alone.
    """

    promise: Promise
    layer: str
    field: str
    activation: str | None
    _hold: Callable[[], None] = attrs.field(repr=False, eq=False)

    def __str__(self) -> str:
        return "-".join(filter(None, (self.promise, self.field, self.activation)))

    def __call__(self) -> None:
        """Check it.

        A promise that cannot be tried is no failure: a :class:`~serialactivation.errors.PromiseNotTriedWarning` says
        why.

        Raises:
            PromiseBrokenError: The layer does not keep the promise.
        """
        try:
            self._hold()
        except NotTried as error:
            cure = f"Move it into a module and import it from there, or pass skip=[{str(self.promise)!r}]."
            warnings.warn(errors.PromiseNotTriedWarning(self.layer, self.promise, str(error), cure), stacklevel=2)
        except Broken as error:
            raise self._tell(str(error)) from None
        except _FOREIGN_ERRORS as error:
            raise self._tell(f"{type(error).__name__}: {error}") from error

    def _tell(self, reason: str) -> errors.PromiseBrokenError:
        promise = self.promise
        return errors.PromiseBrokenError(
            self.layer, self.field, self.activation, promise, promise.meaning, reason, promise.cure
        )


def check_layer(
    factory: Factory,
    *,
    input_shape: Shapes,
    input_dtype: Dtypes = "float32",
    call: Call | None = None,
    fields: Iterable[str] | None = None,
    activations: Iterable[object] | None = None,
    stock: Factory | None = None,
    full: bool | None = None,
    skip: Iterable[str] = (),
) -> None:
    """Hold a layer to every promise; see :func:`layer_checks`, which makes the checks that are run here.

    Args:
        factory: What makes the layer.
        input_shape: What it is called on.
        input_dtype: The dtype of that.
        call: What calls it on that.
        fields: The arguments that are given activations.
        activations: What they are given.
        stock: What makes the same layer without this package.
        full: Whether it is given rarer activations, too.
        skip: Names of promises that it is not held to.

    Raises:
        ActivationFieldError: The layer has no such argument, or none for an activation.
        SettingsError: There is no promise that *skip* names.
        LayerCheckError: It breaks promises; the error has one :class:`~serialactivation.errors.PromiseBrokenError` for
            each check that fails.
    """
    checks = layer_checks(
        factory,
        input_shape=input_shape,
        input_dtype=input_dtype,
        call=call,
        fields=fields,
        activations=activations,
        stock=stock,
        full=full,
        skip=skip,
    )
    failures = tuple(filter(None, map(_run, checks)))
    if failures:
        raise errors.LayerCheckError(failures[0].layer, len(checks), failures)


def _run(check: LayerCheck) -> errors.PromiseBrokenError | None:
    try:
        check()
    except errors.PromiseBrokenError as error:
        return error
    return None


def layer_checks(
    factory: Factory,
    *,
    input_shape: Shapes,
    input_dtype: Dtypes = "float32",
    call: Call | None = None,
    fields: Iterable[str] | None = None,
    activations: Iterable[object] | None = None,
    stock: Factory | None = None,
    full: bool | None = None,
    skip: Iterable[str] = (),
) -> list[LayerCheck]:
    """Return the checks of a layer, for ``pytest.mark.parametrize(..., ids=str)``.

    Args:
        factory: What makes the layer, a class or ``functools.partial(MyLayer, 4)``: it is called with an activation as
            a keyword, and with none.
        input_shape: The shape of what the layer is called on, batch axis first, or a structure of shapes.
        input_dtype: The dtype of that, or a structure of dtypes like that of the shapes.
        call: What calls the layer on its inputs, such as ``lambda layer, inputs: layer(*inputs)``; by default the layer
            is given them as they are.
        fields: The arguments that are given activations, one at a time; by default all that are found.
        activations: What they are given: activations, or :class:`ActivationCase`; by default a choice of names,
            functions, partials and layers.
        stock: What makes the same layer without this package, such as ``functools.partial(keras.layers.Dense, 4)``;
            with it, what JAX traces of both is held against each other, for activations that it takes.
        full: Whether the default has rarer activations, too; by default what pytest's option
            ``--serialactivation-full`` says.
        skip: Names of promises that it is not held to, such as ``["new_process"]``.

    Raises:
        ActivationFieldError: The layer has no such argument, none for an activation, or one whose own hooks refuse all
            activations of the default.
        SettingsError: There is no promise that *skip* names.
    """
    skipped = _settle_skip(skip)
    cases = settle_cases(activations, full=extent.is_full() if full is None else full)
    checks: list[LayerCheck] = []
    for field in _settle_fields(factory, fields):
        subject = Subject(
            factory=factory, field=field, input_shape=input_shape, input_dtype=input_dtype, call=call, stock=stock
        )
        taken = cases if activations is not None else _choose(subject, cases)
        checks.extend(check for check in _make_checks(subject, taken) if check.promise not in skipped)
    return checks


def _settle_skip(skip: Iterable[str]) -> frozenset[str]:
    """Return the names of promises in *skip*.

    Raises:
        SettingsError: One of them is none.
    """
    if isinstance(skip, str):
        reason = f"a lone text would be read letter by letter. Write skip=[{str(skip)!r}]"
        raise errors.SettingsError("skip", reason)
    names = list(skip)
    for name in names:
        if name not in promises.PROMISES:
            near = say_near(find_near(str(name), promises.PROMISES), map(str, promises.PROMISES))
            raise errors.SettingsError("skip", f"{name!r} is no promise. {near}")
    return frozenset(names)


def _choose(subject: Subject, cases: Sequence[ActivationCase]) -> Sequence[ActivationCase]:
    """Return the cases of the default that a layer takes whose own hooks say which it takes.

    Raises:
        ActivationFieldError: It takes none.
    """
    if not chooses(type(subject.factory()), subject.field):
        return cases
    taken = [case for case in cases if _takes(subject, case)]
    if not taken:
        reason = "its own hooks refuse all activations that it is given by default"
        raise errors.ActivationFieldError(subject.name, subject.field, reason, "Give some that it takes: activations=.")
    return taken


def _takes(subject: Subject, case: ActivationCase) -> bool:
    try:
        subject.make(case.make())
    except (errors.ActivationError, TypeError, ValueError):
        return False
    return True


def _settle_fields(factory: Factory, fields: Iterable[str] | None) -> tuple[str, ...]:
    layer_class = type(factory())
    found = tuple(field.name for field in activation_fields(layer_class))
    asked = found if fields is None else tuple(fields)
    wrong = next((name for name in asked if name not in found), None)
    if wrong is not None or not asked:
        reason = "it is no argument for an activation" if wrong else "it has no argument for an activation"
        cure = "Give what activation_fields of its class tells, or declare it with fields=."
        raise errors.ActivationFieldError(layer_class.__name__, wrong, reason, cure)
    return asked


def _make_checks(subject: Subject, cases: Sequence[ActivationCase]) -> Iterator[LayerCheck]:
    for promise, check, is_meant in _FOR_EACH:
        for case in filter(is_meant, cases):
            yield _make(subject, promise, functools.partial(check, subject, case), case.name)
    yield _make(subject, promises.NEW_PROCESS, functools.partial(elsewhere.check_new_process, subject, cases))
    yield _make(subject, promises.REFUSAL, functools.partial(behavior.check_refusal, subject))
    if subject.stock is not None and keras.config.backend() == "jax":
        for case in cases:
            hold = functools.partial(behavior.check_trace, subject, case, subject.stock)
            yield _make(subject, promises.TRACED_GRAPH, hold, case.name)


def _make(subject: Subject, promise: Promise, hold: Callable[[], None], activation: str | None = None) -> LayerCheck:
    return LayerCheck(promise=promise, layer=subject.name, field=subject.field, activation=activation, hold=hold)


def _any(_: ActivationCase) -> bool:
    return True


_FOR_EACH: Sequence[tuple[Promise, _ForOne, Callable[[ActivationCase], bool]]] = (
    (promises.CONSTRUCTION, behavior.check_construction, _any),
    (promises.CONFIG, ways.check_config, _any),
    (promises.JSON, ways.check_json, _any),
    (promises.KERAS_FILE, ways.check_keras_file, _any),
    (promises.H5_FILE, ways.check_h5_file, _any),
    (promises.WEIGHTS_FILE, ways.check_weights_file, _any),
    (promises.CLONE, ways.check_clone, _any),
    (promises.SHARING, behavior.check_sharing, lambda case: case.is_layer),
    (promises.DTYPE_POLICY, behavior.check_dtype_policy, _any),
    (promises.STATE, behavior.check_state, lambda case: case.has_weights),
)
