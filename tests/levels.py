"""Layer classes of two levels, written by a program: who decorates what, and which methods each level has of its own.

``python -m tests.levels COUNT SEED`` walks through COUNT of all combinations, and says what each comes to.
"""

import collections
import itertools
import json
import random
import sys
import textwrap
import warnings
from collections.abc import Iterator

import attrs
import keras
import numpy as np

import serialactivation as sa

_NUMBERS = itertools.count()

BASES = {"Layer": "keras.layers.Layer", "Dense": "keras.layers.Dense", "twin": "sa.layers.Dense"}
FORMS = ("above", "below", "both", "mixin above", "mixin below")
GETTERS = ("none", "whole", "without", "renamed")
READERS = ("none", "super", "copied super", "made", "decoded", "decoded super")

VALUES = {
    "name": lambda: "tanh",
    "layer": lambda: keras.layers.LeakyReLU(negative_slope=0.5),
    "weights": lambda: keras.layers.PReLU(alpha_initializer="ones"),
}

X = np.linspace(-2, 2, 6, dtype="float32").reshape(2, 3)


@attrs.frozen
class Level:
    """What one class has of its own.

    Attributes:
        constructor: Whether it has a constructor, with an argument for an activation.
        getter: What its ``get_config`` writes: there is none, or it has all, leaves the activation out, or renames it.
        reader: What its ``from_config`` does.
    """

    constructor: bool
    getter: str
    reader: str


@attrs.frozen
class Case:
    """Two classes, one above the other, and how they are made to keep their activations."""

    base: str
    above: Level
    below: Level
    form: str


def cases() -> Iterator[Case]:
    """Yield every combination in which an author reads what he has renamed."""
    levels = [
        Level(constructor, getter, reader)
        for constructor, getter, reader in itertools.product((True, False), GETTERS, READERS)
        if getter != "renamed" or (constructor and reader != "none")
    ]
    for base, above, below, form in itertools.product(BASES, levels, levels, FORMS):
        if above.constructor and not (base == "twin" and form.startswith("mixin")):
            yield Case(base, above, below, form)


def _argument(case: Case, name: str) -> str:
    if name == "Below":
        return "gate_activation"
    return "activation" if case.base == "Layer" else "inner_activation"


def _write_level(case: Case, name: str, level: Level) -> str:
    argument, plain = _argument(case, name), name == "Above" and case.base == "Layer"
    stored = f"stored_{argument}" if level.getter == "renamed" else argument
    parts = []
    if level.constructor:
        parts.append(f"""
            def __init__(self, units, {argument}="sigmoid", **kwargs):
                super().__init__({"" if plain else "units, "}**kwargs)
                self.units = units
                self.{argument} = keras.activations.get({argument})
        """)
    if level.getter != "none":
        written = {"units": "self.units"} if plain else {}
        if level.constructor and level.getter != "without":
            written[stored] = f"keras.activations.serialize(self.{argument})"
        own = "".join(f", {key!r}: {value}" for key, value in written.items())
        parts.append(f"""
            def get_config(self):
                return {{**super().get_config(){own}}}
        """)
    if level.reader != "none":
        lines = [] if level.reader in ("super", "made") else ["config = dict(config)"]
        if level.getter == "renamed":
            lines = ["config = dict(config)", f"config[{argument!r}] = config.pop({stored!r})"]
        if level.reader.startswith("decoded"):
            lines.append(f"if {argument!r} in config:")
            lines.append(f"    config[{argument!r}] = keras.activations.deserialize(config[{argument!r}])")
        lines.append("return super().from_config(config)" if level.reader.endswith("super") else "return cls(**config)")
        body = textwrap.indent("\n".join(lines), " " * 16).lstrip()
        parts.append(f"""
            @classmethod
            def from_config(cls, config):
                {body}
        """)
    if name == "Above":
        features = "keras.ops.matmul(inputs, self.kernel)" if plain else "super().call(inputs)"
        parts.append(f"""
            def call(self, inputs):
                return self.{argument}({features})
        """)
    if plain:
        parts.append("""
            def build(self, input_shape):
                self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        """)
    if name == "Below" and level.constructor:
        parts.append(f"""
            def call(self, inputs):
                features = super().call(inputs)
                return features * self.{argument}(features)
        """)
    return "".join(textwrap.indent(textwrap.dedent(part), "    ") for part in parts) or "\n    pass\n"


