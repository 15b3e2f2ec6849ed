"""SA0 and SA2: the rules on a file around its config, on its weights, and on the shapes of both. Keras-free."""
