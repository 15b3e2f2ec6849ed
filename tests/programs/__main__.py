"""Look for programs that fail, or run one; the package's docstring says how."""

import argparse
import collections
import itertools

import tests.conftest  # noqa: F401  # configures JAX before Keras is imported
from tests.programs.activations import PREAMBLE
from tests.programs.campaign import Outcome, make_plainer, run_program, run_programs
from tests.programs.program import Program, draw_program

BATCH = 25


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.programs")
    commands = parser.add_subparsers(required=True, dest="command")
    run = commands.add_parser("run", help="run programs until so many minutes of CPU time are used")
    run.add_argument("--minutes", type=float, default=60)
    run.add_argument("--seed", type=int, default=0, help="the first program's number")
    run.add_argument("--plainer", action="store_true", help="make each new failure plainer, which takes a minute")
    for name, text in (("show", "print a program"), ("try", "run one"), ("plainer", "print it in its plainest form")):
        commands.add_parser(name, help=text).add_argument("seed", type=int)
    options = parser.parse_args()
    if options.command == "run":
        _run(options.minutes, options.seed, options.plainer)
    elif options.command == "show":
        print(_show(draw_program(options.seed)))
    elif options.command == "try":
        print(run_program(options.seed, {}))
    else:
        print(_show(make_plainer(run_program(options.seed, {}))))


def _run(minutes: float, first: int, plainer: bool) -> None:
    counts: collections.Counter[str] = collections.Counter()
    known: set[str] = set()
    used = 0.0
    refusals: collections.Counter[str] = collections.Counter()
    for start in itertools.count(first, BATCH):
        for outcome in run_programs(range(start, start + BATCH)):
            counts[_ending(outcome)] += 1
            used += outcome.seconds / 60
            if outcome.refused:
                refusals[" ".join(outcome.refused.split())[:110]] += 1
            if outcome.invalid:
                print(f"program {outcome.seed} is none: {outcome.invalid}", flush=True)
            if outcome.kinds - known:
                known |= outcome.kinds
                _report(outcome, plainer)
        if used > minutes:
            break
    print(
        f"seeds {first} to {start + BATCH - 1}, {used:.1f} CPU minutes: {dict(counts)}; {len(known)} kinds of failure"
    )
    for refusal, number in refusals.most_common(40):
        print(f"{number:5} {refusal}")


def _ending(outcome: Outcome) -> str:
    if outcome.failures:
        return "failed"
    if outcome.invalid:
        return "no program"
    return "refused" if outcome.refused else "equal"


def _report(outcome: Outcome, plainer: bool) -> None:
    print(f"\n=== program {outcome.seed}")
    for failure in outcome.failures:
        print(f"{failure.way}: {' '.join(failure.seen.split())[:400]}")
    print(_show(make_plainer(outcome) if plainer else draw_program(outcome.seed)), flush=True)


def _show(program: Program) -> str:
    """Return the text of a program without what is the same in all of them."""
    return program.source.partition(PREAMBLE)[2].strip()


if __name__ == "__main__":
    main()
