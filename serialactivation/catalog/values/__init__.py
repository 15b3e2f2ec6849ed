"""What the arguments of Keras's layers take, as values in a stored config. Keras-free."""
