"""Keras's scopes: whether Keras is saving or loading, and which objects it knows.

A load opens the same sharing scope as a save. Inside ``deserialize_keras_object``, safe mode is a bool. After
``enable_unsafe_deserialization`` it is False everywhere. Then the scope of custom objects shows a load, because
deserialization puts the whole registry into it.
"""

import contextlib
import contextvars
import enum
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, ParamSpec, TypeVar, cast

import keras
from keras.src.backend.common import global_state
from keras.src.backend.common.variables import AutocastScope
from keras.src.legacy.saving import saving_utils
from keras.src.saving import saving_lib, serialization_lib

from serialactivation.catalog.marks import PACKAGE, PARTIAL

__all__ = [
    "Direction",
    "autocast_scope",
    "compile_as_stored",
    "contained",
    "find_in_scope",
    "in_sharing_scope",
    "is_loading",
    "is_saving",
    "is_writing_hdf5",
    "keeping_scope",
    "knowing_attributes",
    "layers_being_built",
    "make_once",
    "moving",
    "objects_in_scope",
    "open_store",
    "sharing_scope",
    "unshared_unless_saving",
    "walk_attributes",
]

_SEEN: Final = "shared_objects/id_to_config_map"
_MADE: Final = "shared_objects/id_to_obj_map"
_SKIPPED: Final = "saving_attr_skiplist_{}"
_NAME_SCOPES: Final = "name_scope_stack"
_OLDER_FORM: Final = "use_legacy_config"
_OF_A_THREAD: Final = (
    _SEEN,
    _MADE,
    _SKIPPED.format("Layer"),
    _NAME_SCOPES,
    "custom_objects_scope_dict",
    "safe_mode_saving",
)


class Direction(enum.Enum):
    """Whether a model is being saved or loaded."""

    SAVING = enum.auto()
    LOADING = enum.auto()


# The direction, if one of our own functions opened the sharing scope.
_DIRECTION: Final[contextvars.ContextVar[Direction | None]] = contextvars.ContextVar("direction", default=None)


ObjectT = TypeVar("ObjectT")
ResultT = TypeVar("ResultT")
ParametersT = ParamSpec("ParametersT")

_SENTINEL: Final = f"{PACKAGE}>{PARTIAL}"


def contained(operation: Callable[ParametersT, ResultT]) -> Callable[ParametersT, ResultT]:
    """Undo all scopes and context variables that *operation* sets, wherever it is interrupted.

    It runs in a context of its own, whose variables end with it. If it does not finish, Keras's state of the thread is
    restored, because an interrupt may also come while Keras leaves its own scopes.
    """

    @functools.wraps(operation)
    def run(*args: ParametersT.args, **kwargs: ParametersT.kwargs) -> ResultT:
        context, before = contextvars.copy_context(), _read_state()
        try:
            try:
                return context.run(operation, *args, **kwargs)
            except BaseException:
                _restore(before)
                raise
        except BaseException:  # a second interrupt may have come in _restore()
            _restore(before)
            raise

    return run


def _read_state() -> dict[str, Any]:
    """Return Keras's state of this thread, with a copy of the list of name scopes, which changes in place."""
    state = dict(vars(global_state.GLOBAL_STATE_TRACKER))
    return {**state, _NAME_SCOPES: list(state.get(_NAME_SCOPES) or ())}


def _restore(before: Mapping[str, Any]) -> None:
    for name in _OF_A_THREAD:
        global_state.set_global_attribute(name, before.get(name))


def layers_being_built() -> list[keras.Layer]:
    """Return the layers that are being built or called in this thread, outermost first."""
    callers = (scope.caller for scope in global_state.get_global_attribute(_NAME_SCOPES) or ())
    return [caller for caller in callers if isinstance(caller, keras.Layer)]


def autocast_scope(dtype: str | None) -> contextlib.AbstractContextManager[object]:
    """Return a scope in which weights are read in *dtype*, as in a layer's call; with None, they are not cast."""
    scope: contextlib.AbstractContextManager[object] = AutocastScope(dtype)
    return scope


def is_loading() -> bool:
    """Return whether Keras is making objects from configs in this thread."""
    if _DIRECTION.get() is not None:
        return _DIRECTION.get() is Direction.LOADING
    safe_mode = serialization_lib.in_safe_mode()
    if safe_mode is None or safe_mode:
        return safe_mode is not None
    return _SENTINEL in _scope()


def is_saving() -> bool:
    """Return whether Keras is writing a whole model in this thread, and keeps track of shared objects."""
    return in_sharing_scope() and not is_loading()


def is_writing_hdf5() -> bool:
    """Return whether this thread is in Keras's write of a model to an ``.h5`` file; a load opens the same scope."""
    return bool(global_state.get_global_attribute(_OLDER_FORM)) and not is_loading()


