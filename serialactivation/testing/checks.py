"""The checks of a layer: each promise with each activation."""

import functools
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import attrs
import keras

from serialactivation import errors
from serialactivation.catalog.near_names import find_near, suggest_names
from serialactivation.keras_api.tracing import BACKEND_ERRORS
from serialactivation.layer.fields import activation_fields
from serialactivation.testing import behavior, extent, new_process, promises, round_trips
from serialactivation.testing.authors_hooks import chooses
from serialactivation.testing.cases import ActivationCase, choose_cases
from serialactivation.testing.check_errors import Broken, NotTried
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
"""The exceptions that a layer may raise while it is checked."""


@attrs.frozen(kw_only=True)
class LayerCheck:
    """The check of one promise for one argument of a layer and one activation; call it to run it.

    ``str(check)`` is its name, such as ``keras_file-activation-partial``.

    Attributes:
        promise: The promise.
        layer: The layer's class.
        field: The argument.
        activation: The name of the activation, or None if the check uses several.
    """

    promise: Promise
    layer: str
    field: str
    activation: str | None
    _hold: Callable[[], None] = attrs.field(repr=False, eq=False)

    def __str__(self) -> str:
        return "-".join(filter(None, (self.promise, self.field, self.activation)))

    def __call__(self) -> None:
        """Run the check.

        A promise that cannot be tried is not a failure: a
        :class:`~serialactivation.errors.PromiseNotTriedWarning` says why.

        Raises:
            PromiseBrokenError: The layer does not keep the promise.
        """
        try:
            self._hold()
        except NotTried as error:
            cure = f"Move it into a module and import it from there, or pass skip=[{str(self.promise)!r}]."
            warnings.warn(errors.PromiseNotTriedWarning(self.layer, self.promise, str(error), cure), stacklevel=2)
        except Broken as error:
            raise self._make_error(str(error)) from None
        except _FOREIGN_ERRORS as error:
            raise self._make_error(f"{type(error).__name__}: {error}") from error

    def _make_error(self, reason: str) -> errors.PromiseBrokenError:
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
    """Run all checks of a layer; see :func:`layer_checks`, which makes them.

    Args:
        factory: Makes the layer.
        input_shape: The shape of the layer's input.
        input_dtype: The dtype of the input.
        call: Calls the layer on the input.
        fields: The arguments to test.
        activations: The activations to test with.
        stock: Makes the same layer without this package.
        full: Whether to test with rarer activations, too.
        skip: Names of promises that are not checked.

    Raises:
        ActivationFieldError: The layer has no such argument, or no argument for an activation.
        SettingsError: *skip* has a name that is not the name of a promise.
        LayerCheckError: The layer breaks promises; the error has one
            :class:`~serialactivation.errors.PromiseBrokenError` for each check that fails.
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
        factory: Makes the layer, such as a class or ``functools.partial(MyLayer, 4)``. It is called with an activation
            as a keyword, and without one.
        input_shape: The shape of the layer's input, batch axis first, or a structure of shapes.
        input_dtype: The dtype of the input, or a structure of dtypes like that of the shapes.
        call: Calls the layer on its inputs, such as ``lambda layer, inputs: layer(*inputs)``; by default, the layer is
            called with the inputs as its first argument.
        fields: The arguments to test, one at a time; by default all activation fields.
        activations: The activations, or :class:`ActivationCase`, to test with; by default a name, a function of
            ``keras.activations`` and one of ``keras.ops``, a partial, a layer, and a layer with weights.
        stock: Makes the same layer without this package, such as ``functools.partial(keras.layers.Dense, 4)``. With it,
            JAX's traces of both layers are compared.
        full: Whether the default has rarer activations, too: a registered function, layer and object, a model, a layer
            whose weights are not trained, and others; by default the value of pytest's option
            ``--serialactivation-full``.
        skip: Names of promises that are not checked, such as ``["new_process"]``.

    If a layer's class or field has its own ``resolve_activation`` or ``validate_activation``, only the default
    activations that it accepts are used. Those in *activations* are always used.

    Raises:
        ActivationFieldError: The layer has no such argument, no argument for an activation, or its own hooks refuse all
            default activations.
        SettingsError: *skip* has a name that is not the name of a promise.
    """
    skipped = _check_skip(skip)
    cases = choose_cases(activations, full=extent.is_full() if full is None else full)
    checks: list[LayerCheck] = []
    for field in _choose_fields(factory, fields):
        subject = Subject(
            factory=factory, field=field, input_shape=input_shape, input_dtype=input_dtype, call=call, stock=stock
        )
        taken = cases if activations is not None else _choose(subject, cases)
        checks.extend(check for check in _make_checks(subject, taken) if check.promise not in skipped)
    return checks


