"""Whole models: saved, loaded, cloned and converted."""
