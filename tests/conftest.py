"""What every test starts from: JAX unless another backend is asked for, and a Keras that nothing has been done to."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import hypothesis
import keras
import pytest

hypothesis.settings.register_profile("default", deadline=None, derandomize=True)
hypothesis.settings.load_profile("default")


@pytest.fixture(autouse=True)
def fresh_keras():
    """Automatic names count from the start, and no test's seed is another's."""
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(0)
