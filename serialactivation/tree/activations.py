"""An activation in a model's config: its place, the layer that holds it, and what is stored. Keras-free."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias, cast

from serialactivation.catalog.marks import PACKAGE, SEPARATE
from serialactivation.files.printable import LONGEST_TEXT, cut
from serialactivation.typing import JSON, Config

__all__ = [
    "LAMBDA",
    "Owner",
    "Site",
    "Steps",
    "find_label",
    "find_policy",
    "find_shared_id",
    "follow",
    "is_lambda",
    "make_owner",
    "show_owners",
    "show_path",
]

Steps: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead to a place in a config."""

LAMBDA: Final = "<lambda>"
"""The name of every lambda: in Python, in the configs of Keras 1 and 2, and here."""

_CODE: Final = frozenset(["code", "defaults", "closure"])


class Site(NamedTuple):
    """One activation in a config.

    Attributes:
        owners: The names of the models and layers that lead to its owner, and the owner's name.
        class_name: The owner's class, such as ``Conv1D``.
        stock: Whether that class is one of Keras's own.
        field: The owner's argument, such as ``recurrent_activation``, or ``config.activation`` in an object.
        steps: The keys and indices that lead to it in the config.
        stored: What is stored: a name, an object's config, or None.
        policy: The name of the owner's dtype policy, or None if the config does not say.
        placed: Whether the owner is stored with its module: Keras then takes no string for a registered function.
        ours: Whether the owner's class is one of this package's.
    """

    owners: tuple[str, ...]
    class_name: str
    stock: bool
    field: str
    steps: Steps
    stored: JSON
    policy: str | None = None
    placed: bool = False
    ours: bool = False

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
        """Its short name; see :func:`find_label`."""
        return find_label(self.stored)

    @property
    def shared_id(self) -> int | None:
        """Keras's number for an object that may occur in several places, or None."""
        return find_shared_id(self.stored)


def find_shared_id(stored: JSON | Mapping[str, JSON]) -> int | None:
    """Return Keras's number for a stored object that may occur in several places, or None."""
    number = stored.get("shared_object_id") if isinstance(stored, dict) else None
    return number if isinstance(number, int) else None


def show_path(steps: Steps, longest: int = LONGEST_TEXT) -> str:
    """Return the path of *steps* in a config as text, cut to *longest* characters."""
    return _join("$", (_show_step(step, longest) for step in steps), longest)


def show_owners(owners: Iterable[str]) -> str:
    """Return the names of models and layers that lead to a layer, as text: ``model/encoder/dense``."""
    names = iter(owners)
    return _join(cut(next(names, "")), (f"/{cut(name)}" for name in names), LONGEST_TEXT)


def _join(text: str, parts: Iterable[str], longest: int) -> str:
    """Return *text* followed by *parts*, cut; parts that would be cut off are not joined."""
    for part in parts:
        text += part
        if len(text) > longest:
            break
    return cut(text, longest)


def follow(config: Any, steps: Iterable[str | int]) -> Any:
    """Return the value that *steps* lead to in *config*, of any type."""
    for step in steps:
        config = config[step]
    return config


def _show_step(step: str | int, longest: int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    is_short = len(step) <= longest  # a long step is not examined
    return f".{step}" if is_short and step.isidentifier() else f'["{cut(step, longest)}"]'


def find_label(stored: JSON) -> str:
    """Return the short name of an activation: a function's or a class's name, ``<lambda>``, or ``None``."""
    if not isinstance(stored, dict):
        return _name(stored)
    if is_lambda(stored):
        return LAMBDA
    class_name = stored.get("class_name")
    return _name(stored.get("config") if class_name == "function" else class_name)


def _name(value: JSON) -> str:
    """Return a stored name, or a text for what stands in its place: for a list or a dict, only its type."""
    return type(value).__name__ if isinstance(value, dict | list) else str(value)


def is_lambda(value: JSON) -> bool:
    """Return whether *value* is the code of a lambda: tagged, or in the form that Keras 3 really writes."""
    if not isinstance(value, dict):
        return value == LAMBDA
    if len(value) == 1 and "value" in value:
        return _is_code(value["value"])
    return value.get("class_name") == "__lambda__" or _is_code(cast("JSON", value))


def _is_code(value: JSON) -> bool:
    """Return whether *value* is code, its defaults and its closure: a dict, or a list of three.

    Python makes no function of defaults or a closure that are a number: a name and two numbers are a tensor, as Keras 2
    wrote those among the keywords of a call.
    """
    if isinstance(value, list):
        return len(value) == 3 and isinstance(value[0], str) and not isinstance(value[1], int | float)
    return isinstance(value, dict) and len(value) == 3 and value.keys() == _CODE


class Owner(NamedTuple):
    """An object in a config that may hold activations.

    Attributes:
        names: The names of the models and layers that lead to it, and its own name.
        class_name: Its class.
        stock: Whether that class is one of Keras's own.
        policy: The name of its dtype policy, or None.
        separate: The paths of activations that are stored separately from its configuration objects.
        placed: Whether it is stored with its module.
        ours: Whether its class is one of this package's.
    """

    names: tuple[str, ...] = ()
    class_name: str = ""
    stock: bool = False
    policy: str | None = None
    separate: frozenset[str] = frozenset()
    placed: bool = False
    ours: bool = False

    def site(self, field: str, steps: Steps, stored: JSON) -> Site:
        """Return the activation that this object holds in a *field*."""
        place = self.names, self.class_name, self.stock, cut(field), steps, stored
        return Site(*place, self.policy, self.placed, self.ours)


def make_owner(value: Config, inner: Config, holder: Owner) -> Owner:
    """Return the owner record of an object inside another object, its *holder*.

    Args:
        value: The stored object.
        inner: Its config.
        holder: The object that contains it.
    """
    separate = inner.get(SEPARATE)
    return Owner(
        names=(*holder.names, _name(inner.get("name", value["class_name"]))),
        class_name=str(value["class_name"]),
        stock=_is_stock(value),
        policy=find_policy(inner.get("dtype")),
        separate=frozenset(separate if isinstance(separate, dict) else ()),
        placed="module" in value,
        ours=_is_ours(value),
    )


def find_policy(dtype: JSON) -> str | None:
    """Return the name of a stored dtype policy, or None; for a quantized policy, the policy that it was made from."""
    inner = dtype.get("config") if isinstance(dtype, dict) else None
    name = inner.get("name", inner.get("source_name")) if isinstance(inner, dict) else dtype
    return name.rpartition("_from_")[2] if isinstance(name, str) else None


def _is_ours(value: Config) -> bool:
    """Return whether an object's class is one of this package's: by its module, or by its registered name."""
    module, registered = str(value.get("module")), str(value.get("registered_name"))
    return PACKAGE in (module.partition(".")[0], registered.partition(">")[0])


def _is_stock(value: Config) -> bool:
    """Return whether an object's class is Keras's: by its module or, without one, by a name without a package."""
    module = value.get("module")
    if isinstance(module, str):
        return module.partition(".")[0] == "keras"
    return ">" not in str(value["class_name"])
