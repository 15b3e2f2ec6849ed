"""Layers made again in the same process."""

import json

import keras
import numpy as np

X = np.random.default_rng(3).normal(size=(4, 5)).astype("float32")
"""What layers are called with."""


def revive(layer):
    """Return the layer that its class makes of its config, after the config went through JSON."""
    return type(layer).from_config(json.loads(json.dumps(layer.get_config())))


def round_trip(layer):
    """Return *layer*, built and with random weights, after its config went through JSON."""
    layer(X)
    for variable in layer.variables:
        variable.assign(np.random.default_rng(1).uniform(0.1, 1.0, variable.shape))
    revived = revive(layer)
    revived(X)
    revived.set_weights(layer.get_weights())
    assert json.dumps(revived.get_config()) == json.dumps(layer.get_config())
    return revived


def assert_equal(layer):
    """Return the layer made again, which must compute the same."""
    revived = round_trip(layer)
    assert np.array_equal(keras.ops.convert_to_numpy(layer(X)), keras.ops.convert_to_numpy(revived(X)))
    return revived
