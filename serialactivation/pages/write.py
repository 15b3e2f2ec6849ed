"""Writes the page: numbers the curves, and fills the template. Keras-free."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from serialactivation import __version__
from serialactivation.pages.comparison import Comparison
from serialactivation.pages.drawings import describe_spread
from serialactivation.pages.extra import require
from serialactivation.pages.figures import Svg, make_histogram, make_svg
from serialactivation.pages.records import Drawing, FindingEntry, ModelEntry

if TYPE_CHECKING:
    import jinja2

__all__ = ["write_page"]

_MOST_FIGURES: Final = 150
_MOST_LINKS: Final = 100
_SCRIPT: Final = "filter.js"


@attrs.frozen
class _Figure:
    """A curve on the page: its number, what it shows, how it and its weights are drawn, and what is said of it."""

    number: int
    drawing: Drawing
    svg: Svg
    histogram: Svg | None
    caption: str


def write_page(models: Sequence[ModelEntry], comparison: Comparison | None = None, *, from_files: bool = True) -> str:
    """Return the page about *models* as HTML.

    Args:
        models: What it shows of each model.
        comparison: What it shows of two models side by side, or None.
        from_files: Whether the models are files.

    Raises:
        MissingExtraError: Matplotlib or Jinja2 is not installed.
    """
    require("a page", "matplotlib", "jinja2")
    import markupsafe

    environment = _make_environment()
    script = _read(environment, _SCRIPT)
    figures = list(_make_figures(models))
    ids = [f"m{number}" for number, _ in enumerate(models, 1)]
    links = {id_: _find_marked(model) for id_, model in zip(ids, models, strict=True)}
    return environment.get_template("page.html").render(
        title=models[0].title if len(models) == 1 else f"Activations of {len(models)} models",
        models=models,
        comparison=comparison,
        figures=figures,
        numbers={figure.drawing: figure for figure in figures},
        has_bands=any(figure.drawing.band for figure in figures),
        marked={id_: found[:_MOST_LINKS] for id_, found in links.items()},
        unmarked={id_: max(len(found) - _MOST_LINKS, 0) for id_, found in links.items()},
        most=_MOST_FIGURES,
        version=__version__,
        from_files=from_files,
        script=markupsafe.Markup(script),
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _make_environment() -> "jinja2.Environment":
    import jinja2

    loader = jinja2.PackageLoader("serialactivation.pages", "template")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _read(environment: "jinja2.Environment", name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0].rstrip()


def _make_figures(models: Iterable[ModelEntry]) -> Iterator[_Figure]:
    """Yield each curve once, as many as a page has."""
    names: dict[Drawing, dict[str, None]] = {}
    for layer in (layer for model in models for layer in model.layers):
        for drawing in (one.drawing for one in layer.activations if one.drawing is not None):
            names.setdefault(drawing, {})[layer.name] = None
    for number, (drawing, found) in enumerate(list(names.items())[:_MOST_FIGURES], 1):
        svg = make_svg(drawing, f"c{number}-")
        histogram = None if drawing.spread is None else make_histogram(drawing.spread, f"c{number}w-")
        yield _Figure(number, drawing, svg, histogram, _write_caption(drawing, list(found)))


_MOST_NAMES: Final = 3


def _write_caption(drawing: Drawing, names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    where = f"in {', '.join(names[:_MOST_NAMES])}{more}"
    return where if drawing.spread is None else f"{where}; {describe_spread(drawing.spread)}"


def _find_marked(model: ModelEntry) -> list[FindingEntry]:
    return [finding for layer in model.layers for finding in layer.findings]
