"""The documentation's python blocks, each page as a module that a type checker reads: ``python -m tests.typing.pages``.

They are checked as a user's own code is, against what the installed wheel brings: in full, but for their functions,
which need no annotations. Blocks that must raise are left out: what they do is wrong on purpose.
"""

import pathlib
import re
import sys
from typing import Final

ROOT: Final = pathlib.Path(__file__).parents[2]
BLOCK: Final = re.compile(r"^```python\n(?P<code>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


def read_code(page: str) -> str:
    """Return the code of a *page*, on the lines that it has there."""
    lines = [""] * page.count("\n")
    for block in BLOCK.finditer(page):
        first = page.count("\n", 0, block.start("code"))
        code = block["code"].splitlines()
        lines[first : first + len(code)] = code
    return "\n".join([*lines, ""])


def main(folder: str) -> None:
    """Write a module for each page that has code to *folder*."""
    for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        code = read_code(path.read_text(encoding="utf-8"))
        if code.strip():
            name = re.sub(r"\W", "_", str(path.relative_to(ROOT).with_suffix("")))
            (pathlib.Path(folder) / f"{name}.py").write_text(code, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
