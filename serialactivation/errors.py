"""Every exception of the package; it imports nothing from the package.

All of them are :class:`ActivationError`, and each is also the built-in exception that a caller of Keras would expect,
so that ``except TypeError`` and ``except ValueError`` go on working. The facts are attributes; the text is made from
them when it is asked for.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

__all__ = [
    "ActivationAssignmentError",
    "ActivationBuildError",
    "ActivationConfigError",
    "ActivationDTypeError",
    "ActivationError",
    "ActivationFieldError",
    "ArchiveError",
    "ExpressionError",
    "LayerArgumentError",
    "LayerCheckError",
    "ModelKindError",
    "NewerArgumentError",
    "PromiseBrokenError",
    "PrunedArgumentWarning",
    "RedefinedActivationWarning",
    "RegistrationError",
    "RepairError",
    "SettingsError",
    "SharedActivationWarning",
    "SourceError",
    "StockFormError",
    "TargetKerasError",
    "UncallableActivationError",
    "UnknownActivationError",
    "UnserializableActivationError",
    "UntrustedError",
]


READ_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What other people's code raises when a config is written or read: Keras's, or an author's ``from_config``."""


class ActivationError(Exception):
    """Base class of every error that this package raises on purpose."""


def _place(layer: str | None, field: str | None) -> str:
    """Return ``Dense(activation=...)``, or what is known of it."""
    if layer and field:
        return f"{layer}({field}=...)"
    return layer or field or "activation"


@contextlib.contextmanager
def placed(layer: str, field: str) -> Iterator[None]:
    """Within it, an activation that is refused is refused for the *field* of *layer*: the codec knows neither."""
    try:
        yield
    except (UnserializableActivationError, UnknownActivationError) as error:
        if error.layer is not None:
            raise
        raise attrs.evolve(error, layer=layer, field=field) from error.__cause__


