"""Whole models that packages on PyPI ship: in stock Keras as they are and repaired, and what ``check`` says."""
