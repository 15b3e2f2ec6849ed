"""The rules, and what applies them to a saved model. Keras-free.

A folder is for what its rules are about: ``activations``, the rest of ``configs``, and ``files``. A module in it is one
family of findings: its rules, the tuple of them that :mod:`~serialactivation.rules.registry` takes, and the functions
that find what breaks them. Beside the folders stands what the families share. The functions of two families are in
other packages: those of ``source`` in ``lint``, and those of ``files/refusals`` in ``files``, which read the source and
the file.
"""
