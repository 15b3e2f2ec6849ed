"""What every error is, and what is said in several."""

import sys
import textwrap
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from serialactivation.errors.portable import Portable

__all__ = [
    "READ_ERRORS",
    "ActivationError",
    "indented",
    "place",
    "shown",
]


READ_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What other people's code raises when a config is written or read: Keras's, or an author's ``from_config``."""


class _KeptWhole(type):
    """Lets an error that is raised in a layer's ``call`` reach the user as it is, with what Keras says of it as a note.

    Keras makes another of it, while it handles the first: it calls the class with one text, which has in it what it
    takes for the first one's, and raises a ``RuntimeError`` or a ``TypeError`` where the class takes no such thing.
    """

    if not TYPE_CHECKING:  # a constructor has the signature of its class

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            handled = sys.exception()
            if type(handled) is cls and len(args) == 1 and isinstance(args[0], str) and not kwargs:
                remark = _remark_on(handled, args[0])
                if remark is not None:
                    _annotate(handled, remark)
                    return handled
            return super().__call__(*args, **kwargs)


def _remark_on(error: Exception, text: str) -> str | None:
    """Return what a *text* of Keras's says besides the *error*, or None where it is not about this error."""
    bold = [f"\x1b[1m{error.args[0]}\x1b[0m"] if error.args else []
    told = next((part for part in (*bold, str(error)) if part and part in text), None)
    return None if told is None or told == text else text.replace(told, "")


def _annotate(error: Exception, remark: str) -> None:
    """Add to *error* where it was met, what the call was given, and its layer, if it knows none."""
    met, *rest = [paragraph.strip() for paragraph in remark.split("\n\n") if paragraph.strip()]
    error.add_note("\n".join([f"{met.partition('. ')[0].rstrip('.')}.", *rest]))
    if getattr(error, "layer", "") is None:
        error.layer = _innermost_layer(error.__traceback__)  # type: ignore[attr-defined]  # asked for above


def _innermost_layer(traceback: TracebackType | None) -> str | None:
    """Return the class of the layer whose ``call`` raised an error, or None."""
    layer: str | None = None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code.co_name == "call" and "self" in frame.f_locals:
            layer = type(frame.f_locals["self"]).__name__
        traceback = traceback.tb_next
    return layer


class ActivationError(Portable, Exception, metaclass=_KeptWhole):
    """Base class of every error that this package raises on purpose.

    It pickles, whatever it holds: what cannot go to another process is replaced by its ``repr`` there. Raised in a
    layer's ``call``, it reaches the user as it is; what Keras says of the call is a note on it.
    """


def indented(code: str) -> str:
    """Return the lines of *code* as they stand in a message: on lines of their own, ready to paste."""
    return textwrap.indent(code, "    ")


def shown(value: object) -> str:
    """Return *value* as it is shown in a message, be it nested too deep for that."""
    try:
        return repr(value)
    except RecursionError:
        return f"{type(value).__name__} of too many levels"


def place(layer: str | None, field: str | None) -> str:
    """Return ``Dense(activation=...)``, or what is known of it."""
    if layer and field:
        return f"{layer}({field}=...)"
    return layer or field or "activation"
