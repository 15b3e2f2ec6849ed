"""Reports on findings: text, JSON, SARIF and GitHub's annotations. Keras-free."""
