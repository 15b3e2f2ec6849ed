"""Python source read, without running it, for the habits that lose activations. Keras-free."""
