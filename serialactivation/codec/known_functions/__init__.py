"""The functions that the codec finds by identity or by name, and their keywords."""
