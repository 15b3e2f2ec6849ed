"""The matrix: every layer by every value by every way back, for stock Keras and for this package."""
