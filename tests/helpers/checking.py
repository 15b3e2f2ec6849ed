"""The commands ``check``, ``repair`` and ``lint`` called, and files written for them."""

import json
import os
import subprocess
import sys

from serialactivation import errors
from serialactivation.cli import main
from serialactivation.commands.model_examiner import ModelExaminer
from serialactivation.rules.activations.sites import SiteChecks
from serialactivation.tree.nodes import find_sites
from tests.helpers.processes import ROOT

PYTHON = (sys.executable, "-m", "serialactivation")


def write(path, config):
    """Write *config* to a JSON file at *path*, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config))
    return path


def findings_of(config, target=None):
    """Return the findings on the activations in *config*."""
    judge_site = SiteChecks(target)
    return [finding for site in find_sites(config) for finding in judge_site(site)]


def check_file(path, target=None, **options):
    """Return the report that ``check`` makes of a file, or raise the error with which it refuses the file."""
    outcome = ModelExaminer(target, **options).examine(str(path))
    if isinstance(outcome, errors.ArchiveError):
        raise outcome
    return outcome


def check(*arguments, capsys, command="check"):
    """Return the status of ``check``, or of another command, and what it printed."""
    status = main([command, *map(str, arguments)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def repair(*arguments, capsys):
    """Return the status of ``repair``, and what it printed."""
    return check(*arguments, capsys=capsys, command="repair")


def run(*arguments, cwd, stdin=b"", **environment):
    """Return the status of the command line in a process of its own, and the bytes that it printed."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [*PYTHON, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, input=stdin, env=variables, capture_output=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr
