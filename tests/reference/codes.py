"""The codes and the repairs, as their records describe them."""

from serialactivation.repairs.all_repairs import DESCRIPTIONS
from serialactivation.rules.registry import CODES, FINDINGS
from serialactivation.rules.rule import Rule, Verdict
from tests.reference.attributes import read_attributes
from tests.reference.markdown import mark_code, write_list, write_table

COMMANDS = {None: "", "fix": "`lint --fix`", "replace": "`repair --replace`", "scale": "`repair --scale-hard-sigmoid`"}


def write_findings() -> str:
    """Return a table of the codes of findings."""
    return write_table(("code", "meaning", "severity", "repair"), map(_write_finding, FINDINGS.values()))


def _write_finding(rule: Rule) -> tuple[str, ...]:
    repair = ", ".join(COMMANDS.get(name, f"`{name}`") for name in rule.repairs)
    return f"`{rule.code}`", mark_code(rule.meaning), rule.severity.name.lower(), repair


def write_unreadable() -> str:
    """Return a table of the codes of files that cannot be read."""
    files = (rule for code, rule in CODES.items() if code not in FINDINGS)
    return write_table(("code", "meaning"), ((f"`{rule.code}`", mark_code(rule.meaning)) for rule in files))


def write_advisories() -> str:
    """Return a table of the codes whose findings have an advisory."""
    rows = ((f"`{rule.code}`", ", ".join(rule.advisories)) for rule in CODES.values() if rule.advisories)
    return write_table(("code", "advisories"), rows)


def write_verdicts() -> str:
    """Return a table of the verdicts, from the least serious to the most serious."""
    words = read_attributes(Verdict)
    rows = ((f"`{verdict.value}`", words[verdict.name].removesuffix(".")) for verdict in Verdict)
    return write_table(("verdict", "meaning"), rows)


def write_repairs() -> str:
    """Return a list of the repairs; those that remove the same are named together."""
    together: dict[str, list[str]] = {}
    for name, removes in DESCRIPTIONS.items():
        together.setdefault(removes, []).append(f"`{name}`")
    return write_list((", ".join(names), mark_code(removes)) for removes, names in together.items())
