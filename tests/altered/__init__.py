"""Saved models with one thing altered in each, and what ``check`` says of them held against what Keras makes of them.

``python -m tests.altered --cases 3000 --seed 7`` alters as many files of the installed Keras, and lists those of which
``check`` says something else than Keras does. The same seed makes the same files: ``--show`` prints one of them.
"""
