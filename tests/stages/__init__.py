"""The stages of a model's life: each activation by each stage, for stock Keras and for this package."""
