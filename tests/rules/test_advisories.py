"""The CVE and GHSA ids of findings: shown with each, and a file that is about each of Keras's."""

import json

import pytest

from serialactivation.cli import main
from serialactivation.rules.registry import CODES
from tests.reference.codes import write_advisories

pytestmark = pytest.mark.once

# A file of the corpus for each id of Keras, from 2024 on: made by hand, and harmless.
FILES = {
    "CVE-2024-3660": "code_in_lambda.keras",
    "CVE-2024-55459": "download.keras",
    "CVE-2025-1550": "command.keras",
    "CVE-2025-8747": "download.keras",
    "CVE-2025-9905": "code_in_lambda.h5",
    "CVE-2025-9906": "setting.keras",
    "CVE-2025-12058": "vocabulary.keras",
    "CVE-2025-12060": "download.keras",
    "CVE-2025-12638": "download.keras",
    "CVE-2025-49655": "pickle_of_pytorch.keras",
    "CVE-2026-1462": "program.keras",
    "CVE-2026-12479": "climbing_name.keras",
}
# Those about weights, which a refusal is about.
REFUSED = {"CVE-2026-0897": "declares_much.h5", "CVE-2026-1669": "external_data.h5"}


def test_every_advisory_has_a_file():
    """Each advisory of a rule has a file of the corpus, and each file has an advisory."""
    known = {one for rule in CODES.values() for one in rule.advisories if one.startswith("CVE-")}
    assert known == {*FILES, *REFUSED}


@pytest.mark.parametrize("advisory", FILES)
def test_a_finding_carries_its_advisory(advisory, corpus_file, capsys):
    """JSON and SARIF have the advisories of a finding, and SARIF's rule has them too."""
    path = str(corpus_file(FILES[advisory]))
    main(["check", path, "--format", "json"])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert advisory in {one for finding in file["findings"] for one in finding.get("advisories", ())}
    main(["check", path, "--format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    found = {one for result in run["results"] for one in result.get("properties", {}).get("advisories", ())}
    rules = {one for rule in run["tool"]["driver"]["rules"] for one in rule["properties"].get("advisories", ())}
    assert advisory in found & rules


@pytest.mark.parametrize("advisory", REFUSED)
def test_a_refusal_is_about_its_advisory(advisory, corpus_file, capsys):
    """A refused file has the code that names the advisory."""
    assert main(["check", str(corpus_file(REFUSED[advisory])), "--weights", "--format", "json"]) == 2
    (refused,) = json.loads(capsys.readouterr().out)["unreadable"]
    assert advisory in CODES[refused["code"]].advisories


@pytest.mark.parametrize("advisory", [*FILES, *REFUSED])
def test_an_advisory_is_explained(advisory, capsys):
    """``explain`` and the page of codes name the advisories of a code."""
    codes = [code for code, rule in CODES.items() if advisory in rule.advisories]
    assert codes
    for code in codes:
        assert main(["explain", code]) == 0
        assert advisory in capsys.readouterr().out
    assert advisory in write_advisories()
