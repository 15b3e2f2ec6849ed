"""Checks of a layer's behavior apart from files."""

import functools
import pathlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import keras
import numpy as np

from serialactivation import errors
from serialactivation.codec.codec import get
from serialactivation.testing.authors_hooks import chooses, resolve, resolves
from serialactivation.testing.cases import ActivationCase
from serialactivation.testing.check_errors import Broken
from serialactivation.testing.compare import compare
from serialactivation.testing.numbers import compute
from serialactivation.testing.round_trips import check_keras_file
from serialactivation.testing.subject import Factory, Subject
from serialactivation.typing import ActivationLike

__all__ = ["check_construction", "check_dtype_policy", "check_refusal", "check_sharing", "check_state", "check_trace"]


def check_construction(subject: Subject, case: ActivationCase) -> None:
    """Compare the callable in the attribute of the argument's name with the given activation.

    Raises:
        Broken: The attribute computes something else.
    """
    given = case.make()
    layer = subject.make(given)
    held: object = getattr(layer, subject.field, None)
    meant = resolve(layer, subject.field, given) if resolves(layer, subject.field) else given
    if not callable(held) or held is meant:
        return
    numbers = np.random.default_rng(7).normal(size=(3, 4)).astype("float32")
    sample = keras.ops.convert_to_tensor(numbers)
    expected = get(cast("ActivationLike", meant))(sample)
    compare([keras.ops.convert_to_numpy(held(sample))], [keras.ops.convert_to_numpy(expected)])


def check_sharing(subject: Subject, case: ActivationCase) -> None:
    """Save two layers that share one activation, and load them.

    Raises:
        Broken: The loaded layers do not share it, or compute something else.
    """
    activation = case.make()
    model, inputs = subject.make_called(activation, activation), subject.make_inputs()
    expected = compute(model, inputs)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.keras"
        model.save(path)
        back = keras.models.load_model(path)
    if len(back.variables) != len(model.variables):
        raise Broken(f"the model has {len(model.variables)} variables before the load, and {len(back.variables)} after")
    if _count_activations(model, subject) == 1 and _count_activations(back, subject) != 1:
        raise Broken("the two layers hold one activation before the load, and two after it")
    compare(compute(back, inputs), expected)


def _count_activations(model: keras.Model, subject: Subject) -> int:
    return len({id(getattr(layer, subject.field)) for layer in model.layers if hasattr(layer, subject.field)})


def check_dtype_policy(subject: Subject, case: ActivationCase) -> None:
    """Make, save and load a layer under ``mixed_bfloat16``.

    Raises:
        Broken: Its outputs have another dtype than with the default activation, or the loaded layer computes something
            else.
    """
    inputs = subject.make_inputs()
    with _policy("mixed_bfloat16"), tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.keras"
        wanted = _find_dtypes(subject.make_model(subject.factory()), inputs)
        model = subject.make_called(case.make())
        expected = compute(model, inputs)
        model.save(path)
        back = keras.models.load_model(path)
        for one, when in ((model, ""), (back, " after a load")):
            if (found := _find_dtypes(one, inputs)) != wanted:
                raise Broken(f"its outputs are {', '.join(found)}{when}, and {', '.join(wanted)} with its default")
        compare(compute(back, inputs), expected)


@contextmanager
def _policy(name: str) -> Iterator[None]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _find_dtypes(model: keras.Model, inputs: object) -> list[str]:
    outputs: list[keras.KerasTensor] = keras.tree.flatten(model(inputs))
    return [keras.backend.standardize_dtype(output.dtype) for output in outputs]


def check_state(subject: Subject, case: ActivationCase) -> None:
    """Count a model's variables before and after its first call.

    Raises:
        Broken: The variables of the activation are missing, or are made by the call.
    """
    plain = _count_without_activation(subject)
    model = subject.make_model(subject.make(case.make()))
    before = len(model.variables)
    compute(model, subject.make_inputs())
    after = len(model.variables)
    if before <= plain:
        raise Broken(f"the model has {before} variables before it is called, as many as without the activation")
    if after != before:
        raise Broken(f"the model has {before} variables before it is called, and {after} after it")


def _count_without_activation(subject: Subject) -> int:
    """Return the number of a layer's variables without those of its default activation."""
    layer = subject.factory()
    model = subject.make_model(layer)
    compute(model, subject.make_inputs())  # the call also builds the default activation
    held = getattr(layer, subject.field, None)
    return len(model.variables) - (len(held.variables) if isinstance(held, keras.Layer) else 0)


def check_refusal(subject: Subject) -> None:
    """Give a layer activations that stock Keras cannot restore.

    Raises:
        Broken: The layer accepts one that its hooks do not restore either, or the refusal does not name the argument.
    """
    is_own = chooses(type(subject.factory()), subject.field)

    def local(x: object) -> object:
        return x

    for what, activation in (("a lambda", lambda x: x), ("a local function", local)):
        try:
            subject.make(activation)
        except errors.ActivationError as error:
            if subject.field not in str(error) and not is_own:  # an author's hook may have its own message
                raise Broken(f"{what} is refused without the argument's name: {error}") from error
        else:
            _check_return(subject, ActivationCase(what, functools.partial(_give, activation)), is_own=is_own)


def _give(activation: object) -> object:
    return activation


def _check_return(subject: Subject, case: ActivationCase, *, is_own: bool) -> None:
    """Check that an accepted activation comes back from a saved model, which the layer's own hooks may do."""
    reason = f"{case.name} is accepted, and a saved model would not restore it"
    if not is_own:
        raise Broken(reason)
    try:
        check_keras_file(subject, case)
    except (Broken, errors.ActivationError, *errors.READ_ERRORS) as error:
        raise Broken(reason) from error


def check_trace(subject: Subject, case: ActivationCase, stock: Factory) -> None:
    """Compare JAX's trace of a layer with the trace of the same layer without this package.

    Raises:
        Broken: The traces differ.
    """
    traces = []
    for factory in (subject.factory, stock):
        model = subject.make_model(factory(**{subject.field: case.make()}))
        compute(model, subject.make_inputs())  # the call builds the activation, in stock Keras too
        traces.append(_trace(model, subject.make_inputs()))
    if traces[0] != traces[1]:
        raise Broken(
            f"JAX traces {traces[0].count(' = ')} operations, and {traces[1].count(' = ')} without this package"
        )


def _trace(model: keras.Model, inputs: object) -> str:
    import jax

    def call(trainable: list[object], non_trainable: list[object], tensors: object) -> object:
        return model.stateless_call(trainable, non_trainable, tensors)[0]

    trainable = [variable.value for variable in model.trainable_variables]
    non_trainable = [variable.value for variable in model.non_trainable_variables]
    return str(jax.make_jaxpr(call)(trainable, non_trainable, inputs))
