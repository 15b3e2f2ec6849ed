"""A page of the documentation, run as a script, from the top, in one namespace and in the current folder.

- A ``python`` block is run. Marked ``raises=SomeError``, it must end in that error, and no other block may raise.
- A ``text`` block right below a ``python`` block is what it printed, or the message of the error that it raised.
  A block that raises must have one, so that a reader sees that it does; a ``...`` there stands for any text.
- A block marked ``title="NAME"`` is the file NAME: it is written, and not run.
- In a ``console`` block, a line that starts with ``$`` is a command for the shell, and below it is what it printed.
  A block without such a line is there to be copied, and is not run.

White space is compared loosely, so that a page may break a long line, and an object's address stands as ``0x...``.
"""

import builtins
import contextlib
import io
import itertools
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator

import attrs
import pytest

from serialactivation import errors

ROOT = pathlib.Path(__file__).parents[2]
FENCE = re.compile(r"^```(?P<info>[^`\n]*)\n(?P<body>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)

_MARK = re.compile(r'python(?: raises=(?P<raises>[A-Za-z]+))?|[a-z]+ title="(?P<title>[\w.]+)"')
_COMMAND = re.compile(r"^(?P<line>\$ (?P<command>(?:.*\\\n)*.*)\n)(?:(?!\$ ).*\n)*", re.MULTILINE)
# Each command ends its output with a null, and leaves its exit status to the next one.
_SHELL = 'exec 2>&1\nserialactivation() { "$PYTHON" -m serialactivation "$@"; }\n'
_END = "\nstatus=$?; printf '\\0'; (exit $status)\n"


@attrs.frozen(kw_only=True)
class Block:
    """A fenced block: its kind, its text, on the lines that it has in its page, and what its marks and output say."""

    start: int
    kind: str
    text: str
    raises: str | None = None
    title: str | None = None
    output: str | None = None


def read_blocks(page: str) -> Iterator[Block]:
    """Yield the blocks of *page* that do something, each with the ``text`` block right below it."""
    fences = list(FENCE.finditer(page))
    for fence, below in itertools.zip_longest(fences, fences[1:]):
        kind, _, marks = fence["info"].strip().partition(" ")
        if kind not in ("python", "console") and not marks:
            continue
        mark = _MARK.fullmatch(fence["info"].strip())
        assert mark is not None or fence["info"] == "console", f"unknown mark: {fence['info']}"
        has_output = below is not None and below["info"] == "text" and not page[fence.end() : below.start()].strip()
        assert has_output or not (mark and mark["raises"]), f"the error is not shown below: {fence['body']}"
        yield Block(
            start=fence.start("body"),
            kind=kind,
            text=fence["body"] if marks.startswith("title") else _keep_lines(page, fence),
            raises=mark["raises"] if mark else None,
            title=mark["title"] if mark else None,
            output=below["body"] if has_output else None,
        )


def _keep_lines(page: str, fence: re.Match[str]) -> str:
    return "\n" * page.count("\n", 0, fence.start("body")) + fence["body"]


def run_page(page: str, name: str = "page", *, compared: bool = True) -> None:
    """Run the blocks of *page*, and compare what they print; in tracebacks it is called *name*."""
    for block, seen, expected in run_blocks(page, name):
        if expected is not None and compared:
            assert tidy(seen) == tidy(expected) or (block.raises and is_cut(expected, seen))


def run_blocks(page: str, name: str) -> Iterator[tuple[Block, str, str | None]]:
    """Run the blocks of *page*, and yield each with what it prints, and with what the page says that it prints."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in read_blocks(page):
        for seen, expected in _run_block(block, namespace, name):
            yield block, seen, expected


def _run_block(block: Block, namespace: dict[str, object], name: str) -> list[tuple[str, str | None]]:
    if block.title is not None:
        pathlib.Path(block.title).write_text(block.text, encoding="utf-8")
        return []
    if block.kind == "console":
        return run_console(block.text)
    return [(run_python(block, namespace, name), block.output)]


def run_python(block: Block, namespace: dict[str, object], name: str) -> str:
    """Run *block* and return what it printed, followed by the message of the error that it has to raise."""
    code = compile(block.text, name, "exec")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        if block.raises is None:
            exec(code, namespace)
            return printed.getvalue()
        with pytest.raises(find_error(block.raises)) as caught:
            exec(code, namespace)
    assert caught.type.__name__ == block.raises
    return f"{printed.getvalue()}{block.raises}: {caught.value}"


def run_console(text: str) -> list[tuple[str, str | None]]:
    """Run the commands in *text*, and return the line and output of each, as they are and as the page has them."""
    commands = list(_COMMAND.finditer(text))
    if not commands:
        return []
    script = "".join([_SHELL, *(f"{command['command']}{_END}" for command in commands)])
    plain = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    environment = {**plain, "PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=False)
    printed = done.stdout.split("\0")[:-1]
    return [(command["line"] + seen, command[0]) for command, seen in zip(commands, printed, strict=True)]


def find_error(name: str) -> type[Exception]:
    """Return the error called *name*: the package's or Python's."""
    return getattr(errors, name, None) or getattr(builtins, name)


def is_cut(message: str, whole: str) -> bool:
    """Return whether *message* is the *whole* one, but for what a ``...`` stands for."""
    parts = re.split(r"(?<!\S)\.\.\.(?!\S)", tidy(message))
    return re.fullmatch(".*".join(map(re.escape, parts)), tidy(whole)) is not None


def tidy(text: str) -> str:
    """Return *text* as it is compared."""
    return " ".join(re.sub(r"0x(?:[0-9a-f]+|\.\.\.)", "0x...", text).split())
