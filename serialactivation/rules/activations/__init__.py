"""SA1: the rules on activations, and the functions that find what breaks them. Keras-free."""
