"""Draws the curves of activations on the axes of Matplotlib."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

import keras

from serialactivation.codec.codec import get
from serialactivation.codec.silence import looking
from serialactivation.keras_api.scopes import contained
from serialactivation.model_check.activations.curves import draw, name_activation
from serialactivation.model_check.activations.places import Spot, find_held
from serialactivation.pages.extra import require
from serialactivation.pages.figures import Colors, draw_on, note_on
from serialactivation.spec.nested import flatten
from serialactivation.tree.describe import describe
from serialactivation.typing import JSON, ActivationLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot"]


@contained
def plot(activation: "ActivationLike | keras.Layer | None", ax: "Axes | None" = None) -> "Axes":
    """Draw the curve of an activation, with its derivative as a dashed line.

    An activation with weights, a ``PReLU``, is drawn with the median of its weights, and with the band of the curves
    between which nine tenths of them are. A layer that has activations is drawn with each of them. What has no curve,
    such as ``softmax``, of which an output depends on several inputs, is named in the legend with the reason.

    Args:
        activation: What a layer takes as its activation, or a layer that has activations. It is called outside of
            training, and is not changed.
        ax: Axes of Matplotlib; by default, new ones.

    Returns:
        The axes.

    Raises:
        MissingExtraError: Matplotlib is not installed: ``pip install "serialactivation[report]"``.
        UnknownActivationError: There is no activation of that name.
    """
    require("serialactivation.plot", "matplotlib")
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots()
    with looking():
        drawings = {label: draw(one) for label, one in _list_activations(activation)}
    for number, (label, drawing) in enumerate(drawings.items()):
        if not isinstance(drawing, str):
            draw_on(ax, drawing, Colors(f"C{number}", f"C{number}"), label)
    for label, drawing in drawings.items():
        if isinstance(drawing, str):
            note_on(ax, f"{label}: no curve, {drawing}")
    ax.legend()
    return ax


def _list_activations(activation: object) -> "Iterator[tuple[str, object]]":
    """Yield what is drawn, with its label: the activations of a layer, or the activation itself."""
    if isinstance(activation, str | Mapping):
        yield describe(cast("JSON", activation)), get(activation)
        return
    held = list(find_held(Spot(activation, activation.name))) if isinstance(activation, keras.Layer) else []
    for one in held:
        yield from ((f"{one.field}={name_activation(part)}", part) for part in flatten(one.value))
    if not held:
        yield name_activation(activation), activation
