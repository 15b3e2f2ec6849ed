"""The rules on the file around a config: its name, and whether it has weights. Keras-free.

Source:
    ``load_model`` of ``keras/src/saving/saving_api.py``, Keras 3.6 to 3.15, which decides by the end of the name, and
    then looks for the weights under one name.
"""

import os
from collections.abc import Iterator
from typing import Final

from serialactivation.catalog.versions import is_newer
from serialactivation.files.layout import HDF5_SUFFIXES, PICKLES, WEIGHTS
from serialactivation.files.saved_model import Archive, Kind
from serialactivation.rules.configs.classes import UNNAMED_MODULE
from serialactivation.rules.finding import Finding, make_finding
from serialactivation.rules.rule import Rule, Severity, Verdict
from serialactivation.tree.classes import find_class

__all__ = ["CONTAINERS", "find_container_faults", "find_unnamed_module"]

WRONG_NAME: Final = Rule(
    code="SA226",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    meaning="The name of the file does not end as its format demands: Keras takes it for another format, or for none.",
    why="load_model looks at the end of the name, in lower case: .keras for an archive, .h5 or .hdf5 for an HDF5 file.",
    example="an HDF5 file that is called model.keras, or an archive that is called model.KERAS or model",
    cure="Rename the file.",
)

NO_WEIGHTS: Final = Rule(
    code="SA227",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    meaning="The file has a config, but no weights where Keras looks for them.",
    why="A .keras archive has a member model.weights.h5, and an HDF5 file a group model_weights, even if the model "
    "has no weights. load_model does not read weights in several files.",
    example="a .keras archive with config.json and nothing else",
    cure="Save the model again, or make it from the config alone, with keras.models.model_from_json.",
)

PICKLED: Final = Rule(
    code="SA244",
    severity=Severity.ERROR,
    verdict=Verdict.DOES_NOT_LOAD,
    meaning="The weights are in model.weights.npz, whose arrays are pickled objects, which Keras does not load.",
    why="An .npz file of Keras holds a dictionary for each layer, which NumPy pickles. Keras 3.9 and newer read no "
    "pickles, and refuse it; older ones unpickle it, and so run whatever code is in it.",
    example="a .keras archive with model.weights.npz, and without model.weights.h5",
    cure="Save the model again, which writes model.weights.h5. Load such a file with Keras 3.8 or older only if you "
    "trust whoever made it.",
    advice=("save the model again, which writes model.weights.h5",),
)

_UNPICKLED: Final = PICKLED._replace(verdict=Verdict.RUNS)
"""The same rule for a Keras that unpickles such a file."""

CONTAINERS: Final = (WRONG_NAME, NO_WEIGHTS, PICKLED)
"""The rules on files, in the order of their codes."""

_REFUSES_PICKLES: Final = "3.9"

_SUFFIXES: Final = {Kind.KERAS: (".keras",), Kind.HDF5: HDF5_SUFFIXES}
_WHAT: Final = {Kind.KERAS: "a .keras archive", Kind.HDF5: "an HDF5 file"}
_PARTS: Final = {
    Kind.KERAS: f"no member {WEIGHTS} or {PICKLES}",
    Kind.FOLDER: f"no {WEIGHTS} or {PICKLES}",
    Kind.HDF5: "no group model_weights",
}


def find_unnamed_module(archive: Archive) -> Iterator[Finding]:
    """Yield a finding if the class of the whole model has no module, which only the reader of HDF5 files finds."""
    config = archive.config
    if archive.kind is Kind.HDF5 or not isinstance(config, dict) or "module" in config:
        return
    name = str(config["class_name"])
    if find_class(config, "layers").signature is not None:
        evidence = f"the class {name} of the model has no module"
        yield make_finding(UNNAMED_MODULE, (), (), evidence, 'write "module": "keras" beside its class_name')


def find_container_faults(archive: Archive, target: str) -> Iterator[Finding]:
    """Yield what is wrong with the file of a model, whatever its config says, for the Keras that is to load it."""
    if archive.is_pickled:
        rule = _UNPICKLED if is_newer(_REFUSES_PICKLES, target) else PICKLED
        yield make_finding(rule, (), (), f"its weights are in {PICKLES} alone", *PICKLED.advice)
    suffixes = _SUFFIXES.get(archive.kind, ())
    if suffixes and not archive.path.endswith(suffixes):
        stem = os.path.splitext(os.path.basename(archive.path))[0] or "model"
        evidence = f"it is {_WHAT[archive.kind]}, and its name does not end in {' or '.join(suffixes)}"
        yield make_finding(WRONG_NAME, (), (), evidence, f"rename it to {stem}{suffixes[0]}")
    if not archive.has_weights:
        evidence = f"it has {_PARTS[archive.kind]}"
        cure = "save the model again, or make it from the config with keras.models.model_from_json"
        yield make_finding(NO_WEIGHTS, (), (), evidence, cure)
