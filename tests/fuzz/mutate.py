"""Configs changed as JSON is, and beyond what JSON can say."""

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs

__all__ = ["Pool", "change_text", "make_pool"]

Steps = tuple[str | int, ...]

# Characters of private use that stand for what JSON cannot say, until the text is written.
_BARE: Final = "\ue000"
_AGAIN: Final = "\ue001"
_WRITTEN: Final = re.compile(rf'"{_BARE}([^"]*)"')

_SCALARS: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, 2**64, 10**390, -(10**30), 0.0, -0.0, 0.5, 1e308, 5e-324),
    *(
        "",
        " ",
        ".",
        "a",
        "$",
        "/",
        "\0",
        "\x1b[2J",
        "\u202e",
        "\ud800",
        "\U0001f600",
        "é",
        "a" * 300,
        "<lambda>",
        "mine>a",
    ),
    *([], {}, [[]], [{}], [None], {"": None}, {"class_name": None}, {"config": None}, {"value": None}),
    *({"class_name": "", "config": {}}, {"class_name": "__tuple__"}, {"class_name": "function", "config": []}),
)
_BARE_TEXTS: Final = ("NaN", "-Infinity", "1e999", "-", "01", "1.", ".5", "9" * 500, "/**/1", "'a'", "1,", "")
_KEYS: Final = (
    *("class_name", "config", "module", "registered_name", "name", "layers", "layer", "cell", "cells", "activation"),
    *("activations", "recurrent_activation", "dtype", "items", "value", "code", "shared_object_id", "inbound_nodes"),
    *("build_config", "compile_config", "optimizer", "loss", "metrics", "learning_rate", "kernel_initializer", "alpha"),
    *(
        "negative_slope",
        "function",
        "vocabulary",
        "quantization_config",
        "input_axes",
        "keras_history",
        "args",
        "kwargs",
    ),
    *("kernel_constraint", "bias_regularizer", "batch_input_shape", "keywords", "keras_version", "", "a.b", 'a"]'),
)


@attrs.frozen
class Pool:
    """What is put in: keys, texts and parts of configs."""

    keys: tuple[str, ...]
    texts: tuple[str, ...]
    parts: tuple[Any, ...]


def make_pool(texts: Sequence[bytes]) -> Pool:
    """Return what there is in configs."""
    keys: dict[str, None] = dict.fromkeys(_KEYS)
    strings: dict[str, None] = {}
    parts: dict[str, Any] = {}
    for text in texts:
        try:
            config = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for _, value in _walk(config, ()):
            if isinstance(value, str) and len(value) < 100:
                strings[value] = None
            elif isinstance(value, dict):
                keys |= dict.fromkeys(value)
                dumped = json.dumps(value)
                if len(dumped) < 1500:
                    parts[dumped] = value
    return Pool(tuple(keys), tuple(strings), tuple(parts.values()))


def _walk(value: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    yield steps, value
    if isinstance(value, dict | list):
        for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield from _walk(item, (*steps, key))


def change_text(text: bytes, pool: Pool, rng: random.Random) -> bytes:
    """Return the text of a config, changed."""
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        config = rng.choice(pool.parts)
    holder = [config]
    try:
        for _ in range(rng.choice((1, 1, 2, 4, 8))):
            rng.choice(_CHANGES)(holder, pool, rng)
        written = json.dumps(holder[0]).encode("ascii")
    except (ValueError, RecursionError):  # it is in itself, or deeper than Python follows
        return text
    return _write(written.decode())


def _write(text: str) -> bytes:
    """Return what stands for what JSON cannot say, said."""
    text = text.replace(json.dumps(_AGAIN)[1:-1], "").replace(json.dumps(_BARE)[1:-1], _BARE)
    return _WRITTEN.sub(r"\1", text).replace(_BARE, "").encode()


def _choose(holder: list[Any], rng: random.Random) -> tuple[Any, str | int]:
    """Return what holds a value, and under which key."""
    steps = rng.choice([steps for steps, _ in _walk(holder, ()) if steps])
    parent: Any = holder
    for step in steps[:-1]:
        parent = parent[step]
    return parent, steps[-1]


def _make(pool: Pool, rng: random.Random) -> Any:
    made = rng.choice((*[rng.choice(_SCALARS)] * 3, rng.choice(pool.texts), *[rng.choice(pool.parts)] * 3))
    if rng.random() < 0.02:
        made = _BARE + rng.choice(_BARE_TEXTS)
    return _copy(made)


def _copy(value: Any) -> Any:
    try:
        return json.loads(json.dumps(value))
    except RecursionError:
        return None


def _replace(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    parent, key = _choose(holder, rng)
    parent[key] = _make(pool, rng)


def _insert(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    parent, key = _choose(holder, rng)
    value = parent[key]
    if isinstance(value, dict):
        value[rng.choice(pool.keys)] = _make(pool, rng)
    elif isinstance(value, list):
        value.insert(rng.randint(0, len(value)), _make(pool, rng))
    else:
        parent[key] = [value, _make(pool, rng)]


def _delete(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    parent, key = _choose(holder, rng)
    if parent is not holder:
        del parent[key]


def _rename(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    parent, key = _choose(holder, rng)
    if isinstance(parent, dict):
        parent[rng.choice(pool.keys)] = parent.pop(key)


def _say_twice(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    parent, key = _choose(holder, rng)
    if isinstance(parent, dict) and rng.random() < 0.1:
        parent[f"{key}{_AGAIN}"] = _make(pool, rng)
    elif isinstance(parent, list) and parent is not holder:
        parent.append(_copy(parent[key]))  # type: ignore[index]  # an index, in a list


def _wrap(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    parent, key = _choose(holder, rng)
    times = rng.choice((1, 1, 1, 2, 5, 40, 90))
    kind = rng.randrange(4)
    for _ in range(times):
        value = parent[key]
        if kind == 0:
            parent[key] = [value]
        elif kind == 1:
            parent[key] = {rng.choice(pool.keys): value}
        elif kind == 2:
            parent[key] = {"class_name": rng.choice(pool.texts), "config": {rng.choice(pool.keys): value}}
        else:
            parent[key] = {"class_name": rng.choice(pool.texts), "config": value}


def _swap(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    (one, first), (other, second) = _choose(holder, rng), _choose(holder, rng)
    one[first], other[second] = _copy(other[second]), _copy(one[first])


def _copy_over(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    (one, first), (other, second) = _choose(holder, rng), _choose(holder, rng)
    one[first] = _copy(other[second])


def _take_modules(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    """As HDF5 files have it."""
    for _, value in _walk(holder, ()):
        if isinstance(value, dict) and rng.random() < 0.8:
            value.pop("module", None)
            value.pop("registered_name", None)


def _number(holder: list[Any], pool: Pool, rng: random.Random) -> None:
    """As Keras does with what is shared."""
    for _, value in _walk(holder, ()):
        if isinstance(value, dict) and "class_name" in value and rng.random() < 0.3:
            value["shared_object_id"] = rng.choice((1, 1, 2, 2**63, True, "1", None))


_CHANGES: Final[tuple[Callable[[list[Any], Pool, random.Random], None], ...]] = (
    *(_replace, _replace, _insert, _insert, _delete, _rename, _say_twice),
    *(_wrap, _swap, _copy_over, _take_modules, _number),
)
