"""One module for each format that a saved model is made of. Keras-free."""
