"""Makes a finding on a node of source. Keras-free."""

import ast

from serialactivation.files.regions import TextEdit
from serialactivation.rules.finding import Finding
from serialactivation.rules.source import RULES
from serialactivation.syntax.layer_calls import Given
from serialactivation.syntax.module import Module

__all__ = ["make_given_finding", "make_source_finding"]


def make_source_finding(
    module: Module, code: str, node: "ast.expr | ast.stmt", layer: str, evidence: str, edits: tuple[TextEdit, ...] = ()
) -> Finding:
    """Return a finding.

    Args:
        module: The module.
        code: The code of the rule.
        node: The syntax node of the finding.
        layer: The name of the class.
        evidence: What was found, as a clause that starts in lower case.
        edits: The edits that fix it.
    """
    return Finding(
        rule=RULES[code],
        owners=(layer,),
        location=module.qualname(node),
        evidence=evidence,
        cure=RULES[code].cure,
        region=module.source.text.region_of(node),
        edits=edits,
    )


def make_given_finding(module: Module, given: Given, code: str, evidence: str, cure: str | None = None) -> Finding:
    """Return a finding on an activation that a layer is given.

    Args:
        module: The module.
        given: The activation.
        code: The code of the rule.
        evidence: What was found, as a clause that starts in lower case.
        cure: What to do; None for the cure of the rule.
    """
    field = "" if given.field is None else f"{given.field}: "
    found = make_source_finding(module, code, given.node, given.layer, f"{field}{evidence}")
    return found if cure is None else found._replace(cure=cure)
