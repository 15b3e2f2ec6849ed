"""Wraps the methods of a layer class in place, once each, so that its layers keep their activations.

Every wrapper looks up the :class:`~serialactivation.spec.layer_spec.LayerSpec` of its class when it runs, so that a
second install only replaces the spec. Wrappers call inherited methods through ``super`` at run time, because Keras
changes the bases of functional model classes at their first instantiation.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, Final

import keras

from serialactivation import errors
from serialactivation.catalog.private_names import IS_DEFAULT
from serialactivation.codec.nesting_depth import END, NESTED, PLAIN, is_too_deep
from serialactivation.codec.placed_errors import locate_argument, shorten
from serialactivation.keras_api.call_arguments import abstract
from serialactivation.keras_api.internals import MAYBE_BUILD
from serialactivation.keras_api.registration import register
from serialactivation.layer.assignment import assign, field_to_assign, refuse_fixed
from serialactivation.layer.building.build import build_from_config as build_layer
from serialactivation.layer.building.build import build_owner, run_called, write_build_config
from serialactivation.layer.building.own_build import OwnBuild
from serialactivation.layer.configs.read_config import read_config
from serialactivation.layer.configs.write_config import write_config
from serialactivation.layer.constructors.constructed import finish
from serialactivation.layer.constructors.construction import ConstructorCall, refuse_endless
from serialactivation.layer.hooks import HOOK_NAMES, ActivationHooks
from serialactivation.layer.rematerialization import is_lent, rematerialize
from serialactivation.layer.state.layer_activations import LayerActivations
from serialactivation.layer.whole_classes import undo_on_error
from serialactivation.spec.fields import FieldLike
from serialactivation.spec.layer_spec import ATTRIBUTE, AutoConfig, make_spec
from serialactivation.typing import Config

__all__ = ["adopt", "is_installed"]

Method = Callable[..., Any]
_ADDED: Final = "_serialactivation_added"
_NOTES_CALLS: Final = "_serialactivation_notes_calls"
_NAMES: Final[set[str]] = set()  # the names of all classes' fields


def is_installed(layer_class: type) -> bool:
    """Return whether *layer_class* itself, not only a parent, has been installed."""
    return ATTRIBUTE in layer_class.__dict__


def adopt(
    layer_class: type[keras.Layer],
    declared: Sequence[FieldLike] | None = None,
    *,
    package: str | None = None,
    name: str | None = None,
) -> None:
    """Install *layer_class* and register it with Keras, or change nothing. The mixin and the decorator call this.

    Raises:
        ActivationFieldError: *declared* has a name that is not an argument of the constructor.
        RegistrationError: A different class has the name.
    """
    with undo_on_error(layer_class):
        install(layer_class, declared)
        register(layer_class, package=package, name=name)


def install(layer_class: type[keras.Layer], declared: Sequence[FieldLike] | None = None) -> None:
    """Make *layer_class* keep its activations. Installing again replaces the fields.

    Args:
        layer_class: The class; it is changed in place.
        declared: Its fields, or None to find them in the constructor.

    Raises:
        ActivationFieldError: *declared* has a name that is not an argument of the constructor.
    """
    spec = make_spec(layer_class, declared)
    first, inherits = not is_installed(layer_class), hasattr(layer_class, ATTRIBUTE)
    setattr(layer_class, ATTRIBUTE, spec)
    _NAMES.update(spec.by_name)
    if not first:
        return
    for name in HOOK_NAMES:
        if not hasattr(layer_class, name):
            setattr(layer_class, name, ActivationHooks.__dict__[name])
    for name, wrap in _WRAPPERS.items():
        speaks = name == "get_config" and spec.auto_config is not AutoConfig.NONE  # a subclass's may call this one
        if name in layer_class.__dict__ or not inherits or speaks:
            wrap(layer_class)
    if not spec.built_by_keras and not getattr(layer_class, _NOTES_CALLS, False):
        _wrap_builders(layer_class)
    if not inherits and not issubclass(layer_class, ActivationHooks):
        _watch_subclasses(layer_class)


def _watch_subclasses(layer_class: type[keras.Layer]) -> None:
    """Adopt later subclasses, too: the parent's config would lack their own arguments."""
    own = layer_class.__dict__.get("__init_subclass__")

    def init_subclass(cls: type[keras.Layer], **kwargs: Any) -> None:
        if own is None:
            super(layer_class, cls).__init_subclass__(**kwargs)
        else:
            own.__func__(cls, **kwargs)
        adopt(cls)

    # Python itself makes __init_subclass__ a class method, too.
    layer_class.__init_subclass__ = classmethod(init_subclass)  # type: ignore[arg-type,assignment]


