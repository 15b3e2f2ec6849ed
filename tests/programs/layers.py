"""The classes of a program: one to three levels, each with its own methods or without, decorated or mixed in."""

import textwrap
from collections.abc import Iterable

import attrs

from tests.programs.arguments import UNKNOWN, Field, Other, draw_fields, draw_others
from tests.programs.draws import Draw
from tests.programs.forms import Form, draw_form

__all__ = ["Level", "draw_levels"]

# What a subclass fixes its parent's activation to.
FIXED = ('"sigmoid"', "keras.ops.gelu", "keras.layers.LeakyReLU(negative_slope=0.2)", "keras.layers.PReLU()")


@attrs.frozen
class Level:
    """One class.

    Attributes:
        name: What it is called.
        form: What the first class is.
        fields: The activation fields that its constructor takes, those it passes on included.
        others: The other arguments that it takes.
        writes: Whether an author's ``get_config`` speaks for it, or for a class that it inherits from.
        reads: Whether an author's ``from_config`` reads for it.
        builds: Whether a ``build`` of its own, or of a class that it inherits from, makes its weights.
        tells_shape: Whether it has a ``compute_output_shape``, which some wrappers ask for.
        fixes: What of Keras's own arguments it fixes, such as ``dtype``.
        unwritten: The arguments that neither an author's ``get_config`` writes nor we: of classes that are not
            decorated. The next ``get_config`` has to.
        way: How it is brought in: decorated, mixed in, or only registered with Keras.
        is_ours: Whether it keeps its activations: by itself, or by what it inherits from.
        is_mixed: Whether the mixin is among its bases.
        source: Its text.
    """

    name: str
    form: Form
    fields: tuple[Field, ...]
    others: tuple[Other, ...]
    writes: bool
    reads: bool
    builds: bool
    tells_shape: bool
    fixes: frozenset[str]
    unwritten: tuple[Field | Other, ...]
    way: str
    is_ours: bool
    is_mixed: bool
    source: str


def draw_levels(draw: Draw, shape: str) -> list[Level]:
    """Return one to three classes, of which each inherits from the one before; they take inputs of *shape*."""
    number_of_levels = draw.pick("levels", 1, 2, 3)
    levels = [_draw_first(draw, shape, may_be_bare=number_of_levels > 1)]
    for number in range(1, number_of_levels):
        levels.append(_draw_next(draw, number, levels[-1]))
    return levels


def _draw_first(draw: Draw, shape: str, *, may_be_bare: bool) -> Level:
    form, base = draw_form(draw, shape)
    is_bare = may_be_bare and base.startswith("keras.") and draw.happens("first.bare", 4)
    drawn = draw_fields(draw, "first")
    handed = {field.name for field in form.fields}  # they go up, and are the base's to apply
    own = tuple(field for field in drawn if field.name not in handed)
    others = draw_others(draw, "first", taken=("inner",) if form.hands_on else ())
    writes = draw.pick("first.get_config", "none", "serialize", "none", "raw", "none", "omit")
    reads = draw.pick("first.from_config", "none", "super", "none", "cls", "none", "decode")
    builds = draw.pick("first.build", *form.builds)
    tells_shape = form.tells_shape and draw.pick("first.output_shape", False, True)
    fields = (*form.fields, *own)
    lines = [
        *_constructor(draw, form, builds, fields, own, others),
        *(_build(form, own, others, _KERNEL) if builds else _build(form, own, (), _SUPER) if form.hands_on else ()),
        *_call(form, _features(form, builds), own, others),
        *(_output_shape(form) if tells_shape else ()),
        *_get_config(writes, () if form.hands_on else (form.size,), (*own, *others)),
        *_from_config(reads, writes, fields, others),
    ]
    way = "register" if is_bare else draw.pick("first.way", *_ways(base))
    return Level(
        name="First",
        form=form,
        fields=fields,
        others=others,
        writes=writes != "none",
        reads=reads != "none",
        builds=builds or form.hands_on,
        tells_shape=tells_shape or form.hands_on,
        fixes=frozenset(),
        unwritten=(),
        way=way,
        is_ours=not is_bare,
        is_mixed=way == "mixin" or base.startswith("sa."),
        source=_class(way, "First", base, lines, fields),
    )


def _ways(base: str) -> tuple[str, str]:
    """Return how a class may be brought in; what inherits from one that was may also be registered, no more."""
    return ("decorator", "mixin") if base.startswith("keras.") else ("decorator", "register")


