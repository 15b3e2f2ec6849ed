"""Reports on findings, a module for each format, and what the formats share. Keras-free."""