def _super_or_own(layer_class: type, name: str) -> Callable[[Any], Method]:
    """Return a function that finds the wrapped method of an instance, or of a class for a class method."""
    own = layer_class.__dict__.get(name)
    if own is None:
        return lambda target: getattr(super(layer_class, target), name)
    if isinstance(own, classmethod):
        return lambda target: own.__get__(None, target)
    return lambda target: own.__get__(target)


def _set_method(layer_class: type, name: str, wrapper: Method, *, class_method: bool = False) -> None:
    """Set *wrapper* on the class, with the signature and the marks of the wrapped method, which Keras reads."""
    before = getattr(layer_class, name)
    written = name in layer_class.__dict__
    before = getattr(before, "__func__", before)
    functools.update_wrapper(wrapper, before)
    if name == "__init__":  # Keras asks at every construction, by getfullargspec too, which does not unwrap
        wrapper.__signature__ = inspect.signature(before)  # type: ignore[attr-defined]
    placed = classmethod(wrapper) if class_method else wrapper
    setattr(placed, _ADDED, not written)
    setattr(layer_class, name, placed)


def _wrap_init(layer_class: type[keras.Layer]) -> None:
    original = _super_or_own(layer_class, "__init__")
    is_inherited = "__init__" not in layer_class.__dict__

    def init(self: keras.Layer, *args: Any, **kwargs: Any) -> None:
        call = ConstructorCall(LayerActivations.of(self), layer_class, args, kwargs)
        written: Callable[..., None] = super(layer_class, self).__init__ if is_inherited else original(self)
        try:
            call.run(written, finish)
        except errors.ActivationError as error:
            raise shorten(locate_argument(error, type(self), call.arguments)) from error.__cause__

    _set_method(layer_class, "__init__", init)


def _wrap_new(layer_class: type[keras.Layer]) -> None:
    """Refuse arguments that contain themselves: Keras walks through all arguments before the constructor runs."""
    own = layer_class.__dict__.get("__new__")

    def new(cls: type[keras.Layer], *args: Any, **kwargs: Any) -> keras.Layer:
        nested = [one for one in (*args, *kwargs.values()) if type(one) not in PLAIN and isinstance(one, NESTED)]
        if nested and is_too_deep(nested, END + 1):
            refuse_endless(cls, args, kwargs)
        make: Any = super(layer_class, cls).__new__ if own is None else own.__func__
        made: keras.Layer = make(cls, *args, **kwargs)
        return made

    functools.update_wrapper(new, layer_class.__new__)
    # The signature of a class is that of its __new__, if it has one, and else that of its __init__.
    new.__signature__ = inspect.signature(layer_class.__init__)  # type: ignore[attr-defined]
    layer_class.__new__ = staticmethod(new)  # type: ignore[assignment]


def _wrap_get_config(layer_class: type[keras.Layer]) -> None:
    original = _super_or_own(layer_class, "get_config")
    is_inherited = "get_config" not in layer_class.__dict__

    def get_config(self: keras.Layer) -> Config:
        written: Callable[[], Config] = super(layer_class, self).get_config if is_inherited else original(self)
        return write_config(layer_class, self, written)

    _set_method(layer_class, "get_config", get_config)
    # With this mark, Keras would write its own default config instead of calling ours.
    layer_class.__dict__["get_config"].__dict__.pop(IS_DEFAULT, None)


