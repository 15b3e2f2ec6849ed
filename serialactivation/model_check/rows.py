"""The rows of a summary: a layer, and an activation in it. Data only."""

import attrs

__all__ = ["ActivationRow", "LayerRow"]


@attrs.frozen(kw_only=True)
class ActivationRow:
    """One activation field of a layer.

    Attributes:
        field: The argument that holds the activation.
        value: What is there, as Python code would write it.
        shared: A number that is the same for all fields that hold the same object, or None if it is not shared.
        weights: How many numbers the weights of the activation have.
        policies: The names of the dtype policies of activations that are layers, where they are not the layer's.
        lost: The first reason why it would not come back from a ``.keras`` file; None if none is known.
    """

    field: str
    value: str
    shared: int | None
    weights: int
    policies: tuple[str, ...]
    lost: str | None


@attrs.frozen(kw_only=True)
class LayerRow:
    """One layer of a model.

    Attributes:
        path: The place of the layer in the model, such as ``model/encoder/dense``.
        kind: The name of its class.
        output_shape: The shape of its output, or None if it is not known.
        weights: How many numbers its weights have, those of its activations included; None if it is not built.
        policy: The name of its dtype policy.
        activations: Its activation fields.
    """

    path: str
    kind: str
    output_shape: str | None
    weights: int | None
    policy: str
    activations: tuple[ActivationRow, ...]
