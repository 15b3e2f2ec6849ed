"""The classes of a module: layers, their constructors and configs, and objects that hold activations."""
