"""Paths to members inside an argument, as steps and as text: ``config.blocks[0].activation``. Keras-free."""

import re
from typing import Final, TypeAlias

__all__ = ["Steps", "read_path", "without_indices", "write_path"]

Steps: TypeAlias = tuple[str | int, ...]
"""The name of an argument, followed by members and indices."""

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
    import json  # only names that are not identifiers need it

    return json.dumps(name)


def _unquote(quoted: str) -> str:
    import json  # as above

    return str(json.loads(quoted))


def read_path(path: str) -> Steps:
    """Return the steps of *path*, or none if :func:`write_path` cannot have written it."""
    try:
        steps = tuple(
            name or (int(index) if index else _unquote(quoted)) for name, index, quoted in _STEP.findall(path)
        )
    except ValueError:
        return ()
    return steps if write_path(steps) == path else ()


def without_indices(path: str) -> str:
    """Return *path* without list indices: a declaration applies to all items of a list."""
    return _INDEX.sub("", path)
