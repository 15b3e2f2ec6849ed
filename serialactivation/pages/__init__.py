"""Pages about models, to look at: one file of HTML with the curves of the activations. Keras-free."""
