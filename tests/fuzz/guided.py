"""Fuzzing guided by coverage: atheris runs the targets, with the changes that they have."""

import pathlib
import random
import sys
from collections.abc import Sequence

import atheris

__all__ = ["run"]


def run(name: str, folder: pathlib.Path, options: Sequence[str]) -> None:
    """Fuzz a target. What it finds new goes into *folder*; an input that breaks a promise, into the working folder.

    Args:
        name: The target.
        folder: Its inputs.
        options: Those of libFuzzer.
    """
    with atheris.instrument_imports(
        include=[
            "serialactivation.files",
            "serialactivation.tree",
            "serialactivation.rules",
            "serialactivation.repairs",
        ]
    ):
        from tests.fuzz.targets import make_target
    target = make_target(name, folder)

    def change(data: bytes, longest: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if rng.random() < 0.1:
            return bytes(atheris.Mutate(data, longest))
        changed = target.change(data, rng)
        return changed if len(changed) <= longest else data

    atheris.Setup([sys.argv[0], str(folder), *options], target.hold, custom_mutator=change)
    atheris.Fuzz()
