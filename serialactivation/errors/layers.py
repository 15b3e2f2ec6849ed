"""Errors about a layer or a model: what is declared, what its arguments are, what it becomes elsewhere."""

from collections.abc import Sequence

import attrs

from serialactivation.errors.base import ActivationError, shown

__all__ = [
    "ActivationFieldError",
    "CloneError",
    "CompileStateError",
    "LayerArgumentError",
    "LayerStateError",
    "ModelFileError",
    "ModelKindError",
    "NewerArgumentError",
    "RegistrationError",
    "StockFormError",
    "TargetKerasError",
]


@attrs.define
class ActivationFieldError(ActivationError, TypeError):
    """The ``fields=`` of a layer class cannot be understood.

    Attributes:
        layer: Name of the class.
        given: The value, or the part of it that is wrong.
        reason: What is wrong, as a clause that starts in lower case.
        cure: What to write instead.
    """

    layer: str
    given: object
    reason: str
    cure: str

    def __str__(self) -> str:
        return f"fields of {self.layer}: {self.reason}: {self.given!r}. {self.cure}"


@attrs.define
class CloneError(ActivationError, ValueError):
    """The clone of a model would compute with another activation than the model.

    Attributes:
        model: Name of the model.
        field: Name of the argument of its class that holds the activation.
        value: The activation.
        cloned: What the clone has in its place.
        cure: What to do.
    """

    model: str
    field: str
    value: object
    cloned: object
    cure: str

    def __str__(self) -> str:
        return (
            f"cannot clone {self.model!r}: its {self.field}={self.value!r} would be {self.cloned!r}, since Keras makes "
            f"the clone of a model from its graph alone.\n{self.cure}"
        )


@attrs.define
class CompileStateError(ActivationError, TypeError):
    """A model was compiled with a metric or an optimizer that its class cannot make again.

    Attributes:
        part: The argument of ``compile`` that holds it.
        value: The object.
        reason: What its class says to its own config.
    """

    part: str
    value: object
    reason: str

    def __str__(self) -> str:
        name = type(self.value).__name__
        return (
            f"cannot compile the new model with {self.part}={self.value!r}: {name} is not made again from its own "
            f"config ({self.reason}). Make {name}.get_config() return every argument of its constructor."
        )


@attrs.define
class LayerArgumentError(ActivationError, TypeError):
    """A layer was given an argument that no config can hold, and has no ``get_config`` that writes it another way.

    Attributes:
        layer: Name of the class.
        argument: Name of the argument.
        value: What was given.
        reason: Why no config can hold it, as a clause that starts in lower case.
        cure: What to do, where another value is of no help.
        returned: Whether the layer's ``get_config`` returns it as it is.
    """

    layer: str
    argument: str
    value: object
    reason: str
    cure: str | None = None
    returned: bool = False

    def __str__(self) -> str:
        given = f"{self.layer}({self.argument}=...) was given {shown(self.value)}: {self.reason}"
        cure = "Pass a plain value or a registered Keras object, or"
        if self.returned:
            cure = f"{cure} let it return what is in it."
            return f"{given}, and {self.layer}.get_config() returns it as it is. {self.cure or cure}"
        cure = f"{cure} write {self.layer}.get_config()."
        return f"{given}, and {self.layer} has no get_config() that could store it another way. {self.cure or cure}"


@attrs.define
class LayerStateError(ActivationError, ValueError):
    """A layer has a variable that what was made of its config has not, so that its value would be lost.

    Attributes:
        path: Where the layer stands in the model, such as ``model/encoder/dense``.
        kind: The name of its class.
        variable: The path of the variable.
        shape: The shape of the variable.
    """

    path: str
    kind: str
    variable: str
    shape: Sequence[int]

    def __str__(self) -> str:
        return (
            f"cannot copy the state of {self.path!r}: the {self.kind} made of its config has no variable for "
            f"{self.variable!r} of shape {tuple(self.shape)}. Make get_config() of {self.kind} return every argument "
            "that its variables depend on, and make the layers in it in its constructor or in build()."
        )


@attrs.define
class NewerArgumentError(ActivationError, ValueError):
    """A config written by a newer Keras has a keyword that the installed one lacks, and not with its default.

    Attributes:
        owner: The class whose config it is, such as ``layers.Dense``.
        argument: Name of the keyword.
        value: What it holds.
        since: The first Keras that has it.
        installed: The version of the installed Keras.
    """

    owner: str
    argument: str
    value: object
    since: str
    installed: str

    def __str__(self) -> str:
        return (
            f"keras.{self.owner}({self.argument}={shown(self.value)}) is stored, and Keras {self.installed} has no "
            f"{self.argument!r}: it would compute something else. Load it with Keras {self.since} or newer."
        )


@attrs.define
class RegistrationError(ActivationError, ValueError):
    """A name is taken by another class.

    Attributes:
        name: The registered name, ``package>name``.
        holder: The class that has it, as ``module.qualname``.
        newcomer: The class that asks for it, as ``module.qualname``.
    """

    name: str
    holder: str
    newcomer: str

    def __str__(self) -> str:
        return (
            f"cannot register {self.newcomer} as {self.name!r}: {self.holder} has that name, and models saved with "
            "one would load as the other. Give one of them another package= or name=."
        )


@attrs.define
class ModelFileError(ActivationError, ValueError):
    """A model was to be saved in a format that it could not be loaded from.

    Attributes:
        model: Name of the model, or of the layer in it.
        kind: The name of its class.
        suffix: What the name of the file ends in.
        reason: Why it could not be loaded, as a clause that starts in lower case.
        cure: What to do.
    """

    model: str
    kind: str
    suffix: str
    reason: str
    cure: str

    def __str__(self) -> str:
        return (
            f"cannot save {self.model!r}, whose class is {self.kind}, as {self.suffix}: {self.reason}, so that "
            f"no such file of it could be loaded.\n{self.cure}"
        )


@attrs.define
class ModelKindError(ActivationError, TypeError):
    """A model was to be made again that is, or holds, one whose graph cannot be seen.

    Attributes:
        path: Where it stands in the model, such as ``model/encoder``.
        kind: What it is: the name of its class.
    """

    path: str
    kind: str

    def __str__(self) -> str:
        return (
            f"cannot make {self.path!r} again: its kind is {self.kind}, and only Sequential and Functional models, "
            "with the shape of their inputs, tell which layers they call. Change the layers in its code instead, "
            "or build the Sequential."
        )


@attrs.define
class StockFormError(ActivationError, ValueError):
    """A layer has no equal among Keras's own that stock Keras would load.

    Attributes:
        path: Where it stands in the model, such as ``model/encoder/dense``.
        field: Name of the argument that holds the activation, or None where it is the layer itself.
        value: The activation, or the layer.
        reason: Why it has none, as a clause that starts in lower case.
        cure: What to do.
    """

    path: str
    field: str | None
    value: object
    reason: str
    cure: str

    def __str__(self) -> str:
        what = self.path if self.field is None else f"{self.field}={shown(self.value)} of {self.path}"
        return f"{what} has no equal in stock Keras: {self.reason}. {self.cure}"


@attrs.define
class TargetKerasError(ActivationError, ValueError):
    """A model cannot be saved for an older Keras: that one would not load it, or compute something else.

    Attributes:
        target: The version that was asked for.
        reason: What it lacks, as a clause that starts in lower case.
        cure: What to do.
    """

    target: object
    reason: str
    cure: str

    def __str__(self) -> str:
        return f"cannot save for target_keras={self.target!r}: {self.reason}. {self.cure}"
