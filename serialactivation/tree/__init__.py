"""A stored config: its objects, its activations, its layers' order and weights. Keras-free."""
