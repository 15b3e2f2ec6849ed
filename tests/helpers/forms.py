"""The ways in: every test of behaviour runs over all of them.

A test writes ``class X(*form.bases, keras.layers.Layer)`` and takes ``form.apply(X)``: one of the two does the work.
"""

import itertools
from collections.abc import Callable

import attrs
import keras

import serialactivation as sa

_NUMBERS = itertools.count()


def _package():
    """Return a package's name that no other test has."""
    return f"forms{next(_NUMBERS)}"


@attrs.frozen
class Form:
    """One way in.

    Attributes:
        id: What the test is called.
        bases: What the class inherits from, first.
        apply: What is done to the class, with the options of the way in.
    """

    id: str
    bases: tuple[type, ...]
    apply: Callable[..., type[keras.Layer]]


def _inherit(layer_class, **options):
    """The options of the mixin are class keywords."""
    if not options:
        return layer_class
    names = {"__module__": layer_class.__module__, "__qualname__": layer_class.__qualname__}
    return type(layer_class)(layer_class.__name__, (layer_class,), names, package=_package(), **options)


def _bare(layer_class, **options):
    return sa.serializable_activation(**options)(layer_class) if options else sa.serializable_activation(layer_class)


def _named(layer_class, **options):
    return sa.serializable_activation(package=_package(), **options)(layer_class)


_MIXIN = (sa.SerializableActivationMixin,)

FORMS = [
    Form("mixin", _MIXIN, _inherit),
    Form("bare", (), _bare),
    Form("named", (), _named),
    Form("both", _MIXIN, _named),
]
