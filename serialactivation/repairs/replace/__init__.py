"""The repair that a user asks for: other activations, with ``--replace``. Keras-free."""
