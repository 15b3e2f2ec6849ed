"""Draws curves with Matplotlib: on axes, and as SVG for a page. Keras-free."""

import io
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs
import numpy as np

from serialactivation.curves.formulas import Array
from serialactivation.files.formats.hdf5_values import Spread
from serialactivation.pages.drawings import POINTS, find_slopes
from serialactivation.pages.records import Drawing

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PLAIN", "Svg", "draw_on", "make_histogram", "make_svg"]

PLAIN: Final[Mapping[str, str]] = MappingProxyType({"curve": "#2f5bd7", "slope": "#b45309", "grid": "#d5d9df"})
"""Colours for axes of a user's."""

# Colours that stand for variables of the page's style, which are others in the dark.
_OF_PAGE: Final[Mapping[str, str]] = MappingProxyType(
    {"curve": "#0a0001", "slope": "#0a0002", "grid": "#0a0003", "text": "#0a0004"}
)
_NEAR: Final = 4.0
_HIGHEST: Final = 8.0
_LOWEST: Final = -4.0
_SIZE: Final = (3.0, 1.9)  # inches
_MARGINS: Final = {"left": 0.1, "right": 0.99, "top": 0.97, "bottom": 0.12}
_LINE: Final = "line"
_ID: Final = re.compile(r'(\bid="|href="#|url\(#)')
_START: Final = re.compile(r"<svg[^>]*>")
_STYLE: Final = re.compile(r"<style.*?</style>", re.DOTALL)  # which would be the whole page's
_FONT: Final = re.compile(r"(?<=px); font-family: [^;\"]*")
_BREAK: Final = re.compile(r"\s*\n\s*")


@attrs.frozen
class Svg:
    """A drawn curve.

    Attributes:
        text: The SVG.
        line: The id of the curve alone in it.
        box: Where the curve is in it: the left, the top, the width and the height.
    """

    text: str
    line: str
    box: str

    @property
    def markup(self) -> "Markup":
        """The SVG as text that a template does not escape: nothing of a file is in it."""
        from markupsafe import Markup

        return Markup(self.text)


def draw_on(axes: "Axes", drawing: Drawing, colors: Mapping[str, str] = PLAIN) -> None:
    """Draw a curve on *axes*: its values, its derivative as a dashed line, and the band of its weights."""
    values = np.array(drawing.values)
    slopes, span = find_slopes(values), _find_span(values)
    axes.axhline(0, color=colors["grid"], linewidth=0.8, zorder=1)
    axes.axvline(0, color=colors["grid"], linewidth=0.8, zorder=1)
    if drawing.band is not None:
        axes.fill_between(POINTS, *drawing.band, color=colors["curve"], alpha=0.2, linewidth=0, zorder=2)
    axes.plot(POINTS, slopes, color=colors["slope"], linewidth=1.2, linestyle=(0, (4, 2)), label="derivative")
    axes.plot(POINTS, values, color=colors["curve"], linewidth=1.8, label=drawing.label, gid=_LINE)
    axes.set_xlim(-span, span)
    axes.set_ylim(*_find_heights(drawing, slopes, span))


def _find_span(values: Array) -> float:
    """Return how far a curve is drawn: further where it flattens late, as ``relu6`` does."""
    with np.errstate(invalid="ignore"):
        steep = np.abs(np.diff(values))
        inner = steep[np.abs(POINTS[:-1]) < _NEAR]
        late = max(inner[0] - steep[0], inner[-1] - steep[-1])
    return _HIGHEST if late > 0.1 * np.nanmax(np.abs(np.diff(POINTS))) else _NEAR


def _find_heights(drawing: Drawing, slopes: Array, span: float) -> tuple[float, float]:
    shown = np.abs(POINTS) <= span
    parts = [np.array(drawing.values)[shown], slopes[shown], *(np.array(one)[shown] for one in drawing.band or ())]
    everything = np.concatenate(parts)
    finite = everything[np.isfinite(everything)]
    least = max(finite.min(initial=0.0), _LOWEST)
    greatest = min(finite.max(initial=0.0), _HIGHEST)
    margin = 0.08 * max(greatest - least, 0.5)
    return float(least - margin), float(greatest + margin)


def make_svg(drawing: Drawing, prefix: str) -> Svg:
    """Return a curve as SVG, in which every id starts with *prefix*."""
    figure, axes = _make_figure()
    draw_on(axes, drawing, _OF_PAGE)
    return Svg(_write(figure, prefix), f"{prefix}{_LINE}", _find_box(figure, axes))


def make_histogram(spread: Spread, prefix: str) -> Svg:
    """Return the histogram of the weights of an activation as SVG, in which every id starts with *prefix*."""
    figure, axes = _make_figure()
    edges = np.linspace(spread.least, spread.greatest, len(spread.bars) + 1)
    width = edges[1] - edges[0] or 1.0
    color = _OF_PAGE["curve"]
    axes.bar(edges[:-1], spread.bars, width=width, align="edge", color=color, alpha=0.6, linewidth=0)
    axes.locator_params(axis="y", integer=True)
    return Svg(_write(figure, prefix), "", _find_box(figure, axes))


def _make_figure() -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE)
    figure.subplots_adjust(**_MARGINS)
    return figure, _plain(figure.add_subplot())


def _write(figure: "Figure", prefix: str) -> str:
    import matplotlib as mpl

    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix, "path.simplify": True}):
        figure.savefig(file, format="svg", transparent=True, metadata=dict.fromkeys(_METADATA))
    return _adapt(file.getvalue(), prefix)


_METADATA: Final = ("Creator", "Date", "Format", "Type")


def _plain(axes: "Axes") -> "Axes":
    axes.tick_params(colors=_OF_PAGE["text"], length=0, labelsize=8)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.locator_params(nbins=4)
    return axes


def _find_box(figure: "Figure", axes: "Axes") -> str:
    """Return the place of *axes* in the SVG, which counts 72 to the inch from the top."""
    width, height = figure.get_size_inches() * 72
    place = axes.get_position()
    numbers = place.x0 * width, (1 - place.y1) * height, place.width * width, place.height * height
    return " ".join(f"{number:.1f}" for number in numbers)


def _adapt(svg: str, prefix: str) -> str:
    """Return an SVG of Matplotlib's for a page: without its head, and with the page's colours, font and ids."""
    start = _START.search(svg)
    assert start is not None
    svg = svg[start.start() :]
    for name, color in _OF_PAGE.items():
        svg = svg.replace(color, f"var(--{name})")
    svg = svg.replace("stroke-width: 1.8", "stroke-width: var(--line-width, 1.8)")
    svg = _BREAK.sub(" ", _FONT.sub("", _STYLE.sub("", svg))).replace("> <", "><").strip()
    return _ID.sub(rf"\g<1>{prefix}", svg)
