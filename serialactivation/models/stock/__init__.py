"""A model without this package: the forms that stock Keras, or an older one, reads."""
