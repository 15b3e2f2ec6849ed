"""The warnings of this package."""

from serialactivation.errors.portable import Portable

__all__ = [
    "PromiseNotTriedWarning",
    "PrunedArgumentWarning",
    "RedefinedActivationWarning",
    "SharedActivationWarning",
]


class PromiseNotTriedWarning(Portable, UserWarning):
    """A promise of :mod:`serialactivation.testing` could not be tried, or not with every activation.

    The layer, or the activation, is defined where no other process can import it.

    Attributes:
        layer: Name of the class.
        promise: The promise's name: ``new_process``.
        reason: Why it could not be tried, as a clause.
        cure: What to do.
    """

    def __init__(self, layer: str, promise: str, reason: str, cure: str) -> None:
        super().__init__(layer, promise, reason, cure)
        self.layer = layer
        self.promise = promise
        self.reason = reason
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.layer}: the promise {self.promise!r} was not tried: {self.reason}.\n{self.cure}"


class PrunedArgumentWarning(Portable, UserWarning):
    """A keyword of a newer Keras was left out when a config was read: it held its default.

    Nothing is lost.

    Attributes:
        owner: The class that the config belongs to, such as ``layers.Dense``.
        argument: Name of the keyword.
        value: Its value.
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


class SharedActivationWarning(Portable, UserWarning):
    """An activation with weights is written outside a save, where its other owners are not known.

    The warning is given once for each activation.

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
            f"{', '.join(map(repr, self.others))}, but a config written outside a save cannot store that: each layer "
            "made from such a config gets its own activation.\n"
            "Use serialactivation.save_model and load_model (.h5), model_to_json and model_from_json, or clone_model."
        )


class RedefinedActivationWarning(Portable, UserWarning):
    """A layer's function or class was stored under a name that now stands for another one, or for nothing.

    A notebook cell was changed and run again, for example, or a ``custom_object_scope`` has ended.

    Attributes:
        name: The registered name.
        value: The function, or the class, that the layer was given.
        holder: The function or class that has the name now, and will be loaded; None where none has it.
    """

    def __init__(self, name: str, value: object, holder: object = None) -> None:
        super().__init__(name, value, holder)
        self.name = name
        self.value = value
        self.holder = holder

    def __str__(self) -> str:
        loads = "does not load until something is registered under that name again"
        if self.holder is not None:
            loads = f"loads with what has that name now, {_show(self.holder)}"
        return (
            f"{self.name!r} no longer stands for {_show(self.value)}, which a layer uses: the model stores only the "
            f"name, and {loads}.\nCreate the layer again to train and store it with the current definition, or "
            "register one of the two under another name."
        )


def _show(definition: object) -> str:
    """Return a function or a class with the place of its definition, in which two of one name differ."""
    code = getattr(definition, "__code__", None)
    return repr(definition) if code is None else f"{definition!r} ({code.co_filename}, line {code.co_firstlineno})"
