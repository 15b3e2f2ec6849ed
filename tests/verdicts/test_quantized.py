"""What ``check`` says of weights that are quantized, or of low rank, held against what the installed Keras does."""

import functools
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
from tests.verdicts.broken_weights import BREAKAGES, break_file

pytestmark = pytest.mark.together

layers = keras.layers


def _stack(shape, *stack):
    return keras.Sequential([keras.Input(shape), *stack])


MODELS = {
    "dense": lambda: _stack((5,), layers.Dense(3), layers.Dense(2, use_bias=False)),
    "einsum": lambda: _stack(
        (4, 5),
        layers.EinsumDense("abc,cd->abd", (None, 3), bias_axes="d"),
        layers.EinsumDense("abd,def->abef", (None, 2, 3)),
        layers.EinsumDense("abef,efg->abg", (None, 7), bias_axes="g"),
    ),
    "embedding": lambda: _stack((3,), layers.Embedding(6, 5), layers.Dense(2)),
    "nested": lambda: _stack((5,), _stack((5,), layers.Dense(3), layers.BatchNormalization()), layers.Dense(2)),
}
if hasattr(layers, "ReversibleEmbedding"):  # since Keras 3.13
    MODELS["reversible"] = lambda: _stack((3,), layers.ReversibleEmbedding(6, 5, tie_weights=False), layers.Dense(2))


def _add_rank(model):
    for layer in model.layers:
        if hasattr(layer, "enable_lora") and not hasattr(layer, "reverse_embeddings"):
            layer.enable_lora(2)


def _quantize(model, mode):
    model.quantize(mode)


def _group(model):
    model.quantize(config=keras.quantizers.Int4QuantizationConfig(block_size=2))


WAYS = {"low rank": _add_rank, **{mode: functools.partial(_quantize, mode=mode) for mode in ("int8", "float8")}}
if not is_newer("3.11", keras.__version__):
    WAYS["int4"] = functools.partial(_quantize, mode="int4")
if not is_newer("3.14", keras.__version__):
    WAYS["groups"] = _group


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with each model changed in each way, in both formats."""
    folder = tmp_path_factory.mktemp("quantized")
    for name, make in MODELS.items():
        for way, change in WAYS.items():
            model = make()
            with warnings.catch_warnings(action="ignore"):
                change(model)
                model.save(folder / f"{name} {way}.keras")
                model.save(folder / f"{name} {way}.h5")
    return folder


def _find_outcome(path):
    try:
        with warnings.catch_warnings(action="ignore"):
            keras.models.load_model(path, compile=False)
    except Exception as error:  # whatever a broken file makes of Keras
        return Verdict.DOES_NOT_LOAD, str(error)
    return Verdict.LOADS, ""


def _is_known(built):
    return built.variables is not None and built.parts is not None and all(_is_known(one.built) for one in built.parts)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", MODELS)
def test_the_variables_are_known(name, way, suffix, folder, tmp_path):
    """The verdict on each file, and on one with another shape, is what Keras does; only float8 has HDF5 files lost."""
    path, broken = folder / f"{name} {way}{suffix}", tmp_path / f"broken{suffix}"
    break_file(path, broken, BREAKAGES["flatten"])
    assert _is_known(Builder(RELEASE).build(read_archive(path).config, Inputs()))
    for one in (path, broken):
        outcome, reason = _find_outcome(one)
        assert (check_file(str(one), RELEASE).verdicts.whole, reason and one) == (outcome, reason and one), reason
    lost = Verdict.DOES_NOT_LOAD if (way, suffix) == ("float8", ".h5") else Verdict.LOADS
    assert _find_outcome(path)[0] is lost
    assert _find_outcome(broken)[0] is Verdict.DOES_NOT_LOAD
