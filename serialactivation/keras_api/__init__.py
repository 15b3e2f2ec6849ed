"""All that looks into Keras's private parts."""
