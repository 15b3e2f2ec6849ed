"""What a type checker must make of the public face; checked by mypy and pyright, never run."""
