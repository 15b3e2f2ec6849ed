"""The demo, run as users run it; and that it would say so if something had not come back."""

import os
import re
import shutil
import subprocess
import sys
import zipfile

import attrs
import keras
import numpy as np
import pytest

pytest.importorskip("sklearn")

from serialactivation.demo import files
from serialactivation.demo.compare import TOLERANCE, compare_networks, compare_results, measure_difference
from serialactivation.demo.facts import Failure
from serialactivation.demo.parts import PARTS
from serialactivation.demo.run import FURTHER, conclude
from serialactivation.demo.show import show_verdict
from serialactivation.demo.verdict import decide
from tests.helpers.report_page import check_sound
from tests.matrix.values import BY_NAME

pytestmark = [pytest.mark.together, pytest.mark.usefixtures("optimized")]

EPOCHS = 2
STOCK_OPERATION = "silently different (max difference 4.7e-04)" if BY_NAME else "equal"


@attrs.frozen
class Finished:
    """A demo that has run: its files, and what stood on the screen."""

    directory: object
    status: int
    screen: str
    errors: str


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Run the demo once, in a process of its own."""
    directory = tmp_path_factory.mktemp("demo") / "made" / "by the demo"
    process = subprocess.run(
        [sys.executable, "-m", "serialactivation", "demo", "--epochs", str(EPOCHS), "--output", str(directory)],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    return Finished(directory, process.returncode, process.stdout, process.stderr)


@pytest.fixture
def networks(finished):
    """The facts on the trained network, from the first process and from the second."""
    return tuple(files.read_network(finished.directory / name) for name in (files.FIRST_NETWORK, files.SECOND_NETWORK))


@pytest.fixture
def parts(finished):
    """The results of the single parts, from the first process and from the second."""
    return tuple(files.read_results(finished.directory / name) for name in (files.FIRST_PARTS, files.SECOND_PARTS))


@pytest.fixture
def copied(finished, tmp_path):
    """A copy of the demo's files, to tamper with; what the second process left is not in it."""
    directory = tmp_path / "copied"
    shutil.copytree(finished.directory, directory, ignore=shutil.ignore_patterns("second-*"))
    return directory


def find_row(screen, given):
    """Return the cells of the row that begins with *given*, each in one line."""
    lines = screen.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(given))
    rows = [[cell.strip() for cell in line.split(" | ")] for line in lines[start:] if " | " in line]
    end = next((index for index, row in enumerate(rows[1:], 1) if row[1]), len(rows))
    return [" ".join(filter(None, column)) for column in zip(*rows[:end], strict=True)]


def test_everything_comes_back(finished):
    """The demo ends with exit status 0 and says in its last lines that everything came back."""
    assert finished.status == 0, finished.screen + finished.errors
    assert "\nVERDICT: everything came back equal" in finished.screen


def test_a_page_shows_the_network(finished):
    """The last line is the path of a page with the layers and the curves of the network."""
    path = finished.directory / "report.html"
    assert finished.screen.splitlines()[-1] == str(path)
    page = check_sound(path.read_text(encoding="utf-8"))
    assert page.find("figure")


def test_screen_is_quiet(finished):
    """Nothing but the demo's own lines is on the screen, none of them wider than 100 columns."""
    if not keras.__version__.startswith("3.10."):  # which has a remark of its own on every model that it has loaded
        assert finished.errors == ""
    released = re.sub(r"\.dev\d+(\+\w+)?", "", finished.screen)  # the version of a commit is longer
    assert max(map(len, released.replace(str(finished.directory), "DIR").splitlines())) <= 100


def test_first_line_names_the_backend(finished):
    """The first line tells the versions and the backend."""
    first = finished.screen.splitlines()[0]

    assert "serialactivation" in first
    assert f"backend {os.environ.get('KERAS_BACKEND', '')}" in first


