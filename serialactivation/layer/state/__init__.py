"""What is known of one layer, hidden from Keras."""
