"""Files saved under one backend, read under each, where all three are installed: the nox session ``exchange``."""

import itertools
import json
import os
import subprocess
import sys

import pytest

from serialactivation.codec.known_functions.foreign_functions import BACKENDS
from tests.exchange.models import NAMED
from tests.helpers.processes import ROOT

NAMES = ("jax", "torch", "tensorflow")
LIBRARIES = {backend: library for library, backend in BACKENDS.items()}


def run_under(backend, command, *arguments):
    """Return what a process prints whose Keras runs on *backend*."""
    environment = {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, *command, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the folders of models, by the backend that wrote them."""
    folders = {backend: tmp_path_factory.mktemp(backend) for backend in NAMES}
    for backend, folder in folders.items():
        run_under(backend, ["-m", "tests.exchange.models", "write"], folder)
    return folders


_READ_AND_GIVE = """
import functools, pathlib, sys, textwrap
import keras
import serialactivation as sa
from tests.exchange.models import read

read(*map(pathlib.Path, sys.argv[1:]))

import jax, torch, tensorflow as tf
from serialactivation.errors import UncallableActivationError

def follow(error):
    code = textwrap.dedent(str(error).partition("Write instead:\\n")[2])
    cells = {"keras": keras}
    exec(code.replace("...", "return keras.ops.clip(x, -0.5, 1.0)"), cells)
    written = cells[code.partition("def ")[2].partition("(")[0]]
    config = sa.layers.Dense(2, activation=written).get_config()
    return sa.layers.Dense.from_config(config).activation is written

inputs = keras.ops.convert_to_tensor([[-1.0, 0.5, 2.0]])
for given, expected in [
    (jax.nn.gelu, keras.ops.gelu),
    (torch.nn.functional.gelu, keras.activations.gelu),
    (tf.nn.leaky_relu, keras.ops.leaky_relu),
    (functools.partial(torch.nn.functional.mish), keras.activations.mish),
    (functools.partial(tf.nn.leaky_relu, alpha=0.4), functools.partial(keras.ops.leaky_relu, negative_slope=0.4)),
    (functools.partial(torch.nn.functional.softmax, dim=-1), keras.ops.softmax),
    (jax.nn.identity, keras.activations.linear),
]:
    layer = sa.layers.Activation(given)
    difference = keras.ops.max(keras.ops.abs(layer(inputs) - expected(inputs)))
    assert float(difference) <= 1e-6, given

for backend, given in [
    ("jax", jax.nn.standardize),
    ("torch", functools.partial(torch.nn.functional.hardtanh, min_val=-0.5)),
    ("tensorflow", tf.nn.crelu),
]:
    try:
        sa.layers.Dense(2, activation=given)
        print(backend, "accepted")
    except UncallableActivationError as error:
        print(backend, "refused", error.layer, error.field, f"KERAS_BACKEND={backend}" in error.cure, follow(error))
"""


@pytest.fixture(scope="module")
def printed(files):
    """Return the lines that a process prints, by its backend: what it reads of all files, and what it is given."""
    folders = [files[writer] for writer in NAMES]
    return {backend: run_under(backend, ["-c", _READ_AND_GIVE], *folders).splitlines() for backend in NAMES}


@pytest.fixture(scope="module")
def readings(printed):
    """Return what each backend makes of what each wrote."""
    return {
        (writer, reader): read
        for reader, (line, *_) in printed.items()
        for writer, read in zip(NAMES, json.loads(line), strict=True)
    }


PAIRS = list(itertools.product(NAMES, NAMES))


@pytest.mark.parametrize(("writer", "reader"), PAIRS)
def test_a_file_computes_the_same_under_every_backend(readings, writer, reader):
    """To 1e-5: partials, layers with weights, shared ones, recurrent ones, and the writer's own functions."""
    differences = readings[writer, reader]["differences"]
    assert len(differences) > 30
    assert {name: difference for name, difference in differences.items() if not difference <= 1e-5} == {}


@pytest.mark.parametrize(("writer", "reader"), PAIRS)
def test_a_function_without_an_equal_loads_at_home_alone(readings, writer, reader):
    """Elsewhere the load ends in one typed error that names the function, its backend and the cure."""
    refused = readings[writer, reader]["refused"]
    assert set(refused) == {name for name, _ in NAMED[writer]}
    for name, error in refused.items():
        if writer == reader:
            assert error is None
            continue
        kind, text = error
        assert kind == "ActivationConfigError"
        assert f"{LIBRARIES[writer]}.{name} computes with {writer}, Keras runs on {reader}" in text
        assert f"KERAS_BACKEND={writer}" in text


@pytest.mark.parametrize("running", NAMES)
def test_a_function_of_another_backend_is_replaced_or_refused(running, printed):
    """Keras's equal runs in its place; a function without an equal is refused with a cure that works."""
    seen = dict(line.split(maxsplit=1) for line in printed[running][1:])
    assert seen == {name: "accepted" if name == running else "refused Dense activation True True" for name in NAMES}
