"""The page on continuous integration: what it says to copy, run as it stands."""

import re
import shlex
import shutil

import pytest
import yaml

from serialactivation.cli import main
from serialactivation.commands.settings import find_settings
from tests.helpers.processes import ROOT

pytestmark = pytest.mark.once

PAGE = (ROOT / "docs" / "how-to" / "continuous-integration.md").read_text(encoding="utf-8")
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)]
WORKFLOW, SARIF, HOOKS, LOCAL = BLOCKS
STEPS = [*WORKFLOW["jobs"]["check"]["steps"], *SARIF]
COMMANDS = [step["run"] for step in STEPS if step.get("run", "").startswith("serialactivation")]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a model and a module that are as they should be."""
    for folder in ("models", "src"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "tests" / "data" / "3.15.1" / "for-3.6.0.keras", tmp_path / "models")
    (tmp_path / "src" / "layers.py").write_text("import keras\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_step_passes(command, project):
    """A command of the workflow has the exit status 0 where nothing has to be fixed."""
    assert main(shlex.split(command)[1:]) == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_a_step_fails(command, project):
    """A command of the workflow fails for a finding, unless it says that it does not."""
    (project / "src" / "layers.py").write_text("import keras\nkeras.layers.Dense(3, activation=lambda x: x)\n")
    config = '{"class_name": "Dense", "config": {"units": 3, "activation": "reluu"}}'
    (project / "models" / "config.json").write_text(config, encoding="utf-8")
    assert main(shlex.split(command)[1:]) == (0 if "--exit-zero" in command else 1)


def test_the_report_is_where_the_next_step_looks_for_it(project):
    """The file that is uploaded is the one that is written."""
    (command,) = (command for command in COMMANDS if "--output" in command)
    main(shlex.split(command)[1:])
    assert (project / SARIF[1]["with"]["sarif_file"]).exists()


def test_the_hooks_exist(project):
    """The hooks are those of the repository, and the local one runs what its own does."""
    own = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for hook in HOOKS["repos"][0]["hooks"]} == {hook["id"] for hook in own}
    (local,) = LOCAL["repos"][0]["hooks"]
    assert local["files"] == own[0]["files"]
    assert main([*shlex.split(local["entry"])[1:], "models/for-3.6.0.keras"]) == 0


def test_the_settings_are_read(project):
    """The table is one of ``pyproject.toml``, and what it excludes is left out."""
    (block,) = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (project / "pyproject.toml").write_text(block, encoding="utf-8")
    (project / "models" / "old").mkdir()
    (project / "models" / "old" / "broken.keras").touch()
    assert find_settings(str(project)).target_keras == "3.10"
    assert main(["check", "models"]) == 0
