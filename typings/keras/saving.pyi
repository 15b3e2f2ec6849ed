from collections.abc import Callable, Mapping
from io import IOBase
from os import PathLike
from typing import Any, Self, TypeVar

from keras.models import Model
from keras.models import load_model as load_model

_ClassOrFunctionT = TypeVar("_ClassOrFunctionT", bound=Callable[..., object])

class CustomObjectScope:
    def __init__(self, custom_objects: Mapping[str, object] | None) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *args: object, **kwargs: object) -> None: ...

custom_object_scope = CustomObjectScope

def get_custom_objects() -> dict[str, object]: ...
def get_registered_name(obj: object) -> str: ...
def get_registered_object(
    name: str,
    custom_objects: Mapping[str, object] | None = None,
    module_objects: Mapping[str, object] | None = None,
) -> object: ...
def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[_ClassOrFunctionT], _ClassOrFunctionT]: ...

# Plain values stay what they are, containers become containers of configs, objects become dicts.
def serialize_keras_object(obj: object) -> Any: ...
def deserialize_keras_object(
    config: object,
    custom_objects: Mapping[str, object] | None = None,
    safe_mode: bool = True,
    *,
    module_objects: Mapping[str, object] | None = None,
) -> Any: ...
def save_model(
    model: Model,
    filepath: str | PathLike[str] | IOBase,
    overwrite: bool = True,
    zipped: bool | None = None,
    **kwargs: object,
) -> None: ...