def _check_skip(skip: Iterable[str]) -> frozenset[str]:
    """Return the names of promises in *skip*.

    Raises:
        SettingsError: A name is not the name of a promise.
    """
    if isinstance(skip, str):
        reason = f"it is a single string, not a list of names.\nWrite skip=[{str(skip)!r}]"
        raise errors.SettingsError("skip", reason)
    names = list(skip)
    for name in names:
        if name not in promises.PROMISES:
            near = suggest_names(find_near(str(name), promises.PROMISES), map(str, promises.PROMISES))
            raise errors.SettingsError("skip", f"{name!r} is not the name of a promise.\n{near}")
    return frozenset(names)


def _choose(subject: Subject, cases: Sequence[ActivationCase]) -> Sequence[ActivationCase]:
    """Return the default cases that the layer accepts, if its own hooks decide that.

    Raises:
        ActivationFieldError: The layer accepts none of them.
    """
    if not chooses(type(subject.factory()), subject.field):
        return cases
    taken = [case for case in cases if _takes(subject, case)]
    if not taken:
        reason = "its own hooks refuse all default activations"
        raise errors.ActivationFieldError(
            subject.name, subject.field, reason, "Pass some that it accepts: activations=[...]."
        )
    return taken


def _takes(subject: Subject, case: ActivationCase) -> bool:
    try:
        subject.make(case.make())
    except (errors.ActivationError, TypeError, ValueError):
        return False
    return True


def _choose_fields(factory: Factory, fields: Iterable[str] | None) -> tuple[str, ...]:
    layer_class = type(factory())
    found = tuple(field.name for field in activation_fields(layer_class))
    chosen = found if fields is None else tuple(fields)
    wrong = next((name for name in chosen if name not in found), None)
    if wrong is not None or not chosen:
        reason = "it is not an argument for an activation" if wrong else "it has no argument for an activation"
        cure = "Pass a name that serialactivation.activation_fields(...) finds, or declare the field with fields=."
        raise errors.ActivationFieldError(layer_class.__name__, wrong, reason, cure)
    return chosen


def _make_checks(subject: Subject, cases: Sequence[ActivationCase]) -> Iterator[LayerCheck]:
    for promise, check, is_meant in _FOR_EACH:
        for case in filter(is_meant, cases):
            yield _make(subject, promise, functools.partial(check, subject, case), case.name)
    yield _make(subject, promises.NEW_PROCESS, functools.partial(new_process.check_new_process, subject, cases))
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
    (promises.CONFIG, round_trips.check_config, _any),
    (promises.JSON, round_trips.check_json, _any),
    (promises.KERAS_FILE, round_trips.check_keras_file, _any),
    (promises.H5_FILE, round_trips.check_h5_file, _any),
    (promises.WEIGHTS_FILE, round_trips.check_weights_file, _any),
    (promises.CLONE, round_trips.check_clone, _any),
    (promises.SHARING, behavior.check_sharing, lambda case: case.is_layer),
    (promises.DTYPE_POLICY, behavior.check_dtype_policy, _any),
    (promises.STATE, behavior.check_state, lambda case: case.has_weights),
)
