"""A docstring as Markdown: its sections become lists, its roles become links, and its code blocks are fenced."""

import inspect
import itertools
import re
import textwrap
from collections.abc import Callable, Iterator

Link = Callable[[str], str]
"""Returns what a page says for a name: a link to its entry, or the name alone."""

_SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Source|Keys):")
_LISTS = {"Args": "Arguments", "Attributes": "Attributes", "Raises": "Raises", "Keys": "Keys"}
_ITEM = re.compile(r"(?P<name>\*{0,2}[\w.]+): (?P<text>.*)", re.DOTALL)


def write_docstring(docstring: str, link: Link) -> str:
    """Return *docstring* as Markdown."""
    sections = _split_sections(inspect.cleandoc(docstring).splitlines())
    return "\n\n".join(_write_section(name, "\n".join(lines), link) for name, lines in sections)


def split_items(docstring: str, section: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each item in a *section* of *docstring*."""
    sections = _split_sections(inspect.cleandoc(docstring).splitlines())
    text = next("\n".join(lines) for name, lines in sections if name == section)
    for item in _split_list(text):
        match = _ITEM.fullmatch(item)
        assert match is not None, item
        yield match["name"], _write_text(match["text"], show_plainly)


def _split_list(text: str) -> list[str]:
    return re.split(r"\n(?=\S)", textwrap.dedent(text).strip("\n"))


def show_plainly(name: str) -> str:
    """Return *name* as a page says it that has no entries to link to."""
    return f"`{name.rpartition('.')[2]}`"


def _split_sections(lines: list[str]) -> Iterator[tuple[str | None, list[str]]]:
    """Yield the name and the lines of each section; what is in no section has None for a name."""
    name: str | None = None
    held: list[str] = []
    for line in lines:
        header = _SECTION.fullmatch(line)
        if header is not None or (name is not None and line and not line.startswith(" ")):
            yield name, held
            name, held = (header[1], []) if header else (None, [line])
        else:
            held.append(line)
    yield name, held


def _write_section(name: str | None, text: str, link: Link) -> str:
    if name is None:
        return "\n\n".join(_write_paragraphs(text.strip("\n"), link))
    text = textwrap.dedent(text).strip("\n")
    if name in _LISTS:
        items = (_write_item(item, link, named=name == "Raises") for item in _split_list(text))
        return f"**{_LISTS[name]}**\n\n" + "\n".join(items)
    return f"**{name}**\n\n" + "\n\n".join(_write_paragraphs(text, link))


def _write_item(item: str, link: Link, *, named: bool) -> str:
    match = _ITEM.fullmatch(item)
    assert match is not None, item
    name = link(match["name"]) if named else f"`{match['name']}`"
    return f"- {name}: {_write_text(match['text'], link)}"


def _write_paragraphs(text: str, link: Link) -> Iterator[str]:
    for before, paragraph in itertools.pairwise(["", *text.split("\n\n")]):
        if before.endswith("::") and paragraph.startswith("    "):
            yield f"```py\n{textwrap.dedent(paragraph)}\n```"
        elif paragraph.startswith("- "):
            yield "\n".join(f"- {_write_text(item, link)}" for item in re.split(r"(?:^|\n)- ", paragraph)[1:])
        else:
            yield _write_text(re.sub("::$", ":", paragraph), link)


def _write_text(text: str, link: Link) -> str:
    text = " ".join(text.split())
    text = re.sub(r":\w+:`~?([^`]+)`", lambda role: link(role[1]), text)
    return re.sub(r"(?<![*\w])\*(\w+)\*(?![*\w])", r"`\1`", text.replace("``", "`"))
