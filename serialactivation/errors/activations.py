"""Errors about one activation: what was given, stored or built."""

from collections.abc import Sequence

import attrs

from serialactivation.errors.base import ActivationError, indented, show_argument, shown

__all__ = [
    "ActivationAssignmentError",
    "ActivationBuildError",
    "ActivationConfigError",
    "ActivationDTypeError",
    "UncallableActivationError",
    "UnknownActivationError",
    "UnserializableActivationError",
]


@attrs.define
class UnserializableActivationError(ActivationError, TypeError):
    """An activation was given that a saved model would not restore.

    Attributes:
        value: What was given.
        reason: Why it would be lost, as a clause that starts in lower case.
        cure: The lines of Python to write instead.
        layer: Class of the layer (and its name, where it was given), or None outside a layer.
        field: Name of the argument, or None outside a layer.
    """

    value: object
    reason: str
    cure: str
    layer: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        return (
            f"{show_argument(self.layer, self.field)} cannot take {shown(self.value)}: {self.reason}, "
            f"so a saved model would not restore it.\nWrite instead:\n{indented(self.cure)}"
        )


@attrs.define
class UncallableActivationError(UnserializableActivationError):
    """A function was given that no layer can call here: one of another backend, or one with a keyword missing.

    It has the attributes of :class:`UnserializableActivationError`; ``reason`` says why the function cannot be called.
    """

    def __str__(self) -> str:
        return (
            f"{show_argument(self.layer, self.field)} cannot take {shown(self.value)}: {self.reason}.\n"
            f"Write instead:\n{indented(self.cure)}"
        )


@attrs.define
class UnknownActivationError(ActivationError, ValueError):
    """The given name is not the name of any activation.

    Attributes:
        name: The name as given.
        near: Known names that look like it, nearest first.
        layer: Class of the layer, or None outside a layer.
        field: Name of the argument, or None outside a layer.
        since: The first Keras release that has the name, where the installed Keras is older.
    """

    name: str
    near: Sequence[str] = ()
    layer: str | None = None
    field: str | None = None
    since: str | None = None

    def __str__(self) -> str:
        return f"{show_argument(self.layer, self.field)}: no activation is called {self.name!r}.\n{self.cure}"

    @property
    def cure(self) -> str:
        """What to write instead."""
        if self.since:
            return f"Keras {self.since} and newer have it: upgrade Keras, or register a function under another name."
        if self.near:
            first, *others = [_write_name(name) for name in self.near]
            return f"Did you mean:\n    {first}{'  # or ' if others else ''}{', '.join(others)}"
        return (
            "Pass a name from keras.activations, or register your function with "
            "@keras.saving.register_keras_serializable(package='my_package') and pass the function, or "
            "'my_package>name'."
        )


def _write_name(name: str) -> str:
    """Return a proposed name as it is written in source: an expression unchanged, a plain name in quotes."""
    return name if "." in name and ">" not in name else repr(name)


@attrs.define
class ActivationConfigError(ActivationError, ValueError):
    """A stored config of an activation cannot be read.

    Attributes:
        path: The place in the config, such as ``$.activation[0]``.
        config: The part that cannot be read.
        reason: What is wrong with it, as a clause that starts in lower case.
        cure: What to do.
        layer: Class of the layer (and its name, where it was given), or None outside a layer.
    """

    path: str
    config: object
    reason: str
    cure: str
    layer: str | None = None

    def __str__(self) -> str:
        owner = "" if self.layer is None else f" of {self.layer}"
        what = f"cannot read the activation{owner} stored at {self.path}: {self.reason}. Found: {shown(self.config)}"
        return f"{what}\n{self.cure}"


@attrs.define
class ActivationBuildError(ActivationError, ValueError):
    """An activation with weights, or a layer in a configuration object, cannot be built with its owner.

    Attributes:
        layer: Name of the owner.
        field: Name of the argument that holds the activation, or the path to it.
        activation: Name of the activation.
        shapes: The shapes concerned: the owner's input, or the two shapes that do not fit each other.
        reason: Why, as a clause that starts in lower case.
        cure: What to do.
        kind: ``activation``; or ``layer`` or ``variable``, for an object in a configuration object.
    """

    layer: str
    field: str
    activation: str
    shapes: Sequence[object]
    reason: str
    cure: str
    kind: str = "activation"

    def __str__(self) -> str:
        shapes = " and ".join(str(shape) for shape in self.shapes)
        return (
            f"cannot build {self.kind} {self.activation!r} of {show_argument(self.layer, self.field)} for {shapes}: "
            f"{self.reason}.\n{self.cure}"
        )


@attrs.define
class ActivationAssignmentError(ActivationError, ValueError):
    """An activation was assigned to a layer that can no longer take it.

    Attributes:
        layer: Name of the layer.
        field: Name of the attribute.
        value: What was assigned.
        reason: Why the layer cannot take it, as a clause that starts in lower case.
        cure: What to do, where a new layer of the class would not help; None otherwise.
    """

    layer: str
    field: str
    value: object
    reason: str
    cure: str | None = None

    def __str__(self) -> str:
        return (
            f"cannot assign {shown(self.value)} to {self.field!r} of layer {self.layer!r}: {self.reason}.\n"
            f"{self.cure or f'Give it to the constructor of a new layer: {self.field}=...'}"
        )


@attrs.define
class ActivationDTypeError(ActivationError, ValueError):
    """An activation that follows its owner's dtype policy was given to an owner whose policy does not fit.

    It already follows another owner, or has weights of another dtype.

    Attributes:
        layer: Name of the owner that it is given to.
        field: Name of the argument that holds the activation.
        activation: Name of the activation.
        policies: The names of two policies: of the first owner, or of the existing weights; and of this owner.
        built: Whether the activation already has weights of another dtype; otherwise it has another owner.
    """

    layer: str
    field: str
    activation: str
    policies: tuple[str, str]
    built: bool = False

    def __str__(self) -> str:
        first, second = self.policies
        if self.built:
            return (
                f"{show_argument(self.layer, self.field)}: activation {self.activation!r} follows the dtype policy of "
                f"its owner, {second!r}, but has been built under {first!r}: a load would create its weights under "
                f"its owner's policy, and round them.\nPass it unbuilt, or give it a policy of its own: "
                f"dtype={first!r}."
            )
        return (
            f"{show_argument(self.layer, self.field)}: activation {self.activation!r} follows the dtype policy of its "
            f"owner, and its owners differ: {first!r} and {second!r}.\nGive each owner an activation of its own, or "
            f"give this one a policy, such as dtype={first!r}."
        )
