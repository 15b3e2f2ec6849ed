"""Members of enums in a layer's config, by the registered name of the enum."""

import enum
from collections.abc import Mapping
from typing import Final, cast

from serialactivation import errors
from serialactivation.codec.definitions.suggested_code import register_object
from serialactivation.keras_api.registry import find_custom_class, find_custom_name
from serialactivation.typing import JSON, Config

__all__ = ["ENUM", "read_member", "write_member"]

ENUM: Final = "__enum__"
"""A member of an enum, among the other arguments of a layer without ``get_config``.

``registered_name`` is that of the enum, and ``member`` is the member's name, or its value for a flag.
"""


def write_member(layer_class: type, argument: str, member: enum.Enum) -> Config:
    """Return the stored form of a member of an enum: its name, or its value for flags, whose combinations have no name.

    Raises:
        LayerArgumentError: The enum is not registered with Keras.
    """
    kind = type(member)
    registered = find_custom_name(kind)
    if registered is None:
        raise errors.LayerArgumentError(
            layer_class.__name__,
            argument,
            member,
            f"enum {kind.__name__} is not registered with Keras",
            registration=register_object(kind),
        )
    stored = member.value if isinstance(member, enum.Flag) else member.name
    return {"class_name": ENUM, "registered_name": registered, "member": cast("JSON", stored)}


def read_member(config: Mapping[str, object]) -> enum.Enum:
    """Return the member that :func:`write_member` has written.

    Raises:
        ActivationConfigError: No enum is registered under the name, or it has no such member.
    """
    kind = find_custom_class(str(config.get("registered_name")))
    member = config.get("member")
    try:
        if kind is not None and issubclass(kind, enum.Enum):
            return kind[member] if isinstance(member, str) else kind(member)
    except (KeyError, ValueError) as error:
        raise _refuse_member(config, f"{kind} has no such member") from error
    raise _refuse_member(config, "no enum is registered under this name")


def _refuse_member(config: Mapping[str, object], reason: str) -> "errors.ActivationConfigError":
    cure = "Import the module that defines and registers the enum before loading."
    return errors.ActivationConfigError("$", dict(config), reason, cure)