def test_progress_is_visible(finished):
    """Every epoch of every training has its line."""
    assert finished.screen.count(", epoch ") == EPOCHS + 2 * FURTHER


@pytest.mark.parametrize(
    ("given", "stock"),
    [
        ("LeakyReLU(negative_slope=0.4)", ("equal", "cannot be loaded: TypeError")),  # the second up to Keras 3.9
        ("one PReLU shared by two layers", ("cannot be loaded: ValueError", "cannot be loaded: TypeError")),
        ("partial(gelu, approximate=True)", ("cannot be saved: TypeError",)),
        ("keras.ops.gelu", (STOCK_OPERATION,)),
        ("custom layer without get_config", ("cannot be saved: NotImplementedError",)),
    ],
)
def test_each_part_has_its_line(finished, given, stock):
    """Each part comes back equal here, and its line tells what stock Keras did with it."""
    _, ours, theirs = find_row(finished.screen, given)

    assert ours == "equal"
    assert theirs.startswith(stock)


def test_every_part_is_in_the_table(finished):
    """No part of the network is left out of the table."""
    for part in PARTS:
        assert find_row(finished.screen, part.given[:30])[1] == "equal"


@pytest.mark.parametrize(
    "subject", ["predictions", "weights", "sharing of the PReLU", "optimizer variables", "losses of further epochs"]
)
def test_network_comes_back(finished, subject):
    """The trained network has its predictions, weights, sharing, optimizer state and further losses again."""
    assert find_row(finished.screen, f"  {subject}")[1].startswith("equal")


def test_both_lists_of_losses_are_shown(finished, networks):
    """The losses of both processes are on the screen, and are those of the files."""
    for facts in networks:
        assert ", ".join(f"{loss:.8f}" for loss in facts.losses) in finished.screen
    assert len(set(networks[0].losses)) == FURTHER


def test_network_was_trained(networks):
    """The network learns: its loss goes on falling, far below that of guessing one of ten digits."""
    losses = networks[0].losses

    assert losses[-1] < losses[0] < np.log(10) / 2


def test_output_is_kept(finished):
    """With --output, the saved models stay where they were asked for; what could not be saved leaves no file."""
    assert (finished.directory / files.MODEL).stat().st_size > 0
    assert all(path.stat().st_size > 0 for path in finished.directory.iterdir())


# The demo can fail: altered facts, and altered files.


def shift(numbers):
    return numbers + 3 * TOLERANCE


ALTERATIONS = {
    "predictions": lambda facts: {"predictions": shift(facts.predictions)},
    "predictions, one not a number": lambda facts: {"predictions": np.where(facts.predictions > 0.5, np.nan, 0)},
    "predictions, fewer": lambda facts: {"predictions": facts.predictions[1:]},
    "weights, one more": lambda facts: {"weights": (*facts.weights, facts.weights[0])},
    "weights, one altered": lambda facts: {"weights": (shift(facts.weights[0]), *facts.weights[1:])},
    "sharing": lambda facts: {"shared": False},
    "optimizer, last altered": lambda facts: {"optimizer": (*facts.optimizer[:-1], shift(facts.optimizer[-1]))},
    "optimizer, started anew": lambda facts: {"optimizer": ()},
    "losses, last altered": lambda facts: {"losses": (*facts.losses[:-1], shift(facts.losses[-1]))},
    "losses, none": lambda facts: {"losses": ()},
}


@pytest.mark.parametrize("alter", ALTERATIONS.values(), ids=ALTERATIONS)
def test_altered_network_fails(alter, networks, parts):
    """A network that comes back with any fact altered is found, named, and fails the demo."""
    first, second = networks
    verdict = decide(networks=(first, attrs.evolve(second, **alter(second))), parts=parts)

    (different,) = verdict.different
    assert verdict.status == 1
    assert f"VERDICT: FAILED. Not as it was saved: {different}." in show_verdict(verdict)


