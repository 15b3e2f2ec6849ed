"""SA2 and SA3: the rules on the rest of a config: what Keras refuses, changes, runs or reads. Keras-free."""
