"""Draws curves with Matplotlib: on axes, and as SVG for a page. Keras-free."""

import io
import re
import textwrap
from typing import TYPE_CHECKING, Final, TypeAlias

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

__all__ = ["Colors", "Svg", "draw_on", "make_histogram", "make_svg", "note_on"]


@attrs.frozen
class Colors:
    """The colours of what is drawn; the text of axes is not drawn with a curve."""

    curve: str
    slope: str
    grid: str = "0.85"
    text: str = ""


# Colours that stand for variables of the page's style, which are others in the dark.
_OF_PAGE: Final = Colors("#0a0001", "#0a0002", "#0a0003", "#0a0004")
_NEAR: Final = 4.0
_HIGHEST: Final = 8.0
_LOWEST: Final = -4.0
_SIZE: Final = (3.0, 1.9)  # inches
_MARGINS: Final = {"left": 0.12, "right": 0.94, "top": 0.97, "bottom": 0.12}  # room for the text at the last mark
_THIN: Final = 0.03
_NOTE: Final = 40  # characters in a line of a legend
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


def draw_on(axes: "Axes", drawing: Drawing, colors: Colors, label: str = "") -> None:
    """Draw a curve on *axes*: its values, its derivative as a dashed line, and the band of its weights."""
    values = np.array(drawing.values)
    slopes, span = find_slopes(values), _find_span(values)
    before = (axes.get_xlim(), axes.get_ylim()) if axes.has_data() else None
    for draw_rule in (axes.axhline, axes.axvline) if before is None else ():
        draw_rule(0, color=colors.grid, linewidth=0.8, zorder=1)
    if drawing.band is not None:
        axes.fill_between(POINTS, *drawing.band, color=colors.curve, alpha=0.2, linewidth=0, zorder=2)
    axes.plot(POINTS, values, color=colors.curve, linewidth=1.8, label=label, gid=_LINE)
    axes.plot(POINTS, slopes, color=colors.slope, linewidth=1.2, linestyle=(0, (4, 2)), label=label and _DERIVATIVE)
    _set_limits(axes, (-span, span), _find_heights(drawing, slopes, span), before)


_Limits: TypeAlias = tuple[float, float]
_DERIVATIVE: Final = "its derivative"


def _set_limits(axes: "Axes", wide: _Limits, high: _Limits, before: tuple[_Limits, _Limits] | None) -> None:
    """Set the limits of *axes*, which show what they showed *before*, too."""
    if before is not None:
        wide, high = (_join(one, other) for one, other in zip((wide, high), before, strict=True))
    axes.set_xlim(*wide)
    axes.set_ylim(*high)


def _join(one: _Limits, other: _Limits) -> _Limits:
    return min(one[0], other[0]), max(one[1], other[1])


def note_on(axes: "Axes", text: str) -> None:
    """Add a line to the legend of *axes* that stands for no curve."""
    axes.plot([], [], linestyle="none", label=textwrap.fill(text, _NOTE))


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
    from matplotlib.ticker import EngFormatter

    figure, axes = _make_figure()
    least, greatest = spread.least, spread.greatest
    if len(spread.bars) == 1:
        axes.set_xlim(least - 1, least + 1)
        least, greatest = least - _THIN, least + _THIN
    edges = np.linspace(least, greatest, len(spread.bars) + 1)
    color, width = _OF_PAGE.curve, edges[1] - edges[0]
    axes.bar(edges[:-1], spread.bars, width=width, align="edge", color=color, alpha=0.6, linewidth=0)
    axes.locator_params(axis="y", integer=True)
    axes.yaxis.set_major_formatter(EngFormatter(sep=""))  # 25k, where 25000 would be cut off
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
    axes.tick_params(colors=_OF_PAGE.text, length=0, labelsize=8)
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
    for name, color in attrs.asdict(_OF_PAGE).items():
        svg = svg.replace(color, f"var(--{name})")
    svg = svg.replace("stroke-width: 1.8", "stroke-width: var(--line-width, 1.8)")
    svg = _BREAK.sub(" ", _FONT.sub("", _STYLE.sub("", svg))).replace("> <", "><").strip()
    return _ID.sub(rf"\g<1>{prefix}", svg)
