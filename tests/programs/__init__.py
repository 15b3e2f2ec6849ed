"""Programs as users write them, drawn at random: layer classes, the activations they are given, and a model of them.

A program is the text of a Python module. Each model that it makes goes every way back, twice, in this process and in
a new one, and must compute the same, with the same weights, shared as before; or a value is refused, with an
:class:`~serialactivation.ActivationError`, where the model is made.

Every decision has a name and a random number of its own, so that one can be changed without changing the others: a
program that fails is made plainer, decision by decision, while it still fails.

``python -m tests.programs run --minutes 60 --seed 0`` looks for failures, and prints each once, in its plainest form;
``show SEED`` prints a program, ``try SEED`` runs one, and ``plainer SEED`` prints one that fails in its plainest form.
"""
