"""All uses of Keras's private modules and attributes."""
