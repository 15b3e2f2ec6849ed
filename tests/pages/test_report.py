"""The command ``report``: what its page says of files, and how it is written."""

import pathlib
import shutil
import zipfile

import pytest

from tests.helpers.checking import check, write
from tests.helpers.configs import an_object, dense, dense_model, layer, model
from tests.helpers.processes import ROOT, run_bare
from tests.helpers.report_page import check_sound

pytestmark = pytest.mark.once

DATA = ROOT / "tests" / "data" / "3.15.1"
MOST = 5 * 10**6
"""How many bytes the page of a model with 5,000 layers may have."""


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A file of each kind, and the folder that they are in is the current one."""
    shutil.copy(DATA / "for-3.6.0.keras", tmp_path / "clean.keras")
    write(tmp_path / "note.json", dense_model(an_object("keras.layers", "LeakyReLU", {"alpha": 0.1})))
    write(tmp_path / "error.json", dense_model("reluu"))
    (tmp_path / "damaged.keras").write_bytes(b"PK\x03\x04")
    write(tmp_path / "others.json", {"model_type": "bert"})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def feedforward(tmp_path_factory):
    """A model with a partial, a function of keras.ops, a layer instance, a PReLU in two layers, and a user's layer."""
    folder = tmp_path_factory.mktemp("feedforward")
    with zipfile.ZipFile(DATA / "models.zip") as archive:
        archive.extractall(folder)
    return folder / "feedforward.keras"


def make_page(*arguments, capsys):
    """Return the page that ``report`` writes, which is sound, and its exit status."""
    status, _, err = check(*arguments, "-o", "page.html", capsys=capsys, command="report")
    assert err == ""
    return check_sound(pathlib.Path("page.html").read_text()), status


CALLS = [
    "clean.keras",
    "note.json --fail-on note",
    "error.json",
    "error.json --exit-zero",
    "error.json --ignore SA104",
    "damaged.keras error.json",
    "clean.keras error.json note.json",
    ".",
    "other?.json clean.keras",
    "others.json",
]


@pytest.mark.parametrize("call", CALLS)
def test_a_status_is_that_of_check(call, files, capsys):
    """And every page is sound, of one file, of several, and of files that cannot be read."""
    expected, _, _ = check(*call.split(), "-q", capsys=capsys)
    assert make_page(*call.split(), capsys=capsys)[1] == expected


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("missing.keras -o page.html", "no file at missing.keras"),
        ("error.json", "-o/--output"),
        ("error.json note.json --against clean.keras -o page.html", "Give one PATH with it."),
        ("error.json --against ./error.json -o page.html", "found 1"),
        ("- -o page.html", "Give the path of a file"),
        ("error.json -o error.json", "it is one of the files"),
        ("error.json -o clean.keras", "it is a saved model"),
        ("error.json --against clean.keras -o clean.keras", "it is one of the files"),
        ("error.json -o missing/page.html", "cannot be written"),
    ],
)
def test_a_wrong_call_writes_nothing(call, said, files, capsys):
    """It ends with 4, and the files stay as they are."""
    before = {path: path.read_bytes() for path in files.iterdir()}
    try:
        status, out, err = check(*call.split(), capsys=capsys, command="report")
    except SystemExit as end:
        status, (out, err) = end.code, capsys.readouterr()
    assert (status, out) == (4, "")
    assert said in err
    assert {path: path.read_bytes() for path in files.iterdir()} == before


def test_a_page_is_written_again(files, capsys):
    """A page of yesterday is replaced."""
    make_page("error.json", capsys=capsys)
    assert "reluu" not in make_page("clean.keras", capsys=capsys)[0].text


def test_each_layer_has_its_activations(feedforward, tmp_path, monkeypatch, capsys):
    """The rows say what check says of the activations; each function is drawn once, with its real keywords."""
    monkeypatch.chdir(tmp_path)
    page, status = make_page(feedforward, capsys=capsys)
    assert status == 0
    assert "LeakyReLU(negative_slope=0.3" in page.row("instance").replace(".30000001192092896", ".3")
    assert "leaky_relu(negative_slope=0.4)" in page.text
    assert "Gelu(approximate=True)" in page.row("ops")
    labels = [attrs["aria-label"].partition(" and its")[0] for attrs in page.find("figure")]
    assert len(labels) == len(page.find("figcaption"))
    assert labels.count("gelu(approximate=True)") == 1
    assert {f"c{number}" for number in range(1, len(labels) + 1)} <= set(page.ids)


def test_shared_activations_are_joined(feedforward, tmp_path, monkeypatch, capsys):
    """Both layers have the number of the object, which leads to a list that leads back to both."""
    monkeypatch.chdir(tmp_path)
    page, _ = make_page(feedforward, capsys=capsys)
    assert "shared 1" in page.row("shared_1")
    assert "shared 1" in page.row("shared_2")
    assert page.addresses.count("#m1-s1") == 2
    rows = {row for row, texts in page.rows.items() if row and "shared_" in "".join(texts)}
    assert len(rows) == 2
    assert {f"#{row}" for row in rows} <= set(page.addresses)


def test_a_finding_stands_at_its_layer_with_its_cure(files, capsys):
    """What was found, and the command for this file."""
    page, _ = make_page("error.json", capsys=capsys)
    row = page.row("dense")
    assert "SA104 error" in row
    assert "serialactivation repair error.json --replace 'reluu=relu' -o error-repaired.json" in row
    assert "Keras 3.15 does not load it." in page.text


