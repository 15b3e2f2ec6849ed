"""An interrupt at any line of this package leaves nothing behind: what comes after is as if it had not begun."""

import keras
import pytest

import serialactivation as sa
from tests.helpers.processes import run_function

pytestmark = pytest.mark.once


def sample():
    """Print what is seen of interrupts at a few lines of each operation."""
    from tests.interrupts import try_all

    print(try_all(most=4))


def define(parent=keras.layers.Layer):
    """Return a layer class, as one that a module defines."""

    def init(self, units=1, activation=None, **kwargs):
        keras.layers.Layer.__init__(self, **kwargs)
        self.units, self.activation = units, sa.get(activation)

    return type("Interrupted", (parent,), {"__module__": "interrupts", "__qualname__": "Interrupted", "__init__": init})


def inherit(layer_class):
    """Return a subclass that has the mixin."""
    return type("Inherits", (sa.SerializableActivationMixin, layer_class), {"__module__": "interrupts"})


WAYS_IN = {
    "decorated": (define, sa.serializable_activation(package="interrupts")),
    "decorated again": (
        lambda: sa.serializable_activation(define()),
        sa.serializable_activation(fields=["activation"]),
    ),
    "registered by its user": (
        lambda: keras.saving.register_keras_serializable("interrupts", "Users")(define()),
        sa.serializable_activation,
    ),
    "inherited": (define, inherit),
}


def decorate_until(at, make, decorate):
    """Interrupt a decoration, and return whether it was, with the names of what it has changed."""
    from tests.interrupts import interrupted

    keras.saving.get_custom_objects().clear()
    layer_class, ended = make(), False
    held = (lambda: dict(vars(layer_class))), (lambda: dict(keras.saving.get_custom_objects()))
    before = [look() for look in held]
    try:
        with interrupted(at, {}):
            decorate(layer_class)
    except KeyboardInterrupt:
        ended = True
    after = [look() for look in held]
    return ended, [
        {name for name in old.keys() | new.keys() if old.get(name) is not new.get(name)}
        for old, new in zip(before, after, strict=True)
    ]


def decorate_at_every_line():
    """Print how many lines there are, and at how many an interrupt leaves a class and the registry half changed."""
    for way in WAYS_IN.values():
        at, half, (_, whole) = 1, 0, decorate_until(0, *way)
        while (tried := decorate_until(at, *way))[0]:
            half += tried[1] not in ([set(), set()], whole)
            at += 1
        print(at > 50, half)


def test_a_class_is_decorated_as_a_whole_or_not_at_all():
    """After an interrupt, the class and the registry are both changed or both unchanged, by every way in."""
    assert run_function(decorate_at_every_line) == "True 0\n" * len(WAYS_IN)


def test_a_class_whose_name_is_taken_stays_as_it_was():
    """A class that is refused has none of the methods that the decorator adds."""
    sa.serializable_activation(package="interrupts_taken")(define())
    other = define()
    other.__qualname__ = "Other"
    before = dict(vars(other))
    with pytest.raises(sa.ActivationError):
        sa.serializable_activation(package="interrupts_taken")(other)
    assert dict(vars(other)) == before


def test_an_interrupt_leaves_nothing_behind():
    """In configs, texts, files, clones and models that are made, in warnings, and in what is refused."""
    assert run_function(sample) == "{}\n"