def write(case: Case, *, stock: bool) -> str:
    """Return the source of the classes ``Above`` and ``Below``, of Keras's alone or of ours."""
    base = BASES["Dense" if stock and case.base == "twin" else case.base]
    package = f"levels{next(_NUMBERS)}"
    source = []
    for name, parent, level in (("Above", base, case.above), ("Below", "Above", case.below)):
        if stock:
            source.append(f"@keras.saving.register_keras_serializable(package={package!r})")
        elif case.form in (name.lower(), "both"):
            source.append(f"@sa.serializable_activation(package={package!r})")
        is_mixed = not stock and case.form == f"mixin {name.lower()}"
        bases = f"sa.SerializableActivationMixin, {parent}, package={package!r}" if is_mixed else parent
        source.append(f"class {name}({bases}):{_write_level(case, name, level)}")
    return "\n".join(source)


def make(source: str) -> type[keras.Layer]:
    """Return the class ``Below`` of *source*."""
    names = {"keras": keras, "sa": sa, "__name__": "levels"}
    exec(source, names)
    return names["Below"]


def given(case: Case, value: str) -> dict[str, object]:
    """Return the arguments of the class ``Below``: an activation for each field."""
    names = ["activation", _argument(case, "Above"), *["gate_activation"] * case.below.constructor]
    return {"units": 4, **{name: VALUES[value]() for name in dict.fromkeys(names)}}


def build(layer: keras.Layer) -> keras.Layer:
    """Return *layer* with weights, of random values."""
    if not layer.built:
        layer.build((None, 3))
    layer(X)  # stock Keras builds an activation at the first call
    for place, weight in enumerate(layer.weights):
        weight.assign(np.random.default_rng(place).normal(size=weight.shape))
    return layer


def outcome(case: Case, value: str, *, stock: bool) -> str:
    """Return what becomes of a layer that goes through its config: ``equal``, ``refused``, ``other``, or the error."""
    try:
        layer = make(write(case, stock=stock))(**given(case, value))
    except sa.ActivationError:
        return "refused"
    build(layer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # stock Keras warns of what it will not load
        try:
            config = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
            revived = build(keras.saving.deserialize_keras_object(config))
        except (TypeError, ValueError, NotImplementedError, KeyError) as error:
            return type(error).__name__
    outputs = [keras.ops.convert_to_numpy(made(X)) for made in (layer, revived)]
    return "equal" if np.array_equal(*outputs) else "other"


def compare(case: Case) -> list[tuple[str, str, str, bool]]:
    """Return for each value what Keras and what we make of *case*, and whether that is as promised.

    What comes back is equal or was refused, and never refused where Keras keeps it. An author's own code that cannot
    even read a name is left as it is: then, too, nothing may come back as something else.
    """
    broken = outcome(case, "name", stock=True) not in ("equal", "other")
    compared = []
    for value in VALUES:
        stock, ours = outcome(case, value, stock=True), outcome(case, value, stock=False)
        kept = ours == "equal" or (ours == "refused" and stock != "equal")
        compared.append((value, stock, ours, kept or (broken and ours != "other")))
    return compared


def main(count: int, seed: int) -> None:
    """Walk through *count* of all combinations."""
    found = list(cases())
    print(f"{len(found)} combinations")
    counts: collections.Counter[tuple[str, str, bool]] = collections.Counter()
    for case in random.Random(seed).sample(found, count):
        for value, stock, ours, is_kept in compare(case):
            counts[stock, ours, is_kept] += 1
            if not is_kept:
                print(f"{case}, {value}: stock {stock}, ours {ours}")
    for (stock, ours, is_kept), number in sorted(counts.items()):
        print(f"{number:6} stock {stock}, ours {ours}{'' if is_kept else ': BROKEN'}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
