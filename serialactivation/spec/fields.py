"""The record of an activation field, and the search for fields in constructors. Data only, no Keras."""

import inspect
import keyword
import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from serialactivation import errors
from serialactivation.catalog.argument_names import looks_like_activation
from serialactivation.catalog.functions import find_activation
from serialactivation.catalog.paths import read_path, without_indices
from serialactivation.spec.config_objects import Member
from serialactivation.typing import JSON, Shape

__all__ = [
    "ActivationField",
    "FieldLike",
    "constructor_parameters",
    "find_fields",
    "make_fields",
    "make_member_field",
]


def _check_name(_: object, attribute: "attrs.Attribute[str]", value: object) -> None:
    if not isinstance(value, str) or not _is_path(value):
        raise errors.ActivationFieldError(
            "ActivationField", value, f"{attribute.name} must be the name of a constructor argument", "Pass a string."
        )


def _is_path(name: str) -> bool:
    """Return whether *name* is an argument name, or the path of a member: ``config.activation``."""
    steps = read_path(name)
    return bool(steps) and str(steps[0]).isidentifier() and not keyword.iskeyword(str(steps[0]))


def _tuple_of_names(value: Sequence[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise errors.ActivationFieldError(
            "ActivationField", value, "it must be a list or tuple of strings", f"Write ({value!r},)."
        )
    return tuple(value)


# Typed converters for the functions of a field, which may annotate its value; they change nothing.


def _resolver(function: Callable[[Any], object] | None) -> Callable[[object], object] | None:
    return function


def _validator(function: Callable[[Any], None] | None) -> Callable[[object], None] | None:
    return function


def _encoder(function: Callable[[Any], JSON] | None) -> Callable[[object], JSON] | None:
    return function


def _decoder(function: Callable[[Any], object] | None) -> Callable[[JSON], object] | None:
    return function


@attrs.frozen(kw_only=True)
class ActivationField:
    """One argument of a layer's constructor that holds an activation, or a list, tuple or dict of them.

    A frozen record; all arguments are given by keyword.

    Attributes:
        name: The constructor's argument, which is also the layer's attribute; or, with dots, the path of a member of a
            configuration object in an argument: ``"config.activation"``.
        key: The key in the layer's config; *name* by default.
        aliases: Older keys that are still read from a config.
        names: Strings that the layer itself accepts besides Keras's names; they are passed on and stored unchanged.
            For a field that is found, or declared only by its name, these contain the default of the argument if it is
            not a name of Keras.
        resolve: Whether the constructor receives a callable for a name or None.
        resolver: Replaces ``resolve_activation`` for this field.
        validator: Replaces ``validate_activation`` for this field.
        encoder: Replaces ``encode_activation`` for this field.
        decoder: Replaces ``decode_activation`` for this field.
        shape: Replaces ``activation_shape`` for this field: takes the layer's input shape, returns the activation's.

    Raises:
        ActivationFieldError: A name is neither an identifier nor a path, or *aliases* or *names* is a single string.
    """

    name: str = attrs.field(validator=_check_name)
    # Not @key.default: pyright does not know it, and would require a key in every call.
    key: str = attrs.field(default=attrs.Factory(operator.attrgetter("name"), takes_self=True), validator=_check_name)
    aliases: tuple[str, ...] = attrs.field(default=(), converter=_tuple_of_names)
    names: tuple[str, ...] = attrs.field(default=(), converter=_tuple_of_names)
    resolve: bool = False
    resolver: Callable[[object], object] | None = attrs.field(default=None, converter=_resolver)
    validator: Callable[[object], None] | None = attrs.field(default=None, converter=_validator)
    encoder: Callable[[object], JSON] | None = attrs.field(default=None, converter=_encoder)
    decoder: Callable[[JSON], object] | None = attrs.field(default=None, converter=_decoder)
    shape: Callable[[Shape], Shape | None] | None = None

    @property
    def argument(self) -> str:
        """The constructor's argument that holds the activation, or its configuration object."""
        return str(read_path(self.name)[0])

    @property
    def is_member(self) -> bool:
        """Whether the field is a member of a configuration object."""
        return not self.name.isidentifier()


FieldLike: TypeAlias = str | ActivationField
"""A declaration of a field: its name, or the whole record."""

Constructor: TypeAlias = Callable[..., object]


def find_fields(layer_class: type) -> tuple[ActivationField, ...]:
    """Return the fields of *layer_class*'s constructor, in the order of its arguments.

    Arguments that a constructor passes on in ``**kwargs`` are found in the next constructor up the MRO.
    """
    return tuple(
        _make_field(parameter)
        for parameter in constructor_parameters(layer_class)
        if looks_like_activation(parameter.name, parameter.default)
    )


def _make_field(parameter: inspect.Parameter) -> ActivationField:
    """Return the field of a *parameter*; a default that is not a name of Keras is one that the layer accepts."""
    default: object = parameter.default
    own = isinstance(default, str) and find_activation(default) is None and ">" not in default
    return ActivationField(name=parameter.name, names=(str(default),) if own else ())


def make_member_field(member: Member, declared: Mapping[str, ActivationField]) -> ActivationField:
    """Return the field of a configuration object's *member*, from its declaration if there is one."""
    field = declared.get(without_indices(member.path))
    if field is None:
        return ActivationField(name=member.path, names=member.names)
    return attrs.evolve(field, name=member.path, key=member.path, names=(*field.names, *member.names))


def constructor_parameters(layer_class: type) -> Iterator[inspect.Parameter]:
    """Yield the named arguments of *layer_class*'s constructor, those passed on in ``**kwargs`` included."""
    seen: set[str] = set()
    for base in layer_class.__mro__:
        constructor: Constructor | None = base.__dict__.get("__init__")
        if constructor is None or constructor is object.__init__:
            continue
        swallows = False
        for parameter in list(inspect.signature(constructor).parameters.values())[1:]:
            swallows |= parameter.kind is parameter.VAR_KEYWORD
            if (
                parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
                and parameter.name not in seen
            ):
                seen.add(parameter.name)
                yield parameter
        if not swallows:
            return


def make_fields(layer_class: type, declared: Sequence[FieldLike] | None) -> tuple[ActivationField, ...]:
    """Return the fields of *layer_class*: the *declared* ones, or those found where nothing is declared.

    Raises:
        ActivationFieldError: *declared* is a single string, names a field twice, or has a name without an argument.
    """
    if declared is None:
        return find_fields(layer_class)
    parameters = {parameter.name: parameter for parameter in constructor_parameters(layer_class)}
    fields = tuple(_read_field(layer_class, field, parameters) for field in _sequence(layer_class, declared))
    _check_arguments(layer_class, fields, parameters.keys())
    return fields


def _sequence(layer_class: type, declared: object) -> Sequence[object]:
    if isinstance(declared, str) or not isinstance(declared, Sequence):
        raise errors.ActivationFieldError(
            layer_class.__name__, declared, "fields= must be a list or tuple", f"Write fields=[{declared!r}]."
        )
    return declared


def _read_field(layer_class: type, field: object, parameters: Mapping[str, inspect.Parameter]) -> ActivationField:
    if isinstance(field, ActivationField):
        return field
    if isinstance(field, str):
        return _make_field(parameters[field]) if field in parameters else ActivationField(name=field)
    raise errors.ActivationFieldError(
        layer_class.__name__, field, "a field is a name or an ActivationField", "Pass the name of the argument."
    )


def _check_arguments(layer_class: type, fields: Sequence[ActivationField], parameters: Collection[str]) -> None:
    names = [field.name for field in fields]
    for field in fields:
        name = field.name
        if names.count(name) > 1:
            raise errors.ActivationFieldError(
                layer_class.__name__, name, "a field is declared twice", "Remove one of them."
            )
        if field.argument not in parameters:
            raise errors.ActivationFieldError(
                layer_class.__name__,
                name,
                "the constructor has no such argument",
                f"Its arguments are {', '.join(sorted(parameters))}.",
            )
