"""An activation's config without its build shapes: the owner builds it again, perhaps for other shapes."""

from typing import Final, cast

import keras

from serialactivation.codec.nesting_depth import PLAIN
from serialactivation.codec.tracked import TrackedActivation, find_tracked
from serialactivation.keras_api.call_arguments import CALL
from serialactivation.typing import JSON, Config

__all__ = ["without_shapes"]

_SHAPES: Final = frozenset({"input_shape", "shapes_dict", CALL})


def without_shapes(activation: object, config: Config, tracked: TrackedActivation | None) -> Config:
    """Return the *config* that Keras wrote for *activation*, without its build and compile configs.

    The build config stays if only calls of the owner build the activation.

    Args:
        activation: The activation.
        config: Its config.
        tracked: What is known of it, or None.
    """
    if tracked is None or not tracked.is_built_by_calls:
        config = cast("Config", _without_build_configs(config))
    config.pop("compile_config", None)
    return _without_inferred_inputs(activation, config)


def _without_build_configs(value: JSON) -> JSON:
    """Drop every ``build_config`` that holds nothing but shapes."""
    if isinstance(value, dict):
        build = value.get("build_config")
        dropped = "class_name" in value and isinstance(build, dict) and build.keys() <= _SHAPES
        return {
            key: item if type(item) in PLAIN else _without_build_configs(item)
            for key, item in value.items()
            if not (dropped and key == "build_config")
        }
    return [_without_build_configs(item) for item in value] if isinstance(value, list | tuple) else value


def _without_inferred_inputs(activation: object, config: Config) -> Config:
    inner = config.get("config")
    if not isinstance(activation, keras.Sequential) or not isinstance(inner, dict):
        return config
    tracked = find_tracked(activation)
    if tracked is None or not tracked.infers_input:
        return config
    configs = cast("list[Config]", inner["layers"])[-len(activation.layers) :]
    layers: list[JSON] = [
        cast("JSON", _without_inferred_inputs(layer, layer_config))
        for layer, layer_config in zip(activation.layers, configs, strict=True)
    ]
    shapeless = {key: value for key, value in inner.items() if key != "build_input_shape"}
    return {**config, "config": {**shapeless, "layers": layers}}
