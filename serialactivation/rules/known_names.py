"""The names that a project provides itself, so that no finding is reported on them. Keras-free."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from serialactivation.rules.finding import Finding

__all__ = ["NOTHING_KNOWN", "KnownNames"]

_BEGINNINGS = (">", ".")


class KnownNames(NamedTuple):
    """The names that a project provides: those of its setting ``known``.

    Attributes:
        names: Full names, such as ``my_package>bent``, and beginnings that end with ``>`` or a dot, such as
            ``my_package>`` for all that is registered under a package, or ``my_package.layers.`` for all of a module.
    """

    names: tuple[str, ...] = ()

    def drop(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the *findings* without those on what the project provides."""
        beginnings = tuple(one for one in self.names if one.endswith(_BEGINNINGS))
        for finding in findings:
            is_known = finding.needs and (finding.needs in self.names or finding.needs.startswith(beginnings))
            if not is_known:
                yield finding


NOTHING_KNOWN = KnownNames()
"""The names of a project that provides none."""
