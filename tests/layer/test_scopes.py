"""Keras's scopes and switches: a layer that is made, called, saved and loaded in one computes there what it did."""

import contextlib
import functools

import keras
import numpy as np
import pytest
from keras.src.backend.common import global_state

import serialactivation as sa
from serialactivation import errors
from serialactivation.keras_api.scopes import autocast_scope

X = np.linspace(-2, 2, 12, dtype="float32").reshape(3, 4)
UNSAFE = "safe_mode_saving"


@keras.saving.register_keras_serializable(package="scopes")
def halved(x):
    return x / 2


def scoped(x):
    """Known in a scope alone."""
    return x / 3


ACTIVATIONS = {
    "ops.gelu": lambda: keras.ops.gelu,
    "partial": lambda: functools.partial(keras.activations.leaky_relu, negative_slope=0.4),
    "registered": lambda: halved,
    "PReLU": lambda: keras.layers.PReLU(alpha_initializer="ones"),
}


@contextlib.contextmanager
def switched(change, back):
    """A switch of Keras's, which is put back at the end."""
    change()
    try:
        yield
    finally:
        back()


def setting(name, value):
    """Return a scope in which *value* is set by ``keras.config.set_NAME``."""
    setter, before = getattr(keras.config, f"set_{name}"), getattr(keras.config, name)()
    return switched(lambda: setter(value), lambda: setter(before))


def turned(name, on):
    """Return a scope in which something is enabled, or disabled; it is the other way around otherwise."""
    names = [f"enable_{name}", f"disable_{name}"]
    change, back = names if on else reversed(names)
    return switched(getattr(keras.config, change), getattr(keras.config, back))


def deserializing_unsafely():
    before = global_state.get_global_attribute(UNSAFE)
    return switched(
        keras.config.enable_unsafe_deserialization, lambda: global_state.set_global_attribute(UNSAFE, before)
    )


@contextlib.contextmanager
def forgotten():
    """Keras has forgotten its names and its state before, and does so after."""
    keras.utils.clear_session(free_memory=False)
    yield
    keras.utils.clear_session(free_memory=False)


SCOPES = {
    "custom_object_scope": lambda: keras.saving.custom_object_scope({"scoped": scoped}),
    "name_scope": lambda: keras.name_scope("outer"),
    "device": lambda: keras.device("cpu:0"),
    "floatx float16": lambda: setting("floatx", "float16"),
    "floatx bfloat16": lambda: setting("floatx", "bfloat16"),
    "floatx float64": lambda: setting("floatx", "float64"),
    "policy mixed_bfloat16": lambda: setting("dtype_policy", "mixed_bfloat16"),
    "policy mixed_float16": lambda: setting("dtype_policy", "mixed_float16"),
    "unsafe deserialization": deserializing_unsafely,
    "clear_session": forgotten,
    "epsilon": lambda: setting("epsilon", 1e-3),
    "image_data_format": lambda: setting("image_data_format", "channels_first"),
    "traceback filtering": lambda: turned("traceback_filtering", on=False),
    "interactive logging": lambda: turned("interactive_logging", on=False),
    "flash attention": lambda: turned("flash_attention", on=False),
}
if not hasattr(keras.config, "disable_flash_attention"):  # before 3.7
    del SCOPES["flash attention"]
REMAT = {
    "full": {"mode": "full"},
    "activations": {"mode": "activations"},
    "larger_than": {"mode": "larger_than", "output_size_threshold": 1},
    "list_of_layers": {"mode": "list_of_layers", "layer_names": ["own"]},
    "none": {"mode": None},
}
if hasattr(keras, "RematScope"):  # since 3.9
    SCOPES |= {f"remat {name}": functools.partial(keras.RematScope, **given) for name, given in REMAT.items()}
if keras.config.backend() == "jax":
    SCOPES["distribution"] = lambda: keras.distribution.DataParallel(devices=["cpu:0"]).scope()


@pytest.fixture(autouse=True)
def wide_types(request):
    """JAX has the type float64 where it is asked for it."""
    if "float64" not in request.node.name or keras.config.backend() != "jax":
        yield
        return
    import jax

    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


def make(activation):
    return keras.Sequential([keras.Input((4,)), sa.layers.Dense(4, activation=activation, name="own")])


