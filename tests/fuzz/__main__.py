"""Fuzz, or replay what was fuzzed; the package's docstring says how."""

import pathlib
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str]) -> None:
    """Do what is asked for."""
    match arguments:
        case ["seeds", folder]:
            from tests.fuzz.seeds import write_seeds

            write_seeds(pathlib.Path(folder))
        case ["run", target, folder, *options]:
            from tests.fuzz.guided import run

            run(target, pathlib.Path(folder), options)
        case ["replay", target, folder]:
            from tests.fuzz.targets import make_target

            print(f"{make_target(target, pathlib.Path(folder)).replay()} inputs")
        case ["random", target, folder, number]:
            from tests.fuzz.targets import make_target

            print(f"{make_target(target, pathlib.Path(folder)).run_random(int(number))} inputs")
        case _:
            raise SystemExit(
                "seeds FOLDER | run TARGET FOLDER [OPTION ...] | replay TARGET FOLDER | random TARGET FOLDER N"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
