"""The handwritten digits that come with scikit-learn: 1797 images of 8 x 8 pixels, in two parts."""

from pathlib import Path
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from serialactivation.demo.facts import Array

__all__ = ["Digits", "load_digits", "read_digits", "write_digits"]

_TRAINED: Final = 1440  # four fifths, and 30 batches of 48: one shape, compiled once
_BRIGHTEST: Final = 16.0


@attrs.frozen(kw_only=True, eq=False)
class Digits:
    """Images with their labels.

    Attributes:
        train_images: Of shape (1440, 8, 8, 1), from 0 to 1.
        train_labels: The digit on each, 0 to 9.
        test_images: The other 357 images, which are not used in training.
        test_labels: The digit on each.
    """

    train_images: Array
    train_labels: npt.NDArray[np.int32]
    test_images: Array
    test_labels: npt.NDArray[np.int32]


def load_digits() -> Digits:
    """Return scikit-learn's digits.

    Source:
        E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository (1998).
    """
    from sklearn import datasets  # type: ignore[import-untyped]  # the second process does not need it

    digits = datasets.load_digits()
    images = (digits.images / _BRIGHTEST).astype(np.float32)[..., np.newaxis]
    labels = digits.target.astype(np.int32)
    return Digits(
        train_images=images[:_TRAINED],
        train_labels=labels[:_TRAINED],
        test_images=images[_TRAINED:],
        test_labels=labels[_TRAINED:],
    )


def write_digits(digits: Digits, path: Path) -> None:
    """Write *digits* to an ``.npz`` file."""
    np.savez(path, **attrs.asdict(digits))


def read_digits(path: Path) -> Digits:
    """Return the digits that :func:`write_digits` has written."""
    with np.load(path) as arrays:
        return Digits(**arrays)