def _wrap_from_config(layer_class: type[keras.Layer]) -> None:
    original = _super_or_own(layer_class, "from_config")

    def from_config(cls: type[keras.Layer], config: Config, *args: Any, **kwargs: Any) -> keras.Layer:
        try:
            return read_config(layer_class, cls, config, lambda read: original(cls)(read, *args, **kwargs))
        except errors.ActivationError as error:
            raise shorten(locate_argument(error, cls, config)) from error.__cause__

    _set_method(layer_class, "from_config", from_config, class_method=True)


def _wrap_build(layer_class: type[keras.Layer]) -> None:
    original = _super_or_own(layer_class, "build")

    def build(self: keras.Layer, *args: Any, **kwargs: Any) -> None:
        state = LayerActivations.of(self)
        try:
            build_owner(state, OwnBuild(original(self), args, kwargs))
        except errors.ActivationError as error:
            known = {**vars(self), **state.given, "name": self.name}
            raise shorten(locate_argument(error, type(self), known)) from error.__cause__

    _set_method(layer_class, "build", build)


def _wrap_builders(layer_class: type[keras.Layer]) -> None:
    """Note the call that builds a layer: an author's ``build``, or a default one, may receive less than the call."""
    setattr(layer_class, _NOTES_CALLS, True)
    maybe_build = _super_or_own(layer_class, MAYBE_BUILD)
    get_build_config = _super_or_own(layer_class, "get_build_config")
    build_from_config = _super_or_own(layer_class, "build_from_config")

    def noting_build(self: keras.Layer, call_spec: Any) -> None:
        if not self.built:
            given = call_spec.user_arguments_dict
            arguments = abstract({key: given[key] for key in call_spec.arguments_dict if key in given})
            run_called(LayerActivations.of(self), arguments, functools.partial(maybe_build(self), call_spec))

    def noted_config(self: keras.Layer) -> Config | None:
        return write_build_config(LayerActivations.of(self), get_build_config(self)())

    def build_as_noted(self: keras.Layer, config: Config | None) -> None:
        build_layer(LayerActivations.of(self), config, build_from_config(self))

    _set_method(layer_class, MAYBE_BUILD, noting_build)
    _set_method(layer_class, "get_build_config", noted_config)
    _set_method(layer_class, "build_from_config", build_as_noted)


def _wrap_setattr(layer_class: type[keras.Layer]) -> None:
    original = _super_or_own(layer_class, "__setattr__")
    own = layer_class.__dict__.get("__setattr__")
    setter: Callable[[Any, str, object], None] = own or super(layer_class, layer_class).__setattr__

    def set_attribute(self: Any, name: str, value: object) -> None:
        # This runs for every attribute of a layer, so attributes that are not fields take the shortest path.
        if name in _NAMES:
            state = LayerActivations.of(self)
            if state.constructing:
                state.note_order(name)
            elif is_lent(state, name):
                vars(self)[name] = value
                return
            elif not state.build.is_running:
                if (field := field_to_assign(state, name)) is not None:
                    assign(state, field, value, original(self))
                    return
                refuse_fixed(state, name, value)
        if own is not None or type(self) is layer_class:
            setter(self, name, value)
        else:  # a class between the two may have its own __setattr__
            super(layer_class, self).__setattr__(name, value)

    _set_method(layer_class, "__setattr__", set_attribute)


def _wrap_rematerialized_call(layer_class: type[keras.Layer]) -> None:
    original = _super_or_own(layer_class, "rematerialized_call")

    def rematerialized_call(self: keras.Layer, layer_call: Method, *args: Any, **kwargs: Any) -> Method:
        return rematerialize(self, lambda call: original(self)(call, *args, **kwargs), layer_call)

    _set_method(layer_class, "rematerialized_call", rematerialized_call)


_WRAPPERS: Final[dict[str, Callable[[type[keras.Layer]], None]]] = {
    "__init__": _wrap_init,
    "get_config": _wrap_get_config,
    "from_config": _wrap_from_config,
    "build": _wrap_build,
    "__setattr__": _wrap_setattr,
    "__new__": _wrap_new,
}
if hasattr(keras.Layer, "rematerialized_call"):  # since Keras 3.9
    _WRAPPERS["rematerialized_call"] = _wrap_rematerialized_call
