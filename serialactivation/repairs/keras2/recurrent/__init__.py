"""The repairs that change the weights of recurrent layers, and what they share. Keras-free."""
