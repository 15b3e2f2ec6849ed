"""The activations in a model's config: where each stands, which layer holds it, and what is stored. Keras-free."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias, cast

from serialactivation.catalog.argument_names import looks_like_activation
from serialactivation.catalog.marks import BESIDE, CONFIGURED, TUPLE_MARKS
from serialactivation.catalog.paths import write_path
from serialactivation.files.printable import LONGEST_TEXT, cut
from serialactivation.typing import JSON

__all__ = [
    "LAMBDA",
    "Site",
    "Steps",
    "find_label",
    "find_policy",
    "find_sites",
    "follow",
    "is_lambda",
    "show_owners",
    "show_path",
]

Steps: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead to a place in a config."""

LAMBDA: Final = "<lambda>"
"""What a function without a name is called: by itself, in the configs of Keras 1 and 2, and here."""

_CODE: Final = frozenset(["code", "defaults", "closure"])

# What holds no activation under any name: the modules of Keras's other objects.
_OTHERS: Final = ("constraints", "dtype_policies", "initializers", "losses", "metrics", "optimizers", "quantizers")
_OTHER: Final = re.compile(rf"keras(\.src)?\.({'|'.join(_OTHERS)}|regularizers)\b.*")


class Site(NamedTuple):
    """One activation in a config.

    Attributes:
        owners: The names of the models and layers that lead to its owner, and the owner's.
        class_name: The owner's class, such as ``Conv1D``.
        stock: Whether that is one of Keras's own.
        field: The owner's argument, such as ``recurrent_activation``, or ``config.activation`` in an object.
        steps: The keys and indices that lead to it in the config.
        stored: What is stored: a name, an object's config, or None.
        policy: The name of the owner's dtype policy, or None where the config does not say.
    """

    owners: tuple[str, ...]
    class_name: str
    stock: bool
    field: str
    steps: Steps
    stored: JSON
    policy: str | None = None

    @property
    def layer(self) -> str:
        """The names of its owners as text: ``model/encoder/dense``."""
        return show_owners(self.owners)

    @property
    def path(self) -> str:
        """Where it stands in the config, as text: ``$.config.layers[3].config.activation``."""
        return show_path(self.steps)

    @property
    def label(self) -> str:
        """What it is called; see :func:`find_label`."""
        return find_label(self.stored)

    @property
    def shared_id(self) -> int | None:
        """Keras's number for an object that may stand in several places, or None."""
        number = self.stored.get("shared_object_id") if isinstance(self.stored, dict) else None
        return number if isinstance(number, int) else None


def show_path(steps: Steps, longest: int = LONGEST_TEXT) -> str:
    """Return where *steps* lead in a config, as text, of which no more than *longest* characters are shown."""
    return _join("$", (_show_step(step, longest) for step in steps), longest)


def show_owners(owners: Iterable[str]) -> str:
    """Return the names of models and layers that lead to one as text: ``model/encoder/dense``."""
    names = iter(owners)
    return _join(cut(next(names, "")), (f"/{cut(name)}" for name in names), LONGEST_TEXT)


def _join(text: str, parts: Iterable[str], longest: int) -> str:
    """Return *text* with *parts* after it, cut; what would be cut off is not put together."""
    for part in parts:
        text += part
        if len(text) > longest:
            break
    return cut(text, longest)


def follow(config: Any, steps: Iterable[str | int]) -> Any:
    """Return what *steps* lead to in *config*, whatever that is."""
    for step in steps:
        config = config[step]
    return config


