"""The demo: trains a network with every kind of activation, loads it in a second process, and compares the two.

It shows the package's main job on real data, and beside it what stock Keras does with each part, found in the same run.
"""
