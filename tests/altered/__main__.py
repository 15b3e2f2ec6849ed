"""Alter files, and list those of which ``check`` says something else than Keras does; see the package's docstring."""

import argparse
import collections
import os
import pathlib
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")

from tests.altered.compare import Case, compare, make_cases


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.altered")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the files, whose originals are used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as written:
        folder = options.keep or pathlib.Path(written)
        folder.mkdir(exist_ok=True)
        cases = compare(folder, make_cases(folder, options.cases, options.seed))
    for pair, number in sorted(collections.Counter((case.said, case.outcome) for case in cases).items()):
        print(f"{number:6}  {pair[0]} | {pair[1]}")
    _show("said to load", [case for case in cases if case.is_missed])
    _show("said to be broken", [case for case in cases if case.is_false_alarm])


def _show(title: str, cases: list[Case]) -> None:
    print(f"\n{title}, and is not: {len(cases)}")
    for case in cases:
        print(f"  {case.file} {case.label} | {' '.join(case.codes)} | {case.outcome}: {case.reason}")


if __name__ == "__main__":
    main()
