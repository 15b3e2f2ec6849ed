"""The classes of a program: one to three levels, each with its own methods or without, decorated or mixed in."""

import textwrap
from collections.abc import Iterable

import attrs

from tests.programs.arguments import Field, Other, draw_fields, draw_others
from tests.programs.draws import Draw

__all__ = ["Level", "draw_levels"]

# What a subclass fixes its parent's activation to.
FIXED = ('"sigmoid"', "keras.ops.gelu", "keras.layers.LeakyReLU(negative_slope=0.2)", "keras.layers.PReLU()")


@attrs.frozen
class Level:
    """One class.

    Attributes:
        name: What it is called.
        fields: The activation fields that its constructor takes, those it hands on included.
        others: The other arguments that it takes.
        writes: Whether an author's ``get_config`` speaks for it, or for a class that it inherits from.
        reads: Whether an author's ``from_config`` reads for it.
        builds: Whether a ``build`` of its own, or of a class that it inherits from, makes its weights.
        fixes: What of Keras's own arguments it fixes, such as ``dtype``.
        unwritten: The arguments that neither an author's ``get_config`` writes nor we: of classes that are not
            decorated. The next ``get_config`` has to.
        source: Its text.
    """

    name: str
    fields: tuple[Field, ...]
    others: tuple[Other, ...]
    writes: bool
    reads: bool
    builds: bool
    fixes: frozenset[str]
    unwritten: tuple[Field | Other, ...]
    source: str


def draw_levels(draw: Draw) -> list[Level]:
    """Return one to three classes, of which each inherits from the one before."""
    levels = [_draw_first(draw)]
    for number in range(1, draw.pick("levels", 1, 2, 3)):
        levels.append(_draw_next(draw, number, levels[-1]))
    return levels


def _draw_first(draw: Draw) -> Level:
    base = draw.pick("first.base", "keras.layers.Layer", "keras.layers.Dense", "sa.layers.Dense", "keras.Model")
    dense = base.endswith("Dense")
    fields = draw_fields(draw, "first")
    if dense:  # its own field goes up, and is Dense's to apply
        fields = (Field("activation", '"relu"'), *(field for field in fields if field.name != "activation"))
    others = draw_others(draw, "first", taken=("inner",) if dense else ())
    own = fields[1:] if dense else fields
    writes = draw.pick("first.get_config", "none", "serialize", "raw", "omit")
    reads = draw.pick("first.from_config", "none", "super", "cls", "decode")
    builds = base == "keras.layers.Layer" and draw.pick("first.build", False, True)
    lines = [
        *_constructor(draw, "first", dense, builds, fields, own, others),
        *(_build(own, others, _KERNEL) if builds else _build(own, (), _SUPER) if dense else ()),
        *_call("super().call(inputs)" if dense else _features(builds), own, others),
        *(_output_shape() if base != "keras.Model" and draw.pick("first.output_shape", False, True) else ()),
        *_get_config(writes, () if dense else ("units",), (*own, *others)),
        *_from_config(reads, writes, fields, others),
    ]
    return Level(
        name="First",
        fields=fields,
        others=others,
        writes=writes != "none",
        reads=reads != "none",
        builds=builds or dense,
        fixes=frozenset(),
        unwritten=(),
        source=_class(_draw_way(draw, "First", base), "First", base, lines),
    )


def _draw_way(draw: Draw, name: str, base: str) -> str:
    """Return how a class is brought in; what inherits from one that was may also be registered with Keras, no more."""
    ways = ("decorator", "mixin") if base.startswith("keras.") else ("decorator", "register")
    return draw.pick(f"{name.lower()}.way", *ways)


def _class(way: str, name: str, base: str, lines: Iterable[str]) -> str:
    first = {
        "decorator": f"@sa.serializable_activation(package=PACKAGE)\nclass {name}({base}):",
        "mixin": f"class {name}(sa.SerializableActivationMixin, {base}, package=PACKAGE):",
        "register": f"@keras.saving.register_keras_serializable(package=PACKAGE)\nclass {name}({base}):",
    }
    return f"{first[way]}\n{textwrap.indent(chr(10).join(lines) or 'pass', '    ')}\n"


