"""What the package may cost, counted: calls, bytes held, operations traced. Times are the benchmarks'."""

import sys
from functools import partial

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

import serialactivation as sa
from benchmarks import __main__ as pages
from benchmarks import gpu, growth, hops, one_layer, precision, registry
from benchmarks.counting import count_calls
from benchmarks.models import BUDGETS, make_mlp, make_steps
from benchmarks.summary import write_summary
from benchmarks.training import JaxTraining, count_bytes
from benchmarks.values import VALUES

pytestmark = pytest.mark.once


@pytest.mark.parametrize("value", ["a name", "a function"])
@pytest.mark.parametrize("name", one_layer.LAYERS)
def test_the_codec_is_a_small_part_of_one_layer(name, value):
    """Resolving, writing and reading an activation is a small part of making, writing and reading a layer."""
    stock = one_layer.count_steps(keras.layers, name, VALUES[value])
    assert one_layer.count_codec(VALUES[value]) <= 0.05 * sum(stock)


def test_the_codec_does_not_grow_with_the_registry():
    """The codec does not copy the registry, of which Keras makes several copies for each object that it reads."""
    layers = [(f"`{name}`", "decode") for name in ("LeakyReLU", "PReLU")]
    steps = {key: step for key, step in registry.make_all_steps().items() if key not in layers}
    with_none = {key: registry.peak_bytes(step) for key, step in steps.items()}
    registry.fill()
    try:
        with_many = {key: registry.peak_bytes(step) for key, step in steps.items()}
        with keras.saving.custom_object_scope(keras.saving.get_custom_objects()):  # as in a load
            in_scope = {key: registry.peak_bytes(step) for key, step in steps.items()}
        keras_takes = registry.peak_bytes(lambda: keras.activations.deserialize("relu"))
    finally:
        registry.empty()
    assert keras_takes > 100_000
    for grown in (with_many, in_scope):
        assert {key: value for key, value in grown.items() if value > 1.1 * with_none[key] + 2_000} == {}


def test_a_layer_as_activation_casts_no_more_than_a_name():
    """A layer as the activation casts, forward and backward, no more than a name; stock Keras casts up and down."""
    by_name = precision.count_casts(precision.make_model(keras.layers, lambda: "leaky_relu"))
    ours = precision.count_casts(precision.make_model(sa.layers, keras.layers.LeakyReLU))
    assert ours == by_name
    assert precision.count_casts(precision.make_model(keras.layers, keras.layers.LeakyReLU)) > ours


def test_a_layer_as_activation_holds_no_more_memory_in_training():
    """A compiled training step needs no more memory, as XLA plans it, than that of stock Keras."""
    rows = np.ones((64, 16), "float32")
    peaks = [JaxTraining(partial(gpu.make_model, "MLP", library, 16), rows).find_peak() for library in gpu.LIBRARIES]
    assert peaks[1] <= peaks[0]


def test_the_bytes_that_a_compiled_program_moves_are_counted():
    """A sine takes and gives 64 bytes, and a product takes two matrices and gives one."""
    matrix = jnp.ones((4, 4), "float32")
    program = jax.jit(lambda x, y: jnp.sin(x) @ y).lower(matrix, matrix).compile().as_text()
    assert count_bytes(program) == 64 + 64 + 64 + 64 + 64


def test_a_step_is_timed_on_a_gpu_alone(capsys):
    """The measurement of a training step says that there is no GPU where there is none."""
    assert list(gpu.measure()) == []
    assert capsys.readouterr().err == "jax finds no GPU here: nothing is measured.\n"


def test_a_layer_is_made_in_few_modules():
    """A layer is made, directly and from a config, in few hops between modules."""
    found = {name: len(hops.list_hops(hops.list_steps(way))) for name, way in hops.make_ways().items()}
    assert {name: number for name, number in found.items() if number > hops.MOST[name]} == {}


@pytest.mark.parametrize("value", ["a name", "`keras.ops.gelu`", "`LeakyReLU`", "`PReLU`"])
def test_a_whole_model_keeps_to_its_budget(value):
    """A model is made, saved, loaded, cloned and written within the budgets, counted in calls."""
    most = {**BUDGETS, "make": 1.15} if value == "`PReLU`" else BUDGETS  # ours makes its weights, too
    steps = make_steps(partial(make_mlp, depth=20, value=VALUES[value]))
    ratios = {step: count_calls(ours) / count_calls(stock) for step, (stock, ours) in steps}
    assert {step: ratio for step, ratio in ratios.items() if ratio > most[step]} == {}


def test_the_page_of_costs_says_what_the_tables_say():
    """The figures of the page of costs are those of the tables behind it."""
    sections, page = pages.read_sections(), pages.SUMMARY.read_text(encoding="utf-8")
    measured = pages.read_measured(sections["Whole models"])
    assert page.count("\n| ") > 10
    assert write_summary(page, pages.read_tables(sections), measured) == page


def test_a_model_grows_with_its_layers_and_no_faster():
    """Making, saving and loading a model takes calls in proportion to its layers and shared activations."""
    for make, sizes in ((lambda size: make_mlp(sa.layers, size), (4, 32)), (growth.make_shared, (4, 24))):
        exponents = {step: growth.fit(sizes, counts) for step, counts in growth.count_all(make, sizes).items()}
        assert {step: exponent for step, exponent in exponents.items() if exponent > 1.02} == {}


def test_a_long_model_needs_no_deep_stack(tmp_path):
    """A model of many layers in a row needs no more of the stack than one of a few."""
    path = tmp_path / "model.keras"
    model = growth.make_flat(200, per_block=20)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(250 + len(_frames()))
    try:
        sa.save_model(model, path)
        again = sa.load_model(path)
    finally:
        sys.setrecursionlimit(before)
    assert growth.count_flat(again) == 200


def _frames():
    frame, frames = sys._getframe(), []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames
