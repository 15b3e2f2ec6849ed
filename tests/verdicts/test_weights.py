"""What ``check`` says of the weights in a file, held against what the installed Keras makes of them.

For each layer of Keras that is known, a file as Keras writes it has no finding; and a broken one does not load exactly
where there is one.
"""

import warnings

import keras
import pytest

from serialactivation.catalog.versions import is_newer
from serialactivation.files.saved_model import read_archive
from serialactivation.rules.rule import Verdict
from serialactivation.tree.variables.layer_arguments import Inputs
from serialactivation.tree.variables.table import Builder
from tests.helpers.checking import check_file
from tests.helpers.target import RELEASE
from tests.verdicts.broken_weights import BREAKAGES, LEGACY, break_file, turn_back
from tests.verdicts.layer_models import LAYERS, NESTED

pytestmark = pytest.mark.together

MODELS = {**LAYERS, **NESTED}
CODES = {"SA240", "SA241", "SA242", "SA243"}
SUFFIXES = (".keras", ".h5")

# What Keras itself cannot read from an HDF5 file: operations, and the layer whose public name is not its own.
NO_HDF5 = {"operations", "GroupQueryAttention"}

# What Keras itself cannot read back from an HDF5 file, since it drops an axis that is several.
LOST_AXIS = {"LayerNormalization", "Normalization", "RMSNormalization"}
if is_newer("3.9", keras.__version__):  # it drops every axis
    LOST_AXIS |= {"BatchNormalization-axis", "Concatenate"}

# The models of which each call has one argument.
CALLS = ("Concatenate", "Dot", "twice")

# The models that are broken in every way.
BROKEN = (
    "Dense",
    "Bidirectional",
    "MultiHeadAttention",
    "SpectralNormalization",
    "frozen",
    "twice",
    "twins",
)


if keras.__version__.startswith("3.6."):  # which cannot read these, whole or not: an output_shape becomes a list
    BROKEN = tuple(name for name in BROKEN if name not in ("MultiHeadAttention", "twice"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with each model in both formats."""
    folder = tmp_path_factory.mktemp("weights")
    for name, make in MODELS.items():
        model = make()
        for suffix in SUFFIXES:
            with warnings.catch_warnings(action="ignore"):
                model.save(folder / f"{name}{suffix}")
    return folder


def find_codes(path):
    return {finding.code for finding in check_file(str(path), RELEASE).findings} & CODES


def loads(path):
    """Return whether Keras loads a file, and why not."""
    try:
        with warnings.catch_warnings(action="ignore"):
            keras.models.load_model(path, compile=False)
    except Exception as error:  # whatever a broken file makes of Keras
        return False, repr(error)
    return True, ""


def is_known(built):
    """Return whether all variables in a layer are known."""
    return built.variables is not None and built.parts is not None and all(is_known(one.built) for one in built.parts)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", MODELS)
def test_a_whole_file_has_no_finding(name, suffix, folder):
    """A whole file has no finding, and the variables of each layer in it are known."""
    path = folder / f"{name}{suffix}"
    if suffix == ".h5" and name in LOST_AXIS:
        assert (find_codes(path), loads(path)[0]) == ({"SA241"}, False)
        return
    assert find_codes(path) == set()
    if suffix == ".h5" and name in NO_HDF5:
        return
    builder = Builder()
    assert is_known(builder.build(read_archive(path).config, Inputs()))
    assert builder.unfit == []


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", [*LAYERS, *NESTED])
def test_another_shape_is_found(name, suffix, folder, tmp_path):
    """``check`` reports a variable of another shape in each layer that has variables, and Keras refuses it."""
    if suffix == ".h5" and name in NO_HDF5:
        return
    path = tmp_path / f"{name}{suffix}"
    break_file(folder / path.name, path, BREAKAGES["flatten"])
    assert find_codes(path) == {"SA241"}
    assert not loads(path)[0]


@pytest.mark.parametrize("name", CALLS)
def test_the_calls_of_keras_2_are_followed(name, folder, tmp_path):
    """A whole file with the calls of Keras 2 has no finding, and a broken one has one where Keras refuses it."""
    whole, path = tmp_path / "whole.h5", tmp_path / "broken.h5"
    break_file(folder / f"{name}.h5", whole, turn_back)
    if name in LOST_AXIS:
        assert (find_codes(whole), loads(whole)[0]) == ({"SA241"}, False)
        return
    assert (find_codes(whole), loads(whole)) == (set(), (True, ""))
    assert is_known(Builder().build(read_archive(whole).config, Inputs()))
    for way, breakage in {**BREAKAGES, **LEGACY}.items():
        break_file(whole, path, breakage)
        done, reason = loads(path)
        assert bool(find_codes(path)) != done, (way, reason)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("way", [*BREAKAGES, *LEGACY])
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_does_not_load(name, way, suffix, folder, tmp_path):
    """There is a finding exactly where Keras refuses the file."""
    if suffix == ".keras" and way in LEGACY:
        return
    path = tmp_path / f"{name}{suffix}"
    break_file(folder / path.name, path, {**BREAKAGES, **LEGACY}[way])
    done, reason = loads(path)
    assert bool(find_codes(path)) != done, reason
    verdict = check_file(str(path), RELEASE).verdicts.whole
    assert verdict is (Verdict.LOADS if done else Verdict.DOES_NOT_LOAD)
