"""Saved models as files: read, checked and changed without Keras, and without trusting them."""