@pytest.mark.parametrize(
    ("activation", "said"),
    [
        ("softmax", "no curve: each of its outputs depends on several inputs"),
        ("team>bent", "no curve: an unknown function: the file does not say what it computes"),
        (layer("PReLU", shared_axes=[1]), "no curve: its weights are not in the file"),
        (layer("BatchNormalization"), "no curve: it computes another function for each channel"),
    ],
)
def test_what_has_no_curve_says_why(activation, said, files, capsys):
    """A function of several values, one that is not known, and weights that are not there."""
    write(files / "model.json", dense_model(activation))
    page, _ = make_page("model.json", capsys=capsys)
    assert said in page.row("dense")
    assert not page.find("figure")


def test_two_models_stand_side_by_side(files, capsys):
    """What differs is marked, and what does not is not; a function is the same however it is stored."""
    hidden = {"name": "hidden"}
    before = [dense(**hidden, activation="relu"), dense(name="same", activation="leaky_relu"), dense(name="old")]
    same = layer("LeakyReLU", negative_slope=0.2)
    after = [dense(**hidden, activation="gelu"), dense(name="same", activation=same), dense(name="new")]
    write(files / "before.json", model(*before))
    write(files / "after.json", model(*after))
    page, _ = make_page("before.json", "--against", "after.json", capsys=capsys)
    assert "3 of 4 layers differ." in page.text
    assert len([attrs for attrs in page.find("tr") if attrs.get("class") == "changed"]) == 3
    for said in ("another activation", "only in the first", "only in the second", "not there"):
        assert said in page.text
    shutil.copy("before.json", "copy.json")
    page, _ = make_page("before.json", "--against", "copy.json", capsys=capsys)
    assert not [attrs for attrs in page.find("tr") if attrs.get("class") == "changed"]


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{1234*5678}}{% raw %}",
    "</title></style></table><h1>x",
    "javascript:alert(1)",
    "\x1b[31m\x00\x07",
    "\u202egnp.exe\u2066\u200b",
    "a" * 5000,
    "#m1-l0",
]


def test_a_hostile_name_injects_nothing(files, capsys):
    """As the name of a layer, a class, a field, a function or a policy, it is text, of which every character shows."""
    layers = [dense(name="last", activation="relu")]
    for name in HOSTILE:
        activation = an_object(name, name, {"name": name, name: name}, name)
        layers.append(layer(name, name=name, units=3, activation=name, dtype=name, **{f"{name}_activation": name}))
        layers.append(dense(name=name, activation=activation))
    write(files / "hostile.json", {**model(*layers), "keras_version": HOSTILE[0]})
    page, _ = make_page("hostile.json", capsys=capsys)
    plain, _ = make_page("error.json", "clean.keras", capsys=capsys)
    assert {tag for tag, _ in page.elements} - {tag for tag, _ in plain.elements} == set()
    assert all(char.isprintable() for char in page.text)
    assert "7006652" not in page.text
    assert all(name.split("\x1b")[0] in page.text for name in HOSTILE[:6])
    assert len(page.text) < 100_000


def test_a_hostile_path_injects_nothing(files, capsys):
    """The name of a file, too."""
    shutil.copy("error.json", "<script>alert(1)<!--\x1b.json")
    page, _ = make_page("<script>alert(1)<!--\x1b.json", "clean.keras", capsys=capsys)
    assert "<script>alert(1)<!--" in page.text


def test_a_large_model_has_a_page(files, capsys):
    """Of 5,000 layers, some with findings, it has less than 5 MB; of very many curves, the first are drawn."""
    activations = ["relu", "gelu", "reluu", layer("LeakyReLU", negative_slope=0.3)]
    layers = [dense(name=f"dense_{n}", activation=activations[n % 4]) for n in range(5000)]
    write(files / "deep.json", model(*layers))
    assert check("deep.json", "-o", "page.html", capsys=capsys, command="report")[0] == 1
    page = pathlib.Path("page.html").read_bytes()
    assert page.count(b'<tr id="m1-l') == 5000
    assert page.count(b"<figure ") == 3
    assert len(page) < MOST


def test_only_so_many_curves_are_drawn(files, capsys, monkeypatch):
    """The rows of the others say so."""
    monkeypatch.setattr("serialactivation.pages.write._MOST_FIGURES", 2)
    slopes = [dense(name=f"d{n}", activation=layer("LeakyReLU", negative_slope=n / 8)) for n in range(4)]
    write(files / "model.json", model(*slopes))
    page, _ = make_page("model.json", capsys=capsys)
    assert len(page.find("figure")) == 2
    assert "not drawn: the page has 2 curves already" in page.row("d3")


HIDDEN = """
import sys
sys.modules.update(dict.fromkeys({missing!r}))
sys.stderr = sys.stdout
from serialactivation.cli import main
print("status", main(["report", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("missing", [["jinja2"], ["matplotlib", "jinja2"]], ids=len)
def test_a_missing_package_is_named_with_its_cure(missing, files):
    """Before anything is read or written."""
    said = run_bare(HIDDEN.format(missing=missing), str(files / "clean.keras"), "-o", str(files / "page.html"))
    assert f"needs {' and '.join(missing)}, which" in said
    assert 'python -m pip install "serialactivation[report]"' in said
    assert "status 2" in said
    assert not (files / "page.html").exists()


def test_the_command_needs_no_keras(files):
    """A page is written where Keras cannot be imported."""
    code = "import sys; sys.modules['keras'] = None; from serialactivation.cli import main; print(main(sys.argv[1:]))"
    said = run_bare(code, "report", str(files / "clean.keras"), "-o", str(files / "page.html"))
    assert said.splitlines()[-1] == "0"
    check_sound((files / "page.html").read_text())
