"""The journey of a model: other values for its weights, a call, and the ways back."""
