"""What a saved model's activations are, and what is to be said of them. Keras-free."""

from serialactivation.files.limits import DEFAULT_LIMITS, Limits
from serialactivation.files.saved_model import read_archive
from serialactivation.rules.plain import check_plain
from serialactivation.rules.report import Report, check_archive

__all__ = ["check_file"]


def check_file(
    path: str, target: str | None = None, limits: Limits = DEFAULT_LIMITS, *, with_weights: bool = False
) -> Report:
    """Return what is to be said of the model at *path*.

    Args:
        path: A file, or the folder that a ``.keras`` archive was unpacked to.
        target: The Keras that is to load it, such as ``"3.9.2"``, or None for the newest.
        limits: How much the file may ask of its reader.
        with_weights: Whether to list its weights even where none is an activation's.

    Raises:
        ArchiveError: It cannot be read, or is refused.
    """
    plain = check_plain(path, target) if limits is DEFAULT_LIMITS and not with_weights else None
    return check_archive(read_archive(path, limits), target, with_weights=with_weights) if plain is None else plain
