"""Saved models: what is done before Keras reads a file, and what its ``.h5`` files cannot hold."""
