"""Everything about a layer class that its methods need, settled once into one record before the class is touched."""

import enum
import functools
import inspect
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import attrs
import keras

from serialactivation.catalog.marks import BESIDE
from serialactivation.catalog.versions import is_newer
from serialactivation.spec.fields import ActivationField, FieldLike, constructor_parameters, find_fields, settle_fields

__all__ = ["ATTRIBUTE", "BASE_KEYS", "BESIDE", "AutoConfig", "LayerSpec", "is_of_keras", "settle", "spec_of"]

# As with a layer's record: Keras passes over it where it saves weights.
ATTRIBUTE: Final = "__serialactivation_spec__"

BASE_KEYS: Final = ("name", "trainable", "dtype", "activity_regularizer")
"""What ``keras.Layer`` itself puts into a config."""

# What the models of Keras 3.6 hand on to a constructor that does not take it.
_UNWANTED: Final = frozenset({"dtype"} if is_newer("3.7", keras.__version__) else ())


class AutoConfig(enum.Enum):
    """What a class needs of us to be made again from its config, besides its activations."""

    NONE = enum.auto()
    """Its author's ``get_config`` speaks for its constructor."""
    MISSING = enum.auto()
    """An inherited ``get_config`` speaks for what goes up in ``**kwargs``; the class's own arguments are missing."""
    WHOLE = enum.auto()
    """Nobody wrote a ``get_config`` for its constructor."""


@attrs.frozen(kw_only=True)
class LayerSpec:
    """What is known of a layer class.

    Attributes:
        fields: Its activation fields.
        members: Those declared that are members of configuration objects; others are found where an object is given.
        positions: The arguments of its constructor that may be given by position, in order.
        nameless: Those of them, the first ones, that may be given by position only.
        defaults: The defaults of the arguments that its own constructor names.
        swallows: Whether its constructor takes ``**kwargs``.
        unwanted: What may not be given in them.
        auto_config: What its config needs of us.
        default_build: Whether its ``build`` is Keras's default.
        built_by_keras: Whether its ``build`` is one of Keras's, and not that default.
        own_from_config: Whether an author wrote its ``from_config``, and may name the fields otherwise.
        made_by_keras: Whether its constructor and its ``from_config`` are Keras's own: what the first is handed of
            other objects may be the objects or their configs.
        captured: The arguments of its own constructor, and of those above, that we may have written into a config.
        passed_on: The fields that only a constructor further up names, and that is of no class of ours.
        read_by_parent: The arguments that a ``from_config`` further up makes objects of itself, such as ``Wrapper``'s.
    """

    fields: tuple[ActivationField, ...]
    members: tuple[ActivationField, ...]
    positions: tuple[str, ...]
    nameless: tuple[str, ...]
    defaults: Mapping[str, object]
    swallows: bool
    unwanted: frozenset[str]
    auto_config: AutoConfig
    default_build: bool
    built_by_keras: bool
    own_from_config: bool
    made_by_keras: bool
    captured: frozenset[str]
    passed_on: frozenset[str]
    read_by_parent: frozenset[str]

    @functools.cached_property
    def by_name(self) -> Mapping[str, ActivationField]:
        """The fields by the constructor's arguments, which are the attributes too."""
        return MappingProxyType({field.name: field for field in self.fields})

    @functools.cached_property
    def member_fields(self) -> Mapping[str, ActivationField]:
        """The declared members of configuration objects, by their paths."""
        return MappingProxyType({field.name: field for field in self.members})

    @functools.cached_property
    def captures_rest(self) -> bool:
        """Whether a config of ours may hold anything that its constructor takes in ``**kwargs``, too."""
        return self.auto_config is AutoConfig.WHOLE and self.swallows

    def accepts(self, name: str) -> bool:
        """Return whether the constructor takes an argument *name*."""
        return name in self.defaults or (self.swallows and name not in self.unwanted)

    @functools.cached_property
    def refused(self) -> tuple[str, ...]:
        """What Keras puts into every config and the constructor does not take."""
        return tuple(name for name in BASE_KEYS if not self.accepts(name))

    def name_arguments(self, args: Sequence[object], kwargs: Mapping[str, object]) -> dict[str, object]:
        """Return what the constructor is given, by name; defaults included."""
        return {**self.defaults, **dict(zip(self.positions, args, strict=False)), **kwargs}

    @functools.cached_property
    def by_key(self) -> Mapping[str, ActivationField]:
        """The fields by the keys that a config stores them under, or stored them under once."""
        keys = [(key, field) for field in self.fields for key in (field.key, *field.aliases)]
        return MappingProxyType(dict(reversed(keys)))


