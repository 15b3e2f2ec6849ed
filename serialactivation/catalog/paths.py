"""Where something stands inside an argument, as steps and as text: ``config.blocks[0].activation``. Keras-free."""

import re
from typing import Final, TypeAlias

__all__ = ["Steps", "read_path", "without_indices", "write_path"]

Steps: TypeAlias = tuple[str | int, ...]
"""An argument, then the members and the indices that lead from it to a place inside."""

_STEP: Final = re.compile(r'\.?(\w+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')
_INDEX: Final = re.compile(r"\[\d+\]")


def write_path(steps: Steps) -> str:
    """Return *steps* as text; the first is the name of an argument."""
    return "".join(map(str, steps[:1])) + "".join(map(_write_step, steps[1:]))


def _write_step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.isidentifier() else f"[{_quote(step)}]"


def _quote(name: str) -> str:
    import json  # for names that are no identifiers alone

    return json.dumps(name)


def _unquote(quoted: str) -> str:
    import json  # likewise

    return str(json.loads(quoted))


def read_path(path: str) -> Steps:
    """Return the steps that :func:`write_path` was given, or none where *path* is no such text."""
    try:
        steps = tuple(
            name or (int(index) if index else _unquote(quoted)) for name, index, quoted in _STEP.findall(path)
        )
    except ValueError:
        return ()
    return steps if write_path(steps) == path else ()


def without_indices(path: str) -> str:
    """Return *path* without the places in lists: what a class declares holds for each of them."""
    return _INDEX.sub("", path)
