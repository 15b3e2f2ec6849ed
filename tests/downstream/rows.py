"""One layer class of another package: how a small one is made and called, and what is known to be broken in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import attrs

__all__ = ["BUILT", "COPIED", "MADE", "NONE", "Broken", "Package", "Row", "split_name"]

NONE: Mapping[str, object] = MappingProxyType({})

COPIED = ("config", "json", "keras_file", "h5_file", "clone", "sharing", "dtype_policy")
"""The promises for which a layer is made again from its config."""

BUILT = ("config", "json", "keras_file", "h5_file", "weights_file", "clone", "sharing", "dtype_policy", "state")
"""Those for which it is built: all but its construction and a refusal."""

MADE = ("construction", "config", "json", "keras_file", "h5_file", "weights_file", "clone", "sharing", "dtype_policy")
"""Those for which it is given an activation that it has to keep; ``state`` is for those with weights alone."""


@attrs.frozen(kw_only=True)
class Broken:
    """Checks that fail once a layer is decorated, and why.

    Attributes:
        reason: Why.
        promises: Of which promises, or None for all.
        cases: With which activations, or None for all.
    """

    reason: str
    promises: Sequence[str] | None = None
    cases: Sequence[str] | None = None

    def covers(self, check: str) -> bool:
        """Return whether a check of this name is among them."""
        promise, case = split_name(check)
        return promise in (self.promises or [promise]) and case in (self.cases or [case])

    def find_outdated(self, broken: Iterable[str]) -> list[str]:
        """Return the promises and the activations here that no longer fail, of those that do."""
        covered = [split_name(check) for check in broken if self.covers(check)]
        kept = [promise for promise in self.promises or () if promise not in {one for one, _ in covered}]
        kept += [case for case in self.cases or () if case not in {one for _, one in covered}]
        return kept if covered else [*kept, self.reason]


def split_name(check: str) -> tuple[str, str]:
    """Return the promise and the activation in the name of a check; the argument stands between them."""
    promise, _, rest = check.partition("-")
    return promise, rest.partition("-")[2]


@attrs.frozen(kw_only=True)
class Row:
    """One layer class.

    Attributes:
        path: The class, with its module after the package's name.
        arguments: What its constructor is given, activations aside.
        given: The activations that its constructor needs, where it has no default for them.
        shape: The shapes that it is called on.
        dtype: The dtypes of those.
        call: What calls it on them, where it takes more than one argument.
        fields: The arguments that take an activation, where they are fewer than their names suggest.
        named: Whether each is given a name of its own, as its constructor wants one, or has one for all.
        unbuildable: Why none is made here.
        broken: What fails once it is decorated.
    """

    path: str
    arguments: Mapping[str, object] = NONE
    given: Mapping[str, object] = NONE
    shape: object = None
    dtype: object = "float32"
    call: Callable[..., object] | None = None
    fields: Sequence[str] | None = None
    named: bool = False
    unbuildable: str | None = None
    broken: Sequence[Broken] = ()

    @property
    def module(self) -> str:
        """The module of the class, after the package's name."""
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.path.rpartition(".")[2]


@attrs.frozen(kw_only=True)
class Package:
    """One package.

    Attributes:
        distribution: Its name on PyPI.
        name: The name that it is imported by.
        rows: Its layer classes that take an activation.
    """

    distribution: str
    name: str
    rows: Sequence[Row]
