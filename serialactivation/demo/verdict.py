"""All comparisons of the demo, and their verdict."""

from pathlib import Path

import attrs

from serialactivation.demo import files
from serialactivation.demo.compare import Finding, compare_networks, compare_results
from serialactivation.demo.facts import NetworkFacts, Results
from serialactivation.demo.parts import OURS, PARTS, STOCK, Kit, name_trial

__all__ = ["Verdict", "decide", "read_verdict"]


@attrs.frozen(kw_only=True)
class Verdict:
    """The results of the demo.

    Attributes:
        ours: One comparison for each part, made with this package.
        stock: One comparison for each part, made with stock Keras, which does not affect the exit status.
        network: The comparisons for the trained network.
        losses: The losses of the further training, in the first process and in the second.
    """

    ours: tuple[Finding, ...]
    stock: tuple[Finding, ...]
    network: tuple[Finding, ...]
    losses: tuple[tuple[float, ...], tuple[float, ...]]

    @property
    def different(self) -> tuple[str, ...]:
        """The comparisons that are not equal."""
        return tuple(finding.subject for finding in (*self.ours, *self.network) if not finding.equal)

    @property
    def status(self) -> int:
        """The exit status: 0 if everything came back, else 1."""
        return 1 if self.different else 0


def read_verdict(directory: Path) -> Verdict:
    """Return the verdict on the files of both processes in *directory*."""
    return decide(
        networks=(
            files.read_network(directory / files.FIRST_NETWORK),
            files.read_network(directory / files.SECOND_NETWORK),
        ),
        parts=(files.read_results(directory / files.FIRST_PARTS), files.read_results(directory / files.SECOND_PARTS)),
    )


def decide(*, networks: tuple[NetworkFacts, NetworkFacts], parts: tuple[Results, Results]) -> Verdict:
    """Return the verdict on the facts of the first and the second process."""
    return Verdict(
        ours=_compare_parts(OURS, parts),
        stock=_compare_parts(STOCK, parts),
        network=compare_networks(*networks),
        losses=(networks[0].losses, networks[1].losses),
    )


def _compare_parts(kit: Kit, parts: tuple[Results, Results]) -> tuple[Finding, ...]:
    before, after = parts
    names = {name_trial(kit, part): part for part in PARTS}
    return tuple(compare_results(part.given, before[name], after.get(name)) for name, part in names.items())
