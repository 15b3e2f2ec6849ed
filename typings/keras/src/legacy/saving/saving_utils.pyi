from collections.abc import Mapping
from typing import Any

from keras import Model

def compile_args_from_training_config(
    training_config: dict[str, Any], custom_objects: Mapping[str, object] | None = None
) -> dict[str, Any]: ...
def try_build_compiled_arguments(model: Model) -> None: ...
