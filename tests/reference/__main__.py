"""Write the parts of the reference that come from the code again: ``KERAS_BACKEND=jax python -m tests.reference``."""

import functools
import pathlib
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from serialactivation.commands.statuses import STATUSES
from tests.reference import codes, options
from tests.reference.entries import find_documented, write_entry
from tests.reference.forms import FORMS, write_form, write_marks
from tests.reference.limits import write_limits
from tests.reference.markdown import DOCS
from tests.reference.parts import write_parts

Writers: TypeAlias = Mapping[str, Callable[[], str]]
"""What writes each part of a page."""

REFERENCE = DOCS / "reference"
DOCUMENTED = ("serialactivation", "callbacks", "errors", "testing", "typing")


def _of_each(names: Iterable[str], write: Callable[[str], str], part: str = "{}") -> Writers:
    return {part.format(name): functools.partial(write, name) for name in names}


PARTS: Mapping[pathlib.Path, Writers] = {
    REFERENCE / "codes.md": {
        "findings": codes.write_findings,
        "files that cannot be read": codes.write_unreadable,
        "advisories": codes.write_advisories,
    },
    REFERENCE / "command-line.md": {
        "commands": options.write_commands,
        "options": functools.partial(options.write_options, None),
        "options of lint": functools.partial(options.write_further_options, "lint"),
        **_of_each(("check", "repair", "report", "demo"), options.write_options, "options of {}"),
        **_of_each(STATUSES, options.write_usage, "usage of {}"),
        **_of_each(STATUSES, options.write_statuses, "exit statuses of {}"),
        "verdicts": codes.write_verdicts,
        "repairs": codes.write_repairs,
    },
    REFERENCE / "config-format.md": {**_of_each(FORMS, write_form), "marks": write_marks},
    DOCS / "explanation" / "what-the-reader-trusts.md": {"limits": write_limits},
    **{
        page: _of_each(find_documented(page), functools.partial(write_entry, page))
        for page in (
            REFERENCE / f"{name}.md" for name in ("serialactivation", "callbacks", "errors", "testing", "typing")
        )
    },
}
"""The pages, and what writes their parts."""


def write_page(page: pathlib.Path) -> str:
    """Return the text of *page* with its parts written again."""
    parts = {name: write() for name, write in PARTS[page].items()}
    return write_parts(page.read_text(encoding="utf-8"), parts)


def main() -> None:
    """Write the pages again."""
    for page in PARTS:
        page.write_text(write_page(page), encoding="utf-8")


if __name__ == "__main__":
    main()
