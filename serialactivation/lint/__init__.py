"""Finds the habits in Python source that lose activations, without running it. Keras-free."""
