"""The names in a saved model that are neither parts of Keras nor of this package. Keras-free."""