def _draw_next_way(draw: Draw, prefix: str, parent: Level) -> str:
    if not parent.is_ours:
        return draw.pick(f"{prefix}.first_way", "decorator", "mixin")
    way = draw.pick(f"{prefix}.way", *_ways(parent.name))
    return "mixin" if way == "decorator" and not parent.is_mixed and draw.happens(f"{prefix}.mixed", 4) else way


def _class(way: str, name: str, base: str, lines: Iterable[str], fields: tuple[Field, ...]) -> str:
    """Return the text of a class, which declares its *fields* where one of them would not be found."""
    names = [field.name for field in fields]
    declared = f", fields={names!r}" if UNKNOWN in names else ""
    first = {
        "decorator": f"@sa.serializable_activation(package=PACKAGE{declared})\nclass {name}({base}):",
        "mixin": f"class {name}(sa.SerializableActivationMixin, {base}, package=PACKAGE{declared}):",
        "register": f"@keras.saving.register_keras_serializable(package=PACKAGE)\nclass {name}({base}):",
    }
    return f"{first[way]}\n{textwrap.indent(chr(10).join(lines) or 'pass', '    ')}\n"


def _constructor(draw, form, builds, fields, own, others) -> list[str]:
    star = ["*"] if draw.happens("first.keyword_only", 3) else []
    parameters = [
        "self",
        form.size,
        *star,
        *(field.parameter for field in fields),
        *(other.parameter for other in others),
    ]
    handed = [form.size, *(f"{field.name}={field.name}" for field in form.fields)] if form.hands_on else []
    body = [f"super().__init__({', '.join([*handed, '**kwargs'])})"]
    if not form.hands_on:
        body.append(f"self.{form.size} = {form.size}")
        if not builds:
            body.append(f"self.dense = keras.layers.Dense({form.size})")
    body += [*form.kept, *(each.assignment() for each in (*own, *others))]
    return _method("__init__", f"{', '.join(parameters)}, **kwargs", body)


def _method(name: str, parameters: str, body: Iterable[str], decorator: str = "") -> list[str]:
    return [*([decorator] if decorator else []), f"def {name}({parameters}):", *(f"    {line}" for line in body), ""]


_KERNEL = 'self.kernel = self.add_weight(name="kernel", shape=({form.shape}[-1], self.{form.size}), initializer="ones")'
_SUPER = "super().build({form.shape_passes})"


def _build(form: Form, own: tuple[Field, ...], others: tuple[Other, ...], first: str) -> list[str]:
    """Return a ``build``, which builds the layers that the constructor made, or nothing where there are none."""
    made = [field.sublayer for field in own if field.sublayer]
    body = [first.format(form=form), *(f"self.{name}.build({form.applied_shape})" for name in made)]
    if any(other.name == "inner" for other in others):
        body += [
            "if self.inner is not None and not self.inner.built:",
            f"    self.inner.build({form.applied_shape})",
        ]
    if any(other.name == "act" for other in others):
        body += [
            "for each in keras.tree.flatten(self.act):",
            "    if isinstance(each, keras.layers.Layer) and not each.built:",
            f"        each.build({form.applied_shape})",
        ]
    return [] if len(body) == 1 and first == _SUPER else _method("build", f"self, {form.shape_takes}", body)


def _features(form: Form, builds: bool) -> str | None:
    """Return what the first class's ``call`` starts from, if not from its parent's ``call``."""
    projected = f"keras.ops.matmul({form.projected}, self.kernel)" if builds else f"self.dense({form.projected})"
    return form.features.format(projected=projected) or None


def _call(form: Form, features: str | None, own: tuple[Field, ...], others: tuple[Other, ...]) -> list[str]:
    lines = [*(other.application for other in others), *(line for field in own for line in field.application())]
    if features is None:
        body = [f"{form.returns} = super().call({form.passes})", *lines, f"return {form.returns}"]
    else:
        after = [f"x = {form.after}"] if form.after else []
        body = [f"x = {features}", *lines, *after, f"return {form.makes}"]
    return _method("call", f"self, {form.takes}", body)