def _constructor(draw, prefix, dense, builds, fields, own, others) -> list[str]:
    star = ["*"] if draw.happens(f"{prefix}.keyword_only", 3) else []
    parameters = [
        "self",
        "units",
        *star,
        *(field.parameter for field in fields),
        *(other.parameter for other in others),
    ]
    up = "units, activation=activation, **kwargs" if dense else "**kwargs"
    body = [f"super().__init__({up})"]
    if not dense:
        body.append("self.units = units")
        if not builds:
            body.append("self.dense = keras.layers.Dense(units)")
    body += [each.assignment() for each in (*own, *others)]
    return _method("__init__", f"{', '.join(parameters)}, **kwargs", body)


def _method(name: str, parameters: str, body: Iterable[str], decorator: str = "") -> list[str]:
    return [*([decorator] if decorator else []), f"def {name}({parameters}):", *(f"    {line}" for line in body), ""]


def _features(builds: bool) -> str:
    return "keras.ops.matmul(inputs, self.kernel)" if builds else "self.dense(inputs)"


_KERNEL = 'self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units), initializer="ones")'
_SUPER = "super().build(input_shape)"


def _build(own: tuple[Field, ...], others: tuple[Other, ...], first: str) -> list[str]:
    """Return a ``build``, which builds the layers that the constructor made, or nothing where there are none."""
    made = [field.sublayer for field in own if field.sublayer]
    body = [first, *(f"self.{name}.build((*input_shape[:-1], self.units))" for name in made)]
    if any(other.name == "inner" for other in others):
        body += [
            "if self.inner is not None and not self.inner.built:",
            "    self.inner.build((*input_shape[:-1], self.units))",
        ]
    return [] if body == [_SUPER] else _method("build", "self, input_shape", body)


def _call(features: str, own: tuple[Field, ...], others: tuple[Other, ...]) -> list[str]:
    lines = [line for field in own for line in field.application()]
    return _method("call", "self, inputs", [f"x = {features}", *(o.application for o in others), *lines, "return x"])


def _output_shape() -> list[str]:
    return _method("compute_output_shape", "self, input_shape", ["return (*input_shape[:-1], self.units)"])


def _get_config(style: str, names: tuple[str, ...], arguments: tuple[Field | Other, ...]) -> list[str]:
    """Return an author's ``get_config``; whatever is no activation it always writes."""
    if style == "none":
        return []
    body = ["config = super().get_config()", *(f'config["{name}"] = self.{name}' for name in names)]
    for argument in arguments:
        if isinstance(argument, Other):
            body.append(f'config["{argument.name}"] = {argument.written}')
        elif style != "omit":
            body.append(f'config["{argument.name}"] = {argument.written_as(style)}')
    return _method("get_config", "self", [*body, "return config"])


def _from_config(style: str, writes: str, fields: tuple[Field, ...], others: tuple[Other, ...]) -> list[str]:
    """Return an author's ``from_config``; one that decodes reads what the ``get_config`` beside it writes."""
    read = [other for other in others if other.read is not None]
    if writes != "none" and read:
        style = "decode"  # whoever writes a layer or an object has to read it
    if style == "none" or (style == "decode" and writes == "none"):
        return []
    body = {"super": ["return super().from_config(config)"], "cls": ["return cls(**config)"]}.get(style)
    if body is None:
        body = ["config = dict(config)"]
        for other in read:
            stored = f'config["{other.name}"]'
            body.append(f"{stored} = {other.read.format(stored)}")
        for field in fields:
            if field.holds == "one":
                body += [
                    f'if "{field.name}" in config:',
                    f'    config["{field.name}"] = keras.activations.get(config["{field.name}"])',
                ]
        body.append("return cls(**config)")
    return _method("from_config", "cls, config", body, "@classmethod")