def settle(layer_class: type[keras.Layer], declared: Sequence[FieldLike] | None) -> LayerSpec:
    """Return the spec of *layer_class*.

    Raises:
        ActivationFieldError: *declared* names something that is no argument of the constructor.
    """
    constructor, default_build = layer_class.__init__, getattr(layer_class.build, "_is_default", False)
    parameters = list(inspect.signature(constructor).parameters.values())[1:]
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    auto_config = _auto_config(layer_class)
    bases = [base for base in layer_class.__mro__[1:] if ATTRIBUTE in base.__dict__]
    above: list[LayerSpec] = [base.__dict__[ATTRIBUTE] for base in bases]
    captured = {p.name for p in named if auto_config is not AutoConfig.NONE}.union(*(spec.captured for spec in above))
    fields = _inherit_fields(layer_class, declared)
    heard = {p.name for p in named}.union(*(spec.defaults for spec in above))
    return LayerSpec(
        fields=tuple(field for field in fields if not field.is_member),
        members=tuple(field for field in fields if field.is_member),
        positions=tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)),
        nameless=tuple(p.name for p in parameters if p.kind is p.POSITIONAL_ONLY),
        defaults=MappingProxyType({p.name: p.default for p in named}),
        swallows=any(p.kind is p.VAR_KEYWORD for p in parameters),
        unwanted=_UNWANTED if issubclass(layer_class, keras.Model) else frozenset(),
        auto_config=auto_config,
        default_build=default_build,
        built_by_keras=not default_build and is_of_keras(layer_class, "build"),
        own_from_config=not is_of_keras(layer_class, "from_config"),
        made_by_keras=all(is_of_keras(layer_class, method) for method in ("__init__", "from_config")),
        captured=frozenset(captured.difference(BASE_KEYS)),
        passed_on=frozenset(field.name for field in fields if field.name not in heard),
        read_by_parent=_read_by_parent(layer_class),
    )


def _read_by_parent(layer_class: type[keras.Layer]) -> frozenset[str]:
    reader = _definer(layer_class, "from_config")
    if reader is layer_class or _is_keras_base(reader):
        return frozenset()
    return frozenset(parameter.name for parameter in constructor_parameters(reader))


def _inherit_fields(
    layer_class: type[keras.Layer], declared: Sequence[FieldLike] | None
) -> tuple[ActivationField, ...]:
    """Settle the fields; without a declaration, a parent's holds for the arguments that are still there."""
    if declared is not None:
        return settle_fields(layer_class, declared)
    names = {parameter.name for parameter in constructor_parameters(layer_class)}
    inherited = {
        field.name: field
        for base in reversed(layer_class.__mro__[1:])
        for field in _declared_fields(base)
        if field.argument in names
    }
    found = {field.name: field for field in find_fields(layer_class)}
    return tuple({**found, **inherited}.values())


def _declared_fields(base: type) -> tuple[ActivationField, ...]:
    spec = base.__dict__.get(ATTRIBUTE)
    return (*spec.fields, *spec.members) if isinstance(spec, LayerSpec) else ()


def _auto_config(layer_class: type[keras.Layer]) -> AutoConfig:
    """Return whether a ``get_config`` speaks for the constructor: one that was written at its level, or below it."""
    getter, constructor = _definer(layer_class, "get_config"), _definer(layer_class, "__init__")
    if _is_keras_base(getter):  # a model without a constructor of its own may be made as a Functional one
        return AutoConfig.NONE if constructor is keras.Model else AutoConfig.WHOLE
    if not issubclass(constructor, getter) or constructor is getter or _is_keras_class(constructor):
        return AutoConfig.NONE
    swallows = any(p.kind is p.VAR_KEYWORD for p in inspect.signature(layer_class.__init__).parameters.values())
    return AutoConfig.MISSING if swallows else AutoConfig.WHOLE


def _definer(layer_class: type, method: str) -> type:
    """Return the class whose author wrote *method*: what we installed does not count."""
    for base in layer_class.__mro__:
        written = base.__dict__.get(method)
        if written is not None and not getattr(written, "_serialactivation_added", False):
            return base
    raise AttributeError(method)


def is_of_keras(layer_class: type, method: str) -> bool:
    """Return whether *method* is as a class of Keras wrote it, and no author's."""
    return _is_keras_class(_definer(layer_class, method))


def _is_keras_class(base: type) -> bool:
    """Return whether *base* is a class of Keras, and not of somebody's who uses it."""
    return base.__module__.partition(".")[0] == "keras"


def _is_keras_base(base: type) -> bool:
    """Return whether *base* is one of Keras's base classes, whose ``get_config`` knows no subclass's constructor."""
    return base in (keras.Layer, keras.Operation, keras.Model) or base.__module__.startswith("keras.src.backend.")


def spec_of(layer_class: type) -> LayerSpec:
    """Return the spec that was installed on *layer_class*, or on its nearest ancestor that has one."""
    spec: LayerSpec = getattr(layer_class, ATTRIBUTE)
    return spec
