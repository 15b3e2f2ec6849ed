"""Facts about Keras, and about this package's configs, that need no import of Keras."""
