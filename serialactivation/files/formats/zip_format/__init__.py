"""Zip archives, read by hand so that every reader finds the same members. Keras-free."""
