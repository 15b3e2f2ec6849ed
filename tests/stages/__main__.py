"""Write the section of the running backend: ``python -m tests.stages docs/survival/stages.md``."""

import pathlib
import sys
import tempfile
from collections.abc import Iterable, Iterator

from tests.stages.activations import ACTIVATIONS, LIBRARIES
from tests.stages.cell import Stage
from tests.stages.pages import Outcomes, write_section
from tests.stages.run import run_stage
from tests.stages.stages import STAGES

# What stock Keras fails to save, or to load: in one model with others, these would be lost with it.
ALONE = ("partial(leaky_relu)", "one PReLU() in two layers")


def measure() -> Outcomes:
    """Return the outcomes of all stages that are here, by stage and activation: stock Keras's, and ours."""
    outcomes = {}
    for stage in filter(Stage.is_here, STAGES):
        stock, ours = (_measure_stage(stage, library) for library in LIBRARIES)
        outcomes |= {(stage.id, id_): (stock[id_], ours[id_]) for id_ in ACTIVATIONS}
        print(stage.id, stock, ours, flush=True)
    return outcomes


def _measure_stage(stage: Stage, library: str) -> dict[str, str]:
    """Return the outcome of each activation; in stock Keras, those that fail by themselves are alone."""
    together = [id_ for id_ in ACTIVATIONS if library == "ours" or id_ not in ALONE]
    groups = [tuple(together), *((id_,) for id_ in ACTIVATIONS if id_ not in together)]
    return dict(_run(stage, library, groups))


def _run(stage: Stage, library: str, groups: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        outcomes = run_stage(stage, library, groups, pathlib.Path(folder))
    for ids, outcome in zip(groups, outcomes, strict=True):
        if len(ids) == 1 or outcome == "equal":
            yield from ((id_, outcome) for id_ in ids)
        elif outcome.startswith("different: "):
            yield from ((id_, _pick(outcome, id_)) for id_ in ids)
        else:
            yield from _run(stage, library, [(id_,) for id_ in ids])


def _pick(outcome: str, id_: str) -> str:
    """Return the part of the *outcome* of several activations that is about one."""
    parts = [part for part in outcome.removeprefix("different: ").split("; ") if part.startswith(f"{id_} by ")]
    return f"different: {'; '.join(parts)}" if parts else "equal"


def main() -> None:
    write_section(measure(), pathlib.Path(sys.argv[1]))


if __name__ == "__main__":
    main()
