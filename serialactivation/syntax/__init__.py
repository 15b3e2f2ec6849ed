"""Python source, parsed for the rules of ``lint`` without running it. Keras-free."""
