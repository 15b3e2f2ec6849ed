"""What a saved model names, beyond the parts of Keras and of this package. Keras-free."""
