"""The repairs of a saved model, a module for each, and what plans and writes them. Keras-free."""
