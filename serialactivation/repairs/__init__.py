"""The repairs of a saved model, and what plans and writes them. Keras-free.

A folder is for what its repairs are about: what ``keras2`` wrote, what ``keras3`` wrote, activations that a user wants
to ``replace``, and activations to ``split`` off. In the first two, a module is one repair, or what several share.
Beside the folders stands what is done with all repairs.
"""
