"""The first process: saves every part and the trained network, and then trains the network further."""

from pathlib import Path

import attrs
import keras

from serialactivation.demo import files
from serialactivation.demo.data import load_digits, write_digits
from serialactivation.demo.network import build_network, measure, measure_accuracy, train
from serialactivation.demo.parts import OURS, PARTS, STOCK
from serialactivation.demo.trial import save_parts

__all__ = ["work"]


def work(directory: Path, *, epochs: int, further: int) -> None:
    """Write to *directory* everything that the second process needs, and the facts to compare.

    Args:
        directory: The folder for the files.
        epochs: The number of epochs of training before the save.
        further: The number of epochs of training after it.
    """
    keras.utils.set_random_seed(0)
    digits = load_digits()
    write_digits(digits, directory / files.DIGITS)
    print(f"Saving {len(PARTS)} kinds of activation, each alone, with {OURS.name} and with {STOCK.name}.", flush=True)
    files.write_results(save_parts(directory), directory / files.FIRST_PARTS)

    model = build_network()
    print(f"Training on {len(digits.train_images)} digits, {model.count_params()} parameters:", flush=True)
    train(model, digits, title="before the save", start=0, epochs=epochs)
    facts = measure(model, digits.test_images)
    model.save(directory / files.MODEL)
    right = measure_accuracy(facts.predictions, digits)
    print(
        f"Saved. Of {len(digits.test_images)} digits that it never saw, it reads {right:.1%}. Training on:", flush=True
    )
    losses = train(model, digits, title="without a break", start=epochs, epochs=further)
    files.write_network(attrs.evolve(facts, losses=losses), directory / files.FIRST_NETWORK)
