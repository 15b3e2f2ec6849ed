"""One activation to JSON types and back, or refused."""
