"""Members of enums in a layer's config, by the name that Keras knows the enum under."""

import enum
from collections.abc import Mapping
from typing import Final, cast

from serialactivation import errors
from serialactivation.keras_api.registry import find_custom_class, find_custom_name
from serialactivation.typing import JSON, Config

__all__ = ["ENUM", "read_member", "write_member"]

ENUM: Final = "__enum__"
"""The ``class_name`` of a member's config."""


def write_member(layer_class: type, argument: str, member: enum.Enum) -> Config:
    """Return a member of an enum by its name; flags, whose combinations have none, by their value.

    Raises:
        LayerArgumentError: Keras knows no such enum.
    """
    kind = type(member)
    registered = find_custom_name(kind)
    if registered is None:
        reason = (
            f"enum {kind.__name__} is not known to Keras; "
            f"write keras.saving.get_custom_objects()['my_package>{kind.__name__}'] = {kind.__name__} below it"
        )
        raise errors.LayerArgumentError(layer_class.__name__, argument, member, reason)
    stored = member.value if isinstance(member, enum.Flag) else member.name
    return {"class_name": ENUM, "registered_name": registered, "member": cast("JSON", stored)}


def read_member(config: Mapping[str, object]) -> enum.Enum:
    """Return what :func:`write_member` was given.

    Raises:
        ActivationConfigError: Keras knows no such enum, or it has no such member.
    """
    kind = find_custom_class(str(config.get("registered_name")))
    member = config.get("member")
    try:
        if kind is not None and issubclass(kind, enum.Enum):
            return kind[member] if isinstance(member, str) else kind(member)
    except (KeyError, ValueError) as error:
        raise _lost_member(config, f"{kind} has no such member") from error
    raise _lost_member(config, "Keras knows no such enum")


def _lost_member(config: Mapping[str, object], reason: str) -> "errors.ActivationConfigError":
    cure = "Import the module that defines and registers the enum before loading."
    return errors.ActivationConfigError("$", dict(config), reason, cure)
