"""The record of all facts about a layer class that its wrapped methods need, made before the class is changed."""

import enum
import functools
import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import attrs
import keras

from serialactivation.catalog.private_names import has_default_build
from serialactivation.catalog.versions import is_newer
from serialactivation.spec.fields import ActivationField, FieldLike, constructor_parameters, find_fields, make_fields

__all__ = [
    "ATTRIBUTE",
    "BASE_KEYS",
    "AutoConfig",
    "LayerSpec",
    "find_defining_class",
    "is_keras_class",
    "is_of_keras",
    "make_spec",
    "spec_of",
]

# Keras skips attributes with such a name when it saves weights.
ATTRIBUTE: Final = "__serialactivation_spec__"

BASE_KEYS: Final = ("name", "trainable", "dtype", "activity_regularizer")
"""The arguments that ``keras.Layer`` itself puts into a config."""

# Arguments that models of Keras 3.6 pass on to constructors that do not take them.
_UNWANTED: Final = frozenset({"dtype"} if is_newer("3.7", keras.__version__) else ())


class AutoConfig(enum.Enum):
    """The arguments besides activations that this package writes to a class's config."""

    NONE = enum.auto()
    """None: the author's ``get_config`` writes the arguments of the constructor."""
    MISSING = enum.auto()
    """The class's own arguments: an inherited ``get_config`` writes those passed on in ``**kwargs``."""
    WHOLE = enum.auto()
    """All arguments: there is no author's ``get_config`` for the constructor."""


@attrs.frozen(kw_only=True)
class LayerSpec:
    """The facts about a layer class.

    Attributes:
        fields: Its activation fields.
        members: The declared members of configuration objects; others are found when an object is given.
        positions: The arguments of its constructor that may be given by position, in order.
        nameless: The first of these, which may be given only by position.
        defaults: The defaults of the arguments that its own constructor names.
        swallows: Whether its constructor takes ``**kwargs``.
        unwanted: The arguments that must not be given in ``**kwargs``.
        auto_config: The arguments besides activations that this package writes to its config.
        default_build: Whether its ``build`` is Keras's default.
        built_by_keras: Whether its ``build`` is one of Keras's, but not the default.
        own_from_config: Whether an author wrote its ``from_config``, which may use other names for the fields.
        made_by_keras: Whether its constructor and its ``from_config`` are Keras's own: the constructor then receives
            other objects either as objects or as configs.
        captured: The arguments of its own constructor, and of its parents', that we may have written into a config.
        written_above: The arguments of its parents' constructors that a parent's ``get_config`` is to write, where its
            own constructor has no ``get_config``.
        passed_on: The fields that are named only in the constructor of a parent that is not ours.
        read_by_parent: The arguments that a parent's ``from_config`` reads itself, such as that of ``Wrapper``.
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
    written_above: frozenset[str]
    passed_on: frozenset[str]
    read_by_parent: frozenset[str]

    @functools.cached_property
    def by_name(self) -> Mapping[str, ActivationField]:
        """The fields by the names of the constructor's arguments, which are also the layer's attributes."""
        return MappingProxyType({field.name: field for field in self.fields})

    @functools.cached_property
    def member_fields(self) -> Mapping[str, ActivationField]:
        """The declared members of configuration objects, by their paths."""
        return MappingProxyType({field.name: field for field in self.members})

    @functools.cached_property
    def captures_rest(self) -> bool:
        """Whether our config also holds the arguments that the constructor takes in ``**kwargs``."""
        return self.auto_config is AutoConfig.WHOLE and self.swallows

    @functools.cached_property
    def notes_arguments(self) -> bool:
        """Whether the arguments of constructors are noted: an author wrote one of them, or nobody a ``get_config``."""
        return not self.made_by_keras or self.auto_config is not AutoConfig.NONE or bool(self.captured)

    @functools.cached_property
    def keeps_functions(self) -> bool:
        """Whether a function is stored so that the constructor gets the function again, and not its name.

        Keras's constructors take both; an author's may call what it is given. An author's ``from_config`` may read the
        name itself.
        """
        return not (self.made_by_keras or self.own_from_config)

    def accepts(self, name: str) -> bool:
        """Return whether the constructor takes an argument *name*."""
        return name in self.defaults or (self.swallows and name not in self.unwanted)

    @functools.cached_property
    def refused(self) -> tuple[str, ...]:
        """The arguments that Keras puts into every config and the constructor does not take."""
        return tuple(name for name in BASE_KEYS if not self.accepts(name))

    def name_arguments(self, args: Sequence[object], kwargs: Mapping[str, object]) -> dict[str, object]:
        """Return the constructor's arguments by name, defaults included."""
        return {**self.defaults, **dict(zip(self.positions, args, strict=False)), **kwargs}

    @functools.cached_property
    def by_key(self) -> Mapping[str, ActivationField]:
        """The fields by their keys in a config, older keys included."""
        keys = [(key, field) for field in self.fields for key in (field.key, *field.aliases)]
        return MappingProxyType(dict(reversed(keys)))


