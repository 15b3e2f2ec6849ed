"""The activations of a model: where they are, whether two are the same, and the cures of what is lost."""
