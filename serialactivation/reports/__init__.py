"""What was found, as text, JSON, SARIF and GitHub's annotations. Keras-free."""