def make_spec(layer_class: type[keras.Layer], declared: Sequence[FieldLike] | None) -> LayerSpec:
    """Return the spec of *layer_class*.

    Raises:
        ActivationFieldError: *declared* has a name that is not an argument of the constructor.
    """
    constructor, default_build = layer_class.__init__, has_default_build(layer_class)
    parameters = list(inspect.signature(constructor).parameters.values())[1:]
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    auto_config = _auto_config(layer_class)
    bases = [base for base in layer_class.__mro__[1:] if ATTRIBUTE in base.__dict__]
    above: list[LayerSpec] = [base.__dict__[ATTRIBUTE] for base in bases]
    captured = {p.name for p in named if auto_config is not AutoConfig.NONE}.union(*(spec.captured for spec in above))
    fields = _inherit_fields(layer_class, declared)
    named_by_ours = {p.name for p in named}.union(*(spec.defaults for spec in above))
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
        written_above=_written_above(layer_class, auto_config) - {p.name for p in named},
        passed_on=frozenset(field.name for field in fields if field.name not in named_by_ours),
        read_by_parent=_read_by_parent(layer_class),
    )


def _written_above(layer_class: type[keras.Layer], auto_config: AutoConfig) -> frozenset[str]:
    if auto_config is not AutoConfig.MISSING:
        return frozenset()
    return frozenset(parameter.name for parameter in constructor_parameters(_definer(layer_class, "get_config")))


def _read_by_parent(layer_class: type[keras.Layer]) -> frozenset[str]:
    reader = _definer(layer_class, "from_config")
    if reader is layer_class or _is_keras_base(reader):
        return frozenset()
    return frozenset(parameter.name for parameter in constructor_parameters(reader))


def _inherit_fields(
    layer_class: type[keras.Layer], declared: Sequence[FieldLike] | None
) -> tuple[ActivationField, ...]:
    """Return the fields: the *declared* ones, or those of the parents and those found in the constructor."""
    if declared is not None:
        return make_fields(layer_class, declared)
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
    """Return whether an author's ``get_config``, of the constructor's class or a subclass, writes the arguments."""
    getter, constructor = _definer(layer_class, "get_config"), _definer(layer_class, "__init__")
    if _is_keras_base(getter):  # a model without its own constructor may be Functional
        return AutoConfig.NONE if constructor is keras.Model else AutoConfig.WHOLE
    if not issubclass(constructor, getter) or constructor is getter or is_keras_class(constructor):
        return AutoConfig.NONE
    swallows = any(p.kind is p.VAR_KEYWORD for p in inspect.signature(layer_class.__init__).parameters.values())
    return AutoConfig.MISSING if swallows else AutoConfig.WHOLE


def find_defining_class(layer_class: type, method: str) -> type:
    """Return the first class in the MRO of *layer_class* that has *method*, be it one that this package wrapped."""
    return next(base for base in layer_class.__mro__ if method in base.__dict__)


def _definer(layer_class: type, method: str) -> type:
    """Return the class that defines *method*, without regard to our wrappers."""
    for base in layer_class.__mro__:
        written = base.__dict__.get(method)
        if written is not None and not getattr(written, "_serialactivation_added", False):
            return base
    raise AttributeError(method)


def is_of_keras(layer_class: type, method: str) -> bool:
    """Return whether *method* is defined by a class of Keras, not by an author's."""
    return is_keras_class(_definer(layer_class, method))


def is_keras_class(base: type) -> bool:
    """Return whether *base* is one of Keras's own classes, or of the package of its backend."""
    return base.__module__.partition(".")[0] == "keras" or base in _BASES


def _is_keras_base(base: type) -> bool:
    """Return whether *base* is a base class of Keras, whose ``get_config`` does not write a subclass's arguments."""
    return base in _BASES


# Those of a backend that is a package of its own, such as keras-openvino, are in its modules, not in Keras's.
_BASES: Final = frozenset((*keras.Layer.__mro__, *keras.Model.__mro__)) - {object}


spec_of: Final[Callable[[type], LayerSpec]] = operator.attrgetter(ATTRIBUTE)
"""Returns the spec of a layer class, or of its nearest parent that has one."""
