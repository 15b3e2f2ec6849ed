"""The commands on files: their options, the files that they examine, and their exit statuses. Keras-free."""
