"""Errors about a layer or a model: its fields, its arguments, and its copies in other forms and files."""

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
        return f"fields of {self.layer}: {self.reason}: {self.given!r}.\n{self.cure}"


@attrs.define
class CloneError(ActivationError, ValueError):
    """The clone of a model would compute with a different activation.

    Keras makes the clone from the graph alone.

    Attributes:
        model: Name of the model.
        field: Name of the argument of its class that holds the activation.
        value: The activation.
        cloned: The activation that the clone would have.
        cure: What to do.
    """

    model: str
    field: str
    value: object
    cloned: object
    cure: str

    def __str__(self) -> str:
        return (
            f"cannot clone {self.model!r}: its {self.field}={self.value!r} would be {self.cloned!r}, because Keras "
            f"makes the clone of a model from its graph alone.\n{self.cure}"
        )


@attrs.define
class CompileStateError(ActivationError, TypeError):
    """A model was compiled with a metric or an optimizer that cannot be recreated from its config.

    Attributes:
        part: The argument of ``compile`` that holds it.
        value: The object.
        reason: The error that its class raises for its own config.
    """

    part: str
    value: object
    reason: str

    def __str__(self) -> str:
        name = type(self.value).__name__
        return (
            f"cannot compile the new model with {self.part}={self.value!r}: {name} cannot be made again from its own "
            f"config ({self.reason}).\nMake {name}.get_config() return every argument of its constructor."
        )


@attrs.define
class LayerArgumentError(ActivationError, TypeError):
    """A layer without ``get_config`` was given an argument that no config can hold.

    Or the ``get_config`` of a layer returns such an argument.

    Attributes:
        layer: Name of the class.
        argument: Name of the argument.
        value: What was given.
        reason: Why no config can hold it, as a clause that starts in lower case.
        cure: What to do, where the usual cure would not help; None otherwise.
        returned: Whether the layer has a ``get_config``, which returns the value unchanged.
        registration: The line that registers the class of the value, where a config could then hold it; None otherwise.
    """

    layer: str
    argument: str
    value: object
    reason: str
    cure: str | None = None
    returned: bool = False
    registration: str | None = None

    def __str__(self) -> str:
        given = f"{self.layer}({self.argument}=...) was given {shown(self.value)}: {self.reason}"
        if self.cure is not None:
            return f"{given}.\n{self.cure}"
        registering = "" if self.registration is None else f"\nOr write below its definition:\n    {self.registration}"
        return f"{given}, and {self._usual_cure()}{registering}"

    def _usual_cure(self) -> str:
        if self.returned:
            return (
                f"{self.layer}.get_config() returns it unchanged.\n"
                "Pass a plain value or a registered Keras object that from_config() reads, or let "
                f"{self.layer}.get_config() return its contents as plain values."
            )
        return (
            f"{self.layer} has no get_config() that stores it in another form.\n"
            f"Pass a plain value or a registered Keras object, or write {self.layer}.get_config()."
        )


@attrs.define
class LayerStateError(ActivationError, ValueError):
    """A layer has a variable that the layer made from its config lacks, so the value would be lost.

    Attributes:
        path: The place of the layer in the model, such as ``model/encoder/dense``.
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
            f"cannot copy the state of {self.path!r}: the {self.kind} made from its config has no variable for "
            f"{self.variable!r} of shape {tuple(self.shape)}.\nMake get_config() of {self.kind} return every argument "
            "that its variables depend on, and make the layers in it in its constructor or in build()."
        )


@attrs.define
class NewerArgumentError(ActivationError, ValueError):
    """A config of a newer Keras has a keyword that the installed Keras lacks, and its value is not the default.

    Attributes:
        owner: The class that the config belongs to, such as ``layers.Dense``.
        argument: Name of the keyword.
        value: Its value.
        since: The first Keras release that has it.
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
            f"{self.argument!r}: it would compute something else.\nLoad it with Keras {self.since} or newer."
        )


@attrs.define
class RegistrationError(ActivationError, ValueError):
    """The name is already registered for another class.

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
            "one would load as the other.\nGive one of them another package= or name=."
        )


@attrs.define
class ModelFileError(ActivationError, ValueError):
    """A model cannot be saved in a format from which it could not be loaded.

    This concerns ``.h5`` files: a model of your own class, a model with layers of one name, or, with Keras's own
    function, a layer with two weights of one name.

    Attributes:
        model: Name of the model, or of the layer in it.
        kind: The name of its class.
        suffix: The ending of the file's name.
        reason: Why such a file could not be loaded, as a clause that starts in lower case.
        cure: What to do.
    """

    model: str
    kind: str
    suffix: str
    reason: str
    cure: str

    def __str__(self) -> str:
        return (
            f"cannot save {self.model!r}, whose class is {self.kind}, as {self.suffix}: {self.reason}, "
            f"so the file could not be loaded.\n{self.cure}"
        )


@attrs.define
class ModelKindError(ActivationError, TypeError):
    """A model cannot be converted or cloned, because it is, or contains, a model whose graph is not known.

    Such as a subclassed model, or a Sequential without inputs that would have to become Functional.

    Attributes:
        path: The place of the layer in the model, such as ``model/encoder``.
        kind: The name of its class.
    """

    path: str
    kind: str

    def __str__(self) -> str:
        return (
            f"cannot convert or clone {self.path!r}: its class is {self.kind}, and only Sequential and Functional "
            "models with known input shapes have a graph of the layers that they call.\n"
            "Change the layers in its code instead, or build the Sequential."
        )


@attrs.define
class StockFormError(ActivationError, ValueError):
    """A layer cannot be converted to a form that stock Keras loads.

    Attributes:
        path: The place of the layer in the model, such as ``model/encoder/dense``.
        field: Name of the argument that holds the activation, or None where it is the layer itself.
        value: The activation, or the layer.
        reason: Why it cannot be converted, as a clause that starts in lower case.
        cure: What to do.
    """

    path: str
    field: str | None
    value: object
    reason: str
    cure: str

    def __str__(self) -> str:
        what = self.path if self.field is None else f"{self.field}={shown(self.value)} of {self.path}"
        return f"cannot convert {what} to stock Keras: {self.reason}.\n{self.cure}"


@attrs.define
class TargetKerasError(ActivationError, ValueError):
    """A model cannot be saved for an older Keras, which would not load it or would compute something else.

    Attributes:
        target: The version that was asked for.
        reason: What that Keras lacks, as a clause that starts in lower case.
        cure: What to do.
    """

    target: object
    reason: str
    cure: str

    def __str__(self) -> str:
        return f"cannot save for target_keras={self.target!r}: {self.reason}.\n{self.cure}"
