"""The commands on files: their options, where they look, and what they end with. Keras-free."""