def _output_shape(form: Form) -> list[str]:
    returned = f"return (*{form.shape}[:-1], self.{form.size})"
    return _method("compute_output_shape", f"self, {form.shape_takes}", [returned])


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
            read_field = "keras.activations.get" if field.holds == "one" else "keras.saving.deserialize_keras_object"
            body += [
                f'if "{field.name}" in config:',
                f'    config["{field.name}"] = {read_field}(config["{field.name}"])',
            ]
        body.append("return cls(**config)")
    return _method("from_config", "cls, config", body, "@classmethod")


def _draw_next(draw: Draw, number: int, parent: Level) -> Level:
    name = ("Second", "Third")[number - 1]
    prefix = name.lower()
    field_name = ("extra_activation", "post_activation")[number - 1]
    fields = draw_fields(draw, prefix, draw.pick(f"{prefix}.fields", (), (field_name,)))
    others = draw_others(draw, prefix, [other.name for other in parent.others] + ["inner", "settings", "act"])
    kind = draw.pick(f"{prefix}.constructor", "inherits", "passes", "names", "fixes", "fixes")
    if kind == "inherits":
        fields, others = (), ()
    writes = draw.pick(f"{prefix}.get_config", "none", "serialize", "none", "raw", "none", "omit")
    if kind == "inherits" or not (parent.is_ours or parent.writes):  # whose arguments nobody has written
        writes = "none"
    reads = draw.pick(f"{prefix}.from_config", "none", "super", "cls")
    fixed = base_fixed = None
    # Whoever fixes an argument that a get_config writes has to take it out again.
    if kind == "fixes" and not parent.writes and not parent.reads and writes == "none":
        single = [field for field in parent.fields if field.holds == "one"]
        if single and not draw.happens(f"{prefix}.fixes_base", 3):
            fixed = draw.pick(f"{prefix}.fixed", *single)
        else:
            base_fixed = draw.pick(f"{prefix}.fixed_base", 'dtype="float32"', "trainable=False")
    if reads == "cls" and any(other.read for other in parent.others) and (parent.writes or writes != "none"):
        reads = "super"
    way = _draw_next_way(draw, prefix, parent)
    unwritten = () if writes != "none" else parent.unwritten
    if writes == "none" and way == "register":
        unwritten = (*unwritten, *fields, *others)
    lines = [
        *_next_constructor(draw, prefix, kind, parent, fixed or base_fixed, fields, others),
        *(_build(parent.form, fields, (), _SUPER) if parent.builds else ()),
        *(_call(parent.form, None, fields, others) if fields or others else ()),
        *_get_config(writes, (), (*parent.unwritten, *fields, *others)),
        *_from_config(reads, "none", fields, others),
    ]
    kept = (*(field for field in parent.fields if field is not fixed), *fields)
    return Level(
        name=name,
        form=parent.form,
        fields=kept,
        others=(*parent.others, *others),
        writes=parent.writes or writes != "none",
        reads=parent.reads or reads != "none",
        builds=parent.builds,
        tells_shape=parent.tells_shape,
        fixes=parent.fixes | {base_fixed.split("=")[0]} if base_fixed else parent.fixes,
        unwritten=unwritten,
        way=way,
        is_ours=True,
        is_mixed=parent.is_mixed or way == "mixin",
        source=_class(way, name, parent.name, lines, kept),
    )


def _next_constructor(draw, prefix, kind, parent, fixed, fields, others) -> list[str]:
    if kind == "inherits":
        return []
    size = parent.form.size
    own = [each.parameter for each in (*fields, *others)]
    body = [each.assignment() for each in (*fields, *others)]
    if kind == "passes":
        return _method(
            "__init__", ", ".join(["self", "*args", *own, "**kwargs"]), ["super().__init__(*args, **kwargs)", *body]
        )
    if kind == "names" and parent.fields:
        field = draw.pick(f"{prefix}.named", *parent.fields)
        default = draw.pick(f"{prefix}.default", '"sigmoid"', "None") if field.holds == "one" else field.default
        parameters = ["self", size, f"{field.name}={default}", *own, "**kwargs"]
        return _method(
            "__init__", ", ".join(parameters), [f"super().__init__({size}, {field.name}={field.name}, **kwargs)", *body]
        )
    given = [size]
    if isinstance(fixed, Field):
        given.append(f"{fixed.name}={draw.pick(f'{prefix}.fixed_value', *FIXED)}")
    elif fixed:
        given.append(fixed)
    return _method(
        "__init__",
        ", ".join(["self", size, *own, "**kwargs"]),
        [f"super().__init__({', '.join(given)}, **kwargs)", *body],
    )
