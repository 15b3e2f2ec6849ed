"""Python source as the rules of ``lint`` see it, read without running it. Keras-free."""
