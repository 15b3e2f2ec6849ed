"""A trained stock model that Keras does not save, or does not load again as it was, is rescued."""

import keras
import numpy as np
import pytest

import serialactivation as sa
from serialactivation.testing.numbers import randomize
from tests.matrix.cells import BATCH, FAILURES, make_model, output_shape
from tests.matrix.layers import CASES_BY_NAME
from tests.matrix.values import REFUSED, VALUES

pytestmark = [pytest.mark.once, pytest.mark.filterwarnings("ignore::UserWarning")]


def make_trained(case, value):
    """Return a stock model with weights that are not the initial ones; None if Keras cannot make or call it."""
    try:
        model = make_model(case, "stock", value.make(output_shape(case)))
        model(np.zeros((BATCH, *case.shape), "float32"))
    except FAILURES:
        return None
    randomize(model, np.random.default_rng(7))
    return model


def is_kept(model, path, x):
    """Return whether the model comes back from where Keras's own function saves it."""
    try:
        model.save(path)
        loaded = keras.models.load_model(path)
    except FAILURES:
        return False
    return np.allclose(loaded(x), model(x), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("layer", ["Dense", "GRU"])
def test_what_stock_keras_loses_is_rescued(layer, tmp_path):
    """A converted model is saved and computes the same; where it is refused, the weights are saved by themselves."""
    case = CASES_BY_NAME[layer]
    x = np.random.default_rng(3).normal(size=(BATCH, *case.shape)).astype("float32")
    rescued, refused = [], []
    for name, value in VALUES.items():
        model = make_trained(case, value)
        if model is None or is_kept(model, tmp_path / "stock.keras", x):
            continue
        try:
            sa.save_model(sa.convert(model), tmp_path / "rescued.keras")
        except sa.ActivationError:
            refused.append(name)
            model.save_weights(tmp_path / "only.weights.h5")
            again = make_model(case, "ours", "tanh")
            again.load_weights(tmp_path / "only.weights.h5")
            np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])
        else:
            rescued.append(name)
            loaded = keras.models.load_model(tmp_path / "rescued.keras")
            np.testing.assert_allclose(loaded(x), model(x), rtol=1e-6, atol=1e-6, err_msg=name)
    assert len(rescued) > 10
    assert set(refused) <= {value.id for value in REFUSED}
