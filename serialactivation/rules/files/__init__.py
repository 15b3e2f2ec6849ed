"""SA0 and SA2: the rules on a file around its config, and on the weights in it. Keras-free."""
