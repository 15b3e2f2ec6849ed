"""What is to be said of a saved model: a module for each family of findings. Keras-free."""
