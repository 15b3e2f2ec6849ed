"""Files of stock Keras, and what ``check`` says of them held against what each Keras does."""
