"""The rules, a module for each family of them, and what applies them to a saved model. Keras-free."""
