"""The second process: loads the files of the first with plain Keras, trains further, and writes its results.

Run as ``python -m serialactivation.demo.second_process DIRECTORY EPOCHS FURTHER``.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import attrs
import keras

from serialactivation.demo import files
from serialactivation.demo.data import read_digits
from serialactivation.demo.network import measure, train
from serialactivation.demo.trial import load_parts

__all__ = ["main"]


def main(argv: Sequence[str]) -> None:
    """Load all files in a directory, and write the results beside them.

    Args:
        argv: The directory, the number of epochs so far, and the number of further epochs.
    """
    directory, epochs, further = Path(argv[0]), int(argv[1]), int(argv[2])
    digits = read_digits(directory / files.DIGITS)
    model = keras.models.load_model(directory / files.MODEL)
    facts = measure(model, digits.test_images)
    losses = train(model, digits, title="loaded", start=epochs, epochs=further)
    files.write_network(attrs.evolve(facts, losses=losses), directory / files.SECOND_NETWORK)

    saved = files.read_results(directory / files.FIRST_PARTS)
    files.write_results(load_parts(directory, saved), directory / files.SECOND_PARTS)


if __name__ == "__main__":
    main(sys.argv[1:])
