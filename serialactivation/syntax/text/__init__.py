"""A file of source, or a notebook, as one text of Python."""
