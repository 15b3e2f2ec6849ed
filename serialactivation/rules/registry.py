"""All rules of ``check`` and ``lint``, by code. Keras-free."""

import itertools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from serialactivation.rules.activations import ACTIVATIONS
from serialactivation.rules.container_rules import CONTAINERS
from serialactivation.rules.file_rules import FILES
from serialactivation.rules.graph_rules import GRAPHS
from serialactivation.rules.keras1_files import OLDEST_FILES
from serialactivation.rules.lost_axes import AXES
from serialactivation.rules.provided_rules import PROVIDED
from serialactivation.rules.rule import Rule
from serialactivation.rules.shape_rules import SHAPES
from serialactivation.rules.source_rules import SOURCE
from serialactivation.rules.target_forms import FORMS
from serialactivation.rules.target_rules import VERSIONS
from serialactivation.rules.target_values import VALUES
from serialactivation.rules.training_rules import TRAINING_RULES
from serialactivation.rules.unsafe import UNSAFE
from serialactivation.rules.variable_rules import VARIABLES
from serialactivation.rules.weights import WEIGHTS

__all__ = ["CODES", "FINDINGS"]


def _sort(rules: tuple[Rule, ...]) -> Mapping[str, Rule]:
    return MappingProxyType({rule.code: rule for rule in sorted(rules)})


_MODELS: Final = (
    *(ACTIVATIONS, WEIGHTS, VARIABLES, SHAPES, VERSIONS, GRAPHS, CONTAINERS),
    *(PROVIDED, TRAINING_RULES, VALUES, FORMS, AXES, OLDEST_FILES, UNSAFE),
)

FINDINGS: Final = _sort((*itertools.chain.from_iterable(_MODELS), *SOURCE))
"""The rules for files that can be read. A new family of rules is added here."""

CODES: Final[Mapping[str, Rule]] = MappingProxyType({**_sort(FILES), **FINDINGS})
"""All rules: first those for files that cannot be read."""
