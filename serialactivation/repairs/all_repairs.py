"""The repairs of a config, in the order in which they are applied. Keras-free."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.repairs.keras2.calls import RENUMBER
from serialactivation.repairs.keras2.inputs import INPUT
from serialactivation.repairs.keras2.list_configs import WRAP
from serialactivation.repairs.keras2.losses import LOSS
from serialactivation.repairs.keras2.modernize import MODERNIZE
from serialactivation.repairs.keras2.modules import LOCATE
from serialactivation.repairs.keras2.operations import OPERATE
from serialactivation.repairs.keras2.optimizers import OPTIMIZER
from serialactivation.repairs.keras2.recurrent.cudnn import CUDNN
from serialactivation.repairs.keras2.recurrent.hard_sigmoid import SCALE
from serialactivation.repairs.keras2.rename_keywords import RENAME
from serialactivation.repairs.keras2.tensors import TENSORS
from serialactivation.repairs.keras3.drop_newer_keywords import PRUNE
from serialactivation.repairs.keras3.keep_axes import AXIS
from serialactivation.repairs.keras3.number_shared_activations import UNIFY
from serialactivation.repairs.keras3.use_public_names import RESPELL
from serialactivation.repairs.repair import Change, Repair, apply_all
from serialactivation.repairs.split.split_config import SPLIT
from serialactivation.repairs.split.weight_moves import DROP_STATE
from serialactivation.tree.nodes import Root
from serialactivation.typing import JSON

__all__ = ["DESCRIPTIONS", "REPAIRS", "apply_repairs"]

REPAIRS: Final[tuple[Repair, ...]] = (
    WRAP,
    LOCATE,
    INPUT,
    RENAME,
    MODERNIZE,
    RENUMBER,
    OPERATE,
    TENSORS,
    OPTIMIZER,
    LOSS,
    AXIS,
    RESPELL,
    UNIFY,
    PRUNE,
)
"""The repairs of the config alone. A new one is added here; each works on the result of those before it."""

DESCRIPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{one.name: one.removes for one in (*REPAIRS, CUDNN, SCALE)},
        SPLIT: "a layer as an activation, for a Keras before 3.10",
        DROP_STATE: "the state of an optimizer that Keras refuses: the optimizer starts as a new one",
    }
)
"""What each repair removes, by its name; the last four may change weights, too."""


def apply_repairs(config: JSON, root: Root, target: str | None) -> tuple[JSON, tuple[Change, ...]]:
    """Return a repaired config, and the changes; *config* itself is not changed.

    Args:
        config: A model's config, or its training config.
        root: Where it stands in the file.
        target: The target Keras, or None for the newest.
    """
    return apply_all(REPAIRS, config, root, target)
