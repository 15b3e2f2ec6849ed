"""The fuzzer works: what it starts from, and a few files that it changes, are held to the promises."""

import json

import pytest

from tests.fuzz.targets import make_target
from tests.helpers.configs import an_object, dense, layer, model
from tests.helpers.processes import run_bare, run_python

pytestmark = pytest.mark.once

MAIN = "import sys; from tests.fuzz.__main__ import main; main(sys.argv[1:])"


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Return a folder with what each target starts from."""
    folder = tmp_path_factory.mktemp("seeds")
    run_python(MAIN, "seeds", str(folder))
    return folder


@pytest.mark.parametrize("target", ["archive", "code", "config", "hdf5"])
def test_the_fuzzer_finds_nothing_in_a_few_files(target, seeds):
    """No promise is broken, by none of the fuzzer's own either."""
    assert run_bare(MAIN, "random", target, str(seeds / target), "20") == "20 inputs\n"


INPUTS = layer("InputLayer", name="inputs", batch_shape=[None, 4])
SHARED = {**dense(), "shared_object_id": [1]}
LEAKY = layer("LeakyReLU", name="leaky")
SPLIT = {**model(dense(activation=LEAKY)), "class_name": "Functional"}
FIXED = an_object("keras.optimizers", "LossScaleOptimizer", {"dynamic": False, "inner_optimizer": "adam"})
ADAM = {"optimizer": an_object("keras.optimizers", "Adam", {"learning_rate": 0.1}), "loss": "mse"}
FOUND = {
    "a number of a shared object that is a list": model(INPUTS, SHARED, compile_config=ADAM),
    "a layer that is a number": {**SPLIT, "config": {**SPLIT["config"], "layers": [*SPLIT["config"]["layers"], 3]}},
    "a layer without a name": model(an_object("keras.layers", "Dense", {"units": 3, "activation": LEAKY})),
    "a fixed scale, and no optimizer for it": model(dense(), compile_config={"optimizer": FIXED}),
}


@pytest.mark.parametrize("config", FOUND.values(), ids=FOUND)
def test_what_was_found_is_mended(config, tmp_path):
    """Each promise that the fuzzer has seen broken is kept; for each Keras that it aims at."""
    for spaces in range(24):  # which choose the Keras and the format
        (tmp_path / "found").write_text(json.dumps(config) + " " * spaces)
        make_target("config", tmp_path).replay()