def in_sharing_scope() -> bool:
    """Return whether Keras keeps track of shared objects in this thread, in a save or in a load."""
    return global_state.get_global_attribute(_SEEN) is not None


@contextlib.contextmanager
def sharing_scope(*, shares: bool = True) -> Iterator[None]:
    """Open Keras's sharing scope, as Keras does for ``.keras`` files, and restore the outer one at the end.

    Args:
        shares: Whether there may be shared objects; if not, there is no sharing scope inside.
    """
    with keeping_scope():
        for name in (_SEEN, _MADE):
            global_state.set_global_attribute(name, {} if shares else None)
        yield


@contextlib.contextmanager
def keeping_scope() -> Iterator[None]:
    """Restore the present sharing scope at the end: a ``copy.deepcopy`` of a layer within it closes the scope."""
    before = {name: global_state.get_global_attribute(name) for name in (_SEEN, _MADE)}
    try:
        yield
    finally:
        for name, value in before.items():
            global_state.set_global_attribute(name, value)


def make_once(original: ObjectT, make: Callable[[ObjectT], ObjectT]) -> ObjectT:
    """Return the object made from *original* in this sharing scope, or make it now."""
    made = global_state.get_global_attribute(_MADE)
    if id(original) not in made:
        made[id(original)] = make(original)
    return cast("ObjectT", made[id(original)])


class moving:  # noqa: N801  # a context manager, as those of contextlib; entered for every layer of a model
    """Set the direction within it, so that it need not be inferred from Keras's scopes."""

    def __init__(self, direction: Direction) -> None:
        self._direction = direction

    def __enter__(self) -> None:
        self._token = _DIRECTION.set(self._direction)

    def __exit__(self, *_: object) -> None:
        _DIRECTION.reset(self._token)


@contextlib.contextmanager
def knowing_attributes(*kinds: str) -> Iterator[None]:
    """Cache, within it, the names of the attributes that Keras skips when it saves and loads weights.

    Keras makes an object to find these names. It caches those of layers under a wrong key (3.6 to 3.15), so it makes
    one for every layer of a model, which takes a third of the time of a save and a fifth of a load.

    Args:
        *kinds: The kinds of objects, ``Layer``, ``Metric`` or ``Optimizer``.
    """
    names = [_SKIPPED.format(kind) for kind in kinds]
    before = [global_state.get_global_attribute(name) for name in names]
    for kind, name in zip(kinds, names, strict=True):
        global_state.set_global_attribute(name, saving_lib.get_attr_skipset(kind))
    try:
        yield
    finally:
        for name, value in zip(names, before, strict=True):
            global_state.set_global_attribute(name, value)


def walk_attributes(layer: keras.Layer) -> Iterator[tuple[str, object]]:
    """Yield the attributes of *layer* in which Keras looks for layers whose weights it saves, with their names."""
    attributes: Iterator[tuple[str, object]] = saving_lib._walk_saveable(layer)
    return attributes


def compile_as_stored(model: keras.Model, stored: dict[str, Any], custom: Mapping[str, object]) -> None:
    """Compile *model* with the *stored* arguments of an ``.h5`` file, as Keras does in a load."""
    arguments = saving_utils.compile_args_from_training_config(stored, dict(custom))
    model.compile(**arguments)
    saving_utils.try_build_compiled_arguments(model)


@contextlib.contextmanager
def open_store(path: str, mode: Literal["r", "w"]) -> Iterator[Any]:
    """Open the weights file at *path* for ``save_own_variables`` and ``load_own_variables``."""
    store = saving_lib.H5IOStore(path, mode=mode)
    try:
        yield store
    finally:
        store.close()


class unshared_unless_saving:  # noqa: N801  # as above
    """Suppress shared ids within it except in a save: in a load, Keras would count each config that is written."""

    def __enter__(self) -> None:
        self._seen = None if is_saving() else global_state.get_global_attribute(_SEEN)
        if self._seen is not None:
            global_state.set_global_attribute(_SEEN, None)

    def __exit__(self, *_: object) -> None:
        if self._seen is not None:
            global_state.set_global_attribute(_SEEN, self._seen)


def objects_in_scope() -> dict[str, object]:
    """Return the objects of the active ``custom_object_scope`` by name. An inner scope hides an outer one."""
    return dict(_scope())


def _scope() -> Mapping[str, object]:
    """Return Keras's own mapping of the active ``custom_object_scope``; in a load, it has all registered objects."""
    scope: Mapping[str, object] = global_state.get_global_attribute("custom_objects_scope_dict", {})
    return scope


def find_in_scope(value: object) -> str | None:
    """Return the name of *value* in the active ``custom_object_scope``, or None."""
    return next((name for name, custom in _scope().items() if custom is value), None)