def compute(model):
    """Return the outputs of a model as float32, whatever it computes in."""
    return keras.ops.convert_to_numpy(keras.ops.cast(model(X), "float32"))


def stored(model):
    """Return what the layer was given, as it is stored."""
    return model.layers[-1].get_config()["activation"]


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_an_activation_comes_back_in_a_scope(scope, tmp_path):
    """Activations come back in each scope and in both formats, and a load outside the scope finds the same."""
    with scope():
        suffixes = [".keras"] if keras.config.floatx() == "bfloat16" else [".keras", ".h5"]  # HDF5 has no bfloat16
    for name, activation in ACTIVATIONS.items():
        for suffix in suffixes:
            path = tmp_path / f"{name}{suffix}"
            with scope():
                model = make(activation())
                before = compute(model)
            with scope():
                model.save(path)
            with scope():
                loaded = keras.models.load_model(path)
                after = compute(loaded)
            outside = keras.models.load_model(path)

            assert np.array_equal(before, after), (name, suffix)
            for revived in (loaded, outside):
                assert stored(revived) == stored(model)
                for one, other in zip(model.get_weights(), revived.get_weights(), strict=True):
                    assert one.dtype == other.dtype
                    assert np.array_equal(one, other)


def test_hdf5_has_no_bfloat16(tmp_path):
    """``sa.save_model`` refuses to write bfloat16 weights to HDF5, from which Keras cannot read them."""
    with setting("floatx", "bfloat16"):
        model = make("relu")
    model.save(tmp_path / "stock.h5")
    with pytest.raises((TypeError, ValueError)):
        keras.models.load_model(tmp_path / "stock.h5")
    with pytest.raises(errors.ModelFileError, match=r"own/kernel' is of the type bfloat16"):
        sa.save_model(model, tmp_path / "ours.h5")
    assert not (tmp_path / "ours.h5").exists()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_stateless_scope_computes_the_same(name):
    """A stateless scope computes with other values for the variables, and leaves those of the layer as they are."""
    model = make(ACTIVATIONS[name]())
    kept, doubled = compute(model), make(ACTIVATIONS[name]())
    doubled.set_weights([weight * 2 for weight in model.get_weights()])
    with keras.StatelessScope(state_mapping=[(one, one * 2) for one in model.weights]):
        assert np.array_equal(compute(model), compute(doubled))
    assert np.array_equal(compute(model), kept)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", None])
def test_an_autocast_scope_casts_what_comes_back(dtype, tmp_path):
    """An autocast scope casts the weights of a loaded layer as it casts those of the original."""
    for name, activation in ACTIVATIONS.items():
        model = make(activation())
        model.save(tmp_path / f"{name}.keras")
        loaded = keras.models.load_model(tmp_path / f"{name}.keras")
        with autocast_scope(dtype):
            assert np.array_equal(compute(model), compute(loaded)), name


# PyTorch compiles with a compiler of C++, which takes minutes.
@pytest.mark.parametrize("jit_compile", [False] if keras.config.backend() == "torch" else [True, False, "auto"])
def test_a_compiled_model_computes_the_same(jit_compile, tmp_path):
    """A compiled model computes the same in fit, in predict, and after a load."""
    for name, activation in ACTIVATIONS.items():
        model = make(activation())
        model.compile("sgd", "mse", jit_compile=jit_compile)
        model.fit(X, X, epochs=1, verbose=0)
        model.save(tmp_path / f"{name}.keras")
        loaded = keras.models.load_model(tmp_path / f"{name}.keras")
        assert np.array_equal(model.predict(X, verbose=0), loaded.predict(X, verbose=0)), name


def test_a_function_is_found_in_its_scope_alone(tmp_path):
    """A layer accepts, and a load finds, a function of a scope only inside the scope."""
    with pytest.raises(sa.ActivationError):
        make(scoped)
    with keras.saving.custom_object_scope({"scoped": scoped}):
        model = make(scoped)
        model.save(tmp_path / "model.keras")
        assert keras.models.load_model(tmp_path / "model.keras").layers[-1].activation is scoped
    with pytest.raises((sa.ActivationError, TypeError, ValueError)):
        keras.models.load_model(tmp_path / "model.keras")
