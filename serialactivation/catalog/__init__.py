"""What is known of Keras and of this package's configs without importing Keras."""
