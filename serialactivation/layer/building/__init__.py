"""Activations with weights, built together with their owners."""
