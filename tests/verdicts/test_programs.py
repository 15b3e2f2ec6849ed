"""What ``check`` says of what only the program that saved a model has, held against what the newest Keras does."""

import json

import pytest

from serialactivation.cli import main
from serialactivation.rules.known_names import KnownNames
from serialactivation.rules.registry import CODES
from serialactivation.rules.rule import Verdict
from tests.helpers.checking import check_file
from tests.helpers.processes import run_python
from tests.helpers.target import RELEASE

pytestmark = pytest.mark.once

PROGRAM = """
class Bent(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2

class Plain:
    def __call__(self, inputs):
        return inputs * 2
    def get_config(self):
        return {}
    @classmethod
    def from_config(cls, config):
        return cls()

class Loss(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return keras.ops.mean(y_true - y_pred)

class Ones(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return keras.ops.ones(shape, dtype)
    def get_config(self):
        return {}

class Descent(keras.optimizers.SGD):
    pass

@keras.saving.register_keras_serializable("team")
class Registered(Bent):
    pass

def twice(inputs):
    return inputs * 2

@keras.saving.register_keras_serializable("team")
def swish(inputs):
    return inputs * 2
"""

# The arguments of a Dense and of compile, the code that is found, and the name that the program provides.
CASES = {
    "a layer as the activation": ("activation=Bent()", "", "SA230", "Bent"),
    "an object as the activation": ("activation=Plain()", "", "SA230", "Plain"),
    "an initializer": ("kernel_initializer=Ones()", "", "SA230", "Ones"),
    "a loss": ("", "loss=Loss()", "SA230", "Loss"),
    "an optimizer": ("", "optimizer=Descent(), loss='mean_squared_error'", "SA230", "Descent"),
    "a function": ("activation=twice", "", "SA103", "twice"),
    "a registered function": ("activation=swish", "", "SA229", "team>"),
    "a registered layer as the activation": ("activation=Registered()", "", "SA229", "team>Registered"),
}

_SAVE = """
import sys, keras
exec(sys.argv[1])
path, *cases = sys.argv[2:]
for number, case in enumerate(cases):
    keras.utils.clear_session()
    dense, compiled = case.split("|")
    model = keras.Sequential([keras.Input((3,)), eval(f"keras.layers.Dense(2, {dense})")])
    if compiled:
        eval(f"model.compile({compiled})")
    model.save(f"{path}/{number}.keras")
"""

_LOAD = """
import json, sys, keras
outcomes = []
for number in range(int(sys.argv[3])):
    try:
        keras.models.load_model(f"{sys.argv[2]}/{number}.keras")
        outcomes.append("loads")
    except Exception as error:
        outcomes.append(str(error))
exec(sys.argv[1])
names = ("Bent", "Plain", "Loss", "Ones", "Descent", "twice")
own = {name: value for name, value in globals().items() if name in names}
for number in range(int(sys.argv[3])):
    keras.models.load_model(f"{sys.argv[2]}/{number}.keras", custom_objects=own)
print(json.dumps(outcomes))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programs")
    run_python(_SAVE, PROGRAM, str(folder), *(f"{dense}|{compiled}" for dense, compiled, _, _ in CASES.values()))
    return folder


def test_none_loads_by_itself_and_each_does_in_its_program(folder):
    """No file loads without its program, and each loads in it."""
    outcomes = json.loads(run_python(_LOAD, PROGRAM, str(folder), str(len(CASES))).splitlines()[-1])
    assert [outcome for outcome in outcomes if outcome == "loads"] == []


@pytest.mark.parametrize("name", CASES)
def test_what_a_program_provides_is_named_and_can_be_known(name, folder):
    """A finding names what a program provides, and ``known`` with that name, and no other, removes the finding."""
    path = str(folder / f"{list(CASES).index(name)}.keras")
    _, _, code, known = CASES[name]
    report = check_file(path, RELEASE)
    (finding,) = report.findings
    assert finding.code == code
    assert finding.evidence.startswith((known, repr(known)[:-1], known.removeprefix("team>")))
    assert report.verdicts.whole is (Verdict.DOES_NOT_LOAD if code == "SA103" else Verdict.NOT_KNOWN)
    with_it = check_file(path, RELEASE, known=KnownNames((known,)))
    assert (with_it.findings, with_it.verdicts.whole) == ((), Verdict.LOADS)
    assert check_file(path, RELEASE, known=KnownNames((f"another.{known}",))).findings == report.findings


@pytest.mark.once
@pytest.mark.parametrize(
    "code", sorted({*(code for *_, code, _ in CASES.values()), "SA108", "SA204", "SA212", "SA250"})
)
def test_a_cure_names_the_option_and_the_setting(code):
    """The cure of what a program may provide says how to name it, in a command and in the settings."""
    assert "--known" in CODES[code].cure
    assert "setting known" in CODES[code].cure


def test_the_option_adds_to_the_setting(folder, monkeypatch, capsys):
    """The option ``--known`` adds its names to those of the setting."""
    (folder / "pyproject.toml").write_text('[tool.serialactivation.check]\nknown = ["team>", "Bent", "Plain"]\n')
    monkeypatch.chdir(folder)
    paths = [f"{number}.keras" for number in range(len(CASES))]
    assert main(["check", "--fail-on", "note", *paths]) == 1
    assert main(["check", "--fail-on", "note", "--known", "Ones,Loss", "--known", "Descent,twice", *paths]) == 0
    copies = folder / "copies"
    copies.mkdir()
    known = ("--known", "team>,Bent,Plain", "--known", "Ones,Loss,Descent,twice")
    assert {main(["repair", path, *known, "-o", str(copies / path)]) for path in paths} == {0}
    assert {main(["repair", path, "-o", str(copies / f"2{path}")]) for path in paths} > {1}
    assert main(["check", "--fail-on", "note", "--no-config", "--known", "Ones,Loss,Descent,twice", *paths]) == 1
    capsys.readouterr()
