"""The entries of the reference: the signature of a public name, and its docstring."""

import importlib
import inspect
import pathlib
import re
from collections.abc import Iterator, Mapping

import attrs

from serialactivation.layer.hooks import HOOK_NAMES
from serialactivation.testing import promises
from tests.reference.attributes import read_attributes
from tests.reference.docstrings import Link, write_docstring
from tests.reference.markdown import DOCS

REFERENCE = DOCS / "reference"
WIDTH = 88

_SOURCES = {"serialactivation.testing.PROMISES": promises}
"""The modules of constants that are defined in another module than the one that they are imported from."""

WRITTEN = ("serialactivation.callbacks", "serialactivation.layers", "serialactivation.errors.ActivationError")
"""The names whose entries are links to others."""

_HEADING = re.compile(r"^## `(serialactivation(?:\.\w+)+)`$", re.MULTILINE)


class _Given:
    """Stands for a default that is computed."""

    def __repr__(self) -> str:
        return "..."


def find_object(dotted: str) -> object:
    """Return what a dotted name stands for."""
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


def write_entry(page: pathlib.Path, dotted: str) -> str:
    """Return what *page* says below the heading of a public name."""
    thing, link = find_object(dotted), make_link(page, dotted)
    if not inspect.isclass(thing) and not inspect.isfunction(thing):
        module, _, name = dotted.rpartition(".")
        return write_docstring(read_attributes(_SOURCES.get(dotted) or importlib.import_module(module))[name], link)
    parts = [_write_first(dotted, thing, link), write_docstring(inspect.getdoc(thing) or "", link)]
    parts += (_write_member(thing, name, link) for name in HOOK_NAMES if hasattr(thing, name))
    return "\n\n".join(filter(None, parts))


def _write_first(dotted: str, thing: object, link: Link) -> str:
    if isinstance(thing, type) and issubclass(thing, Exception):
        return _write_bases(thing, link)
    return "A protocol." if getattr(thing, "_is_protocol", False) else write_signature(dotted, thing)


def _write_member(owner: object, name: str, link: Link) -> str:
    member = getattr(owner, name)
    return f"### `{name}`\n\n{write_signature(name, member)}\n\n{write_docstring(inspect.getdoc(member) or '', link)}"


def write_signature(name: str, thing: object) -> str:
    """Return how *thing* is called, without types; or nothing if nobody calls it with arguments."""
    words = list(_write_parameters(inspect.signature(thing).parameters))
    if not words:
        return ""
    line = f"{name}({', '.join(words)})"
    if len(line) > WIDTH:
        line = f"{name}(\n" + "".join(f"    {word},\n" for word in words) + ")"
    return f"```py\n{line}\n```"


def _write_parameters(parameters: Mapping[str, inspect.Parameter]) -> Iterator[str]:
    named = [value for name, value in parameters.items() if name != "self"]
    plain = [value.replace(annotation=value.empty, default=_hide(value.default)) for value in named]
    words = str(inspect.Signature(plain))[1:-1].replace("'", '"')
    yield from filter(None, re.split(r", (?![^(]*\))", words))


def _hide(default: object) -> object:
    return _Given() if default is attrs.NOTHING else default


def _write_bases(error: type, link: Link) -> str:
    bases = [base for base in error.__bases__ if base.__name__ != "Portable"]
    return f"Bases: {', '.join(link(base.__name__) for base in bases)}"


def find_entries(page: pathlib.Path) -> list[str]:
    """Return the names that *page* has entries of."""
    return _HEADING.findall(page.read_text(encoding="utf-8"))


def find_documented(page: pathlib.Path) -> list[str]:
    """Return the names on *page* whose entries come from their docstrings."""
    return [name for name in find_entries(page) if name not in WRITTEN]


def make_link(page: pathlib.Path, dotted: str) -> Link:
    """Return the function that links a name in the entry of *dotted* on *page*."""
    entries = {name: path for path in sorted(REFERENCE.glob("*.md")) for name in find_entries(path)}
    module = dotted.rpartition(".")[0]

    def link(name: str) -> str:
        own = [name, f"{module}.{name}", *(one for one in entries if one.endswith(f".{name}"))]
        found = next((one for one in own if one in entries), None)
        shown = name.rpartition(".")[2]
        if name.startswith("serialactivation.") and (path := REFERENCE / f"{shown}.md").exists():
            return f"[`{name}`]({path.name})"
        assert found or not name.startswith("serialactivation."), f"the reference has no entry of {name}"
        if found is None or found == dotted:
            return f"`{shown}`"
        place = "" if entries[found] == page else entries[found].name
        return f"[`{shown}`]({place}#{found.replace('.', '').lower()})"

    return link
