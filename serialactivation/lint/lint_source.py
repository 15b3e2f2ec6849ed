"""All rules applied to one source. Keras-free."""

import itertools
from collections.abc import Iterator

from serialactivation.lint.rules.arguments import find_argument_findings
from serialactivation.lint.rules.get_config import find_config_findings
from serialactivation.lint.rules.registration import find_registration_findings
from serialactivation.lint.suppression import drop_ignored
from serialactivation.rules.finding import Finding
from serialactivation.rules.source_report import SourceReport
from serialactivation.syntax.module import Module, read_module
from serialactivation.syntax.text.source import Source, refuse_depth

__all__ = ["lint_source"]

_KERAS = ("keras", "serialactivation")


def lint_source(source: Source, target: str | None = None) -> SourceReport:
    """Return the report on *source*, with the findings in the order of the source.

    Args:
        source: The source.
        target: The Keras that will load the models; None for the newest release.

    Raises:
        SourceError: It is nested too deeply.
    """
    if not any(name in source.text.whole for name in _KERAS):
        return SourceReport(path=source.path, findings=())
    try:
        found = list(_find_all(read_module(source), target))
    except (RecursionError, MemoryError) as error:
        raise refuse_depth(source.path) from error
    kept = sorted(drop_ignored(source.text.whole, found), key=_position)
    return SourceReport(path=source.path, findings=tuple(_put(source, finding) for finding in kept))


def _put(source: Source, finding: Finding) -> Finding:
    """Return a finding with its place in the file: in a notebook, in a cell."""
    if source.notebook is None or finding.region is None:
        return finding
    return finding._replace(region=source.notebook.place(finding.region))


def _find_all(module: Module, target: str | None) -> Iterator[Finding]:
    layers = list(module.layers.values())
    yield from itertools.chain.from_iterable(find_config_findings(module, layer) for layer in layers)
    yield from itertools.chain.from_iterable(find_registration_findings(module, layer) for layer in layers)
    yield from find_argument_findings(module, target)


def _position(finding: Finding) -> tuple[int, int, str]:
    region = finding.region
    assert region is not None
    return region.line, region.column, finding.code
