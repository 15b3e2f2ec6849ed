"""Saves, loads, clones and converts whole models."""

from typing import TYPE_CHECKING

from serialactivation._moved import finder

if not TYPE_CHECKING:  # a type checker would else accept any name
    __getattr__ = finder(__name__)
