"""Models that are made, saved, loaded and cloned at the same time, in threads of one process, do not mix."""

import copy
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.keras_api import scopes
from tests.matrix.layers import DecoratedGated

ROUNDS = 8
X = np.random.default_rng(5).normal(size=(3, 4)).astype("float32")


def make_model(kind):
    """Return a model of a thread's own: *kind* tells how many layers there are and which of them share."""
    shared, other = keras.layers.PReLU(name="shared"), keras.layers.PReLU(name="shared")
    layers = [sa.layers.Dense(4, activation=shared) for _ in range(kind + 2)]
    gated = DecoratedGated(4, activation=shared, gate_activation=other if kind % 2 else shared)
    model = keras.Sequential([keras.Input((4,)), *layers, gated, sa.layers.Dense(4, activation=other)])
    generator = np.random.default_rng(kind)
    for weight in model.weights:
        weight.assign(generator.normal(size=weight.shape))
    return model


def pattern(model):
    """Return which activations of *model* are one, each numbered at its first sight."""
    held = [getattr(layer, field.name) for layer in model.layers for field in sa.activation_fields(layer)]
    numbers = {}
    return [numbers.setdefault(id(activation), len(numbers)) for activation in held]


def assert_same(model, revived):
    assert pattern(revived) == pattern(model)
    assert [weight.shape for weight in revived.weights] == [weight.shape for weight in model.weights]
    for ours, theirs in zip(model.get_weights(), revived.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)


def with_weights_of(model, revived):
    revived.set_weights(model.get_weights())
    return revived


@pytest.fixture(autouse=True)
def frequent_switches():
    """Threads take turns every few bytecodes."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def at_once(*jobs, rounds=ROUNDS):
    """Run each of *jobs* in a thread of its own, *rounds* times, every time starting together."""
    barrier = threading.Barrier(len(jobs), timeout=120)

    def repeat(job):
        for _ in range(rounds):
            barrier.wait()
            try:
                job()
            except BaseException:
                barrier.abort()  # the others would wait for ever
                raise

    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(repeat, job) for job in jobs]
    errors = [future.exception() for future in futures if future.exception() is not None]
    for error in sorted(errors, key=lambda error: isinstance(error, threading.BrokenBarrierError)):
        raise error


FUNCTIONS = {
    "keras": (keras.saving.save_model, keras.saving.load_model, "keras"),
    "ours": (sa.save_model, sa.load_model, "keras"),
    "ours, h5": (sa.save_model, sa.load_model, "h5"),
}


@pytest.mark.filterwarnings("ignore:.*HDF5:UserWarning")
@pytest.mark.parametrize(("save", "load", "ending"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_two_saves_and_two_loads_at_once_do_not_mix(save, load, ending, tmp_path):
    """Each model has its own sharing and its own weights, in every round."""
    models = [make_model(kind) for kind in range(4)]
    paths = [tmp_path / f"{kind}.{ending}" for kind in range(4)]
    for model, path in zip(models, paths, strict=True):
        save(model, path)

    def saving(kind):
        save(models[kind], paths[kind])
        assert_same(models[kind], load(paths[kind], compile=False))

    def loading(kind):
        assert_same(models[kind], load(paths[kind], compile=False))

    at_once(*(lambda kind=kind: saving(kind) for kind in (0, 1)), *(lambda kind=kind: loading(kind) for kind in (2, 3)))


def test_clones_json_and_copies_at_once_do_not_mix():
    """Saving, loading and cloning are known for what they are in each thread, whatever the others do."""
    models = [make_model(kind) for kind in range(4)]
    ways = [
        lambda model: with_weights_of(model, sa.clone_model(model)),
        lambda model: with_weights_of(model, sa.model_from_json(sa.model_to_json(model))),
        copy.deepcopy,
        lambda model: with_weights_of(model, sa.clone_model(model)),
    ]
    at_once(
        *(lambda way=way, model=model: assert_same(model, way(model)) for way, model in zip(ways, models, strict=True))
    )


def test_one_model_may_be_saved_by_several_threads(tmp_path):
    """The keys of its shared activation are written for each file alone."""
    model = make_model(1)

    def saving(number):
        path = tmp_path / f"{number}.keras"
        model.save(path)
        assert_same(model, keras.saving.load_model(path))

    at_once(*(lambda number=number: saving(number) for number in range(3)))


def test_a_config_asked_for_while_another_thread_saves_has_no_ids(tmp_path):
    """A config that one thread asks for has no sharing ids while another thread saves."""
    saved, asked = make_model(0), sa.layers.Dense(4, activation=keras.layers.PReLU())

    def asking():
        assert not scopes.is_saving()
        assert not scopes.is_loading()
        assert "shared_object_id" not in str(asked.get_config())

    at_once(lambda: saved.save(tmp_path / "model.keras"), asking)


def test_layers_made_at_once_leave_the_filters_of_warnings_alone():
    """Whoever constructs layers in threads still gets to see warnings afterwards."""
    before = list(warnings.filters)
    at_once(*(lambda: make_model(0) for _ in range(4)))

    assert warnings.filters == before


def test_refusals_in_threads_name_their_own_layer():
    """An error is about the layer of the thread that it is raised in."""

    def refused(name):
        with pytest.raises(sa.ActivationError) as caught:
            sa.layers.Dense(4, activation=lambda x: x, name=name)
        assert caught.value.layer == f"Dense {name!r}"

    at_once(*(lambda name=name: refused(name) for name in ("first", "second", "third")))


def test_classes_may_be_registered_while_others_load(tmp_path):
    """A growing registry disturbs no load."""
    model = make_model(0)
    model.save(tmp_path / "model.keras")

    def registering():
        @sa.serializable_activation(package="threads")
        class Late(DecoratedGated):
            pass

        assert_same_layer(Late)

    def assert_same_layer(layer_class):
        layer = layer_class(4, activation=keras.layers.LeakyReLU())
        assert layer_class.from_config(layer.get_config()).get_config() == layer.get_config()

    at_once(lambda: assert_same(model, keras.saving.load_model(tmp_path / "model.keras")), registering)
