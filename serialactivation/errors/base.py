"""The base class of all errors, and helpers for their messages."""

import sys
import textwrap
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from serialactivation.errors.portable import Portable

__all__ = [
    "READ_ERRORS",
    "ActivationError",
    "indented",
    "show_argument",
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
"""The exceptions that Keras, or an author's methods, may raise while a config is written or read."""


class _PassesUnchanged(type):
    """Lets an error that is raised in a layer's ``call`` reach the user unchanged, with Keras's remarks as a note.

    While Keras handles the error, it makes a second error of the same class from one text, which contains the text of
    the first. Where the class cannot be called so, Keras raises a ``RuntimeError`` or a ``TypeError`` instead.
    """

    if not TYPE_CHECKING:  # type checkers then see the signature of each constructor

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            handled = sys.exception()
            if type(handled) is cls and len(args) == 1 and isinstance(args[0], str) and not kwargs:
                remark = _remark_on(handled, args[0])
                if remark is not None:
                    _annotate(handled, remark)
                    return handled
            return super().__call__(*args, **kwargs)


def _remark_on(error: Exception, text: str) -> str | None:
    """Return the rest of *text*, a message of Keras that contains the *error*'s own text; None for any other."""
    bold = [f"\x1b[1m{error.args[0]}\x1b[0m"] if error.args else []
    own = next((part for part in (*bold, str(error)) if part and part in text), None)
    return None if own is None or own == text else text.replace(own, "")


def _annotate(error: Exception, remark: str) -> None:
    """Add to *error* a note with its place and the arguments of the call, and the layer's class if it has none."""
    origin, *rest = [paragraph.strip() for paragraph in remark.split("\n\n") if paragraph.strip()]
    error.add_note("\n".join([f"{origin.partition('. ')[0].rstrip('.')}.", *rest]))
    if getattr(error, "layer", "") is None:
        error.layer = _innermost_layer(error.__traceback__)  # type: ignore[attr-defined]  # it has one


def _innermost_layer(traceback: TracebackType | None) -> str | None:
    """Return the class of the layer whose ``call`` raised an error, or None."""
    layer: str | None = None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code.co_name == "call" and "self" in frame.f_locals:
            layer = type(frame.f_locals["self"]).__name__
        traceback = traceback.tb_next
    return layer


class ActivationError(Portable, Exception, metaclass=_PassesUnchanged):
    """Base class of every error that this package raises on purpose.

    An error can always be pickled: a value that cannot go to another process is replaced by its ``repr`` there. An
    error raised in a layer's ``call`` reaches the user unchanged; what Keras adds about the call becomes a note. A
    notebook displays an error with the code of its cure apart.
    """

    def _repr_html_(self) -> str:
        from serialactivation.errors.notebook import make_html  # only notebooks need it

        return make_html(type(self).__name__, str(self))


def indented(code: str) -> str:
    """Return the lines of *code* indented for a message: on lines of their own, ready to paste."""
    return textwrap.indent(code, "    ")


def shown(value: object) -> str:
    """Return the ``repr`` of *value* for a message; a short text if it is nested too deeply for ``repr``."""
    try:
        return repr(value)
    except RecursionError:
        return f"a deeply nested {type(value).__name__}"


def show_argument(layer: str | None, field: str | None) -> str:
    """Return ``Dense(activation=...)``, or as much of it as is known."""
    if layer and field:
        return f"{layer}({field}=...)"
    return layer or field or "activation"