@attrs.define
class UnserializableActivationError(ActivationError, TypeError):
    """An activation was given that could not come back from a saved model.

    Attributes:
        value: What was given.
        reason: Why it would be lost, as a clause that starts in lower case.
        cure: What to write instead.
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
            f"{_place(self.layer, self.field)} cannot be given {self.value!r}: {self.reason}, "
            f"so it would not come back from a saved model. Write instead: {self.cure}"
        )


@attrs.define
class UncallableActivationError(UnserializableActivationError):
    """A function was given that no layer could call here: another backend's, or one with a keyword missing.

    Its attributes are those of :class:`UnserializableActivationError`; the reason is why it cannot be called.
    """

    def __str__(self) -> str:
        return (
            f"{_place(self.layer, self.field)} cannot be given {self.value!r}: {self.reason}. "
            f"Write instead: {self.cure}"
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
        if self.since:
            cure = f"Keras {self.since} and newer have it: upgrade Keras, or register a function of another name."
        elif self.near:
            cure = f"Did you mean {' or '.join(repr(name) for name in self.near)}?"
        else:
            cure = (
                "Pass a name from keras.activations, or register your function with "
                "@keras.saving.register_keras_serializable(package=...) and pass the function, or 'package>name'."
            )
        return f"{_place(self.layer, self.field)}: no activation is called {self.name!r}. {cure}"


@attrs.define
class ActivationConfigError(ActivationError, ValueError):
    """A stored config of an activation cannot be read.

    Attributes:
        path: Where in the config, such as ``$.activation[0]``.
        config: The part that cannot be read.
        reason: What is wrong with it, as a clause that starts in lower case.
        cure: What to do.
    """

    path: str
    config: object
    reason: str
    cure: str

    def __str__(self) -> str:
        return f"cannot read the activation stored at {self.path}: {self.reason}. {self.cure} Found: {self.config!r}"


@attrs.define
class ActivationBuildError(ActivationError, ValueError):
    """An activation with weights cannot get them when its owner is built.

    Attributes:
        layer: Name of the owner.
        field: Name of the argument that holds the activation.
        activation: Name of the activation.
        shapes: The shapes concerned: the owner's input, or the two shapes that do not fit each other.
        reason: Why, as a clause that starts in lower case.
        cure: What to do.
    """

    layer: str
    field: str
    activation: str
    shapes: Sequence[object]
    reason: str
    cure: str

    def __str__(self) -> str:
        shapes = " and ".join(str(shape) for shape in self.shapes)
        return (
            f"cannot build activation {self.activation!r} of {_place(self.layer, self.field)} for {shapes}: "
            f"{self.reason}. {self.cure}"
        )


@attrs.define
class ActivationAssignmentError(ActivationError, ValueError):
    """An activation was assigned to a layer that is past the point where it could take it.

    Attributes:
        layer: Name of the layer.
        field: Name of the attribute.
        value: What was assigned.
        reason: Why the layer cannot take it, as a clause that starts in lower case.
    """

    layer: str
    field: str
    value: object
    reason: str

    def __str__(self) -> str:
        return (
            f"cannot assign {self.value!r} to {self.field!r} of layer {self.layer!r}: {self.reason}. "
            f"Give it to the constructor of a new layer: {self.field}=..."
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
                f"{_place(self.layer, self.field)}: activation {self.activation!r} follows the dtype policy of its "
                f"owner, {second!r}, and has been built under {first!r}: a load would make its weights anew, and round "
                f"them. Give it unbuilt, or make it with a policy of its own, dtype={first!r}."
            )
        return (
            f"{_place(self.layer, self.field)}: activation {self.activation!r} follows the dtype policy of its owner, "
            f"and its owners differ: {first!r} and {second!r}. Give each owner an activation of its own, or give this "
            f"one a policy, such as dtype={first!r}."
        )


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
class ArchiveError(ActivationError, ValueError):
    """A saved model's file cannot be read, or is not to be trusted.

    Attributes:
        path: The file, or folder.
        code: What is wrong, such as ``SA002``: a code keeps its meaning from version to version.
        reason: What is wrong with it, as a clause that starts in lower case.
        cure: What to do.
        member: The part that is meant: a file in an archive or folder, an attribute, a dataset; None for the whole.
    """

    path: str
    code: str
    reason: str
    cure: str
    member: str | None = None

    def __str__(self) -> str:
        what = self.path if self.member is None else f"{self.member} of {self.path}"
        return f"{self.code}: cannot read {what}: {self.reason}. {self.cure}"


@attrs.define
class LayerArgumentError(ActivationError, TypeError):
    """A layer without ``get_config`` was given an argument that no config can hold.

    Attributes:
        layer: Name of the class.
        argument: Name of the argument.
        value: What was given.
        reason: Why no config can hold it, as a clause that starts in lower case.
    """

    layer: str
    argument: str
    value: object
    reason: str

    def __str__(self) -> str:
        return (
            f"{self.layer}({self.argument}=...) was given {self.value!r}: {self.reason}, and {self.layer} has no "
            f"get_config() that could store it another way. Pass a plain value or a registered Keras object, "
            f"or write {self.layer}.get_config()."
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
            f"keras.{self.owner}({self.argument}={self.value!r}) is stored, and Keras {self.installed} has no "
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
        what = self.path if self.field is None else f"{self.field}={self.value!r} of {self.path}"
        return f"{what} has no equal in stock Keras: {self.reason}. {self.cure}"


@attrs.define
class RepairError(ActivationError, ValueError):
    """A file cannot be mended as asked; nothing has been written.

    Attributes:
        what: What was to be mended, or to be written.
        reason: Why it cannot, as a clause that starts in lower case.
        cure: What to do.
    """

    what: str
    reason: str
    cure: str

    def __str__(self) -> str:
        return f"cannot repair {self.what!r}: {self.reason}. {self.cure}"


@attrs.define
class SettingsError(ActivationError, ValueError):
    """A file of settings for the command line cannot be used.

    Attributes:
        path: The file.
        reason: What is wrong with it: the key, its value, and what is allowed.
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return f"cannot use the settings in {self.path}: {self.reason}"


@attrs.define
class SourceError(ActivationError, ValueError):
    """A file cannot be read as Python source.

    Attributes:
        path: The file, or folder.
        code: What is wrong, such as ``SA010``: a code keeps its meaning from version to version.
        reason: What is wrong with it, as a clause that starts in lower case.
        cure: What to do.
        line: The line that is meant, or None for the whole.
    """

    path: str
    code: str
    reason: str
    cure: str
    line: int | None = None

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{self.code}: cannot read {where}: {self.reason}. {self.cure}"


@attrs.define
class ExpressionError(ActivationError, ValueError):
    """What was written for an activation is none that a file can hold.

    Attributes:
        text: What was written.
        reason: What is wrong with it, as a clause that starts in lower case.
        cure: What to do.
    """

    text: str
    reason: str
    cure: str

    def __str__(self) -> str:
        return f"cannot read the activation {self.text!r}: {self.reason}. {self.cure}"


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


