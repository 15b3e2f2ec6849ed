"""The network: every part once, trained on the digits in an order that never changes."""

from typing import cast

import keras
import numpy as np

from serialactivation import layers
from serialactivation.demo.data import Digits
from serialactivation.demo.facts import Array, NetworkFacts
from serialactivation.demo.parts import OURS, PARTS, SHARED

__all__ = ["build_network", "measure", "measure_accuracy", "train"]


def build_network() -> keras.Model:
    """Return the compiled network, untrained."""
    inputs = outputs = keras.Input((8, 8, 1))
    for part in PARTS:
        for layer in part.make(OURS):
            outputs = layer(outputs)
    outputs = layers.Dense(10, activation="softmax")(keras.layers.Flatten()(outputs))
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class _Progress(keras.callbacks.Callback):
    """Prints a line after each epoch."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Print the results of the epoch."""
        logs = logs or {}
        print(
            f"  {self._title}, epoch {epoch + 1}: loss {logs['loss']:.4f}, accuracy {logs['accuracy']:.3f}", flush=True
        )


def train(model: keras.Model, digits: Digits, *, title: str, start: int, epochs: int) -> tuple[float, ...]:
    """Train *model* further, with the same batches in the same order each time.

    Args:
        model: The network.
        digits: The images.
        title: The beginning of the lines of progress.
        start: The number of epochs so far.
        epochs: The number of further epochs.

    Returns:
        The loss of each epoch.
    """
    history = model.fit(
        digits.train_images,
        digits.train_labels,
        batch_size=48,
        shuffle=False,
        initial_epoch=start,
        epochs=start + epochs,
        verbose=0,
        callbacks=[_Progress(title)],
    )
    return tuple(float(loss) for loss in history.history["loss"])


def measure(model: keras.Model, images: Array) -> NetworkFacts:
    """Return the facts about *model* that need no training."""
    first, second = (cast("layers.Conv2D", model.get_layer(name)).activation for name in SHARED)
    return NetworkFacts(
        predictions=model.predict(images, batch_size=len(images), verbose=0),
        weights=tuple(model.get_weights()),
        shared=first is second,
        optimizer=tuple(keras.ops.convert_to_numpy(variable) for variable in model.optimizer.variables),
    )


def measure_accuracy(predictions: Array, digits: Digits) -> float:
    """Return the fraction of the test images that *predictions* classify correctly."""
    return float(np.mean(predictions.argmax(axis=-1) == digits.test_labels))
