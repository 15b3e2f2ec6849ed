"""What may be altered in a config: one value, key, class, module, order or name."""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

__all__ = ["Alteration", "alter", "find_places"]

Steps = tuple[str | int, ...]

VALUES = (
    *(3, -1, 0, 1.5, 4.0, True, "4", "a/b", "", None, [], {}, [2, 2], [None, "x"], {"a": 1}),
    *("relu", "same", [1], [[1, 2], [3, 4]], {"class_name": "__tuple__", "items": [2, 2]}, {"class_name": "Zeros"}),
)
MODULES = (
    *("keras", "keras.layers", "keras.src.layers", "keras.initializers", "keras.ops", "keras.nowhere"),
    *("other.package", "builtins", "__main__", "", None, 3),
)
REGISTERED = ("team>Other", "Custom>Adam", "Dense", "", None, 3, [])
CLASSES = ("Dense", "Zeros", "ReLU", "Adam", "Sequential", "InputLayer", "Nobody", "function", "", 3, None)


class Alteration(NamedTuple):
    """One altered config: where, how, and the config."""

    steps: Steps
    what: str
    config: dict[str, Any]

    @property
    def label(self) -> str:
        return f"{'.'.join(map(str, self.steps))} {self.what}"


def find_places(value: Any, steps: Steps = ()) -> Iterator[Steps]:
    """Yield the steps to every part of a config."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (*steps, key)
        yield from find_places(item, (*steps, key))


def alter(config: dict[str, Any], steps: Steps, random: Any) -> Alteration:
    """Return *config* altered at *steps* in one of the ways that fit what stands there."""
    altered = copy.deepcopy(config)
    holder: Any = altered
    for step in steps[:-1]:
        holder = holder[step]
    way = random.choice(_find_ways(holder[steps[-1]], steps[-1]))
    return Alteration(steps, way(holder, steps[-1], random), altered)


def _find_ways(value: Any, key: str | int) -> list[Any]:
    ways = [_set, _set, _delete, _wrap]
    if isinstance(key, str):
        ways.append(_rename)
    if isinstance(value, dict):
        ways.append(_add)
    if isinstance(value, dict) and "class_name" in value:
        ways += [_set_module, _set_class, _register, _empty, _share, _build]
    if isinstance(value, list) and value:
        ways += [_double, _drop, _turn, _unwrap]
    return ways


def _set(holder: Any, key: Any, random: Any) -> str:
    holder[key] = random.choice(VALUES)
    return f"= {holder[key]!r}"


def _delete(holder: Any, key: Any, _: Any) -> str:
    del holder[key]
    return "deleted"


def _wrap(holder: Any, key: Any, random: Any) -> str:
    as_list = random.random() < 0.5
    holder[key] = [holder[key]] if as_list else {"value": holder[key]}
    return "in a list" if as_list else "in a dict"


def _rename(holder: Any, key: Any, _: Any) -> str:
    holder[f"{key}x"] = holder.pop(key)
    return "renamed"


def _add(holder: Any, key: Any, random: Any) -> str:
    holder[key]["surplus"] = random.choice(VALUES)
    return f"with surplus = {holder[key]['surplus']!r}"


def _put(holder: Any, key: Any, name: str, random: Any, values: tuple[Any, ...]) -> str:
    if random.random() < 0.25:
        holder[key].pop(name, None)
        return f"without {name}"
    holder[key][name] = random.choice(values)
    return f"{name} = {holder[key][name]!r}"


def _set_module(holder: Any, key: Any, random: Any) -> str:
    return _put(holder, key, "module", random, MODULES)


def _set_class(holder: Any, key: Any, random: Any) -> str:
    return _put(holder, key, "class_name", random, CLASSES)


def _register(holder: Any, key: Any, random: Any) -> str:
    return _put(holder, key, "registered_name", random, REGISTERED)


def _empty(holder: Any, key: Any, random: Any) -> str:
    return _put(holder, key, "config", random, (None, [], {}, 3, "relu"))


def _build(holder: Any, key: Any, random: Any) -> str:
    values = ({"input_shape": [None, 3]}, {"input_shape": None}, {"shapes": 3}, [None, 3], 3, {}, {"input_shape": []})
    return _put(holder, key, "build_config", random, values)


def _share(holder: Any, key: Any, random: Any) -> str:
    return _put(holder, key, "shared_object_id", random, (1, "1", None))


def _double(holder: Any, key: Any, _: Any) -> str:
    holder[key].append(copy.deepcopy(holder[key][-1]))
    return "with its last twice"


def _drop(holder: Any, key: Any, _: Any) -> str:
    holder[key].pop()
    return "without its last"


def _turn(holder: Any, key: Any, _: Any) -> str:
    holder[key].reverse()
    return "turned around"


def _unwrap(holder: Any, key: Any, _: Any) -> str:
    holder[key] = holder[key][0]
    return "as its first"
