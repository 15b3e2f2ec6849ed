"""The repairs of what Keras 1 and 2 and tf_keras wrote, a module for each. Keras-free."""