def _show_step(step: str | int, longest: int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    is_short = len(step) <= longest  # of a long one, it is not looked at what it is
    return f".{step}" if is_short and step.isidentifier() else f'["{cut(step, longest)}"]'


def find_label(stored: JSON) -> str:
    """Return what an activation is called: a function's or a class's name, ``<lambda>``, or ``None``."""
    if not isinstance(stored, dict):
        return _name(stored)
    if is_lambda(stored):
        return LAMBDA
    class_name = stored.get("class_name")
    return _name(stored.get("config") if class_name == "function" else class_name)


def _name(value: JSON) -> str:
    """Return a name that is stored, or what stands there in its place: of a list or a dict, no more than that."""
    return type(value).__name__ if isinstance(value, dict | list) else str(value)


def is_lambda(value: JSON) -> bool:
    """Tell whether *value* is the code of a function without a name: tagged, or as Keras 3 really writes it."""
    if not isinstance(value, dict):
        return value == LAMBDA
    if len(value) == 1 and "value" in value:
        return _is_code(value["value"])
    return value.get("class_name") == "__lambda__" or _is_code(cast("JSON", value))


def _is_code(value: JSON) -> bool:
    """Tell whether *value* is code with its defaults and what it closes over: by name, or three in a row."""
    if isinstance(value, list):
        return len(value) == 3 and isinstance(value[0], str)
    return isinstance(value, dict) and len(value) == 3 and value.keys() == _CODE


class _Owner(NamedTuple):
    """The object whose config is being walked.

    Attributes:
        names: The names of the models and layers that lead to it, and its own.
        class_name: Its class.
        stock: Whether that is one of Keras's own.
        policy: The name of its dtype policy, or None.
        start: The steps to its config.
        beside: The paths of the activations that stand beside its configuration objects.
    """

    names: tuple[str, ...] = ()
    class_name: str = ""
    stock: bool = False
    policy: str | None = None
    start: Steps = ()
    beside: frozenset[str] = frozenset()

    def site(self, field: str, steps: Steps, stored: JSON) -> Site:
        return Site(self.names, self.class_name, self.stock, cut(field), steps, stored, self.policy)

    def path_to(self, steps: Steps) -> str:
        """Return the path of a configuration object's member, as this package writes it."""
        return write_path(tuple(step for step in steps[len(self.start) :] if step not in ("members", "items")))


def find_sites(config: JSON) -> Iterator[Site]:
    """Yield the activations in *config*, those inside activations too, in the order in which they stand.

    Args:
        config: A model's config, or anything with layers' configs inside.
    """
    yield from _walk(config, (), _Owner())


def _walk(value: JSON, steps: Steps, owner: _Owner) -> Iterator[Site]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*steps, index), owner)
        return
    if not isinstance(value, dict) or is_lambda(value) or _holds_no_activations(value):
        return
    inner, members = value.get("config"), value.get("members")
    if isinstance(value.get("class_name"), str) and isinstance(inner, dict):
        yield from _walk_object(value, cast("Mapping[str, JSON]", inner), steps, owner)
    elif value.get("class_name") in CONFIGURED and isinstance(members, dict):
        yield from _walk_members(members, (*steps, "members"), owner)
    else:
        for key, item in value.items():
            yield from _walk(item, (*steps, key), owner)


def _holds_no_activations(value: Mapping[str, JSON]) -> bool:
    """Tell whether an object is one of Keras's that has none under any name, such as an optimizer."""
    module = value.get("module")
    return isinstance(module, str) and _OTHER.fullmatch(module) is not None


def _walk_object(value: Mapping[str, JSON], inner: Mapping[str, JSON], steps: Steps, holder: _Owner) -> Iterator[Site]:
    beside = inner.get(BESIDE)
    fields = beside if isinstance(beside, dict) else {}
    owner = _Owner(
        names=(*holder.names, _name(inner.get("name", value["class_name"]))),
        class_name=str(value["class_name"]),
        stock=_is_stock(value),
        policy=find_policy(inner.get("dtype")),
        start=(*steps, "config"),
        beside=frozenset(fields),
    )
    for key, item in inner.items():
        where = (*owner.start, key)
        if looks_like_activation(key, item) and not _is_configuration(item):
            yield from _tell(key, item, where, owner)
        elif key == BESIDE:
            for name, stored in fields.items():
                yield from _tell(name, stored, (*where, name), owner)
        yield from _walk(item, where, owner)


def _walk_members(members: Mapping[str, JSON], steps: Steps, owner: _Owner) -> Iterator[Site]:
    """Yield the activations that a configuration object names; the others stand beside it."""
    for name, item in members.items():
        where = (*steps, name)
        path = owner.path_to(where)
        if looks_like_activation(name.lstrip("_"), item) and path not in owner.beside and not _is_configuration(item):
            yield from _tell(path, item, where, owner)
        yield from _walk(item, where, owner)


def _is_configuration(item: JSON) -> bool:
    return isinstance(item, dict) and item.get("class_name") in CONFIGURED


def _tell(field: str, value: JSON, steps: Steps, owner: _Owner) -> Iterator[Site]:
    for place, stored in _take_apart(value, steps):
        yield owner.site(field, place, stored)


def find_policy(dtype: JSON) -> str | None:
    """Return the name of a stored dtype policy, or None; of a quantized one, the one that it was made from."""
    inner = dtype.get("config") if isinstance(dtype, dict) else None
    name = inner.get("name", inner.get("source_name")) if isinstance(inner, dict) else dtype
    return name.rpartition("_from_")[2] if isinstance(name, str) else None


def _is_stock(value: Mapping[str, JSON]) -> bool:
    """Tell whether an object's class is Keras's: by its module, or where there is none, by a name without a package."""
    module = value.get("module")
    if isinstance(module, str):
        return module.partition(".")[0] == "keras"
    return ">" not in str(value["class_name"])


def _take_apart(value: JSON, steps: Steps) -> Iterator[tuple[Steps, JSON]]:
    """Yield what a field holds with the steps to it: one activation, or those in its lists, tuples and dicts."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _take_apart(item, (*steps, index))
    elif is_lambda(value):
        yield steps, value
    elif isinstance(value, dict) and value.get("class_name") in TUPLE_MARKS:
        yield from _take_apart(value.get("items"), (*steps, "items"))
    elif isinstance(value, dict) and "class_name" not in value:
        for key, item in value.items():
            yield from _take_apart(item, (*steps, key))
    else:
        yield steps, value
