"""Shares of the tests: which of them run again under another backend, or an older Keras.

A test stays with the tests it is drawn with, whatever is added, and each commit moves the shares on by one: in as many
commits, one after another, as there are parts, each part has every test once. The tests of a module that is marked
``together`` are drawn as one.
"""

import pathlib
import subprocess
import zlib
from collections.abc import Iterable
from typing import Protocol, TypeVar

ROOT = pathlib.Path(__file__).parents[1]


class Item(Protocol):
    """What is asked of a test that pytest has collected."""

    @property
    def nodeid(self) -> str: ...

    def get_closest_marker(self, name: str, /) -> object: ...


ItemT = TypeVar("ItemT", bound=Item)


def divide(items: Iterable[ItemT], share: str, turn: int) -> tuple[list[ItemT], list[ItemT]]:
    """Return the *items* in a share, such as ``2/3``, and those that are not."""
    part, whole = map(int, share.split("/"))
    if not 1 <= part <= whole:
        raise ValueError(f"there is no share {share!r}: 2/3 is the second of three")
    sides: tuple[list[ItemT], list[ItemT]] = ([], [])
    for item in items:
        sides[(_draw(item) + turn) % whole != part - 1].append(item)
    return sides


def _draw(item: Item) -> int:
    name = item.nodeid.partition("::")[0] if item.get_closest_marker("together") else item.nodeid
    return zlib.crc32(name.encode())


def find_turn(root: pathlib.Path = ROOT) -> int:
    """Return the number of commits up to this one.

    A shallow clone has not all of them: there the turn is drawn by the commit's name. Without git it is always 0.
    """
    if _ask_git(root, "rev-parse", "--is-shallow-repository") == "true":
        return int(_ask_git(root, "rev-parse", "HEAD"), 16)
    return int(_ask_git(root, "rev-list", "--count", "HEAD") or "0")


def _ask_git(root: pathlib.Path, *arguments: str) -> str:
    """Return what git prints, or nothing where there is no git, or no repository."""
    try:
        done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
