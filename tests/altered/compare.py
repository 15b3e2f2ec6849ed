"""Make altered files, and compare what ``check`` says of each with what the installed Keras makes of it."""

import io
import json
import pathlib
import random
import warnings
import zipfile
from collections.abc import Sequence
from typing import Any, NamedTuple

import h5py
import keras

from serialactivation.catalog.versions import is_newer
from serialactivation.errors import ArchiveError
from serialactivation.rules.rule import Verdict
from tests.altered.alterations import alter, find_places
from tests.helpers.checking import check_file
from tests.helpers.processes import run_python
from tests.verdicts.layer_models import LAYERS, NESTED
from tests.verdicts.models import MODELS

__all__ = ["Case", "compare", "make_cases"]

SUFFIXES = (".keras", ".json", ".json", ".h5")
ATTRIBUTES = ("model_config", "training_config")
REFUSED = "refused"
LOADS, UNCALLABLE, NOT = Verdict.LOADS.value, Verdict.UNCALLABLE.value, Verdict.DOES_NOT_LOAD.value

_LOAD = """
import json, pathlib, signal, sys, warnings
warnings.simplefilter("ignore")
sys.modules["serialactivation"] = None
import keras, numpy as np

class TooLong(BaseException):
    pass

def stop(*_):
    raise TooLong("it does not end")

def tell(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[-200:]

def limit(seconds):  # of this process: the machine may be busy
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)

signal.signal(signal.SIGVTALRM, stop)

def load(path):
    limit(5)
    try:
        is_text = path.suffix == ".json"
        model = keras.models.model_from_json(path.read_text()) if is_text else keras.models.load_model(path)
        if not isinstance(model, keras.layers.Layer):
            return "does not load", "it is no model"
    except (Exception, TooLong) as error:
        return "does not load", tell(error)
    finally:
        limit(0)
    limit(20)
    try:
        inputs = getattr(model, "_inputs_struct", None)
        if inputs is None:
            inputs = getattr(model, "inputs", None)
        if inputs is not None and keras.tree.flatten(inputs):
            model(keras.tree.map_structure(lambda one: np.zeros([size or 2 for size in one.shape], one.dtype), inputs))
    except (Exception, TooLong) as error:
        return "loads, but cannot be called", tell(error)
    finally:
        limit(0)
    return "loads", ""

paths = [pathlib.Path(sys.argv[1], name) for name in json.loads(pathlib.Path(sys.argv[2]).read_text())]
outcomes = {}
for path in paths:
    keras.utils.clear_session()
    outcomes[path.name] = load(path)
print(json.dumps(outcomes))
"""


class Case(NamedTuple):
    """One altered file: its name, what was altered, what ``check`` says, and what Keras does.

    Attributes:
        file: The name of the file.
        label: The model, and what was altered in it.
        said: The verdict, or ``refused``.
        codes: The codes of the findings.
        outcome: What Keras does.
        reason: The error of Keras.
    """

    file: str
    label: str
    said: str
    codes: tuple[str, ...]
    outcome: str = ""
    reason: str = ""

    @property
    def is_missed(self) -> bool:
        """Whether it is said to load, and does not, or cannot be called."""
        return self.said in (LOADS, Verdict.OTHERWISE.value) and self.outcome != LOADS

    @property
    def is_false_alarm(self) -> bool:
        """Whether it is said to be broken, and is not."""
        is_alarm = self.said in (NOT, REFUSED) and self.outcome != NOT
        return is_alarm or (self.said == UNCALLABLE and self.outcome == LOADS)


_OURS = ("twins", "recurrent_twins")  # which stock Keras does not load

_NEW = {} if is_newer("3.15", keras.__version__) else MODELS  # which older Kerases do not make

ALL = {name: make for name, make in {**LAYERS, **NESTED, **_NEW}.items() if name not in _OURS}
"""What makes each model that is altered, by its name."""


def make_cases(folder: pathlib.Path, number: int, seed: int, names: Sequence[str] = tuple(ALL)) -> list[Case]:
    """Write as many altered files of some models into *folder*, and return them with what ``check`` says."""
    chance = random.Random(seed)
    originals = folder / "originals"
    if not originals.exists():
        originals.mkdir()
        _write_originals(originals, names)
    return [_make_case(folder, originals / chance.choice(names), place, chance) for place in range(number)]


def _write_originals(folder: pathlib.Path, names: Sequence[str]) -> None:
    for name in names:
        keras.utils.clear_session()
        with warnings.catch_warnings(action="ignore"):
            model = ALL[name]()
            for suffix in (".keras", ".h5"):
                model.save(folder / f"{name}{suffix}")


def _make_case(folder: pathlib.Path, original: pathlib.Path, number: int, chance: random.Random) -> Case:
    suffix = chance.choice(SUFFIXES)
    source = original.with_name(original.name + (".h5" if suffix == ".h5" else ".keras"))
    config = _read(source)
    place = chance.choice(list(find_places(config)))
    alteration = alter(config, place, chance)
    path = folder / f"{number}{suffix}"
    _write(source, path, alteration.config)
    said, codes = _judge(path)
    return Case(path.name, f"{original.name}{suffix}: {alteration.label}", said, codes)


def _read(path: pathlib.Path) -> dict[str, Any]:
    """Return the config of a file; of HDF5, with what the model was compiled with."""
    if path.suffix == ".keras":
        config: dict[str, Any] = json.loads(zipfile.ZipFile(path).read("config.json"))
        return config
    with h5py.File(path) as file:
        return {
            name: json.loads(file.attrs[name]) for name in ("model_config", "training_config") if name in file.attrs
        }


def _write(source: pathlib.Path, path: pathlib.Path, config: dict[str, Any]) -> None:
    if path.suffix == ".json":
        path.write_text(json.dumps(config))
    elif path.suffix == ".keras":
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                new.writestr(name, json.dumps(config) if name == "config.json" else old.read(name))
    else:
        buffer = io.BytesIO(source.read_bytes())
        with h5py.File(buffer, "r+") as file:
            for name in ATTRIBUTES:
                file.attrs.pop(name, None)
                if name in config:
                    file.attrs[name] = json.dumps(config[name])
        path.write_bytes(buffer.getvalue())


def _judge(path: pathlib.Path) -> tuple[str, tuple[str, ...]]:
    try:
        report = check_file(str(path), keras.__version__)
    except ArchiveError as error:
        return REFUSED, (error.code,)
    said = Verdict.NOT_KNOWN if report.verdicts is None else report.verdicts.whole
    return said.value, tuple(sorted({finding.code for finding in report.findings}))


def compare(folder: pathlib.Path, cases: list[Case]) -> list[Case]:
    """Return the *cases* with what the installed Keras makes of each."""
    names = folder / "names.txt"
    names.write_text(json.dumps([case.file for case in cases]))
    outcomes = json.loads(run_python(_LOAD, str(folder), str(names)).splitlines()[-1])
    return [case._replace(outcome=outcomes[case.file][0], reason=outcomes[case.file][1]) for case in cases]
