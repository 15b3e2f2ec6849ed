"""The arguments of a drawn constructor: activation fields, and others that change what a layer computes."""

from collections.abc import Sequence

import attrs

from tests.programs.activations import draw_activation
from tests.programs.draws import Draw

__all__ = ["OTHERS", "UNKNOWN", "Field", "Other", "draw_fields", "draw_others"]

UNKNOWN = "squash"
"""A field that is found only where it is declared."""


@attrs.frozen
class Field:
    """One activation field.

    Attributes:
        name: The argument, which is also the attribute that keeps it.
        default: The argument's default, as an expression, or None for an argument that must be given.
        holds: One activation, or a list, tuple or dict of them, or a dict of lists of them.
        use: How the constructor keeps what it was given: resolved by Keras or by us, as it was given, or as the
            activation of a layer that it makes.
    """

    name: str
    default: str | None
    holds: str = "one"
    use: str = "keras.activations.get"

    @property
    def sublayer(self) -> str | None:
        """The attribute of the layer that is made from it."""
        return f"{self.name}_layer" if self.use.startswith("keras.layers") else None

    @property
    def parameter(self) -> str:
        return self.name if self.default is None else f"{self.name}={self.default}"

    def assignment(self) -> str:
        """Return the constructor's line."""
        if self.sublayer:
            width = "WIDTH, " if self.use == "keras.layers.Dense" else ""
            return f"self.{self.sublayer} = {self.use}({width}activation={self.name})"
        if self.use == "raw":
            return f"self.{self.name} = {self.name}"
        each = {
            "one": f"{self.use}({self.name})",
            "list": f"[{self.use}(each) for each in {self.name}]",
            "tuple": f"tuple({self.use}(each) for each in {self.name})",
            "dict": f"{{key: {self.use}(each) for key, each in {self.name}.items()}}",
            "nested": f"{{key: [{self.use}(each) for each in group] for key, group in {self.name}.items()}}",
        }
        return f"self.{self.name} = {each[self.holds]}"

    def application(self) -> list[str]:
        """Return the lines of ``call``."""
        if self.sublayer:
            return [f"x = self.{self.sublayer}(x)"]
        resolve = "sa.get({})" if self.use == "raw" else "{}"
        if self.holds == "one":
            return [f"x = {resolve.format(f'self.{self.name}')}(x)"]
        if self.holds == "nested":
            groups = f"dict(sorted(self.{self.name}.items())).values()"
            return [f"for each in sum(map(list, {groups}), []):", f"    x = {resolve.format('each')}(x)"]
        of = f"dict(sorted(self.{self.name}.items())).values()" if self.holds == "dict" else f"self.{self.name}"
        return [f"for each in {of}:", f"    x = {resolve.format('each')}(x)"]

    def written_as(self, style: str) -> str:
        """Return what an author's ``get_config`` writes."""
        kept = f"self.{self.sublayer}.activation" if self.sublayer else f"self.{self.name}"
        if style == "raw":
            return kept
        one = (
            "keras.activations.serialize(keras.activations.get({}))"
            if self.use == "raw"
            else ("keras.activations.serialize({})")
        )
        return {
            "one": one.format(kept),
            "list": f"[{one.format('each')} for each in {kept}]",
            "tuple": f"[{one.format('each')} for each in {kept}]",
            "dict": f"{{key: {one.format('each')} for key, each in {kept}.items()}}",
            "nested": f"{{key: [{one.format('each')} for each in group] for key, group in {kept}.items()}}",
        }[self.holds]


@attrs.frozen
class Other:
    """Another argument, each of which changes what the layer computes.

    Attributes:
        name: The argument, which is also the attribute that keeps it.
        default: Its default, as an expression.
        values: What is given for it.
        assigned: What the constructor makes of it.
        application: The line of ``call``.
        written: What an author's ``get_config`` writes.
        read: What an author's ``from_config`` makes of that, if it does not do as it is: of ``{}``.
    """

    name: str
    default: str
    values: tuple[str, ...]
    assigned: str
    application: str
    written: str
    read: str | None = None

    @property
    def parameter(self) -> str:
        return f"{self.name}={self.default}"

    def assignment(self) -> str:
        return f"self.{self.name} = {self.assigned}"

    def draw_value(self, draw: Draw, prefix: str, shared: tuple[str, ...]) -> str:
        return draw.pick(f"{prefix}.value", *self.values)


@attrs.frozen
class Settings(Other):
    """A configuration object that holds an activation, and a number that changes what the layer computes."""

    def draw_value(self, draw: Draw, prefix: str, shared: tuple[str, ...]) -> str:
        given = draw_activation(draw, f"{prefix}.inner_activation", shared)
        return draw.pick(f"{prefix}.value", *self.values).format(given)


def _settings(access: str, made: str, value: str) -> Settings:
    """Return the argument for one kind of object: how a member of ``self.settings`` is read, and how one is made."""
    width, held = (access.format(member) for member in ("width", "inner_activation"))
    resolved = f"sa.get({held})"
    stored = f'{{"width": {width}, "inner_activation": keras.activations.serialize({resolved})}}'
    return Settings(
        name="settings",
        default="None",
        values=(value,),
        assigned="settings",
        application=f"x = x if self.settings is None else {resolved}(x + {width})",
        written=f"None if self.settings is None else {stored}",
        read=f"None if {{0}} is None else {made}",
    )