def test_sharing_must_have_been_there(networks):
    """Two layers that never shared an activation are no proof of sharing."""
    first, second = (attrs.evolve(facts, shared=False) for facts in networks)

    assert [finding.subject for finding in compare_networks(first, second) if not finding.equal] == [
        "sharing of the PReLU"
    ]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
@pytest.mark.parametrize(
    "become",
    [shift, lambda outputs: Failure("cannot be loaded: ValueError"), lambda outputs: outputs[:1]],
    ids=["altered", "refused", "fewer"],
)
def test_altered_part_fails(part, become, networks, parts):
    """A part that does not come back is found, named, and fails the demo."""
    before, after = parts
    name = f"serialactivation-{part.key}"
    verdict = decide(networks=networks, parts=(before, {**after, name: become(after[name])}))

    assert verdict.different == (part.given,)
    assert verdict.status == 1


def test_lost_part_fails(networks, parts):
    """A part that the second process says nothing about counts as lost."""
    before, after = parts
    verdict = decide(networks=networks, parts=(before, {name: after[name] for name in after if "leaky" not in name}))

    assert verdict.different == ("LeakyReLU(negative_slope=0.4)",)


def test_stock_keras_decides_nothing(networks, parts):
    """Whatever becomes of stock Keras's parts, the demo does not fail by it."""
    before, after = parts
    verdict = decide(networks=networks, parts=(before, {name: after[name] for name in after if "stock" not in name}))

    assert verdict.status == 0


@pytest.mark.parametrize(
    ("before", "after", "text", "equal"),
    [
        ([1.0], [1.0], "equal", True),
        ([1.0], [1.0 + 5e-7], "equal (max difference 5.0e-07)", True),
        ([1.0], [1.00047], "silently different (max difference 4.7e-04)", False),
        ([np.nan], [np.nan], "silently different (the shapes or numbers do not match)", False),
        ([np.inf], [np.inf], "silently different (the shapes or numbers do not match)", False),
    ],
)
def test_outputs_are_judged_by_their_difference(before, after, text, equal):
    """Outputs are equal up to 1e-6 and silently different beyond, and the difference is reported."""
    finding = compare_results("part", np.array(before), np.array(after))

    assert (finding.text, finding.equal) == (text, equal)


def test_nothing_is_not_equal_to_nothing():
    """Where there is nothing to compare, nothing has been shown."""
    assert measure_difference([], []) == float("inf")


def rewrite_config(archive, old, new):
    """Put *new* for *old* in the config of a saved model; everything else in it stays."""
    with zipfile.ZipFile(archive) as source:
        contents = {info: source.read(info) for info in source.infolist()}
    with zipfile.ZipFile(archive, "w") as target:
        for info, content in contents.items():
            if info.filename == "config.json":
                assert old in content
                content = content.replace(old, new)
            target.writestr(info, content)


def test_tampered_file_fails(copied, capfd):
    """Where the saved file says another gelu than was trained, the demo shows it and ends with exit status 1."""
    rewrite_config(copied / files.MODEL, b'"approximate": true', b'"approximate": false')

    status = conclude(copied, epochs=EPOCHS)

    screen = capfd.readouterr().out
    assert status == 1
    assert screen.splitlines()[-1] == "VERDICT: FAILED. Not as it was saved: predictions; losses of further epochs."
    assert find_row(screen, "  predictions")[1].startswith("DIFFERENT")
    assert find_row(screen, "  weights")[1].startswith("equal")


def test_damaged_file_fails(copied, capfd):
    """Where the saved file cannot be read at all, the demo shows Keras's error and ends with exit status 1."""
    (copied / files.MODEL).write_bytes(b"damaged")

    status = conclude(copied, epochs=EPOCHS)

    captured = capfd.readouterr()
    assert status == 1
    assert captured.out.splitlines()[-1].startswith("VERDICT: FAILED. The second process ended with exit status 1")
    assert "ValueError" in captured.err
