"""What the package costs against stock Keras: ``python -m benchmarks`` writes ``docs/performance.md``."""
