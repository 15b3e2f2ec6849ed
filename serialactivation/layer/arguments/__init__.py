"""The arguments of a layer that are no activations, and the configuration objects among them: to JSON and back."""
