"""Warnings: what goes on, though not as it may be thought."""

from serialactivation.errors.portable import Portable

__all__ = [
    "PrunedArgumentWarning",
    "RedefinedActivationWarning",
    "SharedActivationWarning",
]


class PrunedArgumentWarning(Portable, UserWarning):
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


class SharedActivationWarning(Portable, UserWarning):
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


class RedefinedActivationWarning(Portable, UserWarning):
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