@attrs.define
class UntrustedError(ActivationError, ValueError):
    """A saved model names what it was not said to be trusted with; nothing of it was loaded.

    Attributes:
        path: The file, or folder.
        names: What would have to be trusted, each once.
        places: Where the first of each stands in the config: ``$.config.layers[1]``.
        refused: Those of the names that cannot be trusted: code, and what is no part of a model.
        reason: What is wrong with them, as a clause that starts in lower case.
        cure: What to do, where it is not to trust them.
    """

    path: str
    names: tuple[str, ...]
    places: tuple[str, ...]
    refused: tuple[str, ...] = ()
    reason: str = "it names what is not trusted"
    cure: str | None = None

    def __str__(self) -> str:
        named = ", ".join(f"{name} at {place}" for name, place in zip(self.names, self.places, strict=True))
        return f"{self.path} was not loaded: {self.reason}: {named}. {self._cure()}"

    def _cure(self) -> str:
        if self.cure is not None:
            return self.cure
        if self.refused:
            what = ", ".join(self.refused)
            return f"No name allows {what}: ask for the model without it, or build it yourself and load its weights."
        trusted = ", ".join(map(repr, self.names))
        return f"If you know who made it, and what these do: serialactivation.load_model(..., trusted=[{trusted}])."


@attrs.define
class PromiseBrokenError(ActivationError, AssertionError):
    """A layer does not keep a promise of :mod:`serialactivation.testing`.

    Attributes:
        layer: Name of the class.
        field: The argument that was given an activation.
        activation: What the activation is called, or None where it was not one alone.
        promise: The promise's name: ``keras_file``.
        meaning: What it says.
        reason: How it is broken, as a clause.
        cure: What to do.
    """

    layer: str
    field: str
    activation: str | None
    promise: str
    meaning: str
    reason: str
    cure: str

    def __str__(self) -> str:
        given = "" if self.activation is None else f" given {self.activation!r}"
        return (
            f"{_place(self.layer, self.field)}{given} breaks the promise {self.promise!r}. {self.meaning} "
            f"Found: {self.reason}. {self.cure}"
        )


@attrs.define
class LayerCheckError(ActivationError, AssertionError):
    """A layer breaks promises of :mod:`serialactivation.testing`.

    Attributes:
        layer: Name of the class.
        checks: How many checks there were.
        failures: What each that failed has found.
    """

    layer: str
    checks: int
    failures: tuple[PromiseBrokenError, ...]

    def __str__(self) -> str:
        told = "".join(f"\n- {failure}" for failure in self.failures)
        return f"{self.layer} fails {len(self.failures)} of {self.checks} checks:{told}"


class PrunedArgumentWarning(UserWarning):
    """A keyword of a newer Keras was left out of a config as it was read: it held its default.

    Attributes:
        owner: The class whose config it is, such as ``layers.Dense``.
        argument: Name of the keyword.
        value: What it held.
        installed: The version of the installed Keras.
    """

    def __init__(self, owner: str, argument: str, value: object, installed: str) -> None:
        super().__init__(owner, argument, value, installed)
        self.owner = owner
        self.argument = argument
        self.value = value
        self.installed = installed

    def __str__(self) -> str:
        return (
            f"the config of keras.{self.owner} was written by a newer Keras: {self.argument}={self.value!r}, which "
            f"Keras {self.installed} does not know, holds its default and is left out. Nothing is lost."
        )


class SharedActivationWarning(UserWarning):
    """An activation with weights is written outside a save, where its other owners are not known.

    Attributes:
        activation: Name of the activation.
        layer: Name of the layer whose config is written.
        others: Names of the other layers that hold it.
    """

    def __init__(self, activation: str, layer: str, others: tuple[str, ...]) -> None:
        super().__init__(activation, layer, others)
        self.activation = activation
        self.layer = layer
        self.others = others

    def __str__(self) -> str:
        return (
            f"activation {self.activation!r} of layer {self.layer!r} is shared with "
            f"{', '.join(map(repr, self.others))}, and a config outside a save cannot say so: each layer made from "
            "one gets an activation of its own. "
            "Use serialactivation.save_model and load_model (.h5), model_to_json and model_from_json, or clone_model."
        )


class RedefinedActivationWarning(UserWarning):
    """A layer's function was stored under a name that means another function by now, or none.

    Attributes:
        name: The registered name.
        value: The function that the layer was given.
    """

    def __init__(self, name: str, value: object) -> None:
        super().__init__(name, value)
        self.name = name
        self.value = value

    def __str__(self) -> str:
        return (
            f"{self.name!r} no longer means {self.value!r}, which a layer was given: the model is stored with the "
            "name, and will load with the function that has it then. See that it is this one."
        )
