"""Saved models read without trusting them, or refused, and written whole. Keras-free."""
