"""Write the codes and the repairs in the reference from their records: ``python -m tests.codes``."""

import re
from collections.abc import Iterable, Iterator

from serialactivation.repairs.all_repairs import DESCRIPTIONS
from serialactivation.rules.registry import CODES, FINDINGS
from serialactivation.rules.rule import Rule
from tests.helpers.processes import ROOT

PAGE = ROOT / "docs" / "reference" / "command-line.md"
START = "## The codes of findings\n"
REPAIRS = "Each change is reported with the name of the repair: "

COMMANDS = {None: "", "fix": "`lint --fix`", "replace": "`repair --replace`", "scale": "`repair --scale-hard-sigmoid`"}


def write_codes() -> str:
    """Return the end of the page: a table of the findings, and one of the files that cannot be read."""
    files = [rule for code, rule in CODES.items() if code not in FINDINGS]
    lines = [
        START,
        "The repair is what `serialactivation repair` prints, or the option that makes it; many findings have none.\n",
        *_write_table(("code", "severity", "repair", "meaning"), map(_write_finding, FINDINGS.values())),
        "\n## The codes of files that cannot be read\n",
        *_write_table(("code", "meaning"), ((f"`{rule.code}`", rule.meaning) for rule in files)),
        "\n## Advisories\n",
        "The findings with these codes are about ways to attack a load that have a CVE or GHSA id.\n",
        *_write_table(
            ("code", "advisories"),
            ((f"`{rule.code}`", ", ".join(rule.advisories)) for rule in CODES.values() if rule.advisories),
        ),
    ]
    return "\n".join(lines) + "\n"


def write_repairs() -> str:
    """Return the sentence with all repairs; those that remove the same are named together."""
    together: dict[str, list[str]] = {}
    for name, removes in DESCRIPTIONS.items():
        together.setdefault(removes, []).append(f"`{name}`")
    return f"{REPAIRS}{', '.join(f'{_join(names)} ({removes})' for removes, names in together.items())}."


def _join(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _write_finding(rule: Rule) -> tuple[str, ...]:
    repair = ", ".join(COMMANDS.get(name, f"`{name}`") for name in rule.repairs)
    return f"`{rule.code}`", rule.severity.name.lower(), repair, rule.meaning


def _write_table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    """Write the page again."""
    before, _, _ = PAGE.read_text(encoding="utf-8").partition(START)
    before = re.sub(f"^{REPAIRS}.*", lambda _: write_repairs(), before, flags=re.MULTILINE)
    PAGE.write_text(before + write_codes(), encoding="utf-8")


if __name__ == "__main__":
    main()