SETTINGS = (
    _settings("self.settings.{}", "DataSettings(**{0})", "DataSettings(2, {})"),
    _settings("self.settings.{}", "FrozenSettings(**{0})", "FrozenSettings(2, {})"),
    _settings("self.settings.{}", "TupleSettings(**{0})", "TupleSettings(2, {})"),
    _settings(
        "self.settings.{}", "types.SimpleNamespace(**{0})", "types.SimpleNamespace(width=2, inner_activation={})"
    ),
    _settings('self.settings["{}"]', "{0}", '{{"width": 2, "inner_activation": {}}}'),
    _settings("self.settings.{}", "DefinedSettings(**{0})", "DefinedSettings(2, {})"),
    _settings(
        'self.settings["{}"]',
        "collections.UserDict({0})",
        'collections.UserDict({{"width": 2, "inner_activation": {}}})',
    ),
)


@attrs.frozen
class Undeclared(Other):
    """An activation under a name that is not found: what cannot be loaded at all is left to Keras, and not drawn."""

    def draw_value(self, draw: Draw, prefix: str, shared: tuple[str, ...]) -> str:
        given = draw_activation(draw, f"{prefix}.activation", shared, may_be_refused=False)
        return draw.pick(f"{prefix}.value", *self.values).format(given)


UNDECLARED = (
    Undeclared(
        "act",
        '"relu"',
        ("{}",),
        "keras.activations.get(act)",
        "x = self.act(x)",
        "keras.activations.serialize(self.act)",
    ),
    Undeclared("act", '"relu"', ("{}",), "act", "x = keras.activations.get(self.act)(x)", "self.act"),
    Undeclared(
        "act",
        '"relu"',
        ("{}",),
        "act",
        "x = keras.activations.get(self.act)(x)",
        "keras.saving.serialize_keras_object(self.act)",
        "keras.saving.deserialize_keras_object({0})",
    ),
    Undeclared(
        "act",
        '("relu", 2)',
        ("({}, 3)",),
        "act",
        "x = keras.activations.get(self.act[0])(x) * self.act[1]",
        "self.act",
    ),
)

OTHERS = (
    Other("rate", "1.0", ("0.25", "2.0"), "rate", "x = x * self.rate", "self.rate"),
    Other("shift", "1", ("WIDTH", "2"), "shift", "x = x + self.shift", "self.shift"),
    Other("dims", "(1, 2)", ("(2, 3)", "[1, 4]"), "dims", "x = x + sum(self.dims)", "self.dims"),
    Other("mode", '"sum"', ('"mean"',), "mode", 'x = x * (0.5 if self.mode == "mean" else 1.0)', "self.mode"),
    Other(
        "offset_initializer",
        '"zeros"',
        ("keras.initializers.Constant(0.3)", '"ones"'),
        "keras.initializers.get(offset_initializer)",
        "x = x + self.offset_initializer((1,))",
        "keras.initializers.serialize(self.offset_initializer)",
    ),
    Other(
        "inner",
        "None",
        ("keras.layers.Dense(WIDTH)", 'keras.layers.Dense(WIDTH, activation="tanh")'),
        "inner",
        "x = x if self.inner is None else self.inner(x)",
        "keras.saving.serialize_keras_object(self.inner)",
        "keras.saving.deserialize_keras_object({0})",
    ),
)

FIELD_NAMES = (
    ("activation",),
    ("activation", "gate_activation"),
    ("activation", "activations"),
    ("gate_activation", "output_activation"),
    ("activation_fn",),
)
# What the last of these may be called instead: the second is no name that is known, and has to be declared.
OTHER_NAMES = ("activation_fn", "activation_function", UNKNOWN)
USES = ("keras.activations.get", "sa.get", "raw", "keras.layers.Dense", "keras.layers.Activation")
DEFAULTS = ('"relu"', "None", '"tanh"')


def draw_fields(draw: Draw, prefix: str, names: Sequence[str] | None = None) -> tuple[Field, ...]:
    names = names if names is not None else draw.pick(f"{prefix}.fields", *FIELD_NAMES)
    fields = [_draw_field(draw, f"{prefix}.{name}", name) for name in names]
    if names == FIELD_NAMES[-1]:
        fields = [attrs.evolve(fields[0], name=draw.pick(f"{prefix}.called", *OTHER_NAMES))]
    return tuple(fields)


def _draw_field(draw: Draw, prefix: str, name: str) -> Field:
    if name == "activations":
        holds = draw.pick(f"{prefix}.holds", "list", "tuple", "dict")
        default = {"list": "()", "tuple": "()", "dict": "{}"}[holds]
        default = '("relu",)' if holds == "tuple" and draw.pick(f"{prefix}.default", 0, 1) else default
        return Field(
            name,
            default if holds != "dict" else "types.MappingProxyType({})",
            "nested" if holds == "dict" and draw.pick(f"{prefix}.nested", False, True) else holds,
            draw.pick(f"{prefix}.use", *USES[:3]),
        )
    return Field(name, draw.pick(f"{prefix}.default", *DEFAULTS), "one", draw.pick(f"{prefix}.use", *USES))


def draw_others(draw: Draw, prefix: str, taken: Sequence[str] = ()) -> tuple[Other, ...]:
    free = [other for other in OTHERS if other.name not in taken]
    drawn = [other for other in free if draw.happens(f"{prefix}.has_{other.name}", 3)]
    if "settings" not in taken and draw.happens(f"{prefix}.has_settings", 4):
        drawn.append(draw.pick(f"{prefix}.settings", *SETTINGS))
    if "act" not in taken and draw.happens(f"{prefix}.has_act", 5):
        drawn.append(draw.pick(f"{prefix}.act", *UNDECLARED))
    return tuple(drawn)
