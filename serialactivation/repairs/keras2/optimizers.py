"""The repair ``optimizer``: the arguments of the optimizers of Keras 1 and 2, as Keras 3 names them. Keras-free."""

import re
from collections.abc import Iterator
from typing import Any, Final

from serialactivation.catalog.classes import Signature
from serialactivation.repairs.keras2.make_repair import edit_at, make_repair
from serialactivation.repairs.repair import Edit, remove, replace
from serialactivation.rules.configs.optimizers import find_own_optimizer
from serialactivation.tree.activations import Steps
from serialactivation.tree.stored_config import StoredConfig
from serialactivation.typing import Config

__all__ = ["OPTIMIZER"]

_RATE: Final = "learning_rate"
_OLD_RATE: Final = "lr"
_DECAY: Final = "decay"
_NADAM: Final = "keras.optimizers.Nadam"
"""Its ``decay`` in tf_keras is that of its momentum, which is 0.004 in Keras 3."""
_EPSILON: Final = 1e-07
_DEAD: Final = ("dynamic", "is_legacy_optimizer", "jit_compile", "schedule_decay")
"""Arguments that Keras 3 lacks: ``schedule_decay`` of Nadam is 0.004 there, its default."""


def _name_own(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that name Keras's own optimizers, which Keras 2.14 stored as registered classes."""
    for node in config.nodes:
        name = find_own_optimizer(node)
        if name is not None:
            yield edit_at(
                config.find_steps(node), f"Custom>{name} renamed to {name} of Keras", _renamer(name, node.key)
            )


def _renamer(name: str, key: str | int = "") -> Any:
    def edit(stored: Any) -> None:
        stored["class_name"] = name
        if key == "inner_optimizer" or "module" in stored or "registered_name" in stored:
            stored.update(module="keras.optimizers", registered_name=None)

    return edit


def _find_optimizers(config: StoredConfig) -> Iterator[tuple[Steps, Config, Signature]]:
    """Yield the steps to the config of each optimizer of Keras, the config, and the signature of the class."""
    for steps, node in config.stock_objects:
        signature = None if node.of is None else node.of.signature
        if signature is not None and re.fullmatch(r"keras\.optimizers\.\w+", signature.owner):
            yield (*steps, "config"), node.config, signature


def _rename_rates(config: StoredConfig) -> Iterator[Edit]:
    for steps, inner, _ in _find_optimizers(config):
        if _OLD_RATE in inner and _RATE in inner:
            yield remove((*steps, _OLD_RATE), f"{_OLD_RATE!r} removed: {_RATE!r} is stored, too")
        elif _OLD_RATE in inner:
            yield edit_at(steps, f"{_OLD_RATE!r} renamed to {_RATE!r}", _rename_rate, (_OLD_RATE,))


def _rename_rate(inner: Any) -> None:
    inner[_RATE] = inner.pop(_OLD_RATE)


def _write_decays(config: StoredConfig) -> Iterator[Edit]:
    for steps, inner, signature in _find_optimizers(config):
        decay, rate = inner.get(_DECAY), inner.get(_RATE)
        is_rate = isinstance(rate, int | float) and signature.owner != _NADAM
        if isinstance(decay, int | float) and decay and is_rate:
            what = f"'decay' of {decay!r} written as the schedule InverseTimeDecay of the learning rate"
            yield edit_at(steps, what, _make_schedule, (_DECAY,))
        elif _DECAY in inner:
            yield remove((*steps, _DECAY), f"'decay' removed: it is {decay!r}, which Keras 3 ignores")


def _make_schedule(inner: Any) -> None:
    config = {
        "initial_learning_rate": inner[_RATE],
        "decay_steps": 1,
        "decay_rate": inner.pop(_DECAY),
        "staircase": False,
        "name": "InverseTimeDecay",
    }
    placed = {"module": "keras.optimizers.schedules", "class_name": "InverseTimeDecay"}
    inner[_RATE] = {**placed, "config": config, "registered_name": None}


def _drop_dead(config: StoredConfig) -> Iterator[Edit]:
    for steps, inner, signature in _find_optimizers(config):
        for key in _DEAD:
            if key in inner and key not in signature.keywords:
                yield remove((*steps, key), f"{key!r} removed: it is {inner[key]!r}, and Keras 3 does without it")


def _write_epsilons(config: StoredConfig) -> Iterator[Edit]:
    for steps, inner, signature in _find_optimizers(config):
        if "epsilon" in inner and inner["epsilon"] is None and "epsilon" in signature.keywords:
            yield replace((*steps, "epsilon"), _EPSILON, f"'epsilon' is {_EPSILON}, which Keras 2 took for None")


_SCALING: Final = "LossScaleOptimizer"
_SCALING_V3: Final = f"{_SCALING}V3"
"""The name in Keras 2 of the class for its newer optimizers."""


def _name_scaling(config: StoredConfig) -> Iterator[Edit]:
    for node in config.nodes:
        if node.is_object and isinstance(node.stored, dict) and node.stored.get("class_name") == _SCALING_V3:
            yield edit_at(config.find_steps(node), f"{_SCALING_V3} renamed to {_SCALING}", _renamer(_SCALING))


def _fix_scales(config: StoredConfig) -> Iterator[Edit]:
    """Yield the edits that write a scale of the loss that does not change as an argument of the inner optimizer."""
    for steps, inner, signature in _find_optimizers(config):
        if signature.owner == f"keras.optimizers.{_SCALING}" and _is_fixed(inner):
            what = f"{_SCALING} with a fixed scale of {inner.get('initial_scale')!r} written as 'loss_scale_factor'"
            yield edit_at(steps[:-1], what, _fix_scale, ("config", "dynamic"))


def _is_fixed(scaling: Config) -> bool:
    """Return whether a scale does not change, and there is an optimizer that can hold it."""
    inner, scale = scaling.get("inner_optimizer"), scaling.get("initial_scale")
    is_whole = isinstance(inner, dict) and isinstance(inner.get("config"), dict)
    return scaling.get("dynamic") is False and is_whole and isinstance(scale, int | float)


def _fix_scale(stored: Any) -> None:
    config = stored.pop("config")
    stored.clear()
    stored.update(config["inner_optimizer"])
    stored["config"]["loss_scale_factor"] = config["initial_scale"]


OPTIMIZER: Final = make_repair(
    "optimizer", _name_own, _name_scaling, _fix_scales, _rename_rates, _write_decays, _drop_dead, _write_epsilons
)
"""The repair."""
