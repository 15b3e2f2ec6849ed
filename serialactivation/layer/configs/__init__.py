"""A layer's config: written with its activations, and read again."""
