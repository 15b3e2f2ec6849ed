"""All rules of ``check`` and ``lint``, by code. Keras-free."""

import itertools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.rules.activations.sites import ACTIVATIONS
from serialactivation.rules.activations.weights import WEIGHTS
from serialactivation.rules.configs.classes import CLASSES
from serialactivation.rules.configs.forms import FORMS
from serialactivation.rules.configs.graphs import GRAPHS
from serialactivation.rules.configs.keras1_files import OLDEST_FILES
from serialactivation.rules.configs.keywords import KEYWORDS
from serialactivation.rules.configs.lost_axes import AXES
from serialactivation.rules.configs.names import NAMES
from serialactivation.rules.configs.optimizers import OPTIMIZERS
from serialactivation.rules.configs.stand_ins import STAND_INS
from serialactivation.rules.configs.targets import TARGETS
from serialactivation.rules.configs.unsafe import UNSAFE
from serialactivation.rules.configs.values import VALUES
from serialactivation.rules.files.containers import CONTAINERS
from serialactivation.rules.files.optimizer_states import STATES
from serialactivation.rules.files.refusals import FILES
from serialactivation.rules.files.shapes import SHAPES
from serialactivation.rules.files.variables import VARIABLES
from serialactivation.rules.provided import PROVIDED
from serialactivation.rules.rule import Rule
from serialactivation.rules.source import SOURCE

__all__ = ["CODES", "FINDINGS"]


def _sort(rules: tuple[Rule, ...]) -> Mapping[str, Rule]:
    return MappingProxyType({rule.code: rule for rule in sorted(rules)})


_MODELS: Final = (
    *(ACTIVATIONS, WEIGHTS, VARIABLES, STATES, SHAPES, CLASSES, NAMES, KEYWORDS, TARGETS, GRAPHS, CONTAINERS),
    *(PROVIDED, OPTIMIZERS, STAND_INS, VALUES, FORMS, AXES, OLDEST_FILES, UNSAFE),
)

FINDINGS: Final = _sort((*itertools.chain.from_iterable(_MODELS), *SOURCE))
"""The rules for files that can be read. A new family of rules is added here."""

CODES: Final[Mapping[str, Rule]] = MappingProxyType({**_sort(FILES), **FINDINGS})
"""All rules: first those for files that cannot be read."""
