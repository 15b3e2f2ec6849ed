"""Write into pages what their blocks print now: ``KERAS_BACKEND=jax python -m tests.docs README.md docs/tutorial.md``.

Outputs that are equal, but for white space, stay as they are. Read what changed before you commit it.
"""

import contextlib
import pathlib
import re
import sys
import tempfile
import textwrap

import keras

from tests.helpers.pages import Block, is_cut, run_blocks, tidy

WIDTH = 110


def write_outputs(page: pathlib.Path) -> None:
    """Run *page* in a new folder, and write what it prints below its blocks."""
    old, parts, end = page.read_text(encoding="utf-8"), [], 0
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(0)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for block, seen, expected in run_blocks(old, str(page)):
            if expected is not None:
                start = old.index(expected, max(block.start, end))
                equal = tidy(seen) == tidy(expected) or (block.raises and is_cut(expected, seen))
                parts += [old[end:start], expected if equal else _break_lines(seen, block)]
                end = start + len(expected)
    page.write_text("".join([*parts, old[end:]]), encoding="utf-8")


def _break_lines(seen: str, block: Block) -> str:
    lines = re.sub(r"0x[0-9a-f]+", "0x...", seen).rstrip().split("\n")
    if block.raises is not None:  # a message is prose, and code, which is indented, is not
        lines = [part for line in lines for part in _break_line(line)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _break_line(line: str) -> list[str]:
    if line.startswith((" ", "@")):
        return [line]
    return textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_outputs(pathlib.Path(name).resolve())
