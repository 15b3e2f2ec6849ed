"""What the package costs against stock Keras: ``python -m benchmarks`` writes the pages of it."""
