"""One activation to JSON types and back, or refused."""

from typing import TYPE_CHECKING

from serialactivation._moved import finder

if not TYPE_CHECKING:  # else a type checker would take any name for one of this package
    __getattr__ = finder(__name__)
