"""The repair ``wrap``: a Sequential whose config is the list of its layers, as Keras 1 and 2 wrote it. Keras-free.

Keras 3 reads a dict with the name and the layers.
"""

from collections.abc import Iterator
from typing import Any, Final

from serialactivation.repairs.keras2.make_repair import edit_at, make_repair
from serialactivation.repairs.repair import Edit
from serialactivation.tree.activations import Steps
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import JSON

__all__ = ["WRAP"]

_NAME: Final = "sequential"


def _wrap(config: StoredConfig) -> Iterator[Edit]:
    for steps, name in _find_lists(config.config, ()):
        yield edit_at(steps, "the list of layers put into a dict, as Keras 3 reads it", _make_dict(name), ("config",))


def _find_lists(stored: JSON, steps: Steps) -> Iterator[tuple[Steps, str]]:
    """Yield the steps to each Sequential whose config is a list, the innermost first, and its name."""
    if not isinstance(stored, dict) or "class_name" not in stored:
        return
    inner = stored.get("config")
    is_list = isinstance(inner, list)
    layers, inside = (inner, ("config",)) if is_list else _find_layers(inner)
    for index, layer in enumerate(layers if isinstance(layers, list) else ()):
        yield from _find_lists(layer, (*steps, *inside, index))
    if is_list and stored["class_name"] == "Sequential":
        yield steps, str(stored.get("name") or _NAME)


def _find_layers(inner: JSON) -> tuple[JSON, Steps]:
    """Return the layers in the config of a model or a wrapper, and the steps to them."""
    layers = inner.get("layers") if isinstance(inner, dict) else None
    return layers, ("config", "layers")


def _make_dict(name: str) -> Any:
    def edit(model: Any) -> None:
        model["config"] = {"name": name, "layers": model["config"]}

    return edit


WRAP: Final = make_repair("wrap", _wrap)
"""The repair."""
