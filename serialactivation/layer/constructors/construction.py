"""A layer under construction: its activations are resolved and checked before the constructor sees them."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn, cast

import attrs
import keras

from serialactivation import errors
from serialactivation.catalog.marks import POSITIONAL, SEPARATE
from serialactivation.codec.known_functions.keywords import suggest_keywords
from serialactivation.codec.known_functions.registered_names import is_mistaken
from serialactivation.codec.nesting_depth import NESTED, PLAIN, check_depth, is_endless
from serialactivation.codec.placed_errors import locate
from serialactivation.layer.arguments.object_members import insert_stored, resolve_members
from serialactivation.layer.arguments.other_arguments import (
    check_argument,
    copy_containers,
    has_no_end,
    is_written,
    read_argument,
)
from serialactivation.layer.arguments.stored_separately import without_activations
from serialactivation.layer.hooks import (
    ActivationHooks,
    is_config,
    is_resolved_by_default,
    resolve_field,
    resolve_in_scope,
)
from serialactivation.layer.reading import READING
from serialactivation.layer.state.captured_arguments import NAMELESS, explain_nameless
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.spec.fields import ActivationField
from serialactivation.spec.layer_spec import BASE_KEYS, AutoConfig, is_of_keras, spec_of
from serialactivation.spec.mappings import MappingError
from serialactivation.typing import JSON, Config

__all__ = ["ConstructorCall", "refuse_endless"]

_EMPTY: Final = inspect.Parameter.empty
_AS_A_DICT: Final = "Pass a dict instead, or let the constructor of its class take a dict and keep its items unchanged."
_WITH_AN_END: Final = (
    "Pass a plain value or a registered Keras object, or a list, tuple or dict of these that does not contain itself."
)


class ConstructorCall:
    """One call of a constructor of a layer: the layer's own, or a parent's that it calls.

    Args:
        state: The layer's activations.
        definer: The class whose constructor runs.
        args: The constructor's arguments by position.
        kwargs: The constructor's arguments by name.
    """

    def __init__(
        self, state: LayerActivations, definer: type[keras.Layer], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self._state = state
        self._layer_class = type(state.layer)
        self._definer = definer
        self._is_outermost = not state.constructing
        self._level = type(state.layer) if self._is_outermost else definer  # the class whose arguments these are
        self._spec, self._own_spec = spec_of(self._level), spec_of(definer)
        self._positional: list[object] = list(args)
        self._named: dict[str, object] = kwargs

    @property
    def arguments(self) -> dict[str, object]:
        """The arguments by name, defaults included; an activation that has been resolved is the resolved one."""
        return self._spec.name_arguments(self._positional, self._named)

    def run(self, constructor: Callable[..., None], finish: Callable[[LayerActivations], None]) -> None:
        """Run *constructor* with the activations resolved.

        Args:
            constructor: It is bound to the layer.
            finish: Ends the construction, after the outermost constructor.

        Raises:
            ActivationError: An activation would not come back from a saved model, or is none.
            LayerArgumentError: Another argument cannot be stored, and the class has no ``get_config``.
            RegistrationError: Several classes have the name of the layer's class.
        """
        if not self._is_outermost:
            self._resolve_arguments()
            constructor(*self._positional, **self._named)
            return
        state, pending, token = self._state, READING.get(), None
        try:
            if pending is not None and pending[0] is self._layer_class:
                token = READING.set(None)  # the constructor may make another layer of its class
                state.reading = pending[1]
            state.constructing = True
            self._resolve_arguments()
            constructor(*self._positional, **self._named)
            finish(state)
        finally:
            state.constructing, state.reading = False, None
            if token is not None:
                READING.reset(token)

    def _resolve_arguments(self) -> None:
        """Resolve every activation among the arguments, and note the arguments for the config."""
        state = self._state
        if state.reading is not None:
            self._drop_additions(state.reading)
        if spec_of(self._layer_class).notes_arguments:
            if state.reading is not None:
                self._restore_positional()
                self._read_written()
            state.captured.note(self._definer, self._own_spec.positions, self._positional, self._named)
        if not self._spec.made_by_keras:
            self._resolve_members()
        for field in self._spec.fields:
            if field.name not in state.configured:
                self._resolve_field(field)
        if self._own_spec.auto_config is not AutoConfig.NONE:
            others = state.captured.others[self._definer] = self._copy_others()
            if self._spec.auto_config is not AutoConfig.NONE:  # else an author's get_config writes them
                self._refuse_nameless()
                self._check_others(others)

    def _drop_additions(self, reading: Config) -> None:
        """Drop the arguments that Keras's ``from_config`` added to *reading* and the constructor does not take."""
        if not self._spec.swallows:
            for name in self._named.keys() - self._spec.defaults.keys() - reading.keys():
                del self._named[name]

    def _restore_positional(self) -> None:
        """Pass to the outermost constructor by position the arguments that were stored by position."""
        values = self._read_separate().get(POSITIONAL)
        if isinstance(values, list) and self._is_outermost and not self._positional:
            self._positional.extend(self._named.pop(name) for name in self._spec.positions if name in self._named)
            self._positional.extend(read_argument(value) for value in values)

    def _read_written(self) -> None:
        """Read the other arguments that we wrote and no ``from_config`` has read, for the constructor."""
        spec, positional = self._spec, self._positional
        for index, name in enumerate(spec.positions[: len(positional)]):
            if name in spec.captured and name not in spec.by_name and is_written(positional[index]):
                positional[index] = read_argument(positional[index])
        for name, value in self._named.items():
            ours = name in spec.captured if name in spec.defaults else spec.captures_rest
            if ours and name not in spec.by_name and name not in BASE_KEYS and is_written(value):
                self._named[name] = read_argument(value)

    def _resolve_members(self) -> None:
        """Resolve the activations in the configuration objects among the arguments, defaults included."""
        hooks = cast("type[ActivationHooks]", self._layer_class)
        is_stored = SEPARATE in (self._state.reading or ())
        for name, value in self._given().items():
            if type(value) in PLAIN and not is_stored:
                continue
            resolved = (
                insert_stored(self._state, name, value, hooks.decode_activation, self._spec) if is_stored else value
            )
            try:
                resolved = resolve_members(self._spec, self._state, name, resolved, self._resolve_value)
            except MappingError as error:
                raise self._refuse_mapping(name, value, error) from error
            if resolved is not value:
                self._replace(name, resolved)

    def _replace(self, name: str, value: object) -> None:
        if name in self._spec.positions[: len(self._positional)]:
            self._positional[self._spec.positions.index(name)] = value
        else:
            self._named[name] = value

    def _given(self) -> dict[str, object]:
        """Return the arguments by name, defaults included."""
        defaults = {name: value for name, value in self._spec.defaults.items() if value is not _EMPTY}
        return {**defaults, **dict(zip(self._spec.positions, self._positional, strict=False)), **self._named}

    def _resolve_field(self, field: ActivationField) -> None:
        """Resolve one field if it was given, or if the constructor itself has a default for it."""
        spec, positional, named = self._spec, self._positional, self._named
        position = spec.positions.index(field.name) if field.name in spec.positions else len(positional)
        if position < len(positional):
            positional[position] = self._resolve_value(field, positional[position])
        elif field.name in named:
            named[field.name] = self._resolve_value(field, named[field.name])
        elif (default := spec.defaults.get(field.name, _EMPTY)) is not _EMPTY:
            resolved = self._resolve_value(field, self._find_left_out(field, default))
            if resolved is not default:
                named[field.name] = resolved
        elif field.name in spec.passed_on and field.name in self._read_separate():
            named[field.name] = self._resolve_value(field, None)

    def _find_left_out(self, field: ActivationField, default: object) -> object:
        """Return the stored form of a field that Keras's own ``from_config`` does not pass to the constructor.

        Sequential's ``from_config`` passes only the name; in Keras 3.6, Functional's passes the name and the graph.
        """
        reading = self._state.reading
        if reading is None or not (self._is_outermost and is_of_keras(self._layer_class, "from_config")):
            return default
        return reading.get(field.key, default)

    def _resolve_value(self, field: ActivationField, value: object) -> object:
        state, layer_class, name = self._state, self._layer_class, self._named.get("name")
        if not self._is_outermost and state.slot(field).received is value:
            return value  # a subclass's constructor passes on the resolved value
        stored = self._read_again(field, value)
        if isinstance(stored, NESTED) and not (state.reading and stored is state.reading.get(field.key)):
            check_depth(field, stored)  # from_config has checked what it passes on
        try:
            makes_none = isinstance(stored, str | None) and is_resolved_by_default(layer_class, field)
            if isinstance(name, str) and not makes_none:  # else no layer is made, and no weights
                received = resolve_in_scope(name, layer_class, field, stored)
            else:
                received = resolve_field(layer_class, field, stored)
        except errors.ActivationError as error:
            raise locate(error, layer_class, name, field.name) from error.__cause__
        state.slot(field).receive(received)
        return received

    def _read_again(self, field: ActivationField, value: object) -> object:
        """Return the stored form instead of *value*, where an author's ``from_config`` has decoded it wrongly.

        For an object, ``keras.activations.deserialize`` may return only the class name, such as ``'PReLU'``. For the
        name of a built-in, it returns a custom object of that name, if there is one.
        """
        if self._state.reading is None:
            return value
        separate = self._read_separate()
        if field.name in separate and field.name not in self._state.placed:  # a placed one has been read
            return separate[field.name]
        stored = self._state.reading.get(field.key)
        if value is stored:
            return value
        is_bare = isinstance(value, str) and isinstance(stored, dict) and stored.get("class_name") == value
        return stored if is_bare or is_mistaken(stored, value) else value

    def _read_separate(self) -> Mapping[str, JSON]:
        """Return what was stored separately from the author's arguments."""
        separate = None if self._state.reading is None else self._state.reading.get(SEPARATE)
        return separate if isinstance(separate, dict) else {}

    def _copy_others(self) -> dict[str, object]:
        """Return copies of the arguments that are neither activations nor Keras's own, with defaults."""
        fields = {field.name for field in self._spec.fields} - self._state.configured
        others = {name: value for name, value in self._given().items() if name not in fields and name not in BASE_KEYS}
        return {name: self._copy(name, value) for name, value in others.items()}

    def _copy(self, name: str, value: object) -> object:
        if type(value) in PLAIN or has_no_end(value):
            return value
        try:
            return copy_containers(value)
        except MappingError as error:
            raise self._refuse_mapping(name, value, error) from error

    def _refuse_mapping(self, name: str, value: object, error: MappingError) -> "errors.LayerArgumentError":
        return errors.LayerArgumentError(self._layer_class.__name__, name, value, str(error), _AS_A_DICT)

    def _refuse_nameless(self) -> None:
        """Refuse values for parameters without a usable name: a config holds arguments by name."""
        for name in self._spec.nameless[: len(self._positional)]:
            reason = explain_nameless("it has no name", self._level)
            raise errors.LayerArgumentError(self._level.__name__, name, self._positional[0], reason, NAMELESS)

    def _check_others(self, others: Mapping[str, object]) -> None:
        """Refuse an argument that no config can hold."""
        for name, value in others.items():
            if type(value) in PLAIN:
                continue
            if has_no_end(value):
                raise errors.LayerArgumentError(self._level.__name__, name, value, "it contains itself")
            if self._state.reading is None or not is_config(value):  # a parent's constructor reads a config
                rest = without_activations(self._spec, name, value) if name in self._state.objects else value
                try:
                    check_argument(self._level, name, rest)
                except errors.LayerArgumentError as error:
                    if name in self._own_spec.written_above:
                        self._state.captured.is_doubtful = True
                        continue
                    given = attrs.evolve(error, value=value) if error.value is rest else error
                    raise given from error.__cause__
                except errors.ActivationError as error:
                    raise locate(error, self._level, self._named.get("name"), name) from error.__cause__


def refuse_endless(layer_class: type[keras.Layer], args: tuple[object, ...], kwargs: Mapping[str, object]) -> NoReturn:
    """Refuse the last argument that contains itself, or is nested too deeply for Keras.

    Raises:
        UnserializableActivationError: It is an activation.
        LayerArgumentError: It is another argument.
    """
    spec = spec_of(layer_class)
    given = {**{str(index): value for index, value in enumerate(args)}, **kwargs}
    given = {**given, **dict(zip(spec.positions, args, strict=False))}
    name, value = next((name, value) for name, value in reversed(given.items()) if is_endless(value))
    reason = "it contains itself, or is nested too deeply"
    if name in spec.by_name:
        cure = "'relu'  # or another activation, or a list, tuple or dict of activations that does not contain itself"
        if isinstance(value, functools.partial):
            cure = suggest_keywords(value.func, value.keywords)
        raise locate(errors.UnserializableActivationError(value, reason, cure), layer_class, kwargs.get("name"), name)
    raise errors.LayerArgumentError(layer_class.__name__, name, value, reason, _WITH_AN_END)
