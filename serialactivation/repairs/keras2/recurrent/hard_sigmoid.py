"""The repair ``scale``: the old ``hard_sigmoid`` of recurrent layers as that of Keras 3, with scaled weights.

It is applied only if it is asked for. Keras-free.
"""

import copy
from collections.abc import Iterator
from typing import Final

from serialactivation.repairs.keras2.make_repair import make_repair
from serialactivation.repairs.keras2.recurrent.layers import OLD_SIGMOID, SCALED, has_old_gates
from serialactivation.repairs.repair import Edit, replace
from serialactivation.rules import rule
from serialactivation.tree.stored_config import StoredConfig

__all__ = ["SCALE"]

_KEY: Final = "recurrent_activation"


def _scale(config: StoredConfig) -> Iterator[Edit]:
    for one in config.objects:
        if has_old_gates(one):
            what = f"{OLD_SIGMOID} of Keras 3 in its place, and the weights of the gates times 1.2"
            yield replace((*one.steps, "config", _KEY), copy.deepcopy(SCALED), what)


SCALE: Final = make_repair(rule.SCALE, _scale)
"""The repair."""
