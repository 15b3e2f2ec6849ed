"""One program: its text, and the module that it is run as."""

import functools
import importlib.util
import pathlib
import re
import sys
from collections.abc import Mapping
from types import ModuleType

import attrs

from tests.programs.activations import PREAMBLE, native_module
from tests.programs.draws import Draw
from tests.programs.forms import SHAPES
from tests.programs.layers import draw_levels
from tests.programs.models import write_model

__all__ = ["Program", "draw_program", "import_program"]

HEADER = """import collections
import dataclasses
import functools
import types
from typing import NamedTuple

import attrs
import keras
import numpy as np
import {native} as NATIVE

import serialactivation as sa

PACKAGE = __name__
SHAPE = {shape}
WIDTH = SHAPE[-1]

"""

# What a user of stock Keras would write in each place: for what that keeps.
STOCK = (
    ("sa.SerializableActivationMixin, ", ""),
    ("sa.layers.", "keras.layers."),
    ("sa.get(", "keras.activations.get("),
    ("(sa.get", "(keras.activations.get"),
)

_REGISTERED = "@keras.saving.register_keras_serializable(package=PACKAGE)"
_DECORATED = re.compile(r"^@sa\.serializable_activation\(.*\)$", re.MULTILINE)
_MIXED_IN = re.compile(r"^(class .*), package=PACKAGE.*\):$", re.MULTILINE)


@attrs.frozen
class Program:
    """A program's number, its text, and the decisions that it was drawn with.

    Attributes:
        seed: Its number.
        shape: The shape of its model's input, without the batch.
        source: Its text.
        taken: The decisions, by name: the position of the option.
        picked: The options themselves.
        offered: All options that there were, by name.
    """

    seed: int
    shape: tuple[int, ...]
    source: str
    taken: Mapping[str, int] = attrs.field(eq=False)
    picked: Mapping[str, object] = attrs.field(eq=False)
    offered: Mapping[str, tuple[object, ...]] = attrs.field(eq=False)

    @property
    def is_refusable(self) -> bool:
        """Whether it gives a value that is to be refused, whatever stock Keras makes of it.

        A model of a class of its own makes its layers again in its constructor, without a look at their configs.
        """
        is_of_a_class, has_undeclared = "class Subclassed" in self.source, "self.act = " in self.source
        is_refused = any(position and name.endswith(".refused") for name, position in self.taken.items())
        return is_refused or (is_of_a_class and has_undeclared)

    @functools.cached_property
    def stock(self) -> str:
        """The same for stock Keras."""
        source = _DECORATED.sub(_REGISTERED, self.source)
        for ours, stocks in STOCK:
            source = source.replace(ours, stocks)
        return _MIXED_IN.sub(rf"{_REGISTERED}\n\1):", source)  # a mixin registers by itself


def draw_program(seed: int, fixed: Mapping[str, int] = {}) -> Program:  # it is never changed
    draw = Draw(seed, fixed)
    shape = draw.pick("shape", "flat", "sequence", "image", "sequence")
    levels = draw_levels(draw, shape)
    model = write_model(draw, levels[-1], shape)
    header = HEADER.format(native=native_module(), shape=SHAPES[shape])
    source = "\n\n".join([header + PREAMBLE, *(level.source for level in levels), model])
    return Program(seed, SHAPES[shape], source, draw.taken, draw.picked, draw.offered)


def import_program(path: pathlib.Path) -> ModuleType:
    """Import the text in *path* under the name of the file, which a pickle says."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