def _draw_next(draw: Draw, number: int, parent: Level) -> Level:
    name = ("Second", "Third")[number - 1]
    prefix = name.lower()
    field_name = ("extra_activation", "post_activation")[number - 1]
    fields = draw_fields(draw, prefix, draw.pick(f"{prefix}.fields", (), (field_name,)))
    others = draw_others(draw, prefix, [other.name for other in parent.others] + ["inner", "settings"])
    kind = draw.pick(f"{prefix}.constructor", "inherits", "passes", "names", "fixes")
    if kind == "inherits":
        fields, others = (), ()
    writes = draw.pick(f"{prefix}.get_config", "none", "serialize", "raw", "omit")
    if kind == "inherits":
        writes = "none"
    fixed = None
    if kind == "fixes":
        single = [f for f in parent.fields if f.holds == "one"]
        # Whoever fixes an argument that a get_config writes has to take it out again.
        fixed = (
            draw.pick(f"{prefix}.fixed", *single)
            if single and not parent.writes and not parent.reads and writes == "none"
            else None
        )
    reads = draw.pick(f"{prefix}.from_config", "none", "super", "cls")
    base_fixed = None
    if kind == "fixes" and fixed is None and not parent.writes and not parent.reads and writes == "none":
        base_fixed = draw.pick(f"{prefix}.fixed_base", 'dtype="float32"', "trainable=False")
    if reads == "cls" and any(other.read for other in parent.others) and (parent.writes or writes != "none"):
        reads = "super"
    way = _draw_way(draw, name, parent.name)
    unwritten = () if writes != "none" else parent.unwritten
    if writes == "none" and way == "register":
        unwritten = (*unwritten, *fields, *others)
    lines = [
        *_next_constructor(draw, prefix, kind, parent, fixed or base_fixed, fields, others),
        *(_build(fields, (), _SUPER) if parent.builds else ()),
        *(_call("super().call(inputs)", fields, others) if fields or others else ()),
        *_get_config(writes, (), (*parent.unwritten, *fields, *others)),
        *_from_config(reads, "none", fields, others),
    ]
    return Level(
        name=name,
        fields=(*(field for field in parent.fields if field is not fixed), *fields),
        others=(*parent.others, *others),
        writes=parent.writes or writes != "none",
        reads=parent.reads or reads != "none",
        builds=parent.builds,
        fixes=parent.fixes | {base_fixed.split("=")[0]} if base_fixed else parent.fixes,
        unwritten=unwritten,
        source=_class(way, name, parent.name, lines),
    )


def _next_constructor(draw, prefix, kind, parent, fixed, fields, others) -> list[str]:
    if kind == "inherits":
        return []
    own = [each.parameter for each in (*fields, *others)]
    body = [each.assignment() for each in (*fields, *others)]
    if kind == "passes":
        return _method(
            "__init__", ", ".join(["self", "*args", *own, "**kwargs"]), ["super().__init__(*args, **kwargs)", *body]
        )
    if kind == "names" and parent.fields:
        field = draw.pick(f"{prefix}.named", *parent.fields)
        default = draw.pick(f"{prefix}.default", '"sigmoid"', "None") if field.holds == "one" else field.default
        parameters = ["self", "units", f"{field.name}={default}", *own, "**kwargs"]
        return _method(
            "__init__", ", ".join(parameters), [f"super().__init__(units, {field.name}={field.name}, **kwargs)", *body]
        )
    given = ["units"]
    if isinstance(fixed, Field):
        given.append(f"{fixed.name}={draw.pick(f'{prefix}.fixed_value', *FIXED)}")
    elif fixed:
        given.append(fixed)
    return _method(
        "__init__",
        ", ".join(["self", "units", *own, "**kwargs"]),
        [f"super().__init__({', '.join(given)}, **kwargs)", *body],
    )
