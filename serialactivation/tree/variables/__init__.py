"""The variables of a model's layers and the shapes of its tensors, computed from its config as Keras computes them."""
