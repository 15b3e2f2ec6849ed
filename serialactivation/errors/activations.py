"""Errors about one activation: what was given, stored or built."""

from collections.abc import Sequence

import attrs

from serialactivation.errors.base import ActivationError, indented, place, shown

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
    """An activation was given that could not come back from a saved model.

    Attributes:
        value: What was given.
        reason: Why it would be lost, as a clause that starts in lower case.
        cure: What to write instead: lines of Python.
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
            f"{place(self.layer, self.field)} cannot be given {shown(self.value)}: {self.reason}, "
            f"so it would not come back from a saved model.\nWrite instead:\n{indented(self.cure)}"
        )


@attrs.define
class UncallableActivationError(UnserializableActivationError):
    """A function was given that no layer could call here: another backend's, or one with a keyword missing.

    Its attributes are those of :class:`UnserializableActivationError`; the reason is why it cannot be called.
    """

    def __str__(self) -> str:
        return (
            f"{place(self.layer, self.field)} cannot be given {shown(self.value)}: {self.reason}.\n"
            f"Write instead:\n{indented(self.cure)}"
        )


@attrs.define
class UnknownActivationError(ActivationError, ValueError):
    """A name was given that no activation has.

    Attributes:
        name: The name as given.
        near: Known names that look like it, nearest first.
        layer: Class of the layer, or None outside a layer.
        field: Name of the argument, or None outside a layer.
        since: The first Keras that has it, where the installed one is older.
    """

    name: str
    near: Sequence[str] = ()
    layer: str | None = None
    field: str | None = None
    since: str | None = None

    def __str__(self) -> str:
        return f"{place(self.layer, self.field)}: no activation is called {self.name!r}.\n{self.cure}"

    @property
    def cure(self) -> str:
        """What to write instead."""
        if self.since:
            return f"Keras {self.since} and newer have it: upgrade Keras, or register a function of another name."
        if self.near:
            first, *others = [_write_name(name) for name in self.near]
            return f"Did you mean:\n    {first}{'  # or ' if others else ''}{', '.join(others)}"
        return (
            "Pass a name from keras.activations, or register your function with "
            "@keras.saving.register_keras_serializable(package='my_package') and pass the function, or "
            "'my_package>name'."
        )


def _write_name(name: str) -> str:
    """Return how a proposal is written: an expression as it stands, and a name in quotes."""
    return name if "." in name and ">" not in name else repr(name)


@attrs.define
class ActivationConfigError(ActivationError, ValueError):
    """A stored config of an activation cannot be read.

    Attributes:
        path: Where in the config, such as ``$.activation[0]``.
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
    """An activation with weights, or a layer in a configuration object, cannot get them when its owner is built.

    Attributes:
        layer: Name of the owner.
        field: Name of the argument that holds the activation, or the path to it.
        activation: Name of the activation.
        shapes: The shapes concerned: the owner's input, or the two shapes that do not fit each other.
        reason: Why, as a clause that starts in lower case.
        cure: What to do.
        kind: ``activation``; ``layer`` or ``variable`` where a configuration object holds another.
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
            f"cannot build {self.kind} {self.activation!r} of {place(self.layer, self.field)} for {shapes}: "
            f"{self.reason}.\n{self.cure}"
        )


@attrs.define
class ActivationAssignmentError(ActivationError, ValueError):
    """An activation was assigned to a layer that is past the point where it could take it.

    Attributes:
        layer: Name of the layer.
        field: Name of the attribute.
        value: What was assigned.
        reason: Why the layer cannot take it, as a clause that starts in lower case.
        cure: What to do, where no layer of this class could take it.
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
    """An activation that follows its owner was given to one whose dtype policy it cannot take.

    Attributes:
        layer: Name of the owner that it is given to.
        field: Name of the argument that holds the activation.
        activation: Name of the activation.
        policies: Two policies' names: the first owner's, or what the weights were made under; and this owner's.
        built: Whether the activation has weights already, of another dtype; otherwise it has another owner.
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
                f"{place(self.layer, self.field)}: activation {self.activation!r} follows the dtype policy of its "
                f"owner, {second!r}, and has been built under {first!r}: a load would make its weights anew, and round "
                f"them. Give it unbuilt, or make it with a policy of its own, dtype={first!r}."
            )
        return (
            f"{place(self.layer, self.field)}: activation {self.activation!r} follows the dtype policy of its owner, "
            f"and its owners differ: {first!r} and {second!r}. Give each owner an activation of its own, or give this "
            f"one a policy, such as dtype={first!r}."
        )
